"""Diagnostics for people: with the line that they are about, or one line each, and their sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from chezmoi_llm.diagnostics import UNREADABLE, Diagnostic, Severity
from chezmoi_llm.report.texts import Texts
from chezmoi_llm.showing.veil import Span, starred, veiled
from chezmoi_llm.showing.words import counted, visible

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_LONGEST_LINE = 160
"""Characters of a source line that are shown."""
_BEFORE = 40
"""Characters that are left before the place in a line that is cut there."""


def full(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return each diagnostic with its source line, a caret line and its hint; secrets are starred out.

    A place of width 0 is only near, and its line not shown.
    """
    lines = {file: _lines(text, [d for d in diagnostics if d.file == file]) for file, text in texts.items()}
    return "\n".join(_block(one, lines, partial(_paint, colour=colour)) for one in diagnostics)


def _lines(text: str, about: Sequence[Diagnostic]) -> list[str]:
    """Return the lines of a text down to the last one that is shown, with secrets starred out."""
    last = max((one.line for one in about), default=0)
    is_broken = any(one.code.startswith(UNREADABLE) for one in about)
    lines = veiled("\n".join(text.split("\n", last)[:last]), is_broken=is_broken).split("\n")
    secrets: dict[int, list[Span]] = {}
    for one in about:
        if one.is_secret and 0 < one.line <= len(lines):
            secrets.setdefault(one.line - 1, []).append((one.col - 1, one.col - 1 + one.width))
    for index, spans in secrets.items():
        lines[index] = starred(lines[index], spans)
    return lines


def concise(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return one line for each diagnostic."""
    return "".join(f"{_head(one, partial(_paint, colour=colour))}\n" for one in diagnostics)


def summary(diagnostics: Iterable[Diagnostic], mends: int = 0, fix: str = "") -> str:
    """Return the last line for people: how many of each, and how many of them the command ``fix`` mends."""
    counts = Counter(one.severity for one in diagnostics)
    words = [counted(counts[severity], str(severity)) for severity in Severity if counts[severity]]
    whole = "it" if mends == 1 else "them all"
    what = whole if mends == counts.total() else f"{mends} of them"
    mendable = f"; to mend {what}, run: {fix}" if mends else ""
    if not counts.keys() - {Severity.NOTE}:
        return ", ".join(("no problems found", *words)) + mendable
    return f"found {', '.join(words)}{mendable}"


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _place(one: Diagnostic) -> str:
    file = visible(one.file, besides="")
    return f"{file}:{one.line}:{one.col}" if one.line else file


def _head(one: Diagnostic, paint: Callable[[str, str], str]) -> str:
    severity = "" if one.severity is Severity.ERROR else f"{one.severity}: "
    code, message = paint(one.code, _COLOURS[one.severity]), visible(one.message, besides="\n\t")
    return f"{_place(one)}: {code} {severity}{message}"


def _block(one: Diagnostic, lines: Mapping[str, Sequence[str]], paint: Callable[[str, str], str]) -> str:
    block = [_head(one, paint)]
    source = lines.get(one.file, ())
    if 0 < one.line <= len(source) and one.width:
        block += _excerpt(one, source[one.line - 1].removesuffix("\r"), paint)
    if one.hint:
        block.append(f"  = {paint('hint', '36')}: {visible(one.hint)}")
    return "".join(f"{line}\n" for line in block)


def _excerpt(one: Diagnostic, text: str, paint: Callable[[str, str], str]) -> list[str]:
    margin = " " * len(str(one.line))
    start = one.col - 1
    cut = max(0, start - _BEFORE) if start + one.width > _LONGEST_LINE else 0
    shown, start = visible(text[cut : cut + _LONGEST_LINE]), start - cut
    before = "".join("\t" if char == "\t" else " " * _columns(char) for char in shown[:start])
    marked = shown[start : start + one.width]
    carets = "^" * max(1, sum(map(_columns, marked)))
    return [
        f"{margin} |",
        f"{one.line} | {shown}",
        f"{margin} | {before}{paint(carets, _COLOURS[one.severity])}",
    ]


def _columns(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
    from unicodedata import combining, east_asian_width  # noqa: PLC0415  only where there is a problem

    if combining(char):
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1
