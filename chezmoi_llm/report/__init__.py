"""Diagnostics as text; each format is a function in this table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.report.people import concise, full, summary
from chezmoi_llm.report.programs import as_json, github
from chezmoi_llm.report.sarif import sarif
from chezmoi_llm.report.texts import Texts

__all__ = ["FORMATS", "Format", "concise", "full", "summary"]


class Format(Protocol):
    """Makes text of diagnostics."""

    def __call__(self, diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
        """Return the text; ``texts`` is that of each file that a diagnostic may be about, by its name."""


FORMATS: Mapping[str, Format] = {
    "full": full,
    "concise": concise,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}
