"""``chezmoi-llm init`` in the dotfiles that people have: added, used, and taken away without a trace."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from realprograms import programs
from realprograms.chezmoi import SOURCE
from realprograms.person import Person, fine, works

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")

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

OWN_SCRIPT = """\
data:
  email: me@example.org
hooks:
  read-source-state:
    pre:
      command: {{ .chezmoi.sourceDir }}/.install-vault.sh
"""

VAULT = "#!/bin/sh\ntype true >/dev/null 2>&1 && exit\nexit 1\n"

OWN_COMMAND = """\
data:
  email: me@example.org
warnings:
  configFileTemplateHasChanged: true
hooks:
  read-source-state:
    pre:
      command: {{ lookPath "touch" }}   # the vault
      args: [{{ joinPath .chezmoi.homeDir "was here" | quote }}]
"""

SYMLINKS = "mode: symlink\ndata: {email: me@example.org}\n"


def nothing(_: Person) -> None:
    """Leave the dotfiles as the files make them."""


def without_git(person: Person) -> None:
    """Take git off the machine; chezmoi has one of its own."""
    (person.home.bin / "git").unlink()


def git(person: Person, *words: str) -> None:
    fine(programs.run(["git", *words], env=person.home.env, cwd=person.home.source))


def worktree(person: Person) -> None:
    """Make the source folder the work tree of a repository that lies elsewhere, with changes in it."""
    repository = person.home.path / "repository"
    git(person, "init", "--quiet", "--separate-git-dir", str(repository))
    git(person, "add", "--all")
    git(person, "commit", "--quiet", "--message", "all")
    person.home.write({"dot_bashrc": "changed\n", "dot_new": "not added\n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Dotfiles before ``init``: files, what .chezmoiroot says, the folder, and what else is special."""

    files: Mapping[str, str]
    root: str = ""
    source: str = SOURCE
    umask: int = 0o022
    prepare: Callable[[Person], object] = field(default=nothing)


CASES = {
    "private_dot_config": Case(
        files={"private_dot_config/git/config": "[user]\n", ".chezmoi.yaml.tmpl": YAML}
    ),
    "files that end in an action": Case(
        files={
            "dot_bashrc": "x\n",
            ".chezmoi.yaml.tmpl": "data:\n  a: 1\n{{ if true -}}\nenv:\n  b: c\n{{- end -}}\n",
            ".chezmoiremove": ".old\n\n{{ if true -}}\n.older\n{{- end -}}\n",
        }
    ),
    "exact_dot_config": Case(
        files={
            "exact_dot_config/git/config": "[user]\n",
            ".chezmoi.yaml.tmpl": YAML,
            ".chezmoiignore": ".config/chezmoi",
        }
    ),
    "exact_ deeper": Case(
        files={
            "private_dot_config/exact_containers/private_systemd/a.volume": "[Volume]\n",
            ".gitignore": "*.bak",
            ".chezmoi.yaml.tmpl": "# nothing yet\n",
        }
    ),
    ".chezmoiroot": Case(
        files={"dot_bashrc": "x\n", ".chezmoi.toml.tmpl": TOML, ".chezmoiversion": "2.50.0\n"}, root="home"
    ),
    ".chezmoi.json.tmpl": Case(files={"dot_bashrc": "x\n", ".chezmoi.json.tmpl": JSON}),
    "own script as hook": Case(
        files={"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": OWN_SCRIPT, ".install-vault.sh": VAULT}
    ),
    "own command as hook": Case(files={"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": OWN_COMMAND}),
    "symlinks": Case(
        files={"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": SYMLINKS, ".gitignore": "*.bak\r\n"}
    ),
    "spaces and umlauts, without git": Case(
        files={"dot_bashrc": "x\n", ".chezmoi.toml.tmpl": TOML},
        source="Meine Dateien/dötfiles $x",
        prepare=without_git,
    ),
    "umask 077": Case(files={"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": YAML}, umask=0o077),
    "work tree of git": Case(files={"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": YAML}, prepare=worktree),
}


@pytest.fixture(params=CASES)
def used(tmp_path, request) -> Iterator[Person]:
    """A person whose dotfiles are applied."""
    case = CASES[request.param]
    before = os.umask(case.umask)
    person = Person.make(tmp_path, case.files, root=case.root, source=case.source)
    for script in person.home.source.rglob(".*.sh"):
        script.chmod(0o755)
    case.prepare(person)
    fine(person.home.init("--apply", "--promptDefaults"))
    yield person
    os.umask(before)


def init(person: Person, *args: str) -> str:
    """Run ``chezmoi-llm init`` where chezmoi would be told of the folder as well."""
    is_usual = person.home.source == person.home.path / SOURCE
    return fine(person.init(*([] if is_usual else ["--source", str(person.home.source)]), *args))


