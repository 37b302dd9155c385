"""From changes of the data to spans of the text, proven by reading the new text again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, TypeGuard

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import Document
from chezmoi_llm.editing.changes import Change, Drop, Insert, Put, changed, rooted, same
from chezmoi_llm.editing.placing import place
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.editing.syntax import Syntax, aliases, children, last_step
from chezmoi_llm.edits import Edit, apply
from chezmoi_llm.source import formats, nodes
from chezmoi_llm.source.text import Unreadable

_PLACES: Final = 5
"""How many places are tried for a new key; each is proven by reading the whole text again."""


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
        placed = [place(syntax, one) for one in _settled(changes, before[0].data)]
        edits = tuple(_united(one.edit for one in placed))
        if len(changes) > 1 and _do_overlap(edits):
            return _one_by_one(text, file, changes)
        new = apply(text, edits)
    except (Unreadable, ValueError, IndexError) as error:
        raise UncertainError("the text is too intricate there") from error
    try:
        _prove(before, new, file, [one.change for one in placed])
    except UncertainError:
        with suppress(UncertainError):
            return _rewritten(text, file, _further_up([one.change for one in placed], before[0].data))
        _refuse_repeated(syntax, [one.edit for one in placed])
        _refuse_open(syntax, [one.change for one in placed])
        raise
    return new


def _further_up(changes: Sequence[Change], data: Any) -> list[Change]:
    """Return changes that write a new key further up, where the template may not go on behind it."""
    higher = [replace(one, above=one.above + 1) if _can_rise(one, data) else one for one in changes]
    if higher == changes:
        raise UncertainError("there is no other place")
    return higher


def _can_rise(change: Change, data: Any) -> TypeGuard[Put]:
    if not isinstance(change, Put) or not change.path:
        return False
    holder = _at(data, change.path[:-1])
    is_new = isinstance(holder, dict) and change.path[-1] not in holder
    return is_new and change.above + 1 < min(len(holder), _PLACES)


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
        if isinstance(node, nodes.Collection) and node.more:
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
