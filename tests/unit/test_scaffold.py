"""Plans of ``init``: what is added, left out, replaced and taken away, without any disk."""

from __future__ import annotations

import dataclasses
import json
import posixpath
import re

import pytest
import yaml

import chezmoi_llm
from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.scaffold import report, services
from chezmoi_llm.scaffold.accelerator import Guess, Machine, guess
from chezmoi_llm.scaffold.advice import for_file
from chezmoi_llm.scaffold.changes import Change, Plan, Skip
from chezmoi_llm.scaffold.clashes import Clashes, Names, Unit, unit
from chezmoi_llm.scaffold.lines import appended, without_lines
from chezmoi_llm.scaffold.plan import Wish, plan
from chezmoi_llm.scaffold.releases import Releases, checksum
from chezmoi_llm.scaffold.removal import removal
from chezmoi_llm.scaffold.rewriting import fitted, unfitted
from chezmoi_llm.scaffold.starter import Mode, starter, usual_mode
from chezmoi_llm.scaffold.tree import CONFIG, Tree, is_ours, is_read, owner, place, sources
from chezmoi_llm.scaffold.upgrade import upgrade
from chezmoi_llm.world import released
from chezmoi_llm.world.scaffolding import shipped_files

SWAP = "dot_config/llama-swap/config.yaml.tmpl"
CONF = "dot_config/ramalama/ramalama.conf.tmpl"
SCRIPT = ".chezmoiscripts/run_onchange_after_50-reload-llama-swap.sh.tmpl"
NETWORK = "dot_config/containers/systemd/llm/llm.network.tmpl"
CONTAINER = "dot_config/containers/systemd/llm/llama-swap.container.tmpl"
UNITS = "dot_config/containers/systemd/llm/exact_models"

SHIPPED = {
    CONFIG: b"data:\n  llm_stack:\n    accelerator: vulkan   # what computes\n",
    ".chezmoi-llm-hook.sh": b"# chezmoi-llm: hook 1\n",
    ".llm/spec.schema.json": b"{}\n",
    SWAP: b"# chezmoi-llm: llama-swap/config.yaml 2\nnew\n",
    CONF: b"# chezmoi-llm: ramalama.conf 1\n",
    SCRIPT: b'# chezmoi-llm: reload-llama-swap 1\n{{- $files := list "%s" "%s" }}\n'
    % (SWAP.encode(), NETWORK.encode()),
    NETWORK: b"# chezmoi-llm: llm.network 1\nNetworkName={{ .llm.network.name }}\n",
    CONTAINER: b"# chezmoi-llm: llama-swap.container 1\nNetwork=llm.network\n",
}
GUESS = Guess(word="cpu", found="nothing")
OLD_SWAP = b"# chezmoi-llm: llama-swap/config.yaml 1\nold\n"


def tree(files=(), **more):
    """Return a tree of these files, with what they say; a mere name has no text."""
    texts = {path: text for path, text in dict(files).items() if text is not None}
    above = {path.rpartition("/")[0] for path in files}
    folders = {folder[:end] for folder in above for end in [*_slashes(folder), len(folder)]} - {""}
    return Tree(
        folders=tuple(sorted(folders)),
        files=tuple(sorted(files)),
        sources=sources(files),
        texts=texts,
        **more,
    )


def _slashes(path):
    return [at for at, char in enumerate(path) if char == "/"]


def planned(files, *, mode=Mode.HOOK, wanted=("llama_swap", "ramalama"), taken=None, **more):
    there = tree(files, **more)
    wish = Wish(services=wanted, mode=mode, accelerator=GUESS)
    names = taken or Names(containers={})
    return plan(there, SHIPPED, wish, Clashes.of(there, SHIPPED, names))


def changed(result):
    return {change.path: change.after for change in result.changes}


# --- what is added --------------------------------------------------------------------------------


def test_a_new_folder_gets_everything():
    assert changed(planned({})) == {
        CONFIG: b"data:\n  llm_stack:\n    accelerator: cpu      # what computes\n",
        **{path: text for path, text in SHIPPED.items() if path != CONFIG},
        ".gitignore": f"/.chezmoidata/llm.json\n/{UNITS}/\n".encode(),
        ".chezmoiversion": b"2.42.0+chezmoi-llm\n",
    }


def test_what_was_added_is_there_the_next_time():
    first = planned({"private_dot_config/a": b""})
    second = planned({"private_dot_config/a": b""} | changed(first))
    assert second.changes == ()
    assert second.skipped == ()
    assert set(second.present) == set(changed(first)) - {CONFIG, ".gitignore", ".chezmoiversion"}


@pytest.mark.parametrize(("present", "said"), [(("a",), "1 file"), (("a", "b"), "2 files")])
def test_files_that_are_there_are_counted(present, said):
    assert list(report.lines(Plan(present=present))) == [f"  already there: {said}"]


