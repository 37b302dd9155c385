"""Diagnostics for programs: JSON, and the workflow commands of GitHub."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.report.texts import Texts
from chezmoi_llm.review import codes
from chezmoi_llm.showing.words import visible


def as_json(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return the diagnostics as a JSON list; a place of line 0 is the whole file."""
    rows = [
        {
            "file": readable(one.file),
            "line": one.line,
            "column": one.col,
            "end_column": one.col + one.width,
            "code": one.code,
            "severity": str(one.severity),
            "message": one.message,
            "hint": one.hint,
            "url": codes.sections()[one.code].url,
        }
        for one in diagnostics
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def readable(file: str) -> str:
    """Return the name of a file as Unicode, whatever bytes it is made of."""
    return visible(file.encode(errors="surrogateescape").decode(errors="replace"), besides="\n\r\t")


_GITHUB_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def github(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return workflow commands, which GitHub shows at the line in a pull request.

    Source of the escapes: actions/toolkit, packages/core/src/command.ts.
    """
    return "".join(map(_workflow_command, diagnostics))


def _workflow_command(one: Diagnostic) -> str:
    said = f"{one.message} ({one.hint})" if one.hint else one.message
    place = f",line={one.line},col={one.col},endColumn={one.col + one.width}" if one.line else ""
    file = _escaped(readable(one.file)).replace(":", "%3A").replace(",", "%2C")
    shown = _escaped(visible(said, besides="\n\r\t"))
    return f"::{_GITHUB_LEVELS[one.severity]} file={file}{place},title={one.code}::{shown}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
