"""Edits as texts: a title, the command, and one text in which «this» comes and ⟪this⟫ goes.

A carriage return is written ␍; ␃ stands where the text ends without a line end.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "edits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One command, and the bytes of the file before and after it."""

    title: str
    words: tuple[str, ...]
    before: bytes
    after: bytes


def edits() -> Iterator[Edit]:
    """Yield all edits of the folder."""
    for file in sorted(FOLDER.glob("*.txt")):
        for case in re.split(r"^### ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, command, marked = case.split("\n", 2)
            text = marked.removesuffix("\n").removesuffix("\n") + "\n"
            text = text.removesuffix("␃\n").replace("␍", "\r")
            yield Edit(
                title=f"{file.stem}: {title}",
                words=tuple(shlex.split(command.removeprefix("$ "))),
                before=_without(text, "«", "»"),
                after=_without(text, "⟪", "⟫"),
            )


def _without(text: str, start: str, end: str) -> bytes:
    """Return the text without what stands between two marks, and without any other mark."""
    return re.sub("[«»⟪⟫]", "", re.sub(f"{start}[^{end}]*{end}", "", text)).encode()