@pytest.mark.parametrize(
    ("wanted", "added"),
    [
        pytest.param(("ramalama",), {CONF}, id="one"),
        pytest.param(("litellm",), {NETWORK}, id="what-it-shares"),
        pytest.param(("llama_swap",), {SWAP, SCRIPT, NETWORK, CONTAINER}, id="with-what-it-needs"),
    ],
)
def test_only_what_is_wanted_is_added(wanted, added):
    everywhere = {CONFIG, ".chezmoi-llm-hook.sh", ".llm/spec.schema.json", ".gitignore", ".chezmoiversion"}
    assert set(changed(planned({}, wanted=wanted))) == added | everywhere


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        pytest.param({"private_dot_config/a": None}, "private_dot_config/llama-swap", id="private"),
        pytest.param({"exact_dot_config/llama-swap/a": None}, "exact_dot_config/llama-swap", id="exact"),
        pytest.param(
            {"dot_config/private_llama-swap/a": None}, "dot_config/private_llama-swap", id="deeper"
        ),
        pytest.param({"dot_bashrc": None}, "dot_config/llama-swap", id="none"),
    ],
)
def test_files_go_into_the_folder_that_maps_to_their_target(files, folder):
    assert place(SWAP, tree(files)) == f"{folder}/config.yaml.tmpl"


def test_two_folders_for_one_target_are_refused():
    with pytest.raises(NameProblemError, match="dot_config and private_dot_config all map to"):
        planned({"dot_config/a": None, "private_dot_config/b": None})


@pytest.mark.parametrize(
    ("mode", "before", "after"),
    [
        pytest.param(Mode.HOOK, None, "/DOCUMENT\n/UNITS/\n", id="new"),
        pytest.param(Mode.HOOK, "*.bak", "*.bak\n/DOCUMENT\n/UNITS/", id="without-line-end"),
        pytest.param(Mode.HOOK, "/UNITS/\r\n/DOCUMENT\r\n*.bak\r\n", "same", id="there"),
        pytest.param(Mode.HOOK, "/DOCUMENT\n", "/DOCUMENT\n/UNITS/\n", id="of an older release"),
        pytest.param(Mode.OUTPUT, None, "same", id="no-document"),
        pytest.param(Mode.OUTPUT, "*.bak\n/DOCUMENT\n", "*.bak\n", id="no-document-any-more"),
        pytest.param(Mode.COMMIT, "/UNITS/\n*.bak\n/DOCUMENT\n", "*.bak\n", id="committed"),
        pytest.param(Mode.COMMIT, "/DOCUMENT\n", None, id="committed-alone"),
    ],
)
def test_git_is_told_about_what_is_made_anew(mode, before, after):
    def named(text):
        known = {"DOCUMENT": ".chezmoidata/llm.json", "UNITS": UNITS}
        return text and re.sub("|".join(known), lambda word: known[word[0]], text).encode()

    files = {} if before is None else {".gitignore": named(before)}
    assert changed(planned(files, mode=mode)).get(".gitignore", b"same") == named(after)


@pytest.mark.parametrize(
    ("there", "folder"),
    [
        ("private_dot_config/a", "private_dot_config/containers/systemd/llm/exact_models"),
        (
            "dot_config/containers/systemd/llm/exact_private_models/ramalama-a.container",
            "dot_config/containers/systemd/llm/exact_private_models",
        ),
    ],
    ids=["private", "there"],
)
def test_git_is_told_where_the_units_really_are(there, folder):
    lines = changed(planned({there: b""}))[".gitignore"].decode().splitlines()
    assert lines == ["/.chezmoidata/llm.json", f"/{folder}/"]


@pytest.mark.parametrize("mode", [Mode.OUTPUT, Mode.COMMIT])
def test_other_modes_have_no_hook(mode):
    assert ".chezmoi-llm-hook.sh" not in changed(planned({}, mode=mode))


@pytest.mark.parametrize(
    ("mode", "is_edited", "is_deleted"),
    [
        (Mode.OUTPUT, False, True),
        (Mode.OUTPUT, True, False),
        (Mode.COMMIT, False, True),
        (Mode.HOOK, False, False),
    ],
    ids=["output", "output-edited", "commit", "hook"],
)
def test_a_hook_of_another_mode_goes_unless_it_is_edited(mode, is_edited, is_deleted):
    files = {".chezmoi-llm-hook.sh": SHIPPED[".chezmoi-llm-hook.sh"] + b"# mine\n" * is_edited}
    assert (".chezmoi-llm-hook.sh" in changed(planned(files, mode=mode))) is is_deleted


@pytest.mark.parametrize(
    ("mode", "is_tracked", "is_deleted"),
    [(Mode.OUTPUT, False, True), (Mode.OUTPUT, True, False), (Mode.HOOK, False, False)],
    ids=["output", "output-tracked", "hook"],
)
def test_a_document_that_would_win_over_output_is_deleted(mode, is_tracked, is_deleted):
    tracked = frozenset({".chezmoidata/llm.json"} if is_tracked else ())
    result = planned({".chezmoidata/llm.json": b"{}"}, mode=mode, tracked=tracked)
    assert (".chezmoidata/llm.json" in changed(result)) is is_deleted


UNIT = ".config/containers/systemd/llm/models/ramalama-a.container"


