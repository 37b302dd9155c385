"""What ``doctor`` says: whole tables, and each check for the facts that it is about."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from data import doctor_table

from chezmoi_llm.expand import expand
from chezmoi_llm.health import examine, table
from chezmoi_llm.health.facts import (
    Document,
    Dotfiles,
    Facts,
    Findings,
    Helper,
    Hook,
    Machine,
    Podman,
    Programs,
    Unit,
)
from chezmoi_llm.health.stack import stack_of
from chezmoi_llm.scaffold.changes import Skip
from chezmoi_llm.scaffold.starter import Mode

RUNS = Unit(load="loaded", active="active", sub="running")
GONE = Unit(load="not-found", active="inactive", sub="dead")
LISTENS = Unit(load="loaded", active="active", sub="listening")
SERVICES = ("llama-swap", "litellm", "open-webui")
KEYS = ("litellm_master_key", "llama_swap_api_key", "webui_secret_key")
QUADLET = "/usr/lib/systemd/system-generators/podman-system-generator --user --dryrun"
RANDOM = "{ printf sk-; od -An -N32 -tx1 /dev/urandom | tr -d ' \\n'; }"
MAKE = f"{RANDOM} | podman secret create webui_secret_key -"
DOCS = "https://github.com/chezmoi-llm/chezmoi-llm/blob/main/docs"

PROGRAMS = Programs(
    version="0.1.0",
    python="3.11.7",
    path="~/.local/bin/chezmoi-llm",
    helper=Helper(path="~/.local/bin/chezmoi-llm", is_this=True, version=""),
    chezmoi="/usr/bin/chezmoi",
    chezmoi_says="chezmoi version v2.70.1, commit 7b84c61, built at 2026-04-10",
)
DOTFILES = Dotfiles(
    folder="~/.local/share/chezmoi",
    template="~/.local/share/chezmoi/.chezmoi.yaml.tmpl",
    config_file="~/.config/chezmoi/chezmoi.yaml",
    mode=Mode.HOOK,
    hook=Hook(last_run="2026-04-10 12:00"),
    files=29,
    targets=frozenset(
        {
            ".config/systemd/user/llama-swap.service",
            *(f".config/containers/systemd/llm/{name}.container" for name in SERVICES),
        }
    ),
)
MACHINE = Machine(
    podman=Podman(says="podman version 5.6.2", secrets=frozenset(KEYS)),
    units={"podman.socket": LISTENS, **{f"{name}.service": RUNS for name in SERVICES}},
    lingers=True,
)


def stack(placement="container", *, caddy=False, **services):
    """Return what a list of one model needs."""
    data = {
        "local_models": [{"name": "a", "model": "hf://org/a"}],
        "llm_stack": {"services": {"llama_swap": {"placement": placement}, **services}},
        **({"tailscale": {"hostname": "box", "tailnet": "tail1234"}} if caddy else {}),
    }
    return stack_of(expand({"data": data}).document)


WELL = Facts(programs=PROGRAMS, dotfiles=DOTFILES, stack=stack(), machine=MACHINE)


def printed(facts):
    return "\n".join(table.lines(examine(facts)))


def said(facts, check):
    """Return result, message and advice of one check."""
    return [(row.result, row.message, row.todo) for row in examine(facts) if row.check == check]


def dotfiles(**changes):
    return replace(WELL, dotfiles=replace(DOTFILES, **changes))


def programs(**changes):
    return replace(WELL, programs=replace(PROGRAMS, **changes))


def machine(**changes):
    return replace(WELL, machine=replace(MACHINE, **changes))


def unit(name, found):
    return machine(units={**MACHINE.units, name: found})


# --- whole tables ---------------------------------------------------------------------------------


def test_all_is_well():
    assert printed(WELL) == doctor_table.WELL.format(
        version="0.1.0, Python 3.11.7, ~/.local/bin/chezmoi-llm",
        program="~/.local/bin/chezmoi-llm",
        chezmoi="2.70.1, /usr/bin/chezmoi",
        time="2026-04-10 12:00",
        files=29,
    )


SICK = f"""\
RESULT    CHECK                MESSAGE
ok        version              0.1.0, Python 3.11.7, ~/.local/bin/chezmoi-llm
error     helper               the hook does not find chezmoi-llm
ok        chezmoi              2.70.1, /usr/bin/chezmoi
ok        source-folder        ~/.local/share/chezmoi
ok        config               ~/.config/chezmoi/chezmoi.yaml, from ~/.local/share/chezmoi/.chezmoi.yaml.tmpl
ok        mode                 hook
error     hook                 the config template declares it, but not the config file that is made of it
error     document             .chezmoidata/llm.json is not made yet
warning   git                  .chezmoidata/llm.json is made anew on each machine, and git would take it in
error     list                 1 error and 2 warnings
warning   templates            3 of 29 files came with an older release
ok        stack                placement container: llama-swap, litellm, open-webui
error     podman               4.3.1, and 5.2 is the least that will do
info      systemd              services run from login to logout
error     podman.socket        llama-swap starts models through it, and it does not listen
error     secret               webui_secret_key is missing: WEBUI_SECRET_KEY, read by open_webui
error     llama-swap.service   systemd says not-found: Podman makes no service of ~/.config/containers/systemd/llm/llama-swap.container
error     litellm.service      failed (failed): it does not come up
error     open-webui.service   ~/.config/containers/systemd/llm/open-webui.container is not there
info      selinux              enforcing: a container may be refused a file or a device

