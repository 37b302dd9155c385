"""The lines of a template: where they begin and end, and what actions stand in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from chezmoi_llm.chezmoi.directives import delimiters
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.source.actions import Action, Kind, scan

_FRAMES: Final = frozenset({Kind.OPEN, Kind.ELSE, Kind.END})


class Lines:
    """The text of a template with its actions; all offsets are those of the template."""

    def __init__(self, text: str) -> None:
        """Find the actions of ``text``."""
        self.text = text
        self.actions = tuple(token for token in scan(text) if isinstance(token, Action))
        self.delimiter = delimiters(text)[0]
        self._starts = [action.start for action in self.actions]

    def inside(self, start: int, end: int) -> Sequence[Action]:
        """Return the actions that begin between two places."""
        return self.actions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def line_start(self, at: int) -> int:
        """Return where the line begins; only blanks may stand before ``at`` on it."""
        begin = self.text.rfind("\n", 0, at) + 1
        if self.text[begin:at].strip(" ") or self._is_in_action(begin):
            raise UncertainError("something else stands on the same line", at)
        return begin

    def line_end(self, at: int) -> int:
        """Return where the line ends, before its line end; an action may go over several lines."""
        while True:
            newline = self.text.find("\n", at)
            stop = newline if newline >= 0 else len(self.text)
            actions = self.inside(at, stop)
            if any(action.kind in _FRAMES for action in actions):
                raise UncertainError("a template block begins or ends on the same line", at)
            if not actions or actions[-1].end <= stop:
                return stop - (stop > at and self.text[stop - 1] == "\r" and newline >= 0)
            at = actions[-1].end

    def next_line(self, at: int) -> int:
        """Return where the next line begins, or the end of the text."""
        newline = self.text.find("\n", at)
        return newline + 1 if newline >= 0 else len(self.text)

    def line(self, at: int) -> str | None:
        """Return the line that begins at a place, None behind the text and for one with an action in it."""
        stop = self.next_line(at)
        if at >= len(self.text) or self.inside(at, stop) or self._is_in_action(at):
            return None
        return self.text[at:stop].rstrip("\r\n")

    def _is_in_action(self, at: int) -> bool:
        index = bisect_left(self._starts, at) - 1
        return index >= 0 and self.actions[index].end > at

    def out_of(self, at: int, levels: int) -> int:
        """Return the place behind the ends of so many template blocks around a place."""
        for action in self.inside(at, len(self.text)):
            if levels <= 0:
                break
            levels += (action.kind is Kind.OPEN) - (action.kind is Kind.END)
            at = action.end
        return at

    def comments(self, at: int, *, deeper_than: int) -> int:
        """Return where the comment lines end that follow the line ending at ``at``, indented enough."""
        following = self.next_line(at)
        while (line := self.line(following)) is not None and following > at:
            text = line.lstrip(" ")
            if not text.startswith("#") or len(line) - len(text) <= deeper_than:
                break
            at = following + len(line)
            following = self.next_line(following)
        return at

    def blanks(self, at: int) -> int:
        """Return how many blank lines follow the line that ends at ``at``."""
        count, following = 0, self.next_line(at)
        while (line := self.line(following)) is not None and not line.strip():
            count, following = count + 1, self.next_line(following)
        return count

    def newline(self, at: int) -> str:
        """Return the line end at a place, or the first one of the text where there is none."""
        found = re.compile(r"\r?\n").match(self.text, at) or re.search(r"\r?\n", self.text)
        return found[0] if found else "\n"

    def refuse_computed(self, start: int, end: int, what: str) -> None:
        """Refuse to replace what an action makes."""
        if self.inside(start, end):
            raise UncertainError(f"{what} is made by the template", start)

    def refuse_torn(self, start: int, end: int) -> None:
        """Refuse to take out half of a template block, or a variable that others may read."""
        depth = 0
        for action in self.inside(start, end):
            depth += (action.kind is Kind.OPEN) - (action.kind is Kind.END)
            is_torn = depth < 0 or (depth == 0 and action.kind is Kind.ELSE)
            if is_torn or (action.kind is Kind.SILENT and action.body.startswith("$")):
                raise UncertainError("the template does something in between", action.start)
        if depth:
            raise UncertainError("a template block begins in between", start)