@pytest.mark.parametrize(
    ("mode", "there", "after"),
    [
        (Mode.OUTPUT, None, f"{UNIT}\n"),
        (Mode.OUTPUT, "mine\n.config/llama-swap/config.yaml\n", f"mine\n{UNIT}\n"),
        (Mode.OUTPUT, f"{UNIT}\n", "same"),
        (Mode.HOOK, f"mine\n{UNIT}\n", "mine\n"),
    ],
    ids=["first", "beside others", "again", "and back"],
)
def test_the_units_that_the_hook_has_made_leave_with_it(mode, there, after):
    source = f"{UNITS}/ramalama-a.container"
    unit = b"# chezmoi-llm: ramalama-a.container 1\n"
    files = {source: unit} | ({".chezmoiremove": there.encode()} if there else {})
    result = changed(planned(files, mode=mode, home={UNIT: unit}))
    assert (result.get(source, unit) is None) is (mode is Mode.OUTPUT)
    assert result.get(".chezmoiremove", b"same") == after.encode()


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"files": {".chezmoi.toml.tmpl": b""}}, id="template"),
        pytest.param({"files": {}, "config_file": "~/.config/chezmoi/chezmoi.toml"}, id="config-file"),
    ],
)
def test_a_config_of_the_person_is_not_replaced(more):
    assert CONFIG not in changed(planned(**more))


@pytest.mark.parametrize("config_file", ["", "~/.config/chezmoi/chezmoi.yaml"], ids=["new", "applied"])
def test_a_config_file_that_the_folder_makes_is_not_made_twice(config_file):
    file = "private_dot_config/chezmoi/private_chezmoi.yaml.tmpl"
    result = planned({file: b""}, config_file=config_file)
    assert CONFIG not in changed(result)
    assert f"  {file} makes chezmoi's config file:" in result.notes


def test_a_target_that_was_removed_is_taken_out_of_the_list_again():
    files = {
        ".chezmoiremove": b".config/mine\n\n# old\n.config/llama-swap/config.yaml\n\n",
        ".chezmoi.toml.tmpl": b"",
    }
    assert changed(planned(files))[".chezmoiremove"] == b".config/mine\n\n# old\n\n"


def test_a_list_of_removed_targets_without_ours_stays_as_it_is():
    files = {".chezmoiremove": b".config/mine\n\n# old\n.config/older\n", ".chezmoi.toml.tmpl": b""}
    assert ".chezmoiremove" not in changed(planned(files))


WANTS = b".config/systemd/user/default.target.wants\n"


@pytest.mark.parametrize(
    ("file", "spared"),
    [
        pytest.param("exact_dot_config/a", b".config/llm\n", id="key"),
        pytest.param("dot_config/systemd/exact_user/a.timer", WANTS, id="link"),
        pytest.param("exact_dot_config/systemd/exact_private_user/a", b".config/llm\n" + WANTS, id="both"),
        pytest.param("dot_config/systemd/exact_user/default.target.wants/symlink_a", b"", id="of-theirs"),
    ],
)
def test_an_exact_folder_spares_what_placement_host_has_in_it(file, spared):
    files = {file: b"", ".chezmoiignore": b"README.md\n"}
    result = changed(planned(files))
    assert result.get(".chezmoiignore", b"README.md\n") == b"README.md\n" + spared
    after = {path: text for path, text in {**files, **result}.items() if text is not None}
    assert changed(removal(tree(after), releases(), None)).get(".chezmoiignore", b"README.md\n") == (
        b"README.md\n"
    )


def test_a_minimum_of_the_person_stays():
    result = planned({".chezmoiversion": b"2.60.0\n"})
    assert ".chezmoiversion" not in changed(result)
    assert result.notes == ()


def test_a_minimum_that_is_too_low_is_named():
    result = planned({".chezmoiversion": b"2.9.10\n"})
    assert ".chezmoiversion" not in changed(result)
    assert result.notes == ("  .chezmoiversion lets chezmoi 2.9.10 in, but these files need 2.42.0",)


# --- services -------------------------------------------------------------------------------------


def test_every_shipped_file_belongs_to_a_service():
    assert [path for path in shipped_files() if not services.needed_by(path)] == [CONFIG]


@pytest.mark.parametrize(
    ("files", "usual"),
    [
        pytest.param({".gitignore": b""}, services.ALL, id="new"),
        pytest.param({"dot_bashrc": b""}, ("llama_swap", "ramalama"), id="in-use"),
        pytest.param(
            {"dot_config/litellm/config.yaml.tmpl": b"# chezmoi-llm: litellm/config.yaml 1\n"},
            ("llama_swap", "ramalama", "litellm"),
            id="with-one-of-ours",
        ),
        pytest.param(
            {
                ".llm/spec.schema.json": b"{}",
                "dot_config/litellm/config.yaml.tmpl": b"# chezmoi-llm: litellm/config.yaml 1\n",
            },
            ("litellm",),
            id="set-up-before",
        ),
        pytest.param({"dot_bashrc": b"", ".llm/spec.schema.json": b"{}"}, (), id="set-up-with-none"),
    ],
)
def test_the_usual_services_of_a_folder(files, usual):
    assert services.usual(shipped_files(), tree(files)) == usual


