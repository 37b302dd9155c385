"""Turns the text of a config file or template into a document that knows its places.

Two doors: ``parse`` reads what a person writes, with the actions of a template in it; ``plain``
reads a document that a program hands over. Both take bytes and return a ``Reading``; neither
opens a file, runs an action, or raises for anything that the bytes may hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.document import Document
from chezmoi_llm.source import formats
from chezmoi_llm.source.assemble import Assembled
from chezmoi_llm.source.text import MAX_BYTES, MAX_DATA_BYTES, Lines, Unreadable, decode

SAMPLE: Final = 1024
"""Bytes that tell JSON from other formats where the name does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What could be read of a text, and what could not.

    ``document`` is None only if nothing could be read. ``others`` are the same document with other
    values: where the branches of a template give one key several values, each of them is in one.
    """

    document: Document | None
    findings: tuple[Diagnostic, ...] = ()
    others: tuple[Document, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the document and the others: all that must hold to the schema."""
        return () if self.document is None else (self.document, *self.others)


def parse(data: bytes, file: str) -> Reading:
    """Read a config file or its template: YAML, TOML or JSON by the name of the file.

    Actions between ``{{`` and ``}}`` are never run. What they decide is UNKNOWN in the data.
    """
    text = decode(data, file)
    if isinstance(text, Diagnostic):
        return Reading(document=None, findings=(text,))
    return _read(formats.read_template, text, file)


def plain(data: bytes, file: str) -> Reading:
    """Read a document without template actions; of JSON only the data, fast, unless it is wrong.

    Braces are text here, and a name that tells no format means JSON if the text starts like it.
    """
    is_json = formats.format_of(file, data[:SAMPLE].decode(errors="replace")) == "json"
    text = decode(data, file, MAX_DATA_BYTES if is_json else MAX_BYTES)
    if isinstance(text, Diagnostic):
        return Reading(document=None, findings=(text,))
    if is_json and (quick := formats.quick_json(text)) is not None:
        return Reading(document=Document(file=file, data=quick))
    return _read(formats.read_plain, text, file)


def _read(reader: Callable[[str, str, Lines], Assembled], text: str, file: str) -> Reading:
    lines = Lines(text)
    try:
        assembled = reader(text, file, lines)
    except Unreadable as problem:
        return Reading(document=None, findings=(lines.diagnostic(problem, file),))
    first, *others = assembled.documents
    findings = tuple(lines.diagnostic(problem, file) for problem in assembled.problems)
    return Reading(document=first, findings=findings, others=tuple(others))
