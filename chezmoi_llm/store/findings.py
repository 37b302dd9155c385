"""Finds what is wrong with the data of an entry's file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm import schema
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.records import replace
from chezmoi_llm.showing.words import shown
from chezmoi_llm.store.records import EXAMPLES


def of(data: Mapping[str, Any], folder: str, name: str) -> Iterator[Finding]:
    """Yield what is wrong with the data of a file; ``name`` is that of the file, without its ending.

    A key that is not known is a warning: a store may be newer than this program.
    """
    for found in schema.findings(data, (), schema.load(f"store_{folder}")):
        yield _as_warning(found) if found.code == "LLM101" else found
    yield from _other_id(data, name)
    if not any(key in data for key in _spellings(folder, "model")):
        yield Finding(
            code="LLM104",
            path=(),
            message="this entry has no 'model'",
            hint=f"add a line model: {EXAMPLES[folder]}",
        )


def _as_warning(found: Finding) -> Finding:
    said = found.message.replace("in the document", "in this entry")
    return replace(found, severity=Severity.WARNING, message=said)


def is_id(name: str) -> bool:
    """Say whether a list can ask for an entry of this name."""
    return re.fullmatch(schema.at("#/$defs/store_id")["pattern"], name) is not None


def _other_id(data: Mapping[str, Any], name: str) -> Iterator[Finding]:
    if not is_id(name):
        yield Finding(
            code="LLM208",
            path=(),
            message=f"the file's name, {shown(name)}, is no ID",
            hint="rename it: letters, digits and . _ -, starting with a letter or digit",
        )
    elif isinstance(data.get("id"), str) and data["id"] != name:
        yield Finding(
            code="LLM208",
            path=("id",),
            message=f"'id' is {shown(data['id'])}, but the file's name says {shown(name)}",
            hint="rename the file, or change the id",
        )


def _spellings(folder: str, field: str) -> tuple[str, ...]:
    other = schema.synonyms(f"store_{folder}")
    return (field, *(key for key, same in other.items() if same == field))