# --- what is in the way ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(
            "a/x.container",
            b"[Container]\nContainerName=web\n",
            Unit(path="a/x.container", name="x.container", service="x.service", container="web"),
            id="container",
        ),
        pytest.param(
            "x.container.tmpl",
            b"ContainerName={{ .name }}\n",
            Unit(path="x.container.tmpl", name="x.container", service="x.service"),
            id="computed",
        ),
        pytest.param(
            "y.network",
            b"# NetworkName=no\n",
            Unit(path="y.network", name="y.network", service="y-network.service", network="systemd-y"),
            id="usual-name",
        ),
        pytest.param(
            "z.service", b"", Unit(path="z.service", name="z.service", service="z.service"), id="service"
        ),
    ],
)
def test_what_a_unit_calls_itself(path, text, expected):
    assert unit(path, text) == expected


def test_a_unit_that_only_lies_in_the_home_counts():
    home = {".config/containers/systemd/a/llm.network": b"NetworkName=a\n"}
    assert planned({}, home=home).skipped == (
        Skip(
            path=NETWORK,
            reason="~/.config/containers/systemd/a/llm.network becomes llm-network.service already",
            instead="let the models join yours, in your config template: llm_stack: {network: {name: a}}",
        ),
    )


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        pytest.param(
            ".chezmoiexternal.toml",
            '[".config/llama-swap"]\ntype = "archive"\n',
            ".chezmoiexternal.toml brings ~/.config/llama-swap",
            id="external",
        ),
        pytest.param(
            "dot_config/.chezmoiexternals/mine.yaml.tmpl",
            "llama-swap/config.yaml:\n  url: {{ .url }}\n",
            "dot_config/.chezmoiexternals/mine.yaml.tmpl brings ~/.config/llama-swap/config.yaml",
            id="external-in-a-folder",
        ),
        pytest.param(
            ".chezmoiremove",
            "# gone\n.config/llama-*\n",
            ".chezmoiremove takes ~/.config/llama-swap away",
            id="removed",
        ),
        pytest.param(".chezmoiremove", "{{ if .x }}.config/llama-swap{{ end }}\n", "", id="computed"),
        pytest.param(".chezmoiremove", ".config/[\n.config/llama-swap\n", "", id="broken"),
        pytest.param(".chezmoiexternal.toml", "[.config\n", "", id="broken-external"),
        pytest.param(".chezmoiexternal.txt", ".config: {}\n", "", id="no-external"),
    ],
)
def test_what_other_files_of_the_person_say_about_a_target(path, text, reason):
    skipped = {skip.path: skip.reason for skip in planned({path: text.encode()}).skipped}
    assert skipped.get(SWAP, "") == reason


def test_what_is_ignored_is_named_and_added_all_the_same():
    result = planned({".chezmoiignore": b".config/llama-swap\n", "dot_bashrc": b""})
    assert SWAP in changed(result)
    assert result.notes == (
        "  .chezmoiignore keeps these from being written, so change it if you want them:",
        "    ~/.config/llama-swap/config.yaml",
    )


def test_lists_in_data_files_are_named():
    files = {
        ".chezmoidata.toml": b"local_models = []\nmine = 1\n",
        ".chezmoidata/a/b.yaml": b"llm_stack: {}\n",
        ".chezmoidata/llm.json": b'{"llm": {}}',
    }
    assert planned(files).notes == (
        "  .chezmoidata.toml has local_models, which is only read in the config template",
        "  .chezmoidata/a/b.yaml has llm_stack, which is only read in the config template",
    )


WHOLE = "{{ range $key, $value := .llm.llama_swap.config }}{{ $key }}: {{ $value | toJson }}\n{{ end }}"
KEEP_YOURS = "keep yours; to use ours, move yours away, then run chezmoi-llm init again"


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        pytest.param(
            "private_config.yaml",
            "run chezmoi chattr +template ~/.config/llama-swap/config.yaml; write into yours, instead of "
            f"its keys of these names:\n{WHOLE}",
            id="plain",
        ),
        pytest.param(
            "config.yaml.tmpl",
            f"write into yours, instead of its keys of these names:\n{WHOLE}",
            id="template",
        ),
        pytest.param("symlink_config.yaml", KEEP_YOURS, id="link"),
        pytest.param("modify_config.yaml", KEEP_YOURS, id="script"),
    ],
)
def test_a_config_of_the_person_gets_the_lines_of_ours(name, instead):
    result = planned({f"dot_config/llama-swap/{name}": b"models: {}\n"})
    assert [skip.instead for skip in result.skipped] == [instead]


def test_a_config_of_the_person_that_reads_the_list_needs_nothing():
    result = planned({"dot_config/llama-swap/config.yaml.tmpl": WHOLE.encode()})
    assert [skip.instead for skip in result.skipped] == [NOTHING]


