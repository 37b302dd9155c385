"""Traces what a template really rendered to back to the template.

A mark is put before every stretch of text and every action that prints. The marks come out of the
render where those were used, as often as a loop used them, and say so where each character is from.
"""

from __future__ import annotations

import re

from chezmoi_llm.source.actions import Kind, Text, Token, scan
from chezmoi_llm.source.rendered import Rendered, free_marks

_PRINTING = {Kind.OUTPUT, Kind.LITERAL}


def marked(text: str) -> str:
    """Return a template that renders to the same with marks; raises Unreadable (LLM003, LLM004).

    Trim markers have done their work on the text already, and find nothing more to take.
    """
    opening, closing = free_marks(text).both
    return "".join(
        f"{opening}{number}{closing}{text[token.start : token.end]}"
        if _prints(token)
        else text[token.start : token.end]
        for number, token in enumerate(scan(text))
    )


def _prints(token: Token) -> bool:
    return isinstance(token, Text) or token.kind in _PRINTING


def traced(text: str, output: str) -> Rendered:
    """Return what came of the marked template, its marks taken out again."""
    tokens = scan(text)
    opening, closing = free_marks(text).both
    first, *parts = re.split(rf"{opening}(\d+){closing}", output)
    pieces, out, source, size = [first], [0], [(0, 0)], len(first)
    for number, part in zip(map(int, parts[::2]), parts[1::2], strict=True):
        token = tokens[number]
        out.append(size)
        source.append((token.start, token.end))
        pieces.append(part)
        size += len(part)
    rendered = "".join(pieces)
    return Rendered(
        text=rendered,
        marks=free_marks(rendered),
        holes=(),
        forks=(),
        forked=False,
        outputs=(),
        _out=out,
        _source=source,
        _changes=(),
        _branches=(),
    )
