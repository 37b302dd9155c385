"""Runs Podman's quadlet generator and reads its services as systemd does."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import TypeAlias

from realprograms import programs

Unit: TypeAlias = dict[str, dict[str, list[str]]]
"""A unit file: section, key, every value of that key in order."""

SPECIFIERS: Mapping[str, str] = {
    "%": "%",
    "h": "/home/someone",
    "t": "/run/user/1000",
    "u": "someone",
    "U": "1000",
}
"""What systemd puts for ``%h`` and its like; the unit's own names are added for each unit."""

_NOTICE = re.compile(r"(?m)^quadlet-generator\[\d+\]: (?:Loading source unit file .*\n)?")

_SPACE = " \t\n\r"
_PIECE = r"""
    "((?:\\.|[^"\\])*)"
  | '((?:\\.|[^'\\])*)'
  | ((?:\\.|[^ \t\n\r"'\\])+)
"""
_PIECES = re.compile(_PIECE, re.DOTALL | re.VERBOSE)
_WORD = re.compile(f"(?:{_PIECE})+", re.DOTALL | re.VERBOSE)
_ESCAPE = re.compile(
    rb"\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", flags=re.DOTALL
)
_LETTERS = {letter: b"\a\b\f\n\r\t\v \\\"'"[i : i + 1] for i, letter in enumerate("abfnrtvs\\\"'")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What the generator made: its exit code, its complaints, and the text of each service."""

    returncode: int
    stderr: str
    texts: Mapping[str, str]

    def unit(self, name: str) -> Unit:
        """Return a service, such as ``llama-swap.service``, by section and key."""
        return parse(self.texts[name])

    def exec_start(self, name: str, environment: Mapping[str, str] | None = None) -> list[str]:
        """Return the arguments with which systemd would start the service."""
        (line,) = self.unit(name)["Service"]["ExecStart"]
        return argv(line, name=name, environment=environment)


def generate(units: Path) -> Generated:
    """Run the generator for a user's units in ``units`` and the folders below it.

    The lines that only name the files being read are left out of ``stderr``.
    """
    done = programs.run(
        [programs.located("quadlet"), "-dryrun", "-user", "-no-kmsg-log"],
        env={"PATH": os.defpath, "HOME": str(units), "QUADLET_UNIT_DIRS": str(units)},
    )
    # `---x.service---` heads each service on standard output
    parts = re.split(r"^---(\S+)---\n", done.stdout, flags=re.MULTILINE)
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    return Generated(returncode=done.returncode, stderr=_NOTICE.sub("", done.stderr), texts=texts)


def parse(text: str) -> Unit:
    r"""Read a unit file: ``\`` continues a line, ``#`` and ``;`` begin a comment, keys repeat.

    systemd ends a line at CR and NUL too; quadlet does not, which is how a value could grow keys.
    """
    unit: Unit = {}
    section: dict[str, list[str]] = {}
    for line in re.split(r"[\n\r\0]", text.replace("\\\n", " ")):
        if line.startswith("["):
            section = unit.setdefault(line.strip("[]"), {})
        elif line.strip() and line[0] not in "#;":
            key, _, value = line.partition("=")
            section.setdefault(key.strip(), []).append(value.strip())
    return unit


def argv(line: str, *, name: str = "x.service", environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the arguments that systemd makes of an ``ExecStart=`` line.

    Raises KeyError for a specifier or variable that nobody meant, and ValueError for what systemd
    cannot read: a test that compares arguments must not pass over them.
    """
    stem = name.rpartition(".")[0]
    specifiers = {**SPECIFIERS, "n": name, "N": stem, "p": stem}
    words = [expand(word, specifiers) for word in split(line)]
    return [argument for word in words for argument in _variables(word, environment or {})]


def split(line: str) -> list[str]:
    r"""Split at white space; quotes group and ``\`` escapes, as systemd's ``extract_first_word`` does.

    Raises ValueError for an open quote, an unknown escape, and a bare ``;``, which would begin a
    second command.
    """
    words = []
    rest = line.strip(_SPACE)
    while rest:
        found = _WORD.match(rest)
        if found is None or found[0] == ";":
            raise ValueError(f"systemd cannot run {line!r}, from {rest!r} on")
        words.append(_unquoted(found[0]))
        rest = rest[found.end() :].lstrip(_SPACE)
    return words


def _unquoted(word: str) -> str:
    if word == r"\;":
        return ";"
    pieces = ("".join(piece).encode() for piece in _PIECES.findall(word))
    return b"".join(_ESCAPE.sub(_unescaped, piece) for piece in pieces).decode()


def _unescaped(escape: re.Match[bytes]) -> bytes:
    byte, octal, short, long, letter = (group.decode() if group else "" for group in escape.groups())
    if letter:
        if letter not in _LETTERS:
            raise ValueError(f"systemd does not know the escape {escape[0]!r}")
        return _LETTERS[letter]
    if short or long:
        return chr(int(short or long, 16)).encode()
    return bytes([int(byte, 16) if byte else int(octal, 8)])


def expand(text: str, specifiers: Mapping[str, str] = SPECIFIERS) -> str:
    """Replace ``%h`` and its like; ``%%`` is a per cent sign. Raises KeyError for an unknown one."""
    return re.sub(r"%(.?)", lambda found: specifiers[found[1]], text, flags=re.DOTALL)


def _variables(word: str, environment: Mapping[str, str]) -> list[str]:
    """Replace variables as systemd's ``replace_env_argv`` does.

    A word that begins with ``$`` is one variable, whose value is split; elsewhere only ``${X}`` counts,
    and ``$$`` is a dollar.
    """
    if re.match(r"\$(?![${])", word):
        return environment[word[1:]].split()
    return [re.sub(r"\$(?:\$|\{(.*?)\})", lambda m: "$" if m[0] == "$$" else environment[m[1]], word)]


def verify(texts: Mapping[str, str], folder: Path) -> CompletedProcess[str]:
    """Write the services to ``folder`` and have ``systemd-analyze --user verify`` read them all.

    Its verdict also covers whether each program is installed (/usr/bin/podman, a program below the
    home). That says nothing about the unit, so a program that is missing is replaced by true(1) in
    the copies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        copy = re.sub(r"(?m)^(Exec\w+=[-@:+!]*)(\S+)", _installed, text)
        (folder / name).write_text(copy, encoding="utf-8", newline="")
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    analyze = [programs.located("systemd-analyze"), "--user", "verify", "--man=no"]
    return programs.run(
        [*analyze, *(folder / name for name in texts)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "SYSTEMD_UNIT_PATH": f"{folder}:/usr/lib/systemd/user",
        },
    )


def _installed(command: re.Match[str]) -> str:
    program = command[2] if os.path.exists(command[2]) else str(shutil.which("true"))
    return command[1] + program