what to do
  helper               mkdir -p ~/.local/bin && ln -s ~/.local/bin/chezmoi-llm ~/.local/bin/
  hook                 chezmoi init --source '~/my dotfiles'
  document             chezmoi apply --source '~/my dotfiles'
  git                  chezmoi-llm init --source '~/my dotfiles'
  list                 chezmoi-llm check --source '~/my dotfiles'
  templates            chezmoi-llm init --upgrade --source '~/my dotfiles'
  podman               https://podman.io/docs/installation
  systemd              to keep them running: loginctl enable-linger
  podman.socket        systemctl --user enable --now podman.socket
  secret               {MAKE}
  llama-swap.service   systemctl --user daemon-reload; if that does not help: {QUADLET}
  litellm.service      journalctl --user -u litellm.service -n 50
  open-webui.service   chezmoi apply --source '~/my dotfiles'
  selinux              {DOCS}/placements.md#selinux"""  # noqa: E501  a table is as wide as its messages


def test_much_is_wrong():
    sick = Facts(
        programs=replace(PROGRAMS, helper=None),
        dotfiles=replace(
            DOTFILES,
            hook=Hook(in_config=False, last_run=""),
            document=Document(is_there=False, is_exposed=True),
            findings=Findings(errors=1, warnings=2),
            older=3,
        ),
        stack=stack(),
        machine=Machine(
            podman=Podman(says="podman version 4.3.1", secrets=frozenset(KEYS[:2])),
            units={"litellm.service": Unit(load="loaded", active="failed", sub="failed")},
            lingers=False,
            deployed=frozenset({".config/containers/systemd/llm/llama-swap.container"}),
            is_selinux_enforcing=True,
        ),
        named="~/my dotfiles",
    )
    assert printed(sick) == SICK


def test_a_machine_with_nothing_on_it():
    bare = Facts(
        programs=Programs(version="0.1.0", python="3.11.7"),
        dotfiles=Dotfiles(folder="~/.local/share/chezmoi", is_there=False),
    )
    assert (
        printed(bare)
        == """\
RESULT   CHECK           MESSAGE
ok       version         0.1.0, Python 3.11.7
error    chezmoi         it is not on PATH
error    source-folder   ~/.local/share/chezmoi is not there

what to do
  chezmoi         https://www.chezmoi.io/install
  source-folder   chezmoi-llm init"""
    )


def test_elsewhere_than_on_linux_there_is_no_systemd_to_look_at():
    elsewhere = replace(
        WELL, stack=stack("host"), machine=Machine(is_linux=False, found=frozenset({"ramalama"}))
    )
    checks = [row.check for row in examine(elsewhere)]
    assert checks[checks.index("stack") :] == ["stack", "ramalama"]


def test_rows_for_programs():
    rows = table.as_data(examine(machine(lingers=False)))
    assert json.loads(json.dumps(rows))[12] == {
        "result": "info",
        "check": "systemd",
        "message": "services run from login to logout",
        "todo": "to keep them running: loginctl enable-linger",
    }


def needed(placement, **services):
    found = stack(placement, **services)
    return [(one.name, one.file.removeprefix(".config/"), one.port) for one in found.services]


QUADLETS = "containers/systemd/llm"
ALONE = {"litellm": {"enabled": False}, "open_webui": {"enabled": False}}


