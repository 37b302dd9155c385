"""Reads the file of an entry, with the place of everything that is wrong in it."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.store import findings
from chezmoi_llm.store.entry import entry
from chezmoi_llm.store.records import Read


def read(data: bytes, folder: str, name: str, file: str) -> Read:
    """Return the entry that a file holds; ``name`` is that of the file, without its ending."""
    quick = _right_json(data) if file.endswith(".json") else None
    if quick is not None and not any(findings.of(quick, folder, name)):
        return Read(entry=entry(quick, folder, name, file, frozenset()))
    return _with_places(data, folder, name, file)


def _with_places(data: bytes, folder: str, name: str, file: str) -> Read:
    from chezmoi_llm import source  # noqa: PLC0415  parsers, which plain JSON does without

    reading = source.parse_plain(data, file, with_places=True, first_key="model")
    document = reading.document or Document(file=file, data={})
    found = tuple(findings.of(document.data, folder, name)) if reading.document else ()
    broken = frozenset(one.path[0] for one in found if one.path and one.severity is Severity.ERROR)
    return Read(
        entry=entry(document.data, folder, name, file, broken),
        faults=(*reading.findings, *diagnostics(document, found)),
    )


def second(first: str, other: str) -> Diagnostic:
    """Return that there are two files, by their paths, for one entry."""
    return Diagnostic(
        file=other,
        code="LLM208",
        message=f"there is {first.rpartition('/')[2]} too, and the file's name is the ID of an entry",
        hint="delete one of them",
    )


LONGEST = 2**16
"""Bytes of a file that is read in this quick way; an entry has a thousand."""


def _right_json(data: bytes) -> dict[str, Any] | None:
    """Return the data of a JSON text, or None where the reader with places may have something to say.

    That is for keys written twice, NaN, halves of surrogate pairs, and whatever is no UTF-8.
    """
    if len(data) > LONGEST or b"\\u" in data:
        return None
    try:
        found = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is written twice")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
