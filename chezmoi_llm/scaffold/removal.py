"""Plans how the stack leaves a source folder again: what goes, and what a person has to see to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chezmoi_llm.chezmoi.naming import DOCUMENT, IGNORE, REMOVE, VERSION, target_folder
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.scaffold.block import WARNING
from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.config import SLOT, Config, own_script
from chezmoi_llm.scaffold.lines import appended, lines_of, without_lines
from chezmoi_llm.scaffold.plan import (
    KEPT_FOLDERS,
    OUR_VERSION,
    deleted,
    is_about,
    made_units,
)
from chezmoi_llm.scaffold.releases import Releases
from chezmoi_llm.scaffold.slot import CALL_BEFORE
from chezmoi_llm.scaffold.tree import GIT_IGNORE, HOOK, Tree, ignored, is_ours, made_folders, target_of
from chezmoi_llm.scaffold.upgrade import ours

_KEYS: tuple[Path, ...] = (
    ("data", "local_models"),
    ("data", "cloud_models"),
    ("data", "models"),
    ("data", "llm_stack"),
)
"""What a config template has for us alone; ``published_ports`` and the like serve others too."""

_EVERYBODYS = frozenset({".config", ".local", ".local/share"})
"""Folders that a home has anyway."""


def removal(tree: Tree, releases: Releases, found: Config | None) -> Plan:
    """Return what takes the stack away.

    Files that nobody edited are deleted, and their targets left to ``.chezmoiremove``: a source
    file that is gone does not take its target with it. Where a target is not in this home, and no
    other machine can have it from git, there is nothing to take.
    """
    pairs = tuple(ours(tree, releases))
    unedited = [(path, there) for path, there in pairs if releases.has(path, tree.texts[there])]
    kept = [there for path, there in pairs if (path, there) not in unedited]
    leaving = [*(there for _, there in unedited), *made_units(tree)]
    emptied = tuple(folder for folder in made_folders(tree) if folder in tree.folders)
    targets = [target for path in leaving if (target := target_of(path)) and _is_to_go(path, tree)]
    changes = (
        *(deleted(path, tree) for path in leaving),
        *_removed_from_home(targets, tree),
        *without_lines(GIT_IGNORE, tree.texts.get(GIT_IGNORE), set(ignored(tree))),
        *without_lines(IGNORE, tree.texts.get(IGNORE), set(KEPT_FOLDERS.values())),
        *([deleted(DOCUMENT, tree)] if DOCUMENT in tree.texts and not tree.is_document_tracked else ()),
        *([deleted(VERSION, tree)] if tree.texts.get(VERSION) == OUR_VERSION else ()),
    )
    return Plan(
        changes=changes,
        notes=tuple(_notes(tree, found, kept, targets)),
        emptied=emptied,
        left_empty=tuple(_left_empty(leaving, emptied, tree)) if targets else (),
    )


def _left_empty(leaving: Sequence[str], emptied: Sequence[str], tree: Tree) -> list[str]:
    """Return the folders of the home that no source folder stands for any more."""
    managed = (path for path in leaving if target_of(path))
    gone = {*emptied, *(folder for path in (*managed, *emptied) for folder in _above(path))}
    there = {folder for path in set(tree.files) - set(leaving) for folder in _above(path)}
    return sorted({target_folder(folder) for folder in gone - there} - _EVERYBODYS, reverse=True)


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _is_to_go(path: str, tree: Tree) -> bool:
    """Say whether the target of a source file is left to ``.chezmoiremove``.

    A ``Caddyfile`` is ours only where it says so: one that a person writes later would go, too.
    """
    target = target_of(path)
    is_shared = target.rpartition("/")[2] == "Caddyfile"
    return is_ours(tree.home.get(target, b"")) if is_shared else is_about(path, tree)


def _removed_from_home(targets: Sequence[str], tree: Tree) -> Iterator[Change]:
    before = tree.texts.get(REMOVE)
    there = lines_of(before)
    lines = [target for target in targets if target not in there]
    if lines:
        yield appended(REMOVE, before, *lines)


def _notes(tree: Tree, found: Config | None, kept: Sequence[str], targets: Sequence[str]) -> Iterator[str]:
    """Yield what is left, for a person to decide."""
    yield from (f"  left, since you have edited it: {path}" for path in kept)
    if tree.is_document_tracked:
        yield f"  left, since git tracks it: {DOCUMENT}"
    yield from _lines_of_theirs(tree, found)
    yield from _to_stop([target for target in targets if target in tree.home])


def _lines_of_theirs(tree: Tree, found: Config | None) -> Iterator[str]:
    if found and not found.is_readable:
        yield f"  {found.file} could not be read; delete in it what is ours: the lists, llm_stack, the hook"
    if found and (places := tuple(lines_to_delete(found))):
        yield f"  {found.file} is not touched; if nothing else of yours reads them, delete in it:"
        yield from (f"    {place}" for place in places)
    script = own_script(found, tree) if found else ""
    if HOOK.encode() in tree.texts.get(script, b""):
        yield f"  {script} is not touched; delete its line with {HOOK}"


def _to_stop(targets: Sequence[str]) -> Iterator[str]:
    """Yield the commands for what may run; only a service that is no quadlet was ever enabled."""
    made = sorted(_service(target) for target in targets if target.endswith(".container"))
    own = sorted(_service(target) for target in targets if target.endswith(".service"))
    if made or own:
        yield "before you apply, stop what runs:"
    if made:
        yield f"  systemctl --user stop {' '.join(made)}"
    if own:
        yield f"  systemctl --user disable --now {' '.join(own)}"


def _service(target: str) -> str:
    return f"{target.rpartition('/')[2].rpartition('.')[0]}.service"


def lines_to_delete(found: Config) -> Iterator[str]:
    """Yield the keys of a config that are there for us alone, each with its lines."""
    keys = [key for key in _KEYS if key in found.keys]
    if WARNING in found.keys and found.at(WARNING) is not True:
        keys.append(WARNING)
    yield from (_lines_of(key, found) for key in keys)
    if CALL_BEFORE in (found.at((*SLOT, "args")) or ()):
        yield f"{_lines_of(SLOT, found)}, but keep your own command that stands in it"
    elif HOOK in str(found.at(SLOT)):
        yield _lines_of(_alone(SLOT, found), found)


def _lines_of(key: Path, found: Config) -> str:
    lines = [pos.line for path, pos in found.places if path[: len(key)] == key]
    first, last = min(lines), max(lines)
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"{'.'.join(map(str, key))} ({where})"


def _alone(path: Path, found: Config) -> Path:
    """Return the outermost mapping that holds nothing but what is at a path."""
    while len(path) > 1 and len(found.at(path[:-1])) == 1:
        path = path[:-1]
    return path