@pytest.mark.parametrize(
    ("placement", "services", "expected"),
    [
        ("container", {}, [("llama-swap.service", f"{QUADLETS}/llama-swap.container", 9292)]),
        ("embedded", {}, [("llama-swap.service", f"{QUADLETS}/llama-swap.container", 9292)]),
        ("host", {}, [("llama-swap.service", "systemd/user/llama-swap.service", 9292)]),
        (
            "host",
            {"ramalama": {"units": True}, "llama_swap": {"enabled": False}},
            [("ramalama-a.service", f"{QUADLETS}/models/ramalama-a.container", 0)],
        ),
    ],
)
def test_the_units_of_a_stack(placement, services, expected):
    assert needed(placement, **ALONE, **services) == expected


def test_the_needs_of_a_stack():
    assert [stack(one).needs_socket for one in ("container", "host", "embedded")] == [True, False, False]
    on_host = stack("host", **ALONE)
    assert (on_host.needs_podman, on_host.runners) == (True, {"ramalama"})
    assert stack("host", ramalama={"units": True}).runners == set()
    assert stack(caddy=True).has_caddy
    assert not stack().has_caddy
    assert [secret.name for secret in stack(**ALONE).secrets] == ["llama_swap_api_key"]


# --- check by check -------------------------------------------------------------------------------

INSTALL = "uv tool install chezmoi-llm"
OTHER = Helper(path="/usr/bin/chezmoi-llm", is_this=False, version="0.0.9")
SILENT = replace(OTHER, version="")
SAME = replace(OTHER, version="0.1.0")
UNTRACK = "git -C ~/.local/share/chezmoi rm --cached .chezmoidata/llm.json"

PROGRAM_CASES = [
    pytest.param(
        programs(helper=None, path=""),
        "helper",
        [("error", "the hook does not find chezmoi-llm", INSTALL)],
        id="no helper, and no file of this program to link",
    ),
    pytest.param(
        programs(helper=None, path="/opt/my venv/bin/chezmoi-llm"),
        "helper",
        [
            (
                "error",
                "the hook does not find chezmoi-llm",
                "mkdir -p ~/.local/bin && ln -s '/opt/my venv/bin/chezmoi-llm' ~/.local/bin/",
            )
        ],
        id="no helper, but this program",
    ),
    pytest.param(
        programs(helper=None, path=r"C:\Users\me\.local\bin\chezmoi-llm.exe"),
        "helper",
        [("error", "the hook does not find chezmoi-llm", INSTALL)],
        id="no links on Windows",
    ),
    pytest.param(
        programs(helper=OTHER),
        "helper",
        [
            (
                "warning",
                "the hook finds /usr/bin/chezmoi-llm, which is 0.0.9; this is 0.1.0",
                "upgrade one of the two, or uninstall it",
            )
        ],
        id="another release",
    ),
    pytest.param(
        programs(helper=SILENT),
        "helper",
        [
            (
                "warning",
                "the hook finds /usr/bin/chezmoi-llm, which is another version; this is 0.1.0",
                "upgrade one of the two, or uninstall it",
            )
        ],
        id="a program that does not say what it is",
    ),
    pytest.param(
        programs(helper=SAME),
        "helper",
        [("ok", "the hook finds /usr/bin/chezmoi-llm", "")],
        id="another file of the same release",
    ),
    pytest.param(
        replace(dotfiles(mode=Mode.OUTPUT), programs=replace(PROGRAMS, helper=None, path="")),
        "helper",
        [("error", "chezmoi does not find chezmoi-llm", INSTALL)],
        id="templates do not find the helper",
    ),
    pytest.param(dotfiles(mode=Mode.COMMIT), "helper", [], id="a committed document needs no helper"),
    pytest.param(
        programs(chezmoi_says="chezmoi version v2.41.0"),
        "chezmoi",
        [("error", "/usr/bin/chezmoi is 2.41.0, and 2.42.0 is the least that will do", "chezmoi upgrade")],
        id="chezmoi too old",
    ),
    pytest.param(
        programs(chezmoi_says="chezmoi version dev"),
        "chezmoi",
        [("ok", "a development version, /usr/bin/chezmoi", "")],
        id="chezmoi from source",
    ),
    pytest.param(
        programs(chezmoi_says=""),
        "chezmoi",
        [("error", "/usr/bin/chezmoi does not say its version", "/usr/bin/chezmoi --version")],
        id="chezmoi that fails",
    ),
]

