"""Looks through a whole store folder: every entry, and what entries say that replaces them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Diagnostic, Finding, Severity, by_place
from chezmoi_llm.document import Document
from chezmoi_llm.showing.words import shown
from chezmoi_llm.store.kinds import kind_of
from chezmoi_llm.store.reading import read, second
from chezmoi_llm.store.records import Entry, Key


def review(texts: Mapping[Key, Mapping[str, bytes]], others: Container[Key]) -> tuple[Diagnostic, ...]:
    """Return what is wrong in a store, sorted by place.

    ``texts`` are its files by path, for each entry; ``others`` are the entries of other stores.
    """
    faults: list[Diagnostic] = []
    entries: dict[Key, Entry] = {}
    for key, files in texts.items():
        first, *more = files
        one = read(files[first], *key, first)
        entries[key] = one.entry
        faults += [*one.faults, *(second(first, path) for path in more)]
    for key, entry in entries.items():
        for finding in _replacement(entry, entries, others):
            (file, text), *_ = texts[key].items()
            faults.append(_document(text, file).locate(finding))
    return by_place(faults)


def _replacement(entry: Entry, entries: Mapping[Key, Entry], others: Container[Key]) -> Iterator[Finding]:
    """Yield that what replaces an entry is not there, is no such model, or leads back to it (LLM206)."""
    way, name = [entry.id], entry.replaced_by
    heir = entries.get((entry.folder, name))
    while name and name not in way:
        if (entry.folder, name) not in entries:
            break
        way.append(name)
        name = entries[entry.folder, name].replaced_by
    if name in way:
        said = f"the replacements of {shown(entry.id)} go in a circle: {' -> '.join(way)} -> ..."
    elif name and len(way) == 1 and (entry.folder, name) not in others:
        said = f"{shown(name)} is to replace {shown(entry.id)}, but there is no such entry"
    elif heir and kind_of(heir) != kind_of(entry):
        said = f"{shown(heir.id)} is to replace {shown(entry.id)}, but that is a model for {kind_of(heir)}"
    else:
        return
    yield Finding(
        code="LLM206",
        severity=Severity.WARNING,
        path=("replaced_by",),
        message=said,
        hint=f"write as replaced_by the ID of an entry in {entry.folder}",
    )


def _document(text: bytes, file: str) -> Document:
    reading = source.parse_plain(text, file, with_places=True)
    return reading.document or Document(file=file, data={})