NOTHING = "nothing; yours reads the list"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        pytest.param(b":80 {\n}\n", "write into yours: import conf.d/*.caddy", id="without"),
        pytest.param(b":80 {\n}\nimport conf.d/*.caddy\n", NOTHING, id="with"),
    ],
)
def test_a_caddyfile_is_to_import_the_sites(text, instead):
    assert for_file("dot_config/caddy/Caddyfile", ".config/caddy/Caddyfile", text) == instead


def test_a_script_does_not_look_at_a_file_that_is_no_template():
    files = {"dot_config/llama-swap/config.yaml": b"prompt: '{{ x'\n"}
    assert changed(planned(files))[SCRIPT] == SHIPPED[SCRIPT]


def test_a_service_of_the_person_is_not_started_and_stopped_by_our_script():
    result = planned({"dot_config/containers/systemd/mine/llama-swap.container": b"[Container]\n"})
    skipped = {skip.path: (skip.reason, skip.instead) for skip in result.skipped}
    assert skipped[SCRIPT] == (
        "it would start and stop llama-swap.service, whose unit is left out",
        "after a change: systemctl --user restart llama-swap.service",
    )


def test_services_that_were_left_out_are_named():
    wish = Wish(services=(), mode=Mode.HOOK, accelerator=GUESS, off=("litellm", "caddy"))
    there = tree({})
    result = plan(there, SHIPPED, wish, Clashes.of(there, SHIPPED, Names(containers={})))
    assert result.notes == ("  not chosen: litellm and caddy; --with NAME adds one",)


@pytest.mark.parametrize(
    ("files", "mode"),
    [
        pytest.param({"dot_bashrc": b""}, Mode.HOOK, id="new"),
        pytest.param({".llm/spec.schema.json": b"", ".chezmoi-llm-hook.sh": b""}, Mode.HOOK, id="hook"),
        pytest.param({".llm/spec.schema.json": b""}, Mode.OUTPUT, id="output"),
        pytest.param(
            {".llm/spec.schema.json": b"", ".chezmoidata/llm.json": b""}, Mode.COMMIT, id="commit"
        ),
    ],
)
def test_the_usual_mode_of_a_folder(files, mode):
    assert usual_mode(tree(files)) is mode


def test_what_we_deployed_before_is_not_in_the_way():
    deployed = posixpath.join(".config/containers/systemd/llm", "llm.network")
    assert planned({}, home={deployed: b"# chezmoi-llm: llm.network 1\n"}).skipped == ()


def test_a_unit_that_runs_a_model_in_a_container_of_ours_is_named():
    file = "dot_config/containers/systemd/mine/qwen.container"
    files = {file: b"[Container]\nContainerName=ramalama-qwen3-32b\n"}
    said = (
        f"  {file} runs the container ramalama-qwen3-32b",
        "    llama-swap would replace it with its own for a model named qwen3-32b in the list; delete",
        "    yours, or give it another ContainerName; ramalama: units: true makes such units",
    )
    assert planned(files).notes == said
    assert planned(files, wanted=("ramalama",)).notes == ()
    assert planned({file: b"[Container]\nContainerName=qwen\n"}).notes == ()


def test_files_that_are_left_out_for_one_reason_are_told_together():
    said = list(report.lines(planned({"dot_config/symlink_containers": b"", "dot_config/a": b""})))
    assert said[said.index(f"  left out: {CONTAINER}") :][:4] == [
        f"  left out: {CONTAINER}",
        f"            {NETWORK}",
        "    why:     dot_config/symlink_containers makes ~/.config/containers, and is no folder",
        "    instead: make it one, then run chezmoi-llm init again",
    ]


def test_names_that_the_person_gave_to_ours_are_compared():
    files = {"dot_config/containers/systemd/a.network": b"NetworkName=llm\n"}
    assert planned(files, taken=Names(network="models", containers={})).skipped == ()
    left_out = planned(files).skipped
    assert [skip.path for skip in left_out] == [NETWORK, CONTAINER]
    assert left_out[1].reason == "it needs llm.network, which is left out"


# --- the list of files in a script ----------------------------------------------------------------


def test_a_script_lists_files_where_they_are_and_is_compared_as_shipped():
    files = {"private_dot_config/llama-swap/private_config.yaml.tmpl": b"# chezmoi-llm: x 1\n"}
    here = fitted(SHIPPED[SCRIPT], tree(files))
    assert here.splitlines()[1] == (
        b'{{- $files := list "private_dot_config/llama-swap/private_config.yaml.tmpl" '
        b'"private_dot_config/containers/systemd/llm/llm.network.tmpl" }}'
    )
    assert unfitted(here, SHIPPED).splitlines()[1] != here.splitlines()[1]
    assert unfitted(here, SHIPPED) == SHIPPED[SCRIPT]


def test_a_file_that_is_shipped_no_more_is_compared_under_its_plain_name():
    here = b'{{ $files := list "private_dot_config/exact_old/a.conf.tmpl" }}'
    assert unfitted(here, SHIPPED) == b'{{ $files := list "dot_config/old/a.conf.tmpl" }}'


