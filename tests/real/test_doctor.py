"""``chezmoi-llm doctor`` on a machine with the real chezmoi; Podman and systemd are stand-ins."""

from __future__ import annotations

import json
import re
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from data import doctor_table
from realprograms import helper, podman, programs, standins
from realprograms.chezmoi import Done, Home
from realprograms.kept import renewed
from realprograms.scripts import KEYS

from chezmoi_llm import resources
from chezmoi_llm.world import queries
from chezmoi_llm.world.health.machine import UNIT_PATH, listening

pytestmark = pytest.mark.real("chezmoi", "git", "chezmoi-llm")

SERVICES = ("llama-swap.service", "litellm.service", "open-webui.service")
UNITS = ("podman.socket", *SERVICES)
SCRIPT, DOCUMENT = ".chezmoi-llm-hook.sh", ".chezmoidata/llm.json"
TEMPLATE = ".chezmoi.yaml.tmpl"
SECRET = "kept-by-nobody-else"  # noqa: S105  a value that must not be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person who has applied the stack."""

    home: Home
    podman: podman.Podman

    def doctor(self, *args: str) -> Done:
        """Run the command, not looking at what only the machine of the test decides."""
        return helper.run(["doctor", *args], env=self.home.env, cwd=self.home.path)

    def said(self, *args: str) -> dict[str, tuple[str, str, str]]:
        """Return what is not as it should be, by check: result, message and what to do."""
        done = self.doctor("--json", *args)
        rows = json.loads(done.stdout)
        assert done.returncode == int(any(row["result"] == "error" for row in rows))
        return {
            row["check"]: (row["result"], row["message"], row["todo"])
            for row in rows
            if row["result"] != "ok" and row["check"] != "selinux"
        }

    def systemd(self, *, linger: bool = True, **states: str) -> None:
        """Put a systemd in place; ``states`` are those of services that do not run, ``_`` for ``-``."""
        changed = {f"{name.replace('_', '-')}.service": state for name, state in states.items()}
        shown = "\n".join(block(unit, changed.get(unit, "loaded active running")) for unit in UNITS)
        show = {f"show {' '.join(UNITS)}": (0, shown)}
        standins.record_systemd(self.home.bin, self.home.path / ".run/orders", linger=linger, **show)

    def git(self, *words: str) -> None:
        """Run git in the source folder."""
        programs.run(["git", *words], env=self.home.env, cwd=self.home.source).check_returncode()

    def edit(self, path: Path, old: str, new: str) -> None:
        """Replace a text in a file."""
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def block(unit: str, states: str) -> str:
    load, active, sub = states.split()
    return f"Id={unit}\nLoadState={load}\nActiveState={active}\nSubState={sub}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Person]:
    def make(folder: Path) -> Person:
        home = Home.make(folder, "chezmoi-llm")
        with podman.standing_in(home.bin, folder / "podman", "llm") as engine:
            person = Person(home=home, podman=engine)
        person.systemd()
        engine.keep(*KEYS)
        assert helper.run(["init", "--yes"], env=home.env, cwd=home.path).returncode == 0
        person.edit(home.source / TEMPLATE, "data:\n", f"data:\n  mail_password: {SECRET}\n")
        done = home.init("--apply")
        assert done.returncode == 0, done.stderr
        return person

    return renewed(make, partial(tmp_path_factory.mktemp, "doctor"))


@pytest.fixture
def person(made: Callable[[], Person]) -> Person:
    return made()


WELL = doctor_table.WELL.format(
    version="VERSION, PYTHON, bin/chezmoi-llm",
    program="bin/chezmoi-llm",
    chezmoi="VERSION, bin/chezmoi",
    time="TIME",
    files="N",
)