def test_the_way_in_and_out(used):
    before, modes, folders = used.bytes(), used.modes(), folders_of(used)

    report = init(used)
    added = used.bytes()
    changed = {path for path, text in before.items() if added[path] != text}
    assert {path.rpartition("/")[2] for path in changed} <= {".gitignore", ".chezmoiignore"}
    assert modes.items() <= used.modes().items()
    assert len([*used.home.source.rglob("*dot_config")]) == 1

    init(used, "--remove", "--yes")
    assert used.bytes() == before
    assert used.modes() == modes

    assert init(used) == report
    assert used.bytes() == added
    assert "\nnothing to change\n" in init(used)
    assert used.bytes() == added

    pasted = place(used, report)
    fine(used.home.init("--apply", "--promptDefaults"))
    assert "qwen3-4b" in used.home.values()["llm"]["model"]
    assert '"qwen3-4b":' in used.home.read(".config/llama-swap/config.yaml")
    works(used.home)
    fine(used.home.run("verify"))
    assert used.home.status().stdout == ""
    added = used.bytes()
    assert "has all that is needed\n" in init(used)
    assert used.bytes() == added
    (units,) = {path.parent for path in used.home.source.rglob("llm.network.tmpl")}
    (units / "exact_models").mkdir()  # where units of models were switched off
    fine(used.home.apply())

    said = init(used, "--remove", "--yes")
    after = used.bytes()
    removed = {path: after.pop(path) for path in list(after) if path.endswith(".chezmoiremove")}
    assert after == {path: text for path, text in (before | pasted).items() if path not in removed}
    assert not units.exists()
    assert b".config/llama-swap/config.yaml\n" in b"".join(removed.values())
    assert "; then the lines may\ngo from .chezmoiremove, too\n" in said
    fine(used.home.apply())
    assert not (used.home.path / ".config/llama-swap/config.yaml").exists()
    works(used.home)
    removing = re.search(r"^  rmdir .*$", said, re.MULTILINE)
    programs.run(["sh", "-c", removing[0]], env=used.home.env, cwd=used.home.path)
    assert folders_of(used) == folders


def folders_of(person: Person) -> set[str]:
    """Return the folders of a home, what is in chezmoi's cache among them, but for what is git's."""
    found = (path.relative_to(person.home.path) for path in person.home.path.rglob("*") if path.is_dir())
    return {str(path) for path in found if ".git" not in path.parts} - {".cache", ".cache/chezmoi"}


def place(person: Person, report: str) -> dict[str, bytes]:
    """Do what a report says in the config template, and return the files that were changed so."""
    name = re.search(r"^(\S+) is yours, so nothing in it is changed", report, re.MULTILINE)
    file = next(person.home.source.rglob(name[1]))
    lines = file.read_text().splitlines(keepends=True)
    file.write_text(replaced_hook("".join(changed(lines, report)), report))
    done = {file}
    if found := re.search(
        r"^Make this the first line of (\S+), below #!;.*\n\n  (.*)", report, re.MULTILINE
    ):
        script = file.parent / found[1]
        script.write_text(script.read_text().replace("\n", f"\n{found[2]}\n", 1))
        done.add(script)
    return {str(path.relative_to(person.home.source)): path.read_bytes() for path in done}


def changed(lines: list[str], report: str) -> list[str]:
    """Return the lines with values changed and pieces added, each where the report says."""
    for number, value in re.findall(r"^  [\w.]+ \(line (\d+)\): (\w+)", report, re.MULTILINE):
        lines[int(number) - 1] = re.sub(r":.*", f": {value}", lines[int(number) - 1])
    pieces = re.findall(r"^--- (.*?):\n(.*?)(?=^---)", report, re.MULTILINE | re.DOTALL)
    for where, text in sorted(pieces, key=lambda piece: -spot(piece[0], lines)):
        at = spot(where, lines)
        lines[at:at] = text.splitlines(keepends=True)
    return lines


def spot(where: str, lines: list[str]) -> int:
    """Return the index in a file that the words of a report mean."""
    if where.startswith("at the end"):
        return len(lines)
    if where.startswith("right after the first brace"):
        return lines.index("{\n") + 1
    if "once it is written in lines instead of braces" in where:
        return braces_opened(int(re.search(r"\(line (\d+) of", where)[1]), lines)
    return int(re.search(r"\(line (\d+) of", where)[1]) - where.startswith("right above")


def braces_opened(number: int, lines: list[str]) -> int:
    """Write ``key: {inner}`` in two lines; return the index of the second."""
    if found := re.match(r"(\w+):\s*\{(.*)\}", lines[number - 1]):
        lines[number - 1] = f"{found[1]}:\n"
        lines.insert(number, f"  {found[2]}\n")
    return number


def replaced_hook(text: str, report: str) -> str:
    """Return a YAML template whose hook is the one that the report shows."""
    found = re.search(r"^Write this in its place, which runs both:\n\n((?:  .*\n)+)", report, re.MULTILINE)
    if not found:
        return text
    indented = "".join(f"  {line}\n" for line in found[1].splitlines())
    return re.sub(r"^    pre:\n(?: {6}.*\n)+", lambda _: indented, text, flags=re.MULTILINE)
