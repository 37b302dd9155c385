"""Plans what ``init`` adds to a source folder; nothing that is there is overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.chezmoi.naming import (
    DATA_FOLDER,
    DOCUMENT,
    FORMATS,
    IGNORE,
    REMOVE,
    VERSION,
    target_folder,
)
from chezmoi_llm.chezmoi.rootkeys import root_keys
from chezmoi_llm.chezmoi.truth import OURS_ALONE
from chezmoi_llm.scaffold import report, services
from chezmoi_llm.scaffold.accelerator import Guess
from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.clashes import MODEL_CONTAINER, Clashes
from chezmoi_llm.scaffold.lines import appended, lines_of, without_lines
from chezmoi_llm.scaffold.rewriting import fitted
from chezmoi_llm.scaffold.starter import Mode, starter
from chezmoi_llm.scaffold.tree import (
    CONFIG,
    GIT_IGNORE,
    HOOK,
    Tree,
    ignored,
    is_made,
    is_ours,
    owner,
    place,
    target_of,
)
from chezmoi_llm.showing.words import listed

KEPT_FOLDERS: Final[Mapping[str, str]] = {
    ".config": ".config/llm",
    ".config/systemd/user": ".config/systemd/user/default.target.wants",
}
"""Folders that no source file stands for, by the folder that would lose them if it were ``exact_``.

Placement ``host`` needs both: the secrets script keeps its key in the first, and systemd makes the
link in the second that starts its service.
"""

MINIMUM: Final = "2.42.0"
"""The first chezmoi that has the hook and keeps the integers of a JSON file."""

OUR_VERSION: Final = f"{MINIMUM}+chezmoi-llm\n".encode()
"""What follows the plus sign counts for nothing in a version, and tells our file from the person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks of ``init``.

    ``named`` are those of the services that they have named themselves, ``off`` those that the folder
    has no files for then.
    """

    services: tuple[str, ...]
    mode: Mode
    accelerator: Guess
    named: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


def plan(tree: Tree, shipped: Mapping[str, bytes], wish: Wish, clashes: Clashes) -> Plan:
    """Return what is added to a source folder.

    ``shipped`` maps the paths of all shipped files to their bytes. Raises NameProblemError where
    chezmoi itself could not use the folder.
    """
    wanted = [
        path for path in services.chosen(shipped, wish.services) if path != HOOK or wish.mode is Mode.HOOK
    ]
    skipped = {path: skip for path in wanted if (skip := clashes.with_shipped(path))}
    skipped |= clashes.left_without(wanted, skipped)
    missing = [path for path in wanted if path not in skipped and not owner(path, tree)]
    left_over = tuple(_of_another_mode(tree, shipped, wish.mode))
    changes = (
        *_config(tree, shipped, wish),
        *(_added(place(path, tree), fitted(shipped[path], tree)) for path in missing),
        *_kept_from_git(tree, wish.mode),
        *_spared(tree),
        *_minimum(tree),
        *(deleted(path, tree) for path in left_over),
        *_removals(tree, missing, left_over, wish.mode),
    )
    present = tuple(owner(path, tree) for path in wanted if path not in skipped and owner(path, tree))
    notes = (
        *_too_old(tree),
        *_made_config(tree),
        *_ignored(missing, clashes),
        *(_model_containers(clashes) if "llama_swap" in wish.services else ()),
        *_not_chosen(wish),
        *_unread_lists(tree),
    )
    return Plan(changes=changes, present=present, skipped=tuple(skipped.values()), notes=notes)


def _added(path: str, text: bytes) -> Change:
    return Change(path=path, before=None, after=text, what="add")


def _config(tree: Tree, shipped: Mapping[str, bytes], wish: Wish) -> Iterator[Change]:
    """Yield the starter, unless there is a config template or a config file that it would overwrite."""
    if not tree.config_template and not tree.config_file and not tree.config_source:
        word = wish.accelerator.word
        yield _added(CONFIG, starter(shipped[CONFIG], accelerator=word, mode=wish.mode, off=wish.off))


def _kept_from_git(tree: Tree, mode: Mode) -> Iterator[Change]:
    """Yield the lines for what is made anew on every machine; where it is committed there are none."""
    before = tree.texts.get(GIT_IGNORE)
    there = lines_of(before)
    lines = [line for line in ignored(tree) if line not in there]
    if mode is not Mode.HOOK:
        yield from without_lines(GIT_IGNORE, before, set(ignored(tree)))
    elif lines:
        yield appended(GIT_IGNORE, before, *lines)


def _spared(tree: Tree) -> Iterator[Change]:
    """Yield the lines that keep ``exact_`` folders from removing what no source file stands for."""
    before = tree.texts.get(IGNORE)
    there = {*lines_of(before), *map(target_folder, _managed(tree))}
    lines = [kept for folder, kept in KEPT_FOLDERS.items() if _is_exact(folder, tree) and kept not in there]
    if lines:
        yield appended(IGNORE, before, *lines)


def _managed(tree: Tree) -> Iterator[str]:
    return (folder for folder in tree.folders if not folder.startswith("."))


def _is_exact(target: str, tree: Tree) -> bool:
    return naming.folder(naming.source_folder(tree.folders, target).rpartition("/")[2]).exact


def _minimum(tree: Tree) -> Iterator[Change]:
    if VERSION not in tree.files:
        yield _added(VERSION, OUR_VERSION)


def _too_old(tree: Tree) -> tuple[str, ...]:
    """Return a note where the person's own minimum lets a chezmoi in that is too old for our files."""
    asked = tree.texts.get(VERSION, MINIMUM.encode()).decode(errors="replace").strip()
    is_older = _numbers(asked) < _numbers(MINIMUM)
    return (f"  {VERSION} lets chezmoi {asked} in, but these files need {MINIMUM}",) if is_older else ()


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _made_config(tree: Tree) -> Iterator[str]:
    """Yield where the lines for the config file go that each apply makes anew."""
    if tree.config_source:
        yield f"  {tree.config_source} makes chezmoi's config file:"
        yield "    add to it what chezmoi-llm init --print-config shows"


