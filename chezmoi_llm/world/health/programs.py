"""Looks at this program, at the one that chezmoi would start, and at chezmoi."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Mapping

from chezmoi_llm import __version__
from chezmoi_llm.health.facts import Helper, Programs
from chezmoi_llm.scaffold.starter import Mode
from chezmoi_llm.world import places, queries

SECONDS = 5
"""How long an answer may take that a person waits for."""

NAME = "chezmoi-llm"


def programs(mode: Mode | None, home: str) -> Programs:
    """Return what there is; ``mode`` says who would start the helper."""
    this = _started()
    chezmoi = os.environ.get("CHEZMOI_EXECUTABLE") or shutil.which("chezmoi") or ""
    return Programs(
        version=__version__,
        python=platform.python_version(),
        path=places.in_home(this, home),
        helper=_helper(_where(os.environ, home, mode), this, home),
        chezmoi=places.in_home(chezmoi, home),
        chezmoi_says=(chezmoi and queries.answer(chezmoi, "--version", seconds=SECONDS)) or "",
    )


def _started() -> str:
    """Return the file that this program was started by; empty where it is a module of Python's."""
    started = sys.argv[0] if os.path.dirname(sys.argv[0]) else shutil.which(sys.argv[0]) or ""
    is_program = os.path.basename(started).startswith(NAME) and os.access(started, os.X_OK)
    return os.path.abspath(started) if is_program else ""


def _where(env: Mapping[str, str], home: str, mode: Mode | None) -> str:
    """Return what ``find_helper`` of the hook's script would start; a template knows PATH alone."""
    told, path = env.get("CHEZMOI_LLM", ""), env.get("PATH", os.defpath)
    if mode is not Mode.HOOK:
        return shutil.which(NAME, path=path) or ""
    if told and os.access(told, os.X_OK):
        return told
    return shutil.which(NAME, path=os.pathsep.join((path, os.path.join(home, ".local", "bin")))) or ""


def _helper(found: str, this: str, home: str) -> Helper | None:
    if not found:
        return None
    is_this = bool(this) and os.path.realpath(found) == os.path.realpath(this)
    says = "" if is_this else queries.answer(found, "--version", seconds=SECONDS) or ""
    version = says.rpartition(" ")[2]
    return Helper(path=places.in_home(found, home), is_this=is_this, version=version)
