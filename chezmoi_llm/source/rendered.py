"""What a template was rendered to: one text, where its characters came from, where it is uncertain."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from chezmoi_llm.document import Branches
from chezmoi_llm.source.text import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Private characters that the text does not use; they stand for what cannot stand for itself."""

    first: int

    @property
    def output(self) -> str:
        """Stands for what an action or a block prints inside a line."""
        return chr(self.first)

    @property
    def block(self) -> str:
        """Stands for a block inside a line that may print a comma, and more items behind it."""
        return chr(self.first + 1)

    @property
    def both(self) -> tuple[str, str]:
        """Return the characters that make a value unknown."""
        return self.output, self.block

    def stand_in(self, number: int) -> str:
        """Return the character that stands for the ``number``-th one that libyaml would not take."""
        return chr(self.first + 2 + number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A place where an action may write whole lines.

    ``indent`` is how far they are indented at least, if the action says so with ``indent N``.
    """

    at: int
    indent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Where the arms of a block were written: ``edges`` are the start, each border, and the end.

    ``start`` is where the block stands in the template, ``resume`` the indentation of the text
    behind it, which may start with the dash of an item.
    """

    start: int
    edges: tuple[int, ...]
    resume: int
    resumes_item: bool
    is_loop: bool
    always: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The text, where its characters came from, and where it is uncertain."""

    text: str
    marks: Marks
    holes: tuple[Hole, ...]
    forks: tuple[Fork, ...]
    forked: bool
    outputs: tuple[int, ...]
    _out: Sequence[int]
    _source: Sequence[tuple[int, int]]
    _changes: Sequence[int]
    _branches: Sequence[Branches]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the template a stretch of the rendered text came from."""
        first, last = self._origin(start)[0], self._origin(max(start, end - 1))[1]
        return first, max(first, last)

    def _origin(self, offset: int) -> tuple[int, int]:
        piece = bisect_right(self._out, offset) - 1
        start, end = self._source[piece]
        length = (self._out[piece + 1] if piece + 1 < len(self._out) else len(self.text)) - self._out[piece]
        if length != end - start:
            return start, end
        at = min(start + offset - self._out[piece], end)
        return at, min(at + 1, end)

    def shown(self, message: str) -> str:
        """Return a message that quotes the rendered text, with its marks in words."""
        marks = [re.escape(form) for mark in self.marks.both for form in (mark, ascii(mark)[1:-1])]
        return re.sub("|".join(marks), "{{ ... }}", message)

    def branches(self, offset: int) -> Branches:
        """Return the arms of blocks that a character of the rendered text stands in."""
        change = bisect_right(self._changes, offset) - 1
        return self._branches[change] if change >= 0 else ()


def verbatim(text: str) -> Rendered:
    """Return a text without template actions as if it were rendered."""
    return Rendered(
        text=text,
        marks=free_marks(text),
        holes=(),
        forks=(),
        forked=False,
        outputs=(),
        _out=(0,),
        _source=((0, len(text)),),
        _changes=(),
        _branches=(),
    )


def free_marks(text: str) -> Marks:
    """Find 256 private characters that the text does not use (icon fonts use many of them)."""
    used = {ord(found) >> 8 for found in set(re.findall("[\U000f0000-\U0010ffff]", text))}
    for block in range(0x10FE, 0xEFF, -1):
        if block not in used:
            return Marks(first=block << 8)
    raise Unreadable("LLM003", 0, "the text uses private characters from every block")