def table(done: Done) -> str:
    """Return a table without what differs between machines, releases and days."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", done.stdout)
    text = re.sub(r"/\S*/(bin/\S+)", r"\1", re.sub(r"Python [\d.]+", "PYTHON", text))
    text = re.sub(
        r"(?:a development version|\b\d+\.\d+\.\d+)(?=, (?:PYTHON|bin/chezmoi\n))", "VERSION", text
    )
    text = re.sub(r"\b\d+(?= files)", "N", text)
    return "\n".join(line.rstrip() for line in text.splitlines() if "selinux" not in line)


def test_all_is_well(person):
    done = person.doctor()
    assert (done.returncode, done.stderr) == (0, "")
    assert table(done) == WELL
    assert SECRET not in done.stdout


def test_chezmoi_runs_it_too(person):
    done = person.home.run("llm", "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert table(done) == WELL


def test_a_link_leads_to_the_same_folder(person):
    link = person.home.path / "dotfiles"
    link.symlink_to(person.home.source)
    assert person.said("--source", str(link)) == {}


def test_nothing_is_changed_and_no_template_is_rendered(person):
    mark = person.home.path / "ran"
    person.edit(
        person.home.source / TEMPLATE, "data:\n", f'data:\n  x: {{{{ output "touch" "{mark}" }}}}\n'
    )
    folder = person.home.path.parent
    before = contents(folder)
    person.doctor()
    after = contents(folder)
    assert {path for path in after if after[path] != before.get(path)} <= {
        folder / "podman/calls",
        person.home.path / ".run/orders",
    }
    assert before.keys() <= after.keys()
    assert not mark.exists()


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what is wrong with the dotfiles --------------------------------------------------------------

UNITS_AT = "dot_config/containers/systemd"
APPLY, INIT = "chezmoi apply", "chezmoi-llm init"


def without_declaration(person: Person) -> None:
    """Let the config file be one that was made before the hook was declared."""
    file = person.home.config / "chezmoi.yaml"
    file.write_text(re.sub(r"(?m)^hooks:\n(?:[ \n].*\n?)+", "", file.read_text("utf-8")), "utf-8")


def with_an_error(person: Person) -> None:
    """Let the list be wrong, and never have been right."""
    (person.home.source / DOCUMENT).unlink()
    person.edit(person.home.source / TEMPLATE, "model: hf://", "modle: hf://")
    person.home.status()


def with_git(person: Person, *words: str) -> None:
    """Let the source folder be a repository, with those files in it."""
    person.git("init", "--quiet")
    if words:
        person.git("add", *words)


def with_network(person: Person) -> None:
    (person.home.source / UNITS_AT / "llm.network").write_text("[Network]\n", "utf-8")


def with_two_folders(person: Person) -> None:
    folder = person.home.source / "private_dot_config"
    folder.mkdir()
    (folder / "mine").touch()


DOTFILES = [
    pytest.param(
        with_two_folders,
        {
            "source-folder": (
                "error",
                "chezmoi cannot use ~/.local/share/chezmoi: "  # noqa: ISC004  one sentence
                "dot_config and private_dot_config all map to .config",
                "rename what it names",
            )
        },
        id="names that contradict each other",
    ),
    pytest.param(
        lambda person: (person.home.source / SCRIPT).unlink(),
        {"hook": ("error", f"it is declared, but {SCRIPT} is not there", INIT)},
        id="no script",
    ),
    pytest.param(
        lambda person: person.edit(person.home.source / SCRIPT, "set -f", "set -f # mine"),
        {"hook": ("info", f"{SCRIPT} is edited", "chezmoi-llm init --upgrade")},
        id="edited script",
    ),
    pytest.param(
        without_declaration,
        {
            "hook": (
                "error",
                "the config template declares it, but not the config file that is made of it",
                "chezmoi init",
            ),
            "document": ("info", "chezmoi.yaml has changed since the last full run", APPLY),
        },
        id="config file from before the hook",
    ),
    pytest.param(
        lambda person: person.edit(person.home.source / TEMPLATE, "data:\n", "data:\n  x: 1\n"),
        {"document": ("info", f"{TEMPLATE} has changed since the last full run", APPLY)},
        id="edited template",
    ),
    pytest.param(
        lambda person: person.edit(person.home.source / DOCUMENT, "ramalama serve", "ramalama bench"),
        {"document": ("info", "llm.json has changed since the last full run", APPLY)},
        id="edited document",
    ),
    pytest.param(
        lambda person: (person.home.source / DOCUMENT).write_text("{"),
        {"document": ("error", f"{DOCUMENT} is not made yet", APPLY)},
        id="broken document",
    ),
    pytest.param(
        lambda person: with_git(person, "--force", DOCUMENT),
        {
            "mode": (
                "info",
                f"commit: git tracks {DOCUMENT}, and the hook leaves it alone",
                f"if the hook is to write it: git -C ~/.local/share/chezmoi rm --cached {DOCUMENT}",
            ),
        },
        id="document committed by accident",
    ),
    pytest.param(with_git, {}, id="document ignored by git"),
    pytest.param(
        lambda person: (with_git(person), (person.home.source / ".gitignore").unlink()),
        {
            "git": (
                "warning",
                f"{DOCUMENT} is made anew on each machine, and git would take it in",
                INIT,
            )
        },
        id="document that git would take in",
    ),
    pytest.param(
        with_network,
        {
            "unit": (
                "error",
                f"{UNITS_AT}/llm/llm.network.tmpl is not alone: "  # noqa: ISC004  one sentence
                f"{UNITS_AT}/llm.network becomes llm-network.service already",
                "delete or rename one of the two, then run: chezmoi apply",
            )
        },
        id="unit of the same name",
    ),
    pytest.param(
        lambda person: (person.home.path / ".config/containers/systemd/own.container").write_text(
            "[Container]\nContainerName=litellm\nImage=x\n"
        ),
        {
            "unit": (
                "error",
                f"{UNITS_AT}/llm/litellm.container.tmpl is not alone: "  # noqa: ISC004  one sentence
                "~/.config/containers/systemd/own.container has the container name litellm already",
                "delete or rename one of the two, then run: chezmoi apply",
            )
        },
        id="container of the same name, in the home alone",
    ),
    pytest.param(
        lambda person: (person.home.source / ".llm/spec.schema.json").write_text("{}"),
        {"templates": ("warning", "1 of N files came with an older release", "chezmoi-llm init --upgrade")},
        id="file of an older release",
    ),
    pytest.param(
        lambda person: (person.home.config / "chezmoi.yaml").unlink(),
        {
            "config": (
                "error",
                f"~/.local/share/chezmoi/{TEMPLATE} is not rendered yet",
                "chezmoi init --apply",
            )
        },
        id="not rendered",
    ),
]


@pytest.mark.parametrize(("break_", "expected"), DOTFILES)
def test_dotfiles(person, break_, expected):
    break_(person)
    said = person.said()
    assert {
        check: (row[0], re.sub(r"\d+ files", "N files", row[1]), row[2]) for check, row in said.items()
    } == (expected)


def test_a_list_that_never_was_right(person):
    with_an_error(person)
    said = person.said()
    assert said["document"][0] == "error"
    assert "LLM101 unknown key 'modle'" in said["document"][1]
    assert said["list"][0::2] == ("error", "chezmoi-llm check")
    assert person.doctor().returncode == 1


def test_a_config_file_that_chezmoi_cannot_read_is_not_shown(person):
    file = person.home.config / "chezmoi.yaml"
    file.write_text(f"data:\n  token: {SECRET}: x\n", "utf-8")
    done = person.doctor()
    assert "[2:10] mapping value is not allowed" in person.said()["config"][1]
    assert SECRET not in done.stdout + done.stderr


def test_output_mode(person):
    done = helper.run(["init", "--yes", "--mode", "output"], env=person.home.env, cwd=person.home.path)
    assert done.returncode == 0, done.stderr
    without_declaration(person)
    person.edit(person.home.source / TEMPLATE, "hooks:\n", "x-hooks:\n")
    person.edit(person.home.source / TEMPLATE, SCRIPT, "gone")
    text = table(person.doctor())
    assert "ok       mode                 output\n" in text
    assert "chezmoi finds bin/chezmoi-llm" in text
    assert "ok       stack                placement container: llama-swap, litellm, open-webui\n" in text


# --- what is missing on the machine ---------------------------------------------------------------


def test_without_chezmoi(person):
    (person.home.bin / "chezmoi").unlink()
    assert person.said() == {"chezmoi": ("error", "it is not on PATH", "https://www.chezmoi.io/install")}


def test_without_this_program_where_the_hook_looks(person):
    env = {**person.home.env, "PATH": str(person.home.path / "elsewhere")}
    programs.toolbox(person.home.path / "elsewhere", "chezmoi")
    done = helper.run(["doctor", "--json"], env=env, cwd=person.home.path)
    (row,) = (row for row in json.loads(done.stdout) if row["check"] == "helper")
    assert (row["message"], row["todo"]) == (
        "the hook does not find chezmoi-llm",
        "uv tool install chezmoi-llm",
    )


def test_another_release_on_path(person):
    other = person.home.path / "other/chezmoi-llm"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\necho chezmoi-llm, version 0.0.9\n", "utf-8")
    other.chmod(0o755)
    env = {**person.home.env, "CHEZMOI_LLM": str(other)}
    done = helper.run(["doctor"], env=env, cwd=person.home.path)
    assert "the hook finds ~/other/chezmoi-llm, which is 0.0.9; this is" in done.stdout


def test_the_machine_of_somebody_who_has_only_dotfiles(person):
    for name in ("podman", "systemctl", "loginctl"):
        (person.home.bin / name).unlink()
    assert person.said() == {
        "podman": ("error", "it is not on PATH", "https://podman.io/docs/installation"),
        "systemd": (
            "error",
            "there is no systemd of yours to talk to",
            "log in as yourself, not by su or sudo; then run: chezmoi apply",
        ),
    }


def test_services_that_do_not_run(person):
    person.systemd(
        linger=False,
        llama_swap="not-found inactive dead",
        litellm="loaded failed failed",
        open_webui="loaded activating start",
    )
    (person.podman.state / "secrets/litellm_master_key.json").unlink()
    said = person.said()
    assert {check: row[0] for check, row in said.items()} == {
        "systemd": "info",
        "secret": "error",
        "llama-swap.service": "error",
        "litellm.service": "error",
        "open-webui.service": "info",
    }
    assert said["litellm.service"][2] == "journalctl --user -u litellm.service -n 50"
    assert said["llama-swap.service"][1].endswith("systemd/llm/llama-swap.container")


def test_elsewhere_than_on_linux_nothing_is_asked(person, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    (person.home.path / ".run/orders").unlink(missing_ok=True)
    assert person.said() == {}
    assert [row["check"] for row in json.loads(person.doctor("--json").stdout)][-1] == "stack"
    assert not (person.home.path / ".run/orders").exists()


def test_on_windows_no_hook_runs(person, monkeypatch):
    # in that module alone: on "win32" Python's own shutil.which asks Windows
    module = sys.modules["chezmoi_llm.world.health.dotfiles"]
    monkeypatch.setattr(module, "sys", SimpleNamespace(platform="win32"))
    rows = {row["check"]: row["message"] for row in json.loads(person.doctor("--json").stdout)}
    assert rows["mode"] == "output"
    assert "hook" not in rows


def test_an_empty_home(tmp_path):
    home = Home.make(tmp_path, "chezmoi-llm")
    home.source.rmdir()
    done = helper.run(["doctor"], env=home.env, cwd=home.path)
    assert (done.returncode, done.stderr) == (1, "")
    assert table(done).endswith("what to do\n  source-folder   chezmoi-llm init")
    done = helper.run(["doctor", "--source", "nowhere"], env=home.env, cwd=home.path)
    assert (done.returncode, done.stderr) == (3, "chezmoi-llm: nowhere: there is no such folder\n")


# --- how the machine is asked ---------------------------------------------------------------------


def test_programs_are_looked_for_where_the_unit_looks():
    unit = Path(resources.root("dot_templates")) / "dot_config/systemd/user/llama-swap.service.tmpl"
    path = ":".join(UNIT_PATH).replace("~", "%h")
    assert f"\nEnvironment=PATH={path}\n" in unit.read_text("utf-8")


def test_nobody_waits_long_for_an_answer(tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    slow.chmod(0o755)
    assert queries.answer(str(slow), seconds=0.1) is None


def test_ports_that_are_listened_on():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert port in listening()
    assert port not in listening()
