"""Edits of lists and mappings in brackets, on one line or on several."""

from __future__ import annotations

import re
from typing import Final

from chezmoi_llm.editing.syntax import Found, Syntax, child_start, children
from chezmoi_llm.edits import Edit
from chezmoi_llm.source.nodes import Collection

_REST: Final = re.compile(r"[ \t]*+(,?)[ \t]*+(?:#.*)?", re.DOTALL)


def insert(syntax: Syntax, found: Found, node: Collection, written: str) -> tuple[Edit, int]:
    """Return the edit that writes one more part into brackets, and its index: behind the last sure one."""
    index = max(syntax.sure(found), default=-1)
    if index < 0:
        return _only(syntax, node, written), 0
    start, end = span(syntax, node, index)
    begin = syntax.text.rfind("\n", 0, start) + 1
    if syntax.text[begin:start].strip(" \t"):
        return Edit(start=end, end=end, text=f", {written}"), index + 1
    line_end = syntax.line_end(end)
    rest = syntax.text[end:line_end]
    comma = _REST.fullmatch(rest)
    if comma is None:
        return Edit(start=end, end=end, text=f", {written}"), index + 1
    line = syntax.newline(line_end) + syntax.text[begin:start] + written
    if comma[1]:
        return Edit(start=line_end, end=line_end, text=f"{line},"), index + 1
    return Edit(start=end, end=line_end, text=f",{rest}{line}"), index + 1


def _only(syntax: Syntax, node: Collection, written: str) -> Edit:
    """Return the edit that writes the first part into empty brackets."""
    end = syntax.behind(node.end) - 1
    before = syntax.text[:end].rstrip(" \t")
    start = len(before) if before.endswith(("[", "{")) else end
    return Edit(start=start, end=end, text=written)


def drop(syntax: Syntax, node: Collection, index: int) -> Edit:
    """Return the edit that takes one of several parts out of brackets, with a comma."""
    start, end = span(syntax, node, index)
    if index + 1 < len(children(node)):
        return Edit(start=start, end=span(syntax, node, index + 1)[0], text="")
    return _drop_last(syntax, span(syntax, node, index - 1)[1], start, end)


def _drop_last(syntax: Syntax, before: int, start: int, end: int) -> Edit:
    """Return the edit that takes the last part out; ``before`` is where the one before it ends.

    On a line of its own it goes with the line, and what stands behind the part before it stays.
    """
    begin = syntax.text.rfind("\n", 0, start)
    between = syntax.text[before:start]
    rest = _REST.fullmatch(syntax.text[end : syntax.line_end(end)])
    if begin < before or rest is None or syntax.text[begin:start].strip():
        return Edit(start=before, end=end, text="")
    kept = between[: begin - before].removesuffix("\r")
    if not rest[1]:
        kept = kept.replace(",", "", 1) if kept.lstrip().startswith(",") else kept
    return Edit(start=before, end=syntax.line_end(end), text=kept)


def span(syntax: Syntax, node: Collection, index: int) -> tuple[int, int]:
    """Return where a part of a collection begins and ends in the template."""
    return syntax.start(child_start(node, index)), syntax.behind(syntax.end_of(node, index))
