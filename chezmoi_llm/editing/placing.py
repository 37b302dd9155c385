"""One change of the data as one span of the text: where it goes, and who writes it there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chezmoi_llm.editing import block, flow, writing
from chezmoi_llm.editing.changes import Change, Drop, Insert, Put, Rename
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.editing.syntax import Found, Syntax, children, last_step
from chezmoi_llm.editing.writing import Style
from chezmoi_llm.edits import Edit
from chezmoi_llm.source import nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An edit, and the change as it comes out: an item may find its place only in the text."""

    edit: Edit
    change: Change


def place(syntax: Syntax, change: Change) -> Placed:
    """Return the edit that makes a change; raise UncertainError where it has no sure place."""
    match change:
        case Insert():
            edit, index = _insertion(syntax, change)
            return Placed(edit=edit, change=replace(change, index=index))
        case Drop():
            return Placed(edit=_drop(syntax, syntax.find(change.path)), change=change)
        case Rename():
            edit = block.rename(syntax, syntax.find(change.path), change.key)
            return Placed(edit=edit, change=change)
        case Put():
            return Placed(edit=_put(syntax, change), change=change)


def _insertion(syntax: Syntax, change: Insert) -> tuple[Edit, int]:
    found = syntax.find(change.path)
    node = found.node
    if not isinstance(node, nodes.Sequence):
        raise UncertainError(f"{last_step(change.path)} is no list of its own", syntax.at(node))
    if not node.items and not found.is_in_brackets:
        return block.fill(syntax, found, [change.value]), 0
    if node.flow:
        neighbour = node.items[-1] if node.items else None
        style = replace(block.style_of(syntax, neighbour), flow=True)
        return flow.insert(syntax, found, node, writing.inline(change.value, style))
    return block.insert_item(syntax, found, node, change.value)


def _drop(syntax: Syntax, found: Found) -> Edit:
    if found.is_in_brackets:
        edit = flow.drop(syntax, found.collection, found.index)
        syntax.refuse_torn(edit.start, edit.end)
        return edit
    return block.drop(syntax, found)


def _put(syntax: Syntax, change: Put) -> Edit:
    if syntax.root is None:
        return _first(syntax, change)
    holder = syntax.find(change.path[:-1])
    if not isinstance(holder.node, nodes.Mapping) or _has(holder.node, change.path[-1]):
        return _in_place(syntax, syntax.find(change.path), change.value)
    if holder.node.more:
        why = f"{last_step(holder.path)} may hold more than can be seen, since the template adds to it"
        raise UncertainError(why, syntax.at(holder.node))
    if holder.node.pairs and not holder.node.flow:
        return block.insert_pair(syntax, holder, holder.node, change)
    if not holder.node.pairs and holder.pair and not holder.is_in_brackets:
        return block.fill(syntax, holder, {change.path[-1]: change.value})
    style = replace(block.style_of(syntax, holder.node), flow=True)
    (written,) = writing.pair_lines(str(change.path[-1]), change.value, style)
    return flow.insert(syntax, holder, holder.node, written)[0]


def _first(syntax: Syntax, change: Put) -> Edit:
    """Return the edit that writes the first key of a file that holds nothing but comments."""
    if syntax.rendered.holes:
        raise UncertainError("all of the file is made by the template", syntax.actions[0].start)
    newline = syntax.newline(0)
    lines = writing.pair_lines(str(change.path[-1]), change.value, Style(delimiter=syntax.delimiter))
    start = "" if not syntax.text or syntax.text.endswith("\n") else newline
    at = len(syntax.text)
    return Edit(start=at, end=at, text=start + "".join(line + newline for line in lines))


def _has(node: nodes.Mapping, key: Any) -> bool:
    return any(pair.key.value == key and not pair.merge for pair in node.pairs)


def _in_place(syntax: Syntax, found: Found, value: Any) -> Edit:
    """Return the edit that writes a value where another stands; emptied lines leave their comments."""
    node = found.node
    is_lines = isinstance(node, nodes.Collection) and not node.flow
    if is_lines and not value and found.pair:
        return _emptied(syntax, found, "[]" if isinstance(value, list) else "{}")
    is_nothing = isinstance(node, nodes.Scalar) and node.value is None
    if is_nothing and writing.has_mapping(value) and not found.is_in_brackets:
        return block.fill(syntax, found, value)
    return block.replace(syntax, found, value)


def _emptied(syntax: Syntax, found: Found, brackets: str) -> Edit:
    """Return the edit that takes out all lines of a collection, and writes empty brackets for them."""
    node = found.node
    if not isinstance(node, nodes.Collection):
        raise UncertainError(f"{last_step(found.path)} is no list of its own", syntax.at(node))
    parts = [Found(node=part, path=(), holder=node, index=i) for i, part in enumerate(children(node))]
    first, last = block.drop(syntax, parts[0]), block.drop(syntax, parts[-1])
    syntax.refuse_torn(first.start, last.end)
    colon = block.behind_colon(syntax, found)
    return Edit(start=colon, end=last.end, text=f" {brackets}{syntax.text[colon : first.start]}")
