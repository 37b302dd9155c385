"""The rows as a person reads them, in the manner of ``chezmoi doctor``, and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from chezmoi_llm.health.rows import Row
from chezmoi_llm.showing.words import visible

_TITLES = ("RESULT", "CHECK", "MESSAGE")
_GAP = "   "


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table, and below it one thing to do for each row that has one."""
    cells = [_TITLES, *((row.result, row.check, row.message) for row in rows)]
    result, check = (max(len(row[column]) for row in cells) for column in (0, 1))
    for first, second, rest in cells:
        yield f"{first.ljust(result)}{_GAP}{second.ljust(check)}{_GAP}{visible(rest)}"
    todo = [row for row in rows if row.todo]
    if todo:
        yield ""
        yield "what to do"
    width = max((len(row.check) for row in todo), default=0)
    for row in todo:
        yield f"  {row.check.ljust(width)}{_GAP}{visible(row.todo)}"


def as_data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows for ``--json``."""
    return [asdict(row) for row in rows]
