"""Edits of lists and mappings in lines: what is new is written as its neighbours are."""

from __future__ import annotations

import re
from collections.abc import Sequence as SequenceABC
from dataclasses import replace as replaced
from typing import Any, Final

from chezmoi_llm.editing import writing
from chezmoi_llm.editing.changes import Put
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.editing.syntax import Found, Syntax, child_start, children, last_step, pairs_of
from chezmoi_llm.editing.writing import Style
from chezmoi_llm.edits import Edit
from chezmoi_llm.source.nodes import Collection, Mapping, Node, Scalar, Sequence

_COLON: Final = re.compile(r"[ \t]*:")


def style_of(syntax: Syntax, node: Node | None) -> Style:
    """Return how a mapping is written; of other nodes only what holds for the whole text."""
    pairs = node.pairs if isinstance(node, Mapping) else []
    scalars = [pair for pair in pairs if isinstance(pair.value, Scalar)]
    return Style(
        quotes={pair.key.value: syntax.quote(pair.value.start) for pair in scalars},
        key_quote=syntax.quote(pairs[0].key.start) if pairs else "",
        flow=isinstance(node, Mapping) and node.flow,
        delimiter=syntax.delimiter,
        step=syntax.step(),
    )


def insert_item(syntax: Syntax, found: Found, node: Sequence, item: Any) -> tuple[Edit, int]:
    """Return the edit that writes one more item below the last sure one, and its index."""
    index = _last_sure(syntax, found)
    dash = syntax.dash(node, index)
    syntax.line_start(syntax.start(dash))
    lines = _item(syntax, node, index, item)
    indented = [" " * syntax.column(dash) + line for line in lines]
    return _below(syntax, found, index, indented, _outside(syntax, found, node)), index + 1


def _item(syntax: Syntax, node: Sequence, index: int, item: Any) -> list[str]:
    """Return the lines of an item, written as the neighbours are: the mapping nearest to the end."""
    alike = next((i for i in range(index, -1, -1) if isinstance(node.items[i], Mapping)), index)
    style = style_of(syntax, node.items[alike])
    dash, start = syntax.dash(node, alike), node.items[alike].start
    marker = syntax.rendered.text[dash:start]
    is_empty = start == node.items[alike].end
    if is_empty or "\n" not in marker or not isinstance(item, dict):
        is_wide = is_empty or "\n" in marker
        return writing.item_lines(_ordered(item, style), style, marker="- " if is_wide else marker)
    indent = " " * (syntax.column(start) - syntax.column(dash))
    return ["-", *(indent + line for line in writing.mapping_lines(_ordered(item, style), style))]


def _ordered(item: Any, style: Style) -> Any:
    """Return a mapping with the keys that the neighbour has first, in the neighbour's order."""
    if not isinstance(item, dict):
        return item
    known = [key for key in style.quotes if key in item]
    return {key: item[key] for key in (*known, *(key for key in item if key not in known))}


def _outside(syntax: Syntax, found: Found, node: Sequence) -> int:
    """Return how far a comment may be indented that belongs to what follows the list."""
    dash = syntax.column(syntax.dash(node, 0))
    key = syntax.column(found.pair.key.start) if found.pair else dash
    return max(key, dash - 1)


def insert_pair(syntax: Syntax, found: Found, node: Mapping, change: Put) -> Edit:
    """Return the edit that writes a key with its value below the last sure one, or one further up."""
    index = _last_sure(syntax, found, above=change.above)
    start = node.pairs[index].key.start
    style = style_of(syntax, node)
    if isinstance(change.value, dict) and not any(map(writing.has_mapping, change.value.values())):
        style = replaced(style, flow=_is_in_brackets(node, index))
    lines = writing.pair_lines(str(change.path[-1]), change.value, style)
    indent = " " * syntax.column(start)
    return _below(syntax, found, index, [indent + line for line in lines], syntax.column(start))


def _is_in_brackets(node: Mapping, index: int) -> bool:
    """Say whether the mapping nearest to a pair, at it or above, is written in braces and not empty."""
    values = (pair.value for pair in reversed(node.pairs[: index + 1]))
    return next((value.flow and bool(value.pairs) for value in values if isinstance(value, Mapping)), False)


def _last_sure(syntax: Syntax, found: Found, *, above: int = 0) -> int:
    sure = syntax.sure(found)
    if len(sure) <= above:
        why = f"everything in {last_step(found.path)} stands inside a block of the template"
        raise UncertainError(why, syntax.at(found.node))
    return sure[-1 - above]


def _below(syntax: Syntax, found: Found, index: int, lines: SequenceABC[str], deeper_than: int) -> Edit:
    """Return the edit that writes lines below a part of a collection and the comments that belong to it.

    Where that part ends inside of template blocks, it is below those. A blank line stands between
    them if one stands before that part.
    """
    node = found.node
    end = syntax.end_of(node, index)
    at = syntax.out_of(syntax.behind(end), syntax.depth(end - 1) - syntax.depth(syntax.head(found)))
    if syntax.rendered.text[end - 1] == "\n":
        newline = syntax.newline(at)
        return Edit(start=at, end=at, text="".join(line + newline for line in lines))
    at = syntax.comments(syntax.line_end(at), deeper_than=deeper_than)
    newline = syntax.newline(at)
    blank = newline if index and _is_apart(syntax, node, index) else ""
    return Edit(start=at, end=at, text=blank + "".join(newline + line for line in lines))


