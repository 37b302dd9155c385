"""``chezmoi-llm init`` in the trees that people have, and what the real chezmoi makes of them then."""

from __future__ import annotations

import json
import os
import re

import pytest
from realprograms import programs
from realprograms.person import Person, fine, works

from chezmoi_llm.scaffold.tree import is_ours

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")

UNITS = ".config/containers/systemd"
CONFIG = ".config/llama-swap/config.yaml"


# --- a new folder ---------------------------------------------------------------------------------


def test_a_new_folder_works_the_first_time(tmp_path):
    person = Person.make(tmp_path)
    said = fine(person.init())
    assert said.endswith("\nnext: run\n  chezmoi init --apply\n")
    done = person.home.init("--apply")
    assert fine(done) == ""
    config = person.home.read(CONFIG)
    assert '"qwen3-4b":' in config
    assert '"nomic-embed-text":' in config
    works(person.home)


def test_every_deployed_file_says_whose_it_is(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    deployed = fine(person.home.managed("--include", "files")).splitlines()
    there = [path for path in deployed if (person.home.path / path).exists()]
    assert f"{UNITS}/llm/llama-swap.container" in there
    assert [path for path in there if not is_ours((person.home.path / path).read_bytes())] == []


def test_the_starter_passes_the_check(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    argv = [programs.located("chezmoi"), "llm", "check", "--strict"]
    fine(programs.run(argv, env=person.home.env, cwd=person.home.path))


def test_an_exact_folder_keeps_the_key_that_no_source_file_stands_for(tmp_path):
    person = Person.make(tmp_path, {"exact_dot_config/git/config": "[user]\n"})
    key = person.home.path / ".config/llm/llama-swap.env"
    key.parent.mkdir(parents=True)
    key.write_text("LLAMA_SWAP_API_KEY=x\n")
    fine(person.init())
    fine(person.home.init("--apply"))
    assert key.exists()
    (person.home.source / ".chezmoiignore").unlink()
    fine(person.home.apply())
    assert not key.exists()


def test_a_folder_that_does_not_exist_is_made_for_its_owner_alone(tmp_path):
    person = Person.make(tmp_path)
    person.home.source.rmdir()
    fine(person.init())
    assert person.home.source.stat().st_mode & 0o777 == 0o700
    fine(person.home.init("--apply"))


def test_git_does_not_see_the_document(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    listed = programs.run(
        ["git", "status", "--short", "-uall"], env=person.home.env, cwd=person.home.source
    ).stdout
    assert "?? .chezmoi.yaml.tmpl" in listed
    assert "llm.json" not in listed


def test_a_named_folder_is_used_and_named_in_the_next_command(tmp_path):
    person = Person.make(tmp_path)
    said = fine(person.init("--source", "dots"))
    assert said.endswith("  chezmoi init --apply --source dots\n")
    assert (person.home.path / "dots/.chezmoi.yaml.tmpl").is_file()
    assert person.bytes() == {}


def test_the_second_run_changes_nothing(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    before, modes = person.bytes(), person.modes()
    said = fine(person.init())
    assert (person.bytes(), person.modes()) == (before, modes)
    assert "\nnothing to change\n" in said
    assert ".chezmoi.yaml.tmpl has all that is needed\n" in said
    assert said.endswith("\nnext: run\n  chezmoi apply\n")


@pytest.mark.parametrize("flags", [["--dry-run"], ["--print-config"], ["--remove"]], ids=" ".join)
def test_a_look_changes_nothing(tmp_path, flags):
    person = Person.make(tmp_path, {"dot_bashrc": "alias ll='ls -l'\n", ".chezmoi.yaml.tmpl": "data: {}\n"})
    fine(person.init())
    before, modes = person.bytes(), person.modes()
    (person.home.source / "dot_config/llama-swap/config.yaml.tmpl").unlink()
    missing = {
        key: value for key, value in before.items() if not key.endswith("llama-swap/config.yaml.tmpl")
    }
    fine(person.init(*flags))
    assert person.bytes() == missing
    assert modes.items() >= person.modes().items()


# --- folders that are in use ----------------------------------------------------------------------

TOML = """\
{{- $email := promptStringOnce . "email" "Email" "me@example.org" -}}
[data]
    email = {{ $email | quote }}

[data.git]
    sign = true
"""

JSON = """\
{
  "data": {
    "email": "me@example.org"
  },
  "hooks": {
    "apply": {
      "post": {"command": "true"}
    }
  }
}
"""

YAML = """\
{{ $laptop := eq .chezmoi.hostname "laptop" -}}
hooks:
    read-source-state:
        post:
            command: "true"
data:
    laptop: {{ $laptop }}
"""

OWN_HOOK = """\
data:
  email: me@example.org
hooks:
  read-source-state:
    pre:
      command: {{ .chezmoi.sourceDir }}/.install-vault.sh
"""

OWN_SCRIPT = "#!/bin/sh\ntype true >/dev/null 2>&1 && exit\nexit 1\n"

TREES = {
    "private_dot_config": ({"private_dot_config/git/config": "[user]\n", ".chezmoi.yaml.tmpl": YAML}, ""),
    "exact_dot_config": ({"exact_dot_config/git/config": "[user]\n", ".chezmoi.yaml.tmpl": YAML}, ""),
    "exact_ deeper": (
        {
            "private_dot_config/exact_containers/private_systemd/a.volume": "[Volume]\n",
            ".gitignore": "*.bak",
            ".chezmoi.yaml.tmpl": "# nothing yet\n",
        },
        "",
    ),
    ".chezmoiroot": ({"dot_bashrc": "", ".chezmoi.toml.tmpl": TOML, ".chezmoiversion": "2.50.0\n"}, "home"),
    ".chezmoi.toml.tmpl": ({"dot_bashrc": "", ".chezmoi.toml.tmpl": TOML}, ""),
    ".chezmoi.json.tmpl": ({"dot_bashrc": "", ".chezmoi.json.tmpl": JSON}, ""),
    "own hook": ({"dot_bashrc": "", ".chezmoi.yaml.tmpl": OWN_HOOK, ".install-vault.sh": OWN_SCRIPT}, ""),
}


@pytest.fixture(params=TREES, ids=TREES)
def used(tmp_path, request):
    """A person whose dotfiles are applied."""
    files, root = TREES[request.param]
    person = Person.make(tmp_path, files, root=root)
    for script in person.home.source.rglob(".*.sh"):
        script.chmod(0o755)
    fine(person.home.init("--apply", "--promptDefaults"))
    return person


def test_nothing_that_is_there_is_changed(used):
    before, modes = used.bytes(), used.modes()
    fine(used.init())
    after = used.bytes()
    changed = {path for path, text in before.items() if after[path] != text}
    assert changed <= {".gitignore"}
    assert modes.items() <= used.modes().items()
    fine(used.home.data())
    # until the lines are added each template starts the helper, so one file stands for all
    assert "models: {}\n" in fine(used.home.cat(CONFIG))


def test_files_go_where_their_targets_lie_already(used):
    fine(used.init())
    fine(used.home.managed())
    managed = fine(used.home.managed("--include", "files")).splitlines()
    assert {CONFIG, f"{UNITS}/llm/llm.network"} <= set(managed)
    folders = [path.name for path in used.home.source.rglob("*dot_config")]
    assert len(folders) == 1


def place(person: Person, report: str) -> None:
    """Add the lines of a report to the config template, each piece where the report says."""
    name = re.search(r"^(\S+) is yours, so nothing in it is changed", report, re.MULTILINE)
    file = next(person.home.source.rglob(name[1]))
    pieces = re.findall(r"^--- (.*?):\n(.*?)(?=^---)", report, re.MULTILINE | re.DOTALL)
    lines = file.read_text().splitlines(keepends=True)
    spots = [(spot(where, lines), text) for where, text in pieces]
    for at, text in sorted(spots, key=lambda pair: -pair[0]):
        lines[at:at] = text
    file.write_text("".join(lines))


def spot(where: str, lines: list[str]) -> int:
    """Return the index in a file that the words of a report mean."""
    if where.startswith("at the end"):
        return len(lines)
    if where.startswith("right after the first brace"):
        return lines.index("{\n") + 1
    return int(re.search(r"\(line (\d+) of", where)[1])


def test_the_lines_to_add_make_it_work(used):
    report = fine(used.init())
    place(used, report)
    if "runs a script of yours" in report:
        line = next(line for line in report.splitlines() if line.startswith("  f=$CHEZMOI"))
        script = used.home.source / ".install-vault.sh"
        script.write_text(OWN_SCRIPT.replace("\n", f"\n{line.strip()}\n", 1))
    fine(used.home.init("--apply", "--promptDefaults"))
    values = used.home.values()
    assert [model["name"] for model in values["llm"]["local_models"]] == ["qwen3-4b", "nomic-embed-text"]
    assert '"qwen3-4b":' in used.home.read(CONFIG)
    assert next(used.home.source.rglob("llm.json"))
    before = used.bytes()
    said = fine(used.init())
    assert "has all that is needed" in said
    assert "Add to it" not in said
    assert used.bytes() == before
    works(used.home)


def test_a_removal_leaves_the_folder_as_it_was(used):
    before = used.bytes()
    fine(used.init())
    deployed = [used.home.path / CONFIG, used.home.path / f"{UNITS}/llm/llama-swap.container"]
    fine(used.home.apply("--parent-dirs", *map(str, deployed)))
    assert all(file.exists() for file in deployed)
    said = fine(used.init("--remove", "--yes"))
    after = used.bytes()
    left = {path for path in after if path.rpartition("/")[2] not in (".chezmoiremove", ".chezmoiversion")}
    assert left == {path for path in before if not path.endswith(".chezmoiversion")}
    assert [path for path in left if after[path].rstrip() != before[path].rstrip()] == []
    assert ".chezmoiremove" in said
    fine(used.home.apply())
    assert not any(file.exists() for file in deployed)
    works(used.home)


def test_what_was_removed_can_be_added_again(used):
    fine(used.init())
    added = used.bytes()
    fine(used.init("--remove", "--yes"))
    fine(used.init())
    assert used.bytes() == added
    fine(used.home.managed())


# --- modes, upgrade, removal ----------------------------------------------------------------------


def test_mode_output_needs_no_hook_and_no_document(tmp_path):
    person = Person.make(tmp_path, {".chezmoidata/llm.json": '{"llm": {}}'})
    fine(person.init("--mode", "output"))
    after = person.bytes()
    assert not {".chezmoi-llm-hook.sh", ".gitignore", ".chezmoidata/llm.json"} & set(after)
    assert b"hooks:" not in after[".chezmoi.yaml.tmpl"]
    fine(person.home.init("--apply"))
    assert '"qwen3-4b":' in person.home.read(CONFIG)


def test_mode_commit_keeps_the_document_in_git(tmp_path):
    person = Person.make(tmp_path, {".gitignore": "*.bak\n/.chezmoidata/llm.json\n"})
    said = fine(person.init("--mode", "commit"))
    assert said.endswith(
        "\nnext: run\n"
        "  chezmoi-llm expand --write\n"
        "  git add .chezmoidata/llm.json   (in the source folder)\n"
        "  chezmoi init --apply\n"
    )
    assert person.bytes()[".gitignore"] == b"*.bak\n"
    git = {"env": person.home.env, "cwd": person.home.source}
    fine(programs.run(["git", "init", "--quiet"], **git))
    fine(programs.run([programs.located("chezmoi-llm"), "expand", "--write"], **git))
    fine(programs.run(["git", "add", ".chezmoidata/llm.json"], **git))
    fine(person.home.init("--apply"))
    assert '"qwen3-4b":' in person.home.read(CONFIG)
    before = person.bytes()
    fine(person.init())
    assert person.bytes() == before


def test_an_upgrade_leaves_and_shows_what_was_edited(tmp_path):
    person = Person.make(tmp_path, {"private_dot_config/a": ""})
    fine(person.init())
    path = "private_dot_config/llama-swap/config.yaml.tmpl"
    file = person.home.source / path
    file.write_text(file.read_text().replace("# What llama-swap starts", "# What my llama-swap starts"))
    before = person.bytes()
    said = fine(person.init("--upgrade"))
    assert person.bytes() == before
    assert f"  edited by you, so left as it is: {path}\n    --- {path}\n    +++ ours\n" in said
    assert "    -# What my llama-swap starts" in said
    assert "\nnothing to change\n" in said


def test_a_removal_keeps_what_was_edited_and_names_the_rest(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    file = person.home.source / "dot_config/ramalama/shortnames.conf.tmpl"
    file.write_text(file.read_text() + "# mine\n")
    said = fine(person.init("--remove"))
    assert said.endswith("\nnothing was changed; to do it, add --yes\n")
    said = fine(person.init("--remove", "--yes"))
    assert set(person.bytes()) == {
        ".chezmoi.yaml.tmpl",
        ".chezmoiremove",
        ".chezmoiversion",
        "dot_config/ramalama/shortnames.conf.tmpl",
    }
    assert "  left, since you have edited it: dot_config/ramalama/shortnames.conf.tmpl\n" in said
    template = person.home.source / ".chezmoi.yaml.tmpl"
    lines = template.read_text().splitlines()
    for first, last in re.findall(r"\((?:lines? (\d+)(?: to (\d+))?)\)", said):
        lines[int(first) - 1 : int(last or first)] = [""] * (int(last or first) - int(first) + 1)
    template.write_text("\n".join(lines))
    file.unlink()
    fine(person.home.init("--apply"))
    assert json.loads(fine(person.home.run("dump-config", "--format=json")))["data"] == {}
    assert not (person.home.path / CONFIG).exists()


def test_print_config_prints_the_block_alone(tmp_path):
    person = Person.make(tmp_path, {".chezmoi.toml.tmpl": TOML})
    done = person.init("--print-config")
    assert done.stderr == ""
    text = fine(done)
    assert text.startswith("# --- at the end of .chezmoi.toml.tmpl\n[[data.local_models]]\n")
    template = person.home.source / ".chezmoi.toml.tmpl"
    template.write_text(TOML + text)
    done = person.init("--print-config")
    assert (done.stdout, done.stderr) == ("", ".chezmoi.toml.tmpl has all that is needed\n")
    fine(person.home.init("--promptDefaults"))
    names = [model["name"] for model in person.home.values()["local_models"]]
    assert names == ["qwen3-4b", "nomic-embed-text"]


@pytest.mark.parametrize(
    ("answers", "is_changed"),
    [
        pytest.param("\ny\n", True, id="yes"),
        pytest.param("caddy\n\n", True, id="other-services"),
        pytest.param("\nn\n", False, id="no"),
    ],
)
def test_on_a_terminal_it_asks_twice(tmp_path, answers, is_changed):
    person = Person.make(tmp_path, {"dot_bashrc": "", ".chezmoi.yaml.tmpl": YAML})
    said = on_terminal(person, answers)
    assert (
        "Services (llama_swap, ramalama, litellm, open_webui, caddy, desktop) [llama_swap ramalama]: "
        in said
    )
    assert "Go on? [Y/n]: " in said
    assert ("dot_config" in "".join(person.bytes())) is is_changed
    assert ("dot_config/caddy/Caddyfile.tmpl" in person.bytes()) is ("caddy" in answers)


def on_terminal(person: Person, answers: str) -> str:
    """Run init on a terminal of its own, type the answers, and return what stood there."""
    pid, terminal = os.forkpty()
    if pid == 0:
        os.chdir(person.home.path)
        program = programs.located("chezmoi-llm")
        os.execve(program, [program, "init"], dict(person.home.env))  # noqa: S606 - a program without a shell
    os.write(terminal, answers.encode())
    said = b""
    while chunk := read_terminal(terminal):
        said += chunk
    os.waitpid(pid, 0)
    os.close(terminal)
    return said.decode()


def read_terminal(terminal: int) -> bytes:
    """Read on; Linux says EIO once the program has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