DISORDER = "dot_config and private_dot_config all map to .config"
CLASH = Skip(
    path="dot_config/containers/systemd/llm/llm.network.tmpl",
    reason="dot_config/containers/systemd/llm.network becomes llm-network.service already",
    instead="",
)

DOTFILES_CASES = [
    pytest.param(
        dotfiles(mode=None),
        "source-folder",
        [("error", "~/.local/share/chezmoi has nothing of chezmoi-llm in it", "chezmoi-llm init")],
        id="not set up",
    ),
    pytest.param(
        dotfiles(mode=None, disorder=DISORDER),
        "source-folder",
        [
            (
                "error",
                f"chezmoi cannot use ~/.local/share/chezmoi: {DISORDER}",
                "rename what it names",
            )
        ],
        id="names that chezmoi refuses",
    ),
    pytest.param(
        dotfiles(template=""),
        "config",
        [("ok", "~/.config/chezmoi/chezmoi.yaml, without a template", "")],
        id="a config file by hand",
    ),
    pytest.param(
        dotfiles(template="", config_file=""),
        "config",
        [("error", "~/.local/share/chezmoi has no config template", "chezmoi-llm init")],
        id="no template",
    ),
    pytest.param(
        dotfiles(config_file=""),
        "config",
        [
            (
                "error",
                "~/.local/share/chezmoi/.chezmoi.yaml.tmpl is not rendered yet",
                "chezmoi init --apply",
            )
        ],
        id="not rendered",
    ),
    pytest.param(dotfiles(config_file=""), "document", [], id="not rendered, so there is no document"),
    pytest.param(
        dotfiles(trouble="~/chezmoi.yaml: [3:1] unexpected key name"),
        "config",
        [("error", "~/chezmoi.yaml: [3:1] unexpected key name", "mend that, then run: chezmoi init")],
        id="a broken config file",
    ),
    pytest.param(
        dotfiles(mode=Mode.COMMIT, document=Document(is_tracked=True)),
        "mode",
        [
            (
                "info",
                "commit: git tracks .chezmoidata/llm.json, and the hook leaves it alone",
                f"if the hook is to write it: {UNTRACK}",
            )
        ],
        id="committed by accident",
    ),
    pytest.param(
        dotfiles(mode=Mode.COMMIT, hook=Hook(in_config=False), document=Document(is_tracked=True)),
        "mode",
        [("ok", "commit", "")],
        id="commit",
    ),
    pytest.param(dotfiles(mode=Mode.OUTPUT), "hook", [], id="output has no hook"),
    pytest.param(dotfiles(mode=Mode.OUTPUT), "document", [], id="output has no document"),
    pytest.param(
        dotfiles(hook=Hook(has_script=False)),
        "hook",
        [("error", "it is declared, but .chezmoi-llm-hook.sh is not there", "chezmoi-llm init")],
        id="no script",
    ),
    pytest.param(
        dotfiles(hook=Hook(in_template=False, in_config=False)),
        "hook",
        [
            (
                "error",
                "nothing runs .chezmoi-llm-hook.sh; it has to be declared",
                "chezmoi-llm init --print-config",
            )
        ],
        id="declared nowhere",
    ),
    pytest.param(
        dotfiles(hook=Hook(in_template=False)),
        "hook",
        [
            (
                "warning",
                "the next chezmoi init drops it: the config template lacks it",
                "chezmoi-llm init --print-config",
            )
        ],
        id="declared in the config file alone",
    ),
    pytest.param(
        dotfiles(hook=Hook(is_edited=True)),
        "hook",
        [("info", ".chezmoi-llm-hook.sh is edited", "chezmoi-llm init --upgrade")],
        id="edited script",
    ),
    pytest.param(
        dotfiles(hook=Hook(in_config=None)),
        "hook",
        [("ok", "declared, and .chezmoi-llm-hook.sh is as shipped", "")],
        id="nobody reads the config file",
    ),
    pytest.param(
        dotfiles(document=Document(error="x.tmpl:3:1: LLM101 unknown key; mend x.tmpl")),
        "document",
        [("error", "x.tmpl:3:1: LLM101 unknown key; mend x.tmpl", "chezmoi-llm check")],
        id="a document that says what is wrong",
    ),
    pytest.param(
        dotfiles(hook=Hook(last_run="2026-04-10 12:00", changed=(".chezmoi.yaml.tmpl",))),
        "document",
        [("info", ".chezmoi.yaml.tmpl has changed since the last full run", "chezmoi apply")],
        id="one file changed",
    ),
    pytest.param(
        dotfiles(hook=Hook(last_run="2026-04-10 12:00", changed=(".chezmoi.yaml.tmpl", "llm.json"))),
        "document",
        [("info", ".chezmoi.yaml.tmpl and llm.json have changed since the last full run", "chezmoi apply")],
        id="two files changed",
    ),
    pytest.param(
        dotfiles(hook=Hook(last_run="")),
        "document",
        [
            (
                "info",
                ".chezmoidata/llm.json; the last run of the hook had errors, or was not a full one",
                "chezmoi apply",
            )
        ],
        id="no stamp",
    ),
    pytest.param(
        dotfiles(hook=Hook(last_run=None)),
        "document",
        [("ok", ".chezmoidata/llm.json", "")],
        id="no cache to look in",
    ),
    pytest.param(
        dotfiles(mode=Mode.COMMIT),
        "document",
        [
            (
                "warning",
                "nothing keeps .chezmoidata/llm.json up to date, and git does not track it",
                (
                    "git -C ~/.local/share/chezmoi add --force .chezmoidata/llm.json; "
                    "or chezmoi-llm init --mode hook"
                ),
            )
        ],
        id="neither hook nor git",
    ),
    pytest.param(
        dotfiles(mode=Mode.COMMIT, document=Document(is_tracked=True, outdated="it is out of date")),
        "document",
        [("error", "it is out of date", "chezmoi-llm expand --write")],
        id="committed and out of date",
    ),
    pytest.param(
        dotfiles(mode=Mode.COMMIT, document=Document(is_tracked=True)),
        "document",
        [("ok", ".chezmoidata/llm.json is that of the list", "")],
        id="committed",
    ),
    pytest.param(
        dotfiles(findings=Findings(warnings=1)),
        "list",
        [("warning", "1 warning", "chezmoi-llm check")],
        id="a warning",
    ),
    pytest.param(
        dotfiles(findings=Findings(errors=2)),
        "list",
        [("error", "2 errors", "chezmoi-llm check")],
        id="errors",
    ),
    pytest.param(
        dotfiles(findings=Findings(unreadable="x.tmpl: Permission denied")),
        "list",
        [("error", "x.tmpl: Permission denied", "chezmoi-llm check")],
        id="a template that nobody may read",
    ),
    pytest.param(
        dotfiles(clashes=(CLASH,)),
        "unit",
        [
            (
                "error",
                f"{CLASH.path} is not alone: {CLASH.reason}",
                "delete or rename one of the two, then run: chezmoi apply",
            )
        ],
        id="a unit of the same name",
    ),
]


