"""Says of each token of a template what stands beside it on its line, and behind it.

The frames of blocks, comments and assignments count as nothing, since they print nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from chezmoi_llm.source.actions import Action, Kind, Text, Token

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


def lay_out(text: str, tokens: Sequence[Token]) -> Layout:
    """Return the layout of a template's tokens."""
    return Layout(
        first=_firsts(text, tokens, prints=False),
        last=_lasts(text, tokens, prints=False),
        alone_first=_firsts(text, tokens, prints=True),
        alone_last=_lasts(text, tokens, prints=True),
        behind=_behind(text, tokens),
    )


def _firsts(text: str, tokens: Sequence[Token], *, prints: bool) -> list[bool]:
    is_blank, found = True, []
    for token in tokens:
        found.append(is_blank)
        if isinstance(token, Text):
            newline = text.rfind("\n", token.start, token.end)
            rest = text[max(token.start, newline + 1) : token.end]
            is_blank = (is_blank or newline >= 0) and not rest.strip()
        elif token.kind is Kind.OUTPUT:
            is_blank = is_blank and prints
    return found


def _lasts(text: str, tokens: Sequence[Token], *, prints: bool) -> list[bool]:
    is_blank, found = True, []
    for token in reversed(tokens):
        found.append(is_blank)
        if isinstance(token, Text):
            newline = text.find("\n", token.start, token.end)
            rest = text[token.start : newline if newline >= 0 else token.end]
            is_blank = (is_blank or newline >= 0) and not rest.strip()
        elif begins_line(token):
            is_blank = True
        elif token.kind is Kind.OUTPUT:
            is_blank = is_blank and prints
    return found[::-1]


def _behind(text: str, tokens: Sequence[Token]) -> list[Content]:
    """Return for each token the first content that stands on a later line."""
    below, here, found = NOTHING, NOTHING, []
    for token in reversed(tokens):
        found.append(below)
        if isinstance(token, Text):
            below, here = _content(text[token.start : token.end], below, here)
        elif token.kind is Kind.OUTPUT:
            here = 0, False
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
    return below, NOTHING if newline else joined if here != NOTHING else NOTHING
