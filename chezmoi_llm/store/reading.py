"""Reads the file of an entry, with the place of everything that is wrong in it."""

from __future__ import annotations

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.store import findings
from chezmoi_llm.store.entry import entry
from chezmoi_llm.store.records import Read


def read(data: bytes, folder: str, name: str, file: str) -> Read:
    """Return the entry that a file holds; ``name`` is that of the file, without its ending."""
    quick = source.plain(data, file)
    if quick.document and not quick.findings and not any(findings.of(quick.document.data, folder, name)):
        return Read(entry=entry(quick.document.data, folder, name, file, frozenset()))
    reading = source.plain(data, file, with_places=True, first_key="model")
    document = reading.document or Document(file=file, data={})
    found = tuple(findings.of(document.data, folder, name)) if reading.document else ()
    broken = frozenset(one.path[0] for one in found if one.path and one.severity is Severity.ERROR)
    return Read(
        entry=entry(document.data, folder, name, file, broken),
        faults=(*reading.findings, *diagnostics(document, found)),
    )
