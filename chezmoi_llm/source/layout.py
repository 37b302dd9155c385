"""Says of each token of a template what stands beside it on its line, and behind it.

The frames of blocks, comments and assignments count as nothing, since they print nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from chezmoi_llm.source.actions import Action, Kind, Token, known_text

Content: TypeAlias = tuple[int, bool]
"""How far the first content of a line is indented, and whether it is the dash of a list's item."""

NOTHING: Final[Content] = (-1, False)
"""Stands for the end of the text."""

_INDENT: Final = re.compile(r"\|\s*(n?)indent\s+(\d{1,3})\Z")
_CONTENT: Final = re.compile(r"\n(?P<indent>[ \t]*+)(?P<first>-\s|[^\s#])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """For the token of each index: is it the first on its line, the last, and what comes behind.

    ``first`` and ``last`` say whether only blanks stand before or behind it. For ``alone_first``
    and ``alone_last`` what actions print counts as blank, too.
    """

    first: Sequence[bool]
    last: Sequence[bool]
    alone_first: Sequence[bool]
    alone_last: Sequence[bool]
    behind: Sequence[Content]


def indent_of(action: Action) -> int | None:
    """Return the N of an action that ends in ``| indent N`` or ``| nindent N``."""
    found = _INDENT.search(action.body)
    return int(found[2]) if found else None


def begins_line(action: Action) -> bool:
    """Say whether what an action prints starts with a line end: it ends in ``| nindent N``."""
    found = _INDENT.search(action.body) if action.kind is Kind.OUTPUT else None
    return found is not None and found[1] == "n"


def lay_out(text: str, tokens: Sequence[Token], dead: Iterable[range]) -> Layout:
    """Return the layout of a template's tokens; those with ``dead`` indices print nothing."""
    known = [known_text(text, token) for token in tokens]
    for index in (index for indices in dead for index in indices):
        known[index] = ""
    ends = [begins_line(token) if isinstance(token, Action) else False for token in tokens]
    return Layout(
        first=_firsts(known, prints=False),
        last=_lasts(known, ends, prints=False),
        alone_first=_firsts(known, prints=True),
        alone_last=_lasts(known, ends, prints=True),
        behind=_behind(known),
    )


def _firsts(known: Sequence[str | None], *, prints: bool) -> list[bool]:
    is_blank, found = True, []
    for text in known:
        found.append(is_blank)
        if text is None:
            is_blank = is_blank and prints
        elif text:
            _, newline, line = text.rpartition("\n")
            is_blank = (is_blank or bool(newline)) and not line.strip()
    return found


def _lasts(known: Sequence[str | None], ends: Sequence[bool], *, prints: bool) -> list[bool]:
    is_blank, found = True, []
    for text, ends_line in zip(reversed(known), reversed(ends), strict=True):
        found.append(is_blank)
        if text is None:
            is_blank = ends_line or (is_blank and prints)
        elif text:
            line, newline, _ = text.partition("\n")
            is_blank = (is_blank or bool(newline)) and not line.strip()
    return found[::-1]


def _behind(known: Sequence[str | None]) -> list[Content]:
    """Return for each token the first content that stands on a later line."""
    below, here, found = NOTHING, NOTHING, []
    for text in reversed(known):
        found.append(below)
        if text is None:
            here = 0, False
        elif text:
            below, here = _content(text, below, here)
    return found[::-1]


def _content(text: str, below: Content, here: Content) -> tuple[Content, Content]:
    """Return what comes below and on the first line of a text, given both of what follows it."""
    first, newline, _ = text.partition("\n")
    last = text.rpartition("\n")[2]
    joined = (len(last) + here[0], here[1]) if not last.strip() and here != NOTHING else below
    inner = _CONTENT.search(text)
    if inner:
        below = len(inner["indent"]), inner["first"].startswith("-")
    elif newline:
        below = joined
    if first.strip():
        blank = len(first) - len(first.lstrip())
        return below, (blank, first.lstrip().startswith(("- ", "-\t")))
    return below, NOTHING if newline or here == NOTHING else joined
