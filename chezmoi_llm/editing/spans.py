"""From changes of the data to spans of the text, proven by reading the new text again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import Document
from chezmoi_llm.editing import block, flow, writing
from chezmoi_llm.editing.changes import Change, Drop, Insert, Put, Rename, changed, rooted, same
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.editing.syntax import Found, Syntax, aliases, children, last_step
from chezmoi_llm.editing.writing import Style
from chezmoi_llm.edits import Edit, apply
from chezmoi_llm.source import formats, nodes
from chezmoi_llm.source.text import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An edit, and the change as it comes out: an item may find its place only in the text."""

    edit: Edit
    change: Change


def rewritten(text: str, file: str, changes: Iterable[Change]) -> str:
    """Return the text with the changes made, each in one span; what goes, goes first.

    Raises UncertainError where that cannot be done, or where the new text does not say exactly what
    the old one said with these changes.
    """
    if formats.of(file) is not formats.YAML:
        raise UncertainError(
            f"only a template in YAML can be edited, and this is {formats.of(file).name.upper()}"
        )
    known = tuple(changes)
    drops = [change for change in known if isinstance(change, Drop)]
    gone = frozenset(drop.path for drop in drops)
    others = [replace(one, path=_moved_up(one.path, gone)) for one in known if not isinstance(one, Drop)]
    for phase in (drops, others):
        text = _rewritten(text, file, phase) if phase else text
    return text


def is_in_brackets(text: str, file: str, path: Path) -> bool:
    """Say whether what stands at a path of a readable text is a list in brackets."""
    try:
        node = Syntax(text, file).find(path).node
    except UncertainError:
        return False
    return isinstance(node, nodes.Sequence) and node.flow


def _moved_up(path: Path, gone: Collection[Path]) -> Path:
    """Return where something stands once the items of lists that are gone no longer count."""
    return tuple(
        step - sum((*path[:depth], index) in gone for index in range(step))
        if isinstance(step, int)
        else step
        for depth, step in enumerate(path)
    )


def _rewritten(text: str, file: str, changes: Sequence[Change]) -> str:
    before = source.parse(text.encode(), file).documents
    try:
        syntax = Syntax(text, file)
        _refuse_nothing_sure(syntax, [change.path for change in changes if isinstance(change, Drop)])
        made = [_made(syntax, one) for one in _settled(changes, before[0].data)]
        edits = tuple(_united(one.edit for one in made))
        if len(changes) > 1 and _do_overlap(edits):
            return _one_by_one(text, file, changes)
        new = apply(text, edits)
    except (Unreadable, ValueError, IndexError) as error:
        raise UncertainError("the text is too intricate there") from error
    try:
        _prove(before, new, file, [one.change for one in made])
    except UncertainError:
        _refuse_repeated(syntax, [one.edit for one in made])
        _refuse_open(syntax, [one.change for one in made])
        raise
    return new


def _do_overlap(edits: Sequence[Edit]) -> bool:
    return any(other.start < one.end for one, other in pairwise(edits))


def _one_by_one(text: str, file: str, changes: Sequence[Change]) -> str:
    """Make changes that write into one another, such as two keys behind the last one in brackets."""
    for change in changes:
        text = _rewritten(text, file, [change])
    return text


