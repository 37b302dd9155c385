"""Diagnostics as text: for people, for one line each, for programs, for a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from chezmoi_llm.diagnostics import Diagnostic, Severity

Texts: TypeAlias = Mapping[str, str]
"""The text of each file that a diagnostic may be about, by its name."""

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_LONGEST_LINE = 160
"""Characters of a source line that are shown."""


def full(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return each diagnostic with its source line, a caret line and its hint."""
    return "\n".join(_block(one, texts, partial(_paint, colour=colour)) for one in diagnostics)


def concise(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return one line for each diagnostic."""
    return "".join(f"{_head(one, partial(_paint, colour=colour))}\n" for one in diagnostics)


def as_json(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return the diagnostics as a JSON list."""
    import json  # noqa: PLC0415  only this format needs it

    rows = [
        {
            "file": one.file,
            "line": one.line,
            "column": one.col,
            "code": one.code,
            "severity": str(one.severity),
            "message": one.message,
            "hint": one.hint,
        }
        for one in diagnostics
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def github(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return workflow commands, which GitHub shows at the line in a pull request."""
    return "".join(_workflow_command(one) for one in diagnostics)


FORMATS: Mapping[str, Callable[..., str]] = {
    "full": full,
    "concise": concise,
    "json": as_json,
    "github": github,
}


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the last line for people: how many of each."""
    counts = Counter(one.severity for one in diagnostics)
    if not counts:
        return "no problems found"
    words = (_counted(counts[severity], str(severity)) for severity in Severity if counts[severity])
    return f"found {', '.join(words)}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _place(one: Diagnostic) -> str:
    return f"{one.file}:{one.line}:{one.col}" if one.line else one.file


def _head(one: Diagnostic, paint: Callable[[str, str], str]) -> str:
    severity = "" if one.severity is Severity.ERROR else f"{one.severity}: "
    return f"{_place(one)}: {paint(one.code, _COLOURS[one.severity])} {severity}{one.message}"


def _block(one: Diagnostic, texts: Texts, paint: Callable[[str, str], str]) -> str:
    lines = [_head(one, paint)]
    source = texts.get(one.file, "").split("\n")
    if 0 < one.line <= len(source):
        lines += _excerpt(one, source[one.line - 1].removesuffix("\r"), paint)
    if one.hint:
        lines.append(f"  = {paint('hint', '36')}: {one.hint}")
    return "".join(f"{line}\n" for line in lines)


def _excerpt(one: Diagnostic, text: str, paint: Callable[[str, str], str]) -> list[str]:
    margin = " " * len(str(one.line))
    visible = "".join(char if char.isprintable() or char == "\t" else "�" for char in text)[:_LONGEST_LINE]
    before = "".join("\t" if char == "\t" else " " * _columns(char) for char in visible[: one.col - 1])
    marked = visible[one.col - 1 : one.col - 1 + one.width]
    carets = "^" * max(1, sum(map(_columns, marked)))
    return [
        f"{margin} |",
        f"{one.line} | {visible}",
        f"{margin} | {before}{paint(carets, _COLOURS[one.severity])}",
    ]


def _columns(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
    from unicodedata import combining, east_asian_width  # noqa: PLC0415  only where there is a problem

    if combining(char):
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1


_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def _workflow_command(one: Diagnostic) -> str:
    said = f"{one.message} ({one.hint})" if one.hint else one.message
    escaped = said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return (
        f"::{_GITHUB_LEVELS[one.severity]} file={one.file},line={one.line},col={one.col},"
        f"title={one.code}::{escaped}\n"
    )