def test_all_scripts_of_this_release_have_a_list_that_can_be_rewritten():
    files = shipped_files()
    private = tree({"private_dot_config/a": b"", "private_dot_local/a": b""})
    for path, text in files.items():
        here = fitted(text, private)
        assert b'"dot_' not in here, path
        assert unfitted(here, files) == text


# --- upgrade --------------------------------------------------------------------------------------


def releases(*old):
    return Releases.of({"0.0.1": {path: checksum(text) for path, text in old}}, SHIPPED)


def test_an_unedited_file_is_replaced_and_an_edited_one_shown():
    files = {SWAP: OLD_SWAP, CONF: SHIPPED[CONF] + b"mine\n", NETWORK: SHIPPED[NETWORK]}
    result = upgrade(tree(files), SHIPPED, releases((SWAP, OLD_SWAP)))
    assert result.changes == (Change(path=SWAP, before=OLD_SWAP, after=SHIPPED[SWAP], what="replace"),)
    assert result.present == (NETWORK,)
    assert result.edited == (
        (CONF, f"--- {CONF}\n+++ ours\n@@ -1,2 +1 @@\n # chezmoi-llm: ramalama.conf 1\n-mine\n"),
    )


def test_a_script_is_replaced_in_spite_of_its_rewritten_list():
    old = SHIPPED[SCRIPT].replace(b"swap 1", b"swap 0")
    there = tree({"private_dot_config/a": b""})
    files = {"private_dot_config/a": b"", SCRIPT: fitted(old, there)}
    (change,) = upgrade(tree(files), SHIPPED, releases((SCRIPT, old))).changes
    assert change.after == fitted(SHIPPED[SCRIPT], there)


def test_a_file_that_is_shipped_no_more_goes():
    old = ("dot_config/llama-swap/old.tmpl", b"# chezmoi-llm: old 1\n")
    (change,) = upgrade(tree(dict([old])), SHIPPED, releases(old)).changes
    assert (change.path, change.after, change.what) == (old[0], None, "delete (shipped no more)")


def test_a_file_of_the_person_at_our_place_is_no_matter_of_an_upgrade():
    result = upgrade(tree({SWAP: b"models: {}\n"}), SHIPPED, releases())
    assert (result.changes, result.present, result.edited) == ((), (), ())


def test_the_record_of_releases_holds_the_files_of_this_one():
    with open(released.RECORD, encoding="utf-8") as file:
        versions = json.load(file)
    assert versions[chezmoi_llm.__version__] == released.current(shipped_files()), (
        "run: python -m chezmoi_llm.world.released"
    )


# --- removal --------------------------------------------------------------------------------------


def test_a_removal_takes_what_is_ours_and_lists_the_targets():
    files = {
        "private_dot_config/llama-swap/config.yaml.tmpl": OLD_SWAP,
        CONF.replace("dot_config", "private_dot_config"): b"# chezmoi-llm: ramalama.conf 1\nedited\n",
        ".chezmoi-llm-hook.sh": SHIPPED[".chezmoi-llm-hook.sh"],
        ".chezmoiremove": b".config/mine",
        ".gitignore": b"*.bak\n/.chezmoidata/llm.json\n",
        ".chezmoidata/llm.json": b"{}",
        ".chezmoiversion": b"2.42.0+chezmoi-llm\n",
    }
    home = {".config/llama-swap/config.yaml": b"", ".config/ramalama/ramalama.conf": b""}
    result = removal(tree(files, home=home), releases((SWAP, OLD_SWAP)), None)
    assert changed(result) == {
        "private_dot_config/llama-swap/config.yaml.tmpl": None,
        ".chezmoi-llm-hook.sh": None,
        ".chezmoiremove": b".config/mine\n.config/llama-swap/config.yaml",
        ".gitignore": b"*.bak\n",
        ".chezmoidata/llm.json": None,
        ".chezmoiversion": None,
    }
    assert result.notes == (
        "  left, since you have edited it: private_dot_config/ramalama/ramalama.conf.tmpl",
    )
    assert result.left_empty == (".config/llama-swap",)


def test_targets_that_no_home_can_have_need_not_be_removed():
    files = {SWAP: SHIPPED[SWAP], CONF: SHIPPED[CONF]}
    assert changed(removal(tree(files), releases(), None)) == {SWAP: None, CONF: None}
    assert changed(removal(tree(files, tracked=frozenset({CONF})), releases(), None)) == {
        SWAP: None,
        CONF: None,
        ".chezmoiremove": b".config/ramalama/ramalama.conf\n",
    }


@pytest.mark.parametrize("is_theirs_in_it", [False, True])
def test_the_folder_of_units_goes_though_nothing_is_in_it(is_theirs_in_it):
    there = tree({f"{UNITS}/mine.container": b""} if is_theirs_in_it else {NETWORK: SHIPPED[NETWORK]})
    there = dataclasses.replace(there, folders=(*there.folders, UNITS), tracked=frozenset({NETWORK}))
    result = removal(there, releases(), None)
    models = ".config/containers/systemd/llm/models"
    assert result.emptied == (UNITS,)
    assert result.left_empty[:1] == (() if is_theirs_in_it else (models,))