def _united(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits in the order of the text; of spans that go, those that overlap become one."""
    last: Edit | None = None
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if last and not last.text and not edit.text and edit.start < last.end:
            last = replace(last, end=max(last.end, edit.end))
            continue
        yield from (last,) if last else ()
        last = edit
    yield from (last,) if last else ()


def _refuse_repeated(syntax: Syntax, edits: Sequence[Edit]) -> None:
    """Say, of what could not go, that an alias of it would stay."""
    for alias in aliases(syntax.root):
        anchored, repeated = syntax.at(alias.node), syntax.at(alias)
        if any(one.start <= anchored < one.end and not one.start <= repeated < one.end for one in edits):
            line = syntax.text.count("\n", 0, repeated) + 1
            raise UncertainError(
                f"line {line} repeats some of it, and has to say that itself first", anchored
            )


def _refuse_open(syntax: Syntax, changes: Iterable[Change]) -> None:
    """Say, of what could not be put into a collection or taken out, that the template has a say there."""
    for change in changes:
        path = change.path if isinstance(change, Insert) else change.path[:-1]
        node = syntax.find(path).node
        if isinstance(node, nodes.Sequence | nodes.Mapping) and node.more:
            raise UncertainError(f"the template may add to {last_step(path)}", syntax.at(node))


def _settled(changes: Iterable[Change], data: Any) -> Iterator[Change]:
    """Yield the changes as they are to be written.

    A value gets the mappings missing above it; drops that leave nothing become an empty collection.
    """
    known = tuple(changes)
    drops: dict[Path, int] = {}
    for change in known:
        if isinstance(change, Drop):
            drops[change.path[:-1]] = drops.get(change.path[:-1], 0) + 1
    emptied = {path: held for path, count in drops.items() if len(held := _at(data, path)) == count}
    for path, held in emptied.items():
        yield Put(path=path, value=type(held)())
    for change in known:
        if isinstance(change, Put):
            yield rooted(change, data)
        elif not isinstance(change, Drop) or change.path[:-1] not in emptied:
            yield change


def _refuse_nothing_sure(syntax: Syntax, dropped: Sequence[Path]) -> None:
    """Refuse to leave a collection of which a rendering may show nothing, not even brackets."""
    for holder in dict.fromkeys(path[:-1] for path in dropped):
        found = syntax.find(holder)
        sure = set(syntax.sure(found))
        gone = {syntax.find(path).index for path in dropped if path[:-1] == holder}
        if sure and sure <= gone and len(gone) < len(children(found.node)):
            why = f"what is left in {last_step(holder)} stands inside a block of the template"
            raise UncertainError(why, syntax.at(found.node))


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _made(syntax: Syntax, change: Change) -> _Made:
    match change:
        case Insert():
            edit, index = _insertion(syntax, change)
            return _Made(edit=edit, change=replace(change, index=index))
        case Drop():
            return _Made(edit=_drop(syntax, syntax.find(change.path)), change=change)
        case Rename():
            edit = block.rename(syntax, syntax.find(change.path), change.key)
            return _Made(edit=edit, change=change)
        case Put():
            return _Made(edit=_put(syntax, change), change=change)


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
    is_lines = isinstance(node, nodes.Mapping | nodes.Sequence) and not node.flow
    if is_lines and not value and found.pair:
        return _emptied(syntax, found, "[]" if isinstance(value, list) else "{}")
    is_nothing = isinstance(node, nodes.Scalar) and node.value is None
    if is_nothing and writing.has_mapping(value) and not found.is_in_brackets:
        return block.fill(syntax, found, value)
    return block.replace(syntax, found, value)


def _emptied(syntax: Syntax, found: Found, brackets: str) -> Edit:
    """Return the edit that takes out all lines of a collection, and writes empty brackets for them."""
    node = found.node
    if not isinstance(node, nodes.Mapping | nodes.Sequence):
        raise UncertainError(f"{last_step(found.path)} is no list of its own", syntax.at(node))
    parts = [Found(node=part, path=(), holder=node, index=i) for i, part in enumerate(children(node))]
    first, last = block.drop(syntax, parts[0]), block.drop(syntax, parts[-1])
    syntax.refuse_torn(first.start, last.end)
    colon = block.behind_colon(syntax, found)
    return Edit(start=colon, end=last.end, text=f" {brackets}{syntax.text[colon : first.start]}")


def _prove(before: Sequence[Document], new: str, file: str, changes: Sequence[Change]) -> None:
    """Hold the new text to the data that it is meant to say."""
    after = source.parse(new.encode(errors="replace"), file)
    if after.document is None:
        raise UncertainError(f"the file could not be read any more: {after.findings[0].message}")
    meant = _distinct(changed(document.data, changes) for document in before)
    if not same(meant, _distinct(document.data for document in after.documents)):
        raise UncertainError("what stands there is used in another place as well, or read in another way")
    for change in changes:
        if isinstance(change, Put | Insert):
            _prove_certain(before[0], after.document, change)


def _distinct(data: Iterable[Any]) -> list[Any]:
    """Return the data of several documents, each that says the same only once."""
    found: list[Any] = []
    for one in data:
        if not any(same(one, other) for other in found):
            found.append(one)
    return found


def _prove_certain(before: Document, after: Document, change: Put | Insert) -> None:
    """Refuse a place that is rendered less often than what was to be changed."""
    path = (*change.path, change.index) if isinstance(change, Insert) else change.path
    around = change.path if isinstance(change, Insert) else _nearest(before, change.path)
    if len(after.branches.get(path, ())) > len(before.branches.get(around, ())):
        raise UncertainError("it would stand inside a block of the template")


def _nearest(document: Document, path: Path) -> Path:
    return path if path in document.branches else path[:-1]
