"""Looks into the folders of a model store, and into the one that is shipped, for what a list asks for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from chezmoi_llm import resources, schema
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.document import is_known
from chezmoi_llm.records import record
from chezmoi_llm.spec import lists
from chezmoi_llm.store import ENDINGS, FOLDERS, NO_STOCK, SHIPPED, Entry, Key, Read, Stock
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.places import config_template, near, source_folder
from chezmoi_llm.world.streams import read_bytes


def look_up(data: Mapping[str, Any], source_dir: str) -> Stock:
    """Return what of the store the data of a config file ask for; the data may be wrong in any way.

    Folders in the data are relative to ``source_dir``.
    """
    asked = lists.asked_for(data)
    names, are_written = lists.store_folders(data)
    if not asked and not are_written and not lists.replacements(data):
        return NO_STOCK
    stores = stores_of(names, source_dir)
    found = {key: one for key in asked if (one := find(key, stores))}
    entries = {key: one.entry for key, one in found.items()}
    meant = {key: one.entry for key in lists.named(data) if (one := find(key, stores))}
    paths = {i: path_of(name, source_dir) for i, name in enumerate(names) if isinstance(name, str)}
    usual = schema.defaults("llm_stack")["store"]  # need not be there
    needed = {i: path for i, path in paths.items() if are_written and names[i] not in usual}
    missing = {i: path for i, path in needed.items() if not is_store(path)}
    return Stock(
        entries={**meant, **dict(_with_successors(entries, lists.replacements(data), stores))},
        known=() if len(found) == len(asked) else everything(stores),
        missing=frozenset(missing),
        empty=frozenset(i for i, path in missing.items() if os.path.isdir(path) and not os.listdir(path)),
        faults=tuple(fault for one in found.values() for fault in one.faults),
        looked_into=tuple(os.path.join(store.path, folder) for store in stores for folder in FOLDERS),
        is_open=not all(map(is_known, names)),
    )


def stores_of(names: Iterable[Any], source_dir: str) -> tuple[Store, ...]:
    """Return the store folders as they are written; what is no text leads nowhere."""
    return tuple(open_store(path_of(name, source_dir)) for name in names if isinstance(name, str))


def texts_of(faults: Iterable[Diagnostic]) -> dict[str, bytes]:
    """Return the texts that faults of a store are about, by path; of a file that cannot be read, none."""
    texts = {file: text_of(file) for file in {fault.file for fault in faults}}
    return {file: text for file, text in texts.items() if isinstance(text, bytes)}


def text_of(file: str) -> bytes | Diagnostic:
    """Return the text of an entry's file, or that it cannot be read."""
    try:
        return read_bytes(file)
    except CouldNotRunError as error:
        why = str(error).removeprefix(f"{file}: ")
        return Diagnostic(
            file=file,
            code="LLM001",
            message=f"the file cannot be read: {why}",
            hint="put a file in its place, or take it away",
        )


def path_of(name: str, source_dir: str) -> str:
    """Return the path of a store folder as it is written: relative, absolute, or below the home."""
    return os.path.join(source_dir, os.path.expanduser(name))


def is_store(path: str) -> bool:
    """Say whether a folder has a store in it."""
    return any(os.path.isdir(os.path.join(path, folder)) for folder in FOLDERS)


@record
class Store:
    """A store folder, and the files that are there for each entry."""

    path: str
    files: Mapping[Key, tuple[str, ...]]


def open_store(path: str) -> Store:
    """Return a store folder without reading its entries; one that is missing has none."""
    files: dict[Key, tuple[str, ...]] = {}
    for folder in FOLDERS:
        for name in sorted(_names(os.path.join(path, folder))):
            stem, _, ending = name.rpartition(".")
            if ending in ENDINGS and not name.startswith("."):
                key = (folder, stem)
                files[key] = (*files.get(key, ()), os.path.join(path, folder, name))
    return Store(path=path, files=files)


