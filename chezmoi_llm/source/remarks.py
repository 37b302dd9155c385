"""Finds the comments of a text that speak to this program: ``# chezmoi-llm: ignore LLM308``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from chezmoi_llm.diagnostics import Pos
from chezmoi_llm.source.actions import Action, scan
from chezmoi_llm.source.nodes import Mapping, Node, Scalar, Sequence
from chezmoi_llm.source.rendered import Rendered
from chezmoi_llm.source.text import Lines

CALL: Final = "chezmoi-llm:"
"""What a comment begins with that is meant for us."""
MOST: Final = 5000
"""How many comments of a text are looked at."""

FARTHEST: Final = 100
"""Lines below a comment among which the one that it is about is looked for."""

_LINE: Final = re.compile(r"[^\n]+")
_INSIDE: Final = r"[^*]*(?:\*(?!/)[^*]*)*"
_COMMENTS: Final = re.compile(rf"\s*(?:\{{\{{(?:- )?/\*{_INSIDE}\*/(?: -)?\}}\}}\s*)*(?:#.*|//.*)?")
"""A line, or the beginning of one, with nothing but comments: no comment goes on behind its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a comment says behind the colon, where that stands, and the line that it is about.

    That is its own line, or, where it has a line to itself, the next one that holds more than comments;
    0 where there is none. ``is_computed`` says that an action stands on it, so that not all of it is known.
    """

    said: str
    pos: Pos
    line: int
    is_computed: bool


def find(text: str, rendered: Rendered, root: Node | None, sign: str) -> Iterator[Remark]:
    """Yield the remarks of a text in order of kind: in comments of its format, then of the template.

    ``sign`` begins a comment of the format; where it is empty, the format has none.
    """
    if CALL in text:
        of_template = () if rendered.text == text else _in_template(text)  # a document has no actions
        yield from _said(text, chain(_in_format(text, rendered, root, sign), of_template))


def in_actions(text: str) -> Iterator[Remark]:
    """Yield the remarks in comments of the template alone; raises Unreadable (LLM003, LLM004)."""
    if CALL in text:
        yield from _said(text, _in_template(text))


def _said(text: str, comments: Iterable[tuple[int, int]]) -> Iterator[Remark]:
    """Yield what the comments at these spans say to us."""
    lines = Lines(text)
    for start, end in islice(comments, MOST):
        call = text.find(CALL, start, end)
        if call < 0:
            continue
        said = text[call + len(CALL) : end].partition("*/")[0].rstrip()
        if "\n" not in said and "\r" not in said:
            yield _remark(text, lines, (start, end), call, said)


def _remark(text: str, lines: Lines, comment: tuple[int, int], call: int, said: str) -> Remark:
    start, end = comment
    words, behind = said.lstrip(" \t"), call + len(CALL) + len(said)
    pos = lines.pos(behind - len(words) if words else call, behind)
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end) % (len(text) + 1)
    if _COMMENTS.fullmatch(text, first, start) and not text[end:last].strip():
        line, content = _next_line(text, lines, last)
    else:
        line, content = lines.pos(start, end).line, text[first:start] + text[end:last]
    return Remark(said=words, pos=pos, line=line, is_computed="{{" in content)


def _next_line(text: str, lines: Lines, end: int) -> tuple[int, str]:
    """Return number and content of the first line behind ``end`` with more than blanks and comments."""
    for line in islice(_LINE.finditer(text, end + 1), FARTHEST):
        if not _COMMENTS.fullmatch(line[0]):
            return lines.pos(line.start(), line.end()).line, line[0]
    return 0, ""


def _in_format(text: str, rendered: Rendered, root: Node | None, sign: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of comments that stand in no scalar."""
    if not sign:
        return
    starts, ends = _scalars(root)
    for found in re.finditer(rf"(?<!\S){re.escape(sign)}[ \t]*{re.escape(CALL)}[^\r\n]*", rendered.text):
        around = bisect_right(starts, found.start()) - 1
        if around < 0 or ends[around] <= found.start():
            start, _ = rendered.span(found.start(), found.start() + 1)
            end = text.find("\n", start) % (len(text) + 1)
            yield start, end - text.startswith("\r", end - 1)


def _scalars(root: Node | None) -> tuple[list[int], list[int]]:
    """Return where the scalars of a tree start and end, both in order."""
    spans: list[tuple[int, int]] = []
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            spans.append((node.start, node.end))
        elif isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            waiting += [part for pair in node.pairs for part in (pair.key, pair.value)]
    spans.sort()
    return [start for start, _ in spans], [end for _, end in spans]


def _in_template(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the comments between delimiters."""
    for token in scan(text):
        if isinstance(token, Action) and not token.body and "/*" in text[token.start : token.end]:
            yield token.start, token.end