def on_host(**changes):
    units = {f"{name}.service": RUNS for name in SERVICES}
    found = {"found": frozenset({"llama-swap", "ramalama"}), "keys": frozenset({"LLAMA_SWAP_API_KEY"})}
    return replace(WELL, stack=stack("host"), machine=replace(MACHINE, units=units, **found | changes))


SECRETS_SCRIPT = "$HOME/.chezmoiscripts/40-llm-secrets.sh"
CLOUD = replace(
    WELL,
    stack=stack_of(
        expand({"data": {"cloud_models": [{"name": "gpt-5", "model": "openai/gpt-5"}]}}).document
    ),
)
SITES = {"~/.config/caddy/Caddyfile": "import conf.d/*.caddy\n"}
OWN_SITES = {"~/.config/caddy/Caddyfile": "example.org {\n}\n# import conf.d/*.caddy\n"}
SYSTEM = {**OWN_SITES, "/etc/caddy/Caddyfile": "  import /home/me/.config/caddy/conf.d/*.caddy\n"}


def with_caddy(caddyfiles, *found):
    return replace(
        WELL,
        stack=stack(caddy=True),
        machine=replace(MACHINE, caddyfiles=caddyfiles, found=frozenset(found)),
    )


SERVICE_CASES = [
    pytest.param(replace(WELL, stack=None), "podman", [], id="no list, so nobody asks for Podman"),
    pytest.param(
        replace(WELL, stack=stack_of(expand({}, is_config=True).document)),
        "stack",
        [
            (
                "info",
                "nothing is to run: no model is listed, or llm_stack has enabled: false",
                "chezmoi-llm list --all",
            )
        ],
        id="no model yet",
    ),
    pytest.param(
        machine(podman=None),
        "podman",
        [("error", "it is not on PATH", "https://podman.io/docs/installation")],
        id="no podman",
    ),
    pytest.param(
        machine(podman=Podman(says="", secrets=None)),
        "podman",
        [("error", "it does not say its version", "podman --version")],
        id="podman fails",
    ),
    pytest.param(machine(podman=None), "secret", [], id="without Podman nobody knows of secrets"),
    pytest.param(
        replace(
            on_host(),
            machine=replace(on_host().machine, podman=Podman(says="5.1.0", secrets=frozenset(KEYS))),
        ),
        "podman",
        [("ok", "5.1.0", "")],
        id="5.1 will do on the host",
    ),
    pytest.param(
        machine(units=None),
        "systemd",
        [
            (
                "error",
                "there is no systemd of yours to talk to",
                "log in as yourself, not by su or sudo; then run: chezmoi apply",
            )
        ],
        id="no user manager",
    ),
    pytest.param(machine(units=None), "llama-swap.service", [], id="no user manager, no services"),
    pytest.param(machine(lingers=None), "systemd", [("ok", "yours", "")], id="nobody knows of linger"),
    pytest.param(on_host(), "podman.socket", [], id="no socket on the host"),
    pytest.param(
        on_host(), "llama-swap", [("ok", "~/.local/bin/llama-swap", "")], id="llama-swap on the host"
    ),
    pytest.param(
        on_host(found=frozenset()),
        "llama-swap",
        [
            (
                "error",
                "its service starts ~/.local/bin/llama-swap, which is not there",
                f"{DOCS}/placements.md#what-placement-host-needs",
            )
        ],
        id="no llama-swap on the host",
    ),
    pytest.param(
        on_host(found=frozenset(), llama_swap="/usr/bin/llama-swap"),
        "llama-swap",
        [
            (
                "error",
                "its service starts ~/.local/bin/llama-swap, which is not there",
                "mkdir -p ~/.local/bin && ln -s /usr/bin/llama-swap ~/.local/bin/",
            )
        ],
        id="llama-swap elsewhere on the host",
    ),
    pytest.param(
        on_host(found=frozenset()),
        "ramalama",
        [
            (
                "error",
                "llama-swap starts models by it, and does not find it",
                "uv tool install ramalama",
            )
        ],
        id="no ramalama on the host",
    ),
    pytest.param(
        on_host(keys=frozenset()),
        "secret",
        [
            (
                "error",
                "~/.config/llm/llama-swap.env has no LLAMA_SWAP_API_KEY, read by llama_swap",
                f'chezmoi state delete --bucket=entryState --key="{SECRETS_SCRIPT}" && chezmoi apply',
            )
        ],
        id="no key in the file of the host",
    ),
    pytest.param(
        CLOUD,
        "secret",
        [
            (
                "error",
                "openai_api_key is missing: OPENAI_API_KEY, read by litellm",
                "systemd-ask-password -n OPENAI_API_KEY: | podman secret create openai_api_key -",
            )
        ],
        id="no key of a provider",
    ),
    pytest.param(
        unit("litellm.service", Unit(load="loaded", active="activating", sub="auto-restart")),
        "litellm.service",
        [
            (
                "error",
                "activating (auto-restart): it does not come up",
                "journalctl --user -u litellm.service -n 50",
            )
        ],
        id="starts again and again",
    ),
    pytest.param(
        unit("litellm.service", Unit(load="loaded", active="activating", sub="start")),
        "litellm.service",
        [
            (
                "info",
                "activating (start): a first start may pull or build an image",
                "journalctl --user -u litellm.service -f",
            )
        ],
        id="starts",
    ),
    pytest.param(
        unit("litellm.service", Unit(load="loaded", active="inactive", sub="dead")),
        "litellm.service",
        [("error", "inactive (dead)", "systemctl --user start litellm.service")],
        id="does not run",
    ),
    pytest.param(
        replace(
            on_host(),
            machine=replace(
                on_host().machine,
                units={},
                deployed=frozenset({".config/systemd/user/llama-swap.service"}),
            ),
        ),
        "llama-swap.service",
        [("error", "systemd says not-found", "systemctl --user daemon-reload")],
        id="systemd has not read it yet",
    ),
    pytest.param(
        replace(
            unit("litellm.service", Unit(load="loaded", active="failed", sub="failed")),
            machine=replace(
                MACHINE,
                units={
                    **MACHINE.units,
                    "litellm.service": Unit(load="loaded", active="failed", sub="failed"),
                },
                listening=frozenset({4000, 9292}),
            ),
        ),
        "port",
        [
            (
                "error",
                "another program has port 4000, which litellm.service needs",
                "ss -ltnp 'sport = :4000'",
            )
        ],
        id="a port is taken; that of a service that runs is its own",
    ),
    pytest.param(
        replace(unit("litellm.service", GONE), dotfiles=replace(DOTFILES, targets=frozenset())),
        "litellm.service",
        [
            (
                "error",
                "no file of the source folder makes ~/.config/containers/systemd/llm/litellm.container",
                "chezmoi-llm init --with litellm",
            )
        ],
        id="a service without files",
    ),
    pytest.param(
        replace(
            WELL,
            stack=stack("host", **ALONE),
            machine=replace(MACHINE, podman=Podman(says="podman version 4.3.1", secrets=frozenset(KEYS))),
        ),
        "podman",
        [("ok", "4.3.1", "")],
        id="any Podman will do where it reads no units of ours",
    ),
    pytest.param(
        with_caddy(SITES, "caddy"),
        "caddy",
        [("ok", "~/.config/caddy/Caddyfile imports the sites", "")],
        id="caddy",
    ),
    pytest.param(
        with_caddy(OWN_SITES, "caddy"),
        "caddy",
        [
            (
                "warning",
                "~/.config/caddy/Caddyfile does not import the sites",
                "add to ~/.config/caddy/Caddyfile: import conf.d/*.caddy",
            )
        ],
        id="a Caddyfile of the person's own",
    ),
    pytest.param(
        with_caddy(SYSTEM, "caddy"),
        "caddy",
        [("ok", "/etc/caddy/Caddyfile imports the sites", "")],
        id="the Caddyfile of the system",
    ),
    pytest.param(
        with_caddy({}, "caddy"),
        "caddy",
        [("warning", "~/.config/caddy/Caddyfile is not there", "chezmoi apply")],
        id="no Caddyfile",
    ),
    pytest.param(
        with_caddy(SITES),
        "caddy",
        [
            (
                "warning",
                "it is not on PATH; the https urls work when it runs",
                "https://caddyserver.com/docs/install",
            )
        ],
        id="no caddy",
    ),
]


