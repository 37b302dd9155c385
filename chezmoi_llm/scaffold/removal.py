"""Plans how the stack leaves a source folder again: what goes, and what a person has to see to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.config import SLOT, Config
from chezmoi_llm.scaffold.plan import KEPT_FOLDER, MINIMUM, appended, without_lines
from chezmoi_llm.scaffold.releases import Releases
from chezmoi_llm.scaffold.tree import (
    DOCUMENT,
    GIT_IGNORE,
    HOOK,
    IGNORE,
    REMOVE,
    VERSION,
    Tree,
    ignored,
    is_made,
    is_ours,
    target_of,
)
from chezmoi_llm.scaffold.upgrade import ours

_KEYS: tuple[Path, ...] = (
    ("data", "local_models"),
    ("data", "cloud_models"),
    ("data", "models"),
    ("data", "llm_stack"),
    ("warnings", "configFileTemplateHasChanged"),
)
"""What a config template has for us alone; ``published_ports`` and the like serve others too."""


def removal(tree: Tree, releases: Releases, found: Config | None) -> Plan:
    """Return what takes the stack away.

    Files that nobody edited are deleted, and their targets left to ``.chezmoiremove``: a source
    file that is gone does not take its target with it.
    """
    pairs = tuple(ours(tree, releases))
    unedited = [(path, there) for path, there in pairs if releases.has(path, tree.texts[there])]
    kept = [there for path, there in pairs if (path, there) not in unedited]
    made = [path for path, text in tree.texts.items() if is_made(target_of(path)) and is_ours(text)]
    leaving = [*(there for _, there in unedited), *made]
    targets = [target for path in leaving if (target := target_of(path))]
    changes = (
        *(_deleted(path, tree) for path in leaving),
        *_removed_from_home(targets, tree),
        *without_lines(GIT_IGNORE, tree.texts.get(GIT_IGNORE), set(ignored(tree))),
        *without_lines(IGNORE, tree.texts.get(IGNORE), {KEPT_FOLDER}),
        *([_deleted(DOCUMENT, tree)] if DOCUMENT in tree.texts and not tree.is_document_tracked else ()),
    )
    return Plan(changes=changes, notes=tuple(_notes(tree, found, kept, targets)))


def _deleted(path: str, tree: Tree) -> Change:
    return Change(path=path, before=tree.texts[path], after=None, what="delete")


def _removed_from_home(targets: Sequence[str], tree: Tree) -> Iterator[Change]:
    before = tree.texts.get(REMOVE)
    there = (before or b"").decode(errors="replace").split()
    lines = [target for target in targets if target not in there]
    if lines:
        yield appended(REMOVE, before, *lines)


def _notes(tree: Tree, found: Config | None, kept: Sequence[str], targets: Sequence[str]) -> Iterator[str]:
    """Yield what is left, for a person to decide."""
    yield from (f"  left, since you have edited it: {path}" for path in kept)
    if tree.is_document_tracked:
        yield f"  left, since git tracks it: {DOCUMENT}"
    if tree.texts.get(VERSION, b"").decode(errors="replace").strip() == MINIMUM:
        yield f"  left, since it may be yours: {VERSION}"
    for path, text in tree.texts.items():
        if "/" not in path and path not in (HOOK, found and found.file) and HOOK.encode() in text:
            yield f"  left to you: the line with {HOOK} in {path}"
    if found:
        yield from (f"  left to you in {found.file}: {place}" for place in lines_to_delete(found))
    services = [_service(target) for target in targets if target.endswith((".container", ".service"))]
    if services:
        yield "before you apply, stop what runs:"
        yield f"  systemctl --user stop {' '.join(sorted(set(services)))}"


def _service(target: str) -> str:
    return f"{target.rpartition('/')[2].rpartition('.')[0]}.service"


def lines_to_delete(found: Config) -> Iterator[str]:
    """Yield the keys of a config that are there for us alone, each with its lines."""
    keys = [key for key in _KEYS if key in found.keys]
    if HOOK in str(found.at(SLOT)):
        keys.append(_alone(SLOT, found))
    for key in keys:
        lines = [pos.line for path, pos in found.places if path[: len(key)] == key]
        first, last = min(lines), max(lines)
        where = f"line {first}" if first == last else f"lines {first} to {last}"
        yield f"{'.'.join(map(str, key))} ({where})"


def _alone(path: Path, found: Config) -> Path:
    """Return the outermost mapping that holds nothing but what is at a path."""
    while len(path) > 1 and len(found.at(path[:-1])) == 1:
        path = path[:-1]
    return path
