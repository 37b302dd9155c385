"""Checks of the programs that turn a list into files: this one and chezmoi."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

from chezmoi_llm.health.facts import Facts
from chezmoi_llm.health.rows import Row, error, ok, warning
from chezmoi_llm.scaffold.plan import MINIMUM
from chezmoi_llm.scaffold.starter import Mode

INSTALL_CHEZMOI: Final = "https://www.chezmoi.io/install"
"""The page that tells how to get chezmoi."""


def number(text: str) -> tuple[int, ...]:
    """Return the first version in what a program prints of itself, empty where there is none."""
    found = re.search(r"\d{1,9}(?:\.\d{1,9})+", text)
    return tuple(map(int, found[0].split("."))) if found else ()


def dotted(version: tuple[int, ...]) -> str:
    """Return a version as people write it."""
    return ".".join(map(str, version))


def version(facts: Facts) -> Iterator[Row]:
    """Yield what this program is."""
    this = facts.programs
    yield ok("version", ", ".join(filter(None, (this.version, f"Python {this.python}", this.path))))


def helper(facts: Facts) -> Iterator[Row]:
    """Yield whether chezmoi would start this very program; with a committed document it starts none."""
    if facts.dotfiles.mode not in {Mode.HOOK, Mode.OUTPUT}:
        return
    found, this = facts.programs.helper, facts.programs
    who = "the hook" if facts.dotfiles.mode is Mode.HOOK else "chezmoi"
    if found is None:
        yield error("helper", f"{who} does not find chezmoi-llm", _install(this.path))
    elif found.is_this or found.version == this.version:
        yield ok("helper", f"{who} finds {found.path}")
    else:
        other = found.version or "another version"
        message = f"{who} finds {found.path}, which is {other}; this is {this.version}"
        yield warning("helper", message, "upgrade one of the two, or uninstall it")


def _install(path: str) -> str:
    is_windows = path.endswith(".exe")
    return linked(path) if path and not is_windows else "uv tool install chezmoi-llm"


def linked(path: str) -> str:
    """Return the command that puts a program of PATH where services and chezmoi look for it."""
    return f"mkdir -p ~/.local/bin && ln -s {quoted(path)} ~/.local/bin/"


def quoted(path: str) -> str:
    """Return a path for a shell, which replaces the ``~`` of the home."""
    return f"~/{shlex.quote(path[2:])}" if path.startswith("~/") else shlex.quote(path)


def chezmoi(facts: Facts) -> Iterator[Row]:
    """Yield whether chezmoi is there, and new enough."""
    path, found = facts.programs.chezmoi, number(facts.programs.chezmoi_says)
    if not path:
        yield error("chezmoi", "it is not on PATH", INSTALL_CHEZMOI)
    elif found and found < number(MINIMUM):
        message = f"{path} is {dotted(found)}, and {MINIMUM} is the least that will do"
        yield error("chezmoi", message, "chezmoi upgrade")
    elif facts.programs.chezmoi_says:
        yield ok("chezmoi", f"{dotted(found) or 'a development version'}, {path}")
    else:
        yield error("chezmoi", f"{path} does not say its version", f"{path} --version")