def _ignored(missing: list[str], clashes: Clashes) -> Iterator[str]:
    targets = [target for path in missing if clashes.claims.ignores(target := target_of(path))]
    yield from report.ignored(targets)


def _model_containers(clashes: Clashes) -> Iterator[str]:
    """Yield the containers of the person's that would be replaced, for nothing else holds their names."""
    for unit in clashes.model_containers:
        model = unit.container.removeprefix(MODEL_CONTAINER)
        yield f"  {unit.path} runs the container {unit.container}"
        yield f"    llama-swap would replace it with its own for a model named {model} in the list; delete"
        yield "    yours, or give it another ContainerName; ramalama: units: true makes such units"


def _not_chosen(wish: Wish) -> Iterator[str]:
    if wish.off:
        yield f"  not chosen: {listed(wish.off, last='and')}; --with NAME adds one"


def _unread_lists(tree: Tree) -> Iterator[str]:
    """Yield the keys of ours in data files, which chezmoi hands to templates, but not to us."""
    for path, text in tree.texts.items():
        kind = FORMATS.get(path.rpartition(".")[2])
        if kind and path.startswith(DATA_FOLDER) and path != DOCUMENT:
            found = sorted(root_keys(text.decode(errors="replace"), kind) & {*OURS_ALONE})
            yield from (f"  {path} has {key}, which is only read in the config template" for key in found)


def _of_another_mode(tree: Tree, shipped: Mapping[str, bytes], mode: Mode) -> Iterator[str]:
    """Yield the hook, where it is as shipped, and what it has made.

    In mode output nobody would keep that as the list says. A document there would even win, for
    chezmoi would read it instead of asking.
    """
    if mode is not Mode.HOOK and HOOK in tree.texts and tree.texts[HOOK] == shipped.get(HOOK):
        yield HOOK
    if mode is Mode.OUTPUT and not tree.is_document_tracked:
        if DOCUMENT in tree.texts:
            yield DOCUMENT
        yield from made_units(tree)


def _removals(tree: Tree, missing: Sequence[str], left_over: Sequence[str], mode: Mode) -> Iterator[Change]:
    """Yield the change of ``.chezmoiremove``: chezmoi refuses a target that is both made and removed."""
    before = tree.texts.get(REMOVE)
    there = lines_of(before)
    made = set() if mode is Mode.OUTPUT else {line for line in there if is_made(line)}
    back = {target for path in missing if (target := target_of(path))}
    change = next(without_lines(REMOVE, before, made | back), None)
    targets = [target for path in left_over if (target := target_of(path)) and is_about(path, tree)]
    if lines := [target for target in targets if target not in there]:
        more = appended(REMOVE, change.after if change else before, *lines)
        change = Change(path=REMOVE, before=before, after=more.after, what=more.what)
    if change:
        yield change


def made_units(tree: Tree) -> Iterator[str]:
    """Yield the files that come without a template."""
    yield from (path for path, text in tree.texts.items() if is_made(target_of(path)) and is_ours(text))


def is_about(path: str, tree: Tree) -> bool:
    """Say whether a source file has its target in this home, or another machine may have it from git."""
    return target_of(path) in tree.home or path in tree.tracked


def deleted(path: str, tree: Tree) -> Change:
    """Return the change that takes a file away."""
    return Change(path=path, before=tree.texts[path], after=None, what="delete")
