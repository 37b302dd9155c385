"""Looks at a source folder: what is set up there, and how it stands with the list."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from chezmoi_llm.chezmoi.naming import DOCUMENT, NameProblemError
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.health.facts import Document, Dotfiles, Findings, Hook
from chezmoi_llm.scaffold.changes import Skip
from chezmoi_llm.scaffold.clashes import Clashes
from chezmoi_llm.scaffold.config import config, declares_hook, names_taken, runs_hook
from chezmoi_llm.scaffold.releases import Releases
from chezmoi_llm.scaffold.starter import Mode, found_mode
from chezmoi_llm.scaffold.tree import HOOK, Tree, is_unit, place
from chezmoi_llm.scaffold.upgrade import ours, upgrade
from chezmoi_llm.world import checking, datafiles, files, places, scaffolding
from chezmoi_llm.world.failures import CouldNotRunError, explaining
from chezmoi_llm.world.frozen import NotFrozenError, check_frozen
from chezmoi_llm.world.health.config import Config
from chezmoi_llm.world.released import releases
from chezmoi_llm.world.stamp import Shelf, cksum


def dotfiles(folder: str, home: str, found: Config) -> Dotfiles:
    """Return what there is in a source folder; nothing is changed, and no template is rendered."""
    named = places.in_home(folder, home)
    if not os.path.isdir(folder):
        return Dotfiles(folder=named, is_there=False)
    template = places.config_template(folder)
    written = template or found.path
    plain = Dotfiles(
        folder=named,
        template=places.in_home(template, home),
        config_file=places.in_home(found.path, home),
        trouble=found.trouble,
        findings=_findings(written) if written else Findings(),
    )
    try:
        with explaining():
            return _with_tree(plain, folder, home, found)
    except (NameProblemError, CouldNotRunError) as error:
        return replace(plain, disorder=str(error))


def _with_tree(plain: Dotfiles, folder: str, home: str, found: Config) -> Dotfiles:
    """Return the facts with those that follow from all files of the folder."""
    shipped = scaffolding.shipped_files()
    known = releases(shipped)
    tree = scaffolding.look(folder, home, shipped)
    for path in shipped:
        place(path, tree)  # raises NameProblemError for names that contradict each other
    hook = _hook(tree, known, found, folder)
    return replace(
        plain,
        mode=_mode(tree, hook),
        hook=hook,
        document=_document(tree, folder),
        files=len(tuple(ours(tree, known))),
        older=len(upgrade(tree, shipped, known).changes),
        clashes=tuple(_clashes(tree, shipped, known)),
        targets=frozenset(tree.sources),
    )


def _findings(template: str) -> Findings:
    """Count what ``check`` finds in a config template, and in those beside it."""
    try:
        with explaining():
            checked = checking.look(template)
            found = [one for file in (checked, *checking.look_beside(checked)) for one in file.found]
    except CouldNotRunError as error:
        return Findings(unreadable=str(error))
    number = Counter(one.severity for one in found)
    return Findings(errors=number[Severity.ERROR], warnings=number[Severity.WARNING])


def _mode(tree: Tree, hook: Hook) -> Mode | None:
    """Return the mode; on Windows no hook runs, and each template asks for the document."""
    mode = found_mode(tree, is_hook_declared=hook.in_template or hook.in_config is True)
    return Mode.OUTPUT if mode is Mode.HOOK and sys.platform == "win32" else mode


def _hook(tree: Tree, known: Releases, found: Config, folder: str) -> Hook:
    written, script = config(tree), tree.texts.get(HOOK)
    last_run, changed = _last_run(folder, found)
    return Hook(
        in_template=written is not None and declares_hook(written, tree),
        in_config=None if found.data is None else runs_hook(found.hook_words, tree),
        has_script=script is not None,
        is_edited=script is not None and not known.has(HOOK, script),
        last_run=last_run,
        changed=changed,
    )


def _last_run(folder: str, found: Config) -> tuple[str | None, tuple[str, ...]]:
    """Return when the hook ran to its end without an error, and what has changed since."""
    cache = os.environ.get("CHEZMOI_CACHE_DIR") or (found.data or {}).get("cacheDir", "")
    if not cache:
        return None, ()
    stamped = Shelf(cache_dir=cache, source_dir=folder).stamped()
    if stamped is None:
        return "", ()
    seconds, seen = stamped
    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
    watched = (places.config_template(folder), found.path, os.path.join(folder, DOCUMENT))
    changed = (path for path in watched if path and not _is_as_seen(path, seen))
    return at, tuple(map(os.path.basename, changed))


def _is_as_seen(path: str, seen: str) -> bool:
    data = files.read(path)
    return data is None or f"{cksum(data)} {len(data)} {path}" in seen.split("\n")


def _document(tree: Tree, folder: str) -> Document:
    written = datafiles.written_document(folder)
    return Document(
        is_there=written is not None,
        error=str(written["error"]) if written else "",
        outdated=_outdated(folder) if tree.is_document_tracked else "",
        is_tracked=tree.is_document_tracked,
        is_exposed=datafiles.is_exposed(folder),
    )


def _outdated(folder: str) -> str:
    try:
        check_frozen(folder)
    except NotFrozenError as error:
        return str(error)
    return ""


def _clashes(tree: Tree, shipped: Mapping[str, bytes], known: Releases) -> Iterator[Skip]:
    clashes = Clashes.of(tree, shipped, names_taken(config(tree)))
    for path, _ in ours(tree, known):
        clash = clashes.with_unit(path) if is_unit(path) else None
        if clash:
            yield clash
