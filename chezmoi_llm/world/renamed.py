"""Finds files of ours with another name than the reload scripts look for, as after ``chezmoi chattr``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.world import files

_LISTED = re.compile(rb'\{\{-? \$files := list((?: "[^"]*")+) -?\}\}')
"""The line of a script that ``init`` rewrites; see ``scaffold.rewriting``."""


def notices(source_dir: str) -> tuple[str, ...]:
    """Return a sentence about the files that scripts look for in vain, none where there are no such files.

    One whose target is made by no other name was not wanted.
    """
    found = _renamed(source_dir)
    if not found:
        return ()
    are = f"and {len(found) - 1} more have other names" if len(found) > 1 else "has another name"
    return (f"{found[0]} {are} now, so that a change restarts nothing; run: chezmoi-llm init --upgrade",)


def _renamed(source_dir: str) -> tuple[str, ...]:
    named = {path for script in _scripts(source_dir) for path in _listed(files.read(script) or b"")}
    missing = (path for path in sorted(named) if not os.path.exists(os.path.join(source_dir, path)))
    return tuple(path for path in missing if _is_elsewhere(source_dir, path))


def _scripts(source_dir: str) -> Iterator[str]:
    folder = os.path.join(source_dir, naming.SCRIPTS_FOLDER)
    names = os.listdir(folder) if os.path.isdir(folder) else ()
    yield from (os.path.join(folder, name) for name in names if "-reload-" in name)


def _listed(script: bytes) -> Iterator[str]:
    for line in _LISTED.findall(script):
        yield from (path.decode() for path in re.findall(rb'"([^"]*)"', line))


def _is_elsewhere(source_dir: str, path: str) -> bool:
    """Say whether a template of any attributes makes the target of a source path."""
    *above, last = naming.target_path(path).split("/")
    folders = [source_dir]
    for part in above:
        folders = [one.path for folder in folders for one in os.scandir(folder) if _is_folder(one, part)]
    return any(_makes(name, last) for folder in folders for name in os.listdir(folder))


def _is_folder(entry: os.DirEntry[str], target: str) -> bool:
    # Most names are of something else, and need not be taken apart.
    is_similar = entry.name.endswith(naming.folder_name(target)) and entry.is_dir(follow_symlinks=False)
    return is_similar and naming.folder(entry.name).name == target


def _makes(name: str, target: str) -> bool:
    if not name.endswith(f"{target}{naming.TEMPLATE_SUFFIX}"):
        return False
    made = naming.file(name)
    return made.name == target and made.template and made.kind is naming.Kind.FILE