def _names(folder: str) -> Iterator[str]:
    if os.path.isdir(folder):
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if _may_be_read(entry))


def _may_be_read(entry: os.DirEntry[str]) -> bool:
    """Say whether something in a folder is a file; a link that leads nowhere is one with a fault."""
    return entry.is_file(follow_symlinks=False) or not os.path.isdir(entry.path)


def find(key: Key, stores: Iterable[Store]) -> Read | None:
    """Return an entry of the first store that has it, else of the one that is shipped, or None."""
    for store in stores:
        if key in store.files:
            return read_entry(key, store)
    shipped = _shipped(key)
    return None if shipped is None else Read(entry=shipped)


def read_entry(key: Key, store: Store) -> Read:
    """Return an entry of a store, with what is wrong with its file, or with there being two."""
    from chezmoi_llm.store import reading  # noqa: PLC0415  only where a person has a store

    first, *others = store.files[key]
    text = text_of(first)
    if isinstance(text, Diagnostic):
        return Read(entry=Entry(folder=key[0], id=key[1], file=first, fields={}), faults=(text,))
    one = reading.read(text, *key, first)
    return Read(entry=one.entry, faults=(*one.faults, *(reading.second(first, path) for path in others)))


def _with_successors(
    entries: Mapping[Key, Entry], named: Iterable[Key], stores: tuple[Store, ...]
) -> Iterator[tuple[Key, Entry]]:
    """Yield the entries, those that replace them, those that replace these, and so on."""
    yield from entries.items()
    waiting = [*named, *(successor for entry in entries.values() for successor in _replaces(entry))]
    seen = set(entries)
    while waiting:
        folder, name = waiting.pop()
        for key in ((folder, name), *((other, name) for other in FOLDERS if other != folder)):
            found = None if key in seen else find(key, stores)
            if found:
                seen.add(key)
                yield key, found.entry
                waiting += _replaces(found.entry)


def _replaces(entry: Entry) -> tuple[Key, ...]:
    return ((entry.folder, entry.replaced_by),) if entry.replaced_by else ()


def everything(stores: tuple[Store, ...]) -> tuple[Entry, ...]:
    """Return all entries that a list could ask for, local ones first, by ID."""
    from chezmoi_llm.store.findings import is_id  # noqa: PLC0415  only for commands about the store

    keys = {key for store in stores for key in store.files if is_id(key[1])}
    keys |= {(folder, name) for folder in FOLDERS for name in _index()[folder]}
    found = (find(key, stores) for key in sorted(keys, key=lambda key: (FOLDERS.index(key[0]), key[1])))
    return tuple(one.entry for one in found if one)


def in_use(source: str) -> tuple[Store, ...]:
    """Return the stores that a list in a source folder looks into; ``source`` is as in source_folder.

    Its config template is read, not rendered; without one it is the default folder.
    """
    from chezmoi_llm import source as reader  # noqa: PLC0415  only for commands about the store

    folder = source_folder(source)
    template = config_template(folder)
    document = reader.parse(read_bytes(template), template).document if template else None
    names, _ = lists.store_folders(document.data if document else {})
    here = near(folder)
    return stores_of(names, "" if here == os.curdir else here)


# --- the store that is shipped --------------------------------------------------------------------


def shipped() -> tuple[Entry, ...]:
    """Return all entries of the store that is shipped."""
    keys = ((folder, name) for folder in FOLDERS for name in _index()[folder])
    return tuple(entry for key in keys if (entry := _shipped(key)))


def _shipped(key: Key) -> Entry | None:
    folder, name = key
    said = _index()[folder].get(name)
    if said is None:
        return None
    file = f"{SHIPPED}, {folder}/{name}.yaml"
    return Entry(folder=folder, id=name, file=file, fields=said["fields"], facts=said["facts"])


@cache
def _index() -> Mapping[str, Mapping[str, Any]]:
    index: Mapping[str, Mapping[str, Any]] = json.loads(resources.store_index())
    return index
