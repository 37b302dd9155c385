"""Plans what ``init`` adds to a source folder; nothing that is there is overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.engine import names
from chezmoi_llm.scaffold import groups
from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.clashes import Clashes
from chezmoi_llm.scaffold.rewriting import fitted
from chezmoi_llm.scaffold.starter import Mode, starter
from chezmoi_llm.scaffold.tree import (
    CONFIG,
    DOCUMENT,
    GIT_IGNORE,
    HOOK,
    IGNORE,
    REMOVE,
    VERSION,
    Tree,
    ignored,
    is_made,
    owner,
    place,
    target_of,
)

KEPT_FOLDER: Final = ".config/llm"
"""Where the secrets script keeps the key of placement ``host``; no source file stands for it."""

MINIMUM: Final = "2.42.0"
"""The first chezmoi that has the hook and keeps the integers of a JSON file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks of ``init``."""

    groups: tuple[str, ...]
    mode: Mode
    accelerator: str


def plan(tree: Tree, shipped: Mapping[str, bytes], wish: Wish, clashes: Clashes) -> Plan:
    """Return what is added to a source folder.

    ``shipped`` maps the paths of all shipped files to their bytes. Raises NameProblemError where
    chezmoi itself could not use the folder.
    """
    wanted = [
        path for path in groups.chosen(shipped, wish.groups) if path != HOOK or wish.mode is Mode.HOOK
    ]
    skipped = {path: skip for path in wanted if (skip := clashes.with_shipped(path))}
    skipped |= clashes.left_without(wanted, skipped)
    missing = [path for path in wanted if path not in skipped and not owner(path, tree)]
    changes = (
        *_config(tree, shipped, wish),
        *(_added(place(path, tree), fitted(shipped[path], tree)) for path in missing),
        *_kept_from_git(tree, wish.mode),
        *_spared(tree),
        *_minimum(tree),
        *_wanted_again(tree, missing),
        *_unwanted_document(tree, wish.mode),
    )
    present = tuple(owner(path, tree) for path in wanted if path not in skipped and owner(path, tree))
    return Plan(changes=changes, present=present, skipped=tuple(skipped.values()), notes=_too_old(tree))


def _added(path: str, text: bytes) -> Change:
    return Change(path=path, before=None, after=text, what="add")


def _config(tree: Tree, shipped: Mapping[str, bytes], wish: Wish) -> Iterator[Change]:
    """Yield the starter, unless there is a config template or a config file that it would overwrite."""
    if not tree.config_template and not tree.config_file:
        yield _added(CONFIG, starter(shipped[CONFIG], accelerator=wish.accelerator, mode=wish.mode))


def _kept_from_git(tree: Tree, mode: Mode) -> Iterator[Change]:
    """Yield the lines for what is made anew on every machine; where it is committed there are none."""
    before = tree.texts.get(GIT_IGNORE)
    there = (before or b"").decode(errors="replace").splitlines()
    lines = [line for line in ignored(tree) if line not in there]
    if mode is Mode.COMMIT:
        yield from without_lines(GIT_IGNORE, before, set(ignored(tree)))
    elif mode is Mode.HOOK and lines:
        yield appended(GIT_IGNORE, before, *lines)


def _spared(tree: Tree) -> Iterator[Change]:
    """Yield the line that keeps an ``exact_dot_config`` from removing what no source file stands for."""
    before = tree.texts.get(IGNORE)
    is_exact = names.folder(names.source_folder(tree.folders, ".config")).exact
    if is_exact and KEPT_FOLDER not in (before or b"").decode(errors="replace").splitlines():
        yield appended(IGNORE, before, KEPT_FOLDER)


def appended(path: str, before: bytes | None, *lines: str) -> Change:
    """Return the change that puts lines at the end of a file, which may end without a line end."""
    text = before or b""
    gap = b"\n" if text and not text.endswith(b"\n") else b""
    after = text + gap + "".join(f"{line}\n" for line in lines).encode()
    return Change(path=path, before=before, after=after, what="add" if before is None else "add lines to")


def _minimum(tree: Tree) -> Iterator[Change]:
    if VERSION not in tree.files:
        yield _added(VERSION, f"{MINIMUM}\n".encode())


def _too_old(tree: Tree) -> tuple[str, ...]:
    """Return a note where the person's own minimum lets a chezmoi in that is too old for our files."""
    asked = tree.texts.get(VERSION, MINIMUM.encode()).decode(errors="replace").strip()
    is_older = [int(part) for part in re.findall(r"\d+", asked)] < [
        int(part) for part in MINIMUM.split(".")
    ]
    return (f"  {VERSION} lets chezmoi {asked} in, but these files need {MINIMUM}",) if is_older else ()


def _wanted_again(tree: Tree, missing: list[str]) -> Iterator[Change]:
    """Take targets out of ``.chezmoiremove``: chezmoi refuses a target that is both made and removed."""
    removed = tree.texts.get(REMOVE, b"").decode(errors="replace").split()
    targets = {target_of(path) for path in missing} | {line for line in removed if is_made(line)}
    yield from without_lines(REMOVE, tree.texts.get(REMOVE), targets)


def without_lines(path: str, before: bytes | None, unwanted: set[str]) -> Iterator[Change]:
    """Yield the change that takes lines out of a file, and the file away if none is left."""
    lines = (before or b"").splitlines(keepends=True)
    kept = [line for line in lines if line.decode(errors="replace").strip() not in unwanted]
    if kept != lines:
        yield Change(
            path=path,
            before=before,
            after=b"".join(kept) or None,
            what="take lines out of" if kept else "delete",
        )


def _unwanted_document(tree: Tree, mode: Mode) -> Iterator[Change]:
    """Yield the deletion of a document from another mode: chezmoi would read it instead of asking."""
    document = tree.texts.get(DOCUMENT)
    if mode is Mode.OUTPUT and document is not None and not tree.is_document_tracked:
        yield Change(path=DOCUMENT, before=document, after=None, what="delete")