@pytest.mark.parametrize(("facts", "check", "expected"), PROGRAM_CASES + DOTFILES_CASES + SERVICE_CASES)
def test_check(facts, check, expected):
    assert said(facts, check) == expected


ONE_MODEL = {"local_models": [{"name": "a", "model": "ollama://a"}]}
STRANGE = {
    "files is a list": ("files", []),
    "the name of a unit is an option": ("model_units", {"services": ["--host=elsewhere"]}),
    "the name of a unit is a number": ("model_units", {"services": [1]}),
    "the units are a text": ("model_units", {"services": "a.\x1b"}),
    "a reader of a secret is a number": (
        "secrets",
        [{"name": "a", "env": "A", "used_by": [1], "is_ours": True}],
    ),
}


@pytest.mark.parametrize(("key", "value"), STRANGE.values(), ids=STRANGE)
def test_of_a_document_that_somebody_else_has_written_nobody_is_asked(key, value):
    document = dict(expand({"data": ONE_MODEL}).document)
    assert stack_of(document).services
    with pytest.raises((TypeError, AttributeError)):
        stack_of(document | {key: value})


def test_a_port_that_is_no_number_is_not_looked_for():
    document = json.loads(json.dumps(expand({"data": ONE_MODEL}).document))
    document["services"]["llama_swap"]["published_port"] = []
    with pytest.raises(TypeError):
        stack_of(document)


def test_what_would_move_the_cursor_of_a_terminal_is_not_shown():
    rows = examine(replace(WELL, dotfiles=replace(WELL.dotfiles, folder="~/a\x1b[31m\n", is_there=False)))
    text = "".join(table.lines(rows))
    assert text.isprintable()
    assert "~/a\ufffd[31m\ufffd is not there" in text


def test_a_version_of_any_length_is_read():
    said = f"chezmoi version {'1' * 5000}.{'2' * 5000}"
    rows = examine(replace(WELL, programs=replace(PROGRAMS, chezmoi_says=said)))
    assert next(row.result for row in rows if row.check == "chezmoi") == "ok"