def test_folders_that_only_ours_were_for_are_named_the_innermost_first():
    others = {"dot_config/containers/registries.conf": b"", "dot_config/git/config": b""}
    there = tree({NETWORK: SHIPPED[NETWORK], CONF: SHIPPED[CONF], **others}, tracked=frozenset({NETWORK}))
    assert removal(there, releases(), None).left_empty == (
        ".config/ramalama",
        ".config/containers/systemd/llm",
        ".config/containers/systemd",
    )


@pytest.mark.parametrize(
    ("home", "is_listed"),
    [
        pytest.param({}, False, id="none"),
        pytest.param({".config/caddy/Caddyfile": b"example.org\n"}, False, id="of-the-person"),
        pytest.param({".config/caddy/Caddyfile": b"# chezmoi-llm: Caddyfile 1\n"}, True, id="ours"),
    ],
)
def test_a_caddyfile_goes_only_where_it_is_ours(home, is_listed):
    caddyfile = "dot_config/caddy/Caddyfile.tmpl"
    text = shipped_files()[caddyfile]
    there = tree({caddyfile: text}, home=home, tracked=frozenset({caddyfile}))
    result = removal(there, releases((caddyfile, text)), None)
    assert (".chezmoiremove" in changed(result)) is is_listed


def test_a_removal_takes_the_units_of_models_along():
    mine = f"{UNITS}/mine.container"
    files = {
        f"{UNITS}/ramalama-a.container": b"# chezmoi-llm: ramalama-a.container 1\n",
        mine: b"[Container]\n",
        ".gitignore": f"/{UNITS}/\n".encode(),
    }
    home = {".config/containers/systemd/llm/models/ramalama-a.container": b""}
    result = removal(tree(files, home=home), releases(), None)
    assert changed(result) == {
        f"{UNITS}/ramalama-a.container": None,
        ".chezmoiremove": b".config/containers/systemd/llm/models/ramalama-a.container\n",
        ".gitignore": None,
    }
    assert result.notes == (
        "before you apply, stop what runs:",
        "  systemctl --user stop ramalama-a.service",
    )
    after = changed(planned({mine: b"", ".chezmoiremove": changed(result)[".chezmoiremove"]}))
    assert after[".chezmoiremove"] is None


def test_a_removal_leaves_a_committed_document_and_says_what_to_stop():
    service = ("dot_config/systemd/user/llama-swap.service.tmpl", b"# chezmoi-llm: llama-swap.service 1\n")
    files = dict([(CONTAINER, SHIPPED[CONTAINER]), service, (".chezmoidata/llm.json", b"{}")])
    units = (
        ".config/containers/systemd/llm/llama-swap.container",
        ".config/systemd/user/llama-swap.service",
    )
    there = tree(files, tracked=frozenset({".chezmoidata/llm.json"}), home=dict.fromkeys(units, b""))
    result = removal(there, releases(service), None)
    assert ".chezmoidata/llm.json" not in changed(result)
    assert result.notes == (
        "  left, since git tracks it: .chezmoidata/llm.json",
        "before you apply, stop what runs:",
        "  systemctl --user stop llama-swap.service",
        "  systemctl --user disable --now llama-swap.service",
    )


# --- small parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machine", "word"),
    [
        pytest.param(Machine(system="linux"), "cpu", id="nothing"),
        pytest.param(
            Machine(system="linux", has_render_node=True, vendors=frozenset({"0x1002"})), "vulkan", id="amd"
        ),
        pytest.param(
            Machine(system="linux", has_render_node=True, has_nvidia_driver=True, has_nvidia_cdi=True),
            "cuda",
            id="nvidia",
        ),
        pytest.param(Machine(system="linux", has_nvidia_driver=True), "cpu", id="nvidia-without-cdi"),
        pytest.param(
            Machine(system="linux", has_render_node=True, compatible="apple,t8103\0apple,arm-platform"),
            "asahi",
            id="asahi",
        ),
        pytest.param(
            Machine(system="linux", has_render_node=True, vendors=frozenset({"0x1ed5"})), "musa", id="musa"
        ),
        pytest.param(Machine(system="darwin"), "vulkan", id="macos"),
    ],
)
def test_the_accelerator_of_a_machine(machine, word):
    assert guess(machine).word == word


def test_a_guess_says_what_it_was_taken_from():
    nvidia = Machine(system="linux", has_render_node=True, has_nvidia_driver=True)
    assert guess(nvidia) == Guess(
        word="vulkan",
        found="there is a graphics card, /dev/dri/renderD*; for cuda Podman needs a CDI specification of "
        "the Nvidia card: sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml",
    )


@pytest.mark.parametrize(
    ("off", "written"),
    [
        pytest.param((), {"llama_swap": {"placement": "container"}}, id="none"),
        pytest.param(
            ("litellm", "desktop"),
            {
                "llama_swap": {"placement": "container"},
                "litellm": {"enabled": False},
                "desktop": {"enabled": False},
            },
            id="two",
        ),
        pytest.param(
            ("llama_swap", "caddy"),
            {"llama_swap": {"enabled": False}, "caddy": {"enabled": False}},
            id="llama-swap",
        ),
    ],
)
def test_the_starter_switches_off_what_was_not_chosen(off, written):
    text = starter(shipped_files()[CONFIG], accelerator="cpu", mode=Mode.OUTPUT, off=off)
    assert yaml.safe_load(text)["data"]["llm_stack"]["services"] == written
    assert (b"# On as well:" in text) is (not off)