def _is_apart(syntax: Syntax, node: Node, index: int) -> bool:
    """Say whether a blank line stands between a part of a collection and the one before it."""
    before, after = syntax.end_of(node, index - 1), child_start(node, index)
    return any(not line.strip() for line in syntax.rendered.text[before:after].split("\n")[1:-1])


def fill(syntax: Syntax, found: Found, value: Any) -> Edit:
    """Return the edit that writes a list or mapping where nothing, ``null`` or empty brackets stand."""
    key, node = found.key, found.node
    style = Style(delimiter=syntax.delimiter, step=syntax.step())
    is_list = isinstance(value, list)
    lines = writing.list_lines(value, style) if is_list else writing.mapping_lines(value, style)
    deeper = _dash_step(syntax) if is_list else syntax.step()
    indent = " " * (syntax.column(key.start) + deeper)
    colon = behind_colon(syntax, found)
    end = max(colon, syntax.behind(node.end) if node.end > node.start else colon)
    syntax.refuse_computed(colon, end, last_step(found.path))
    stop = syntax.line_end(end)
    newline = syntax.newline(stop)
    below = "".join(f"{newline}{indent}{line}" for line in lines)
    return Edit(start=colon, end=stop, text=syntax.text[end:stop] + below)


def behind_colon(syntax: Syntax, found: Found) -> int:
    """Return the place right behind the colon of a key."""
    end = syntax.behind(found.key.end)
    colon = _COLON.match(syntax.text, end)
    if colon is None:
        raise UncertainError(f"the colon of {last_step(found.path)} cannot be seen", end)
    return colon.end()


def _dash_step(syntax: Syntax) -> int:
    """Return how much deeper than its key a list in lines stands: as the lists that are there."""
    data = next((pair.value for pair in pairs_of(syntax.root) if pair.key.value == "data"), None)
    for pair in pairs_of(data):
        if isinstance(pair.value, Sequence) and pair.value.items and not pair.value.flow:
            return syntax.column(syntax.dash(pair.value, 0)) - syntax.column(pair.key.start)
    return syntax.step()


def drop(syntax: Syntax, found: Found) -> Edit:
    """Return the edit that takes out the lines of an item, or of a key with its value.

    Comments that are indented deeper, right below it, go with it; so does one of the blank lines
    that would stand together afterwards.
    """
    holder, index, first = found.collection, found.index, syntax.head(found)
    if isinstance(holder, Mapping) and index == 0 and not _begins_line(syntax, first):
        return Edit(start=syntax.start(first), end=syntax.start(child_start(holder, 1)), text="")
    begin = syntax.line_start(syntax.start(first))
    end = syntax.end_of(holder, index)
    if syntax.rendered.text[end - 1] == "\n":
        return Edit(start=begin, end=syntax.behind(end), text="")
    behind = syntax.out_of(syntax.behind(end), syntax.depth(end - 1) - syntax.depth(first))
    stop = syntax.line_end(behind)
    stop = syntax.comments(stop, deeper_than=syntax.column(first))
    is_last = index == len(children(holder)) - 1
    begin, stop = _with_blanks(syntax, begin, stop, is_first=index == 0, is_last=is_last)
    syntax.refuse_torn(begin, stop)
    return Edit(start=begin, end=stop, text="")


def _begins_line(syntax: Syntax, offset: int) -> bool:
    line = syntax.rendered.text.rfind("\n", 0, offset) + 1
    return not syntax.rendered.text[line:offset].strip()


def _with_blanks(
    syntax: Syntax, begin: int, stop: int, *, is_first: bool, is_last: bool
) -> tuple[int, int]:
    """Return the lines from ``begin`` to the one that ends at ``stop``, with blank lines on one side."""
    behind = syntax.next_line(stop)
    above = begin
    while (line := syntax.text.rfind("\n", 0, max(above - 1, 0)) + 1) < above:
        if syntax.text[line:above].strip() or syntax.inside(line, above):
            break
        above = line
    if is_last and not is_first:
        begin = above
    elif not is_last and (is_first or above < begin):
        for _ in range(syntax.blanks(stop)):
            behind = syntax.next_line(behind)
    if behind == len(syntax.text) and not syntax.text.endswith("\n"):
        begin = len(syntax.text[:begin].removesuffix("\n").removesuffix("\r"))
    return begin, behind


def replace(syntax: Syntax, found: Found, value: Any) -> Edit:
    """Return the edit that writes another value in place of one, on the line of its key or dash."""
    node, holder = found.node, found.holder
    style = style_of(syntax, holder)
    is_lines = isinstance(node, Collection) and not node.flow
    is_lines = is_lines or (isinstance(node, Scalar) and syntax.is_block_scalar(node))
    flow = holder.flow if holder is not None else False
    quote = syntax.quote(node.start) if isinstance(node, Scalar) else style.quote("")
    written = writing.inline(value, style, quote=quote, flow=flow)
    if found.pair and (is_lines or node.start == node.end):
        start, written = behind_colon(syntax, found), f" {written}"
        end = syntax.behind(syntax.end(node)) if is_lines else start
    else:
        start, end = syntax.start(node.start), syntax.behind(syntax.end(node))
    syntax.refuse_computed(start, end, last_step(found.path))
    return Edit(start=start, end=end, text=written)


def rename(syntax: Syntax, found: Found, key: str) -> Edit:
    """Return the edit that writes another key in place of one."""
    old = found.key
    start, end = syntax.start(old.start), syntax.behind(old.end)
    syntax.refuse_computed(start, end, last_step(found.path))
    style = Style(key_quote=syntax.quote(old.start), delimiter=syntax.delimiter)
    return Edit(start=start, end=end, text=writing.key_text(key, style))