def test_the_starter_of_all_services_names_each_and_its_switch():
    text = starter(shipped_files()[CONFIG], accelerator="cpu", mode=Mode.OUTPUT).decode()
    comment = " ".join(text.partition("# On as well:")[2].split())
    assert {key for key in services.ALL if f" {key}" in comment} == {*services.ALL} - {"llama_swap"}
    switched = text.replace("# litellm: {enabled: false}", "litellm: {enabled: false}")
    written = yaml.safe_load(switched)["data"]["llm_stack"]["services"]
    assert written["litellm"] == {"enabled": False}


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        pytest.param(("ramalama", "litellm"), {"ramalama", "litellm"}, id="some"),
        pytest.param((), set(), id="those-there"),
    ],
)
def test_what_has_no_files_is_left_out(wanted, kept):
    there = tree({SWAP: SHIPPED[SWAP]})
    left = tuple(key for key in services.ALL if key not in {"llama_swap", *kept})
    assert services.left_out(shipped_files(), there, wanted) == left
    assert services.left_out(shipped_files(), tree({}), ()) == ()


def test_new_files_are_counted_by_folder_unless_each_is_wanted():
    result = planned({".gitignore": b"*.bak\n"}, wanted=("llama_swap",))
    short, whole = (list(report.lines(result, is_whole=is_whole)) for is_whole in (False, True))
    assert f"  add           {CONTAINER.rpartition('/')[0]}/ (2 files)" in short
    assert f"  add           {CONFIG}" in short
    assert "  add lines to  .gitignore" in short
    assert len(whole) == len(result.changes) > len(short)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_starter_declares_a_hook_in_its_mode_alone(mode):
    text = starter(shipped_files()[CONFIG], accelerator="cuda", mode=mode)
    assert (b"hooks:" in text) is (mode is Mode.HOOK)
    assert (b"template.\n# After each edit run `chezmoi-llm expand --write`" in text) is (
        mode is Mode.COMMIT
    )
    assert (b"{{" in text) is (mode is Mode.HOOK)
    assert b"    accelerator: cuda              # what computes" in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".bashrc-local", True),
        (".chezmoiscripts/a.sh", True),
        (".chezmoitemplates/a", True),
        (".chezmoidata/llm.json", True),
        (".chezmoidata/mine.yaml", True),
        ("dot_config/.chezmoiignore", True),
        (".chezmoiexternals/a.toml", True),
        ("scripts/before.sh", True),
        ("dot_config/containers/systemd/a.network.tmpl", True),
        ("private_dot_config/llama-swap/config.yaml", True),
        ("dot_ssh/id_ed25519", False),
    ],
)
def test_only_what_matters_is_read(path, expected):
    assert is_read(path, {".config/llama-swap/config.yaml"}) is expected


def test_a_mark_counts_at_the_start_of_a_file_only():
    assert is_ours(b"#!/bin/sh\n# chezmoi-llm: reload-llama-swap 1\n")
    assert not is_ours(b"see chezmoi-llm: the manual\n")
    assert not is_ours(b"x" * 1000 + b"# chezmoi-llm: reload-llama-swap 1\n")


def test_every_template_of_this_release_has_its_mark():
    unmarked = {path for path, text in shipped_files().items() if not is_ours(text)}
    assert unmarked == {CONFIG, ".llm/spec.schema.json"}


def test_the_owner_of_a_target_is_found_whatever_its_attributes():
    there = tree({"private_dot_config/llama-swap/readonly_config.yaml": b""})
    assert owner(SWAP, there) == "private_dot_config/llama-swap/readonly_config.yaml"
    assert owner(CONF, there) == ""
    assert owner(SCRIPT, tree({SCRIPT: b""})) == SCRIPT


def test_lines_are_added_and_taken_out():
    assert appended("a", b"x", "y", "z").after == b"x\ny\nz"
    assert appended("a", b"x\n", "y", "z").after == b"x\ny\nz\n"
    assert [change.after for change in without_lines("a", b"x\ny\nz", {"y", "z"})] == [b"x"]
    assert list(without_lines("a", None, {"y"})) == []
    assert list(without_lines("a", b"x\n", {"y"})) == []
    assert [change.after for change in without_lines("a", b"x\r\ny\r\n", {"y"})] == [b"x\r\n"]


def test_lines_are_not_glued_to_what_an_action_at_the_end_has_printed():
    before = b"{{ if .x -}}\nx\n{{- end -}}\n"
    after = appended(".chezmoiremove", before, "y", "z").after
    assert after == before + b'{{ "\\n" }}y\nz\n'
    assert [change.after for change in without_lines(".chezmoiremove", after, {"y", "z"})] == [before]
