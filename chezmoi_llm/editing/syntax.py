"""A template taken apart for editing: where each value stands, where its lines begin and end.

Offsets of nodes are those of the rendered text, offsets of lines and edits those of the template.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence as SequenceABC
from dataclasses import dataclass
from typing import Final, TypeAlias

from chezmoi_llm import source
from chezmoi_llm.chezmoi.directives import delimiters
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.source.actions import Action, Kind, scan
from chezmoi_llm.source.nodes import Alias, Mapping, Node, Pair, Scalar, Sequence

Collection: TypeAlias = Mapping | Sequence

_PROPERTIES: Final = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")
_BLOCK_SCALAR: Final = re.compile(r"[|>][-+0-9]*")
_FRAMES: Final = frozenset({Kind.OPEN, Kind.ELSE, Kind.END})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A node, the collection that holds it, and which of its parts it is; the root is held by none."""

    node: Node
    path: Path
    holder: Collection | None = None
    index: int = 0

    @property
    def pair(self) -> Pair | None:
        """The key that the node is the value of, with it."""
        return self.holder.pairs[self.index] if isinstance(self.holder, Mapping) else None

    @property
    def key(self) -> Scalar:
        """The key that the node is the value of; raises UncertainError for what has none."""
        if self.pair is None:
            raise UncertainError(f"{named(self.path)} has no key")
        return self.pair.key

    @property
    def collection(self) -> Collection:
        """The list or mapping that the node is part of; raises UncertainError for the root."""
        if self.holder is None:
            raise UncertainError("the file as a whole is part of nothing")
        return self.holder

    @property
    def is_in_brackets(self) -> bool:
        """Whether it is part of a list or mapping in brackets."""
        return self.holder is not None and self.holder.flow


def children(node: Node) -> list[Node]:
    """Return the values of a mapping, or the items of a list; any other node has none."""
    if isinstance(node, Mapping):
        return [pair.value for pair in node.pairs]
    return node.items if isinstance(node, Sequence) else []


def child_start(node: Node, index: int) -> int:
    """Return where a part of a collection begins: its key, or the item itself."""
    return node.pairs[index].key.start if isinstance(node, Mapping) else children(node)[index].start


class Syntax:
    """The text of a template with its nodes."""

    def __init__(self, text: str, file: str) -> None:
        """Take ``text`` apart; raises Unreadable where that cannot be done."""
        self.text = text
        self.rendered, self.root = source.taken_apart(text, file)
        self.actions = tuple(token for token in scan(text) if isinstance(token, Action))
        self.delimiter = delimiters(text)[0]
        self._starts = [action.start for action in self.actions]

    # nodes

    def find(self, path: Path) -> Found:
        """Return the node at a path of the data; raises UncertainError where it is not one node's own."""
        if self.root is None:
            raise UncertainError("there is nothing in the file yet")
        found = Found(node=self.root, path=())
        for depth, step in enumerate(path):
            if isinstance(found.node, Alias):
                why = f"{named(found.path)} repeats what stands elsewhere"
                raise UncertainError(why, self.at(found.node))
            found = self._child(found, step, path[: depth + 1])
        return found

    def _child(self, found: Found, step: str | int, path: Path) -> Found:
        holder = found.node
        if isinstance(holder, Sequence) and isinstance(step, int):
            return Found(node=holder.items[step], path=path, holder=holder, index=step)
        if not isinstance(holder, Mapping):
            raise UncertainError(f"{named(path)} is not there", self.at(holder))
        pairs = holder.pairs
        indices = [i for i, pair in enumerate(pairs) if pair.key.value == step and not pair.merge]
        if len(indices) > 1:
            why = f"{named(path)} is written {len(indices)} times"
            raise UncertainError(why, self.at(pairs[indices[1]].key))
        if not indices:
            raise UncertainError(f"{named(path)} comes from elsewhere", self.at(holder))
        return Found(node=pairs[indices[0]].value, path=path, holder=holder, index=indices[0])

    def at(self, node: Node) -> int:
        """Return where a node starts in the template."""
        return self.start(node.start)

    def depth(self, offset: int) -> int:
        """Return how many template blocks stand around a place of the rendered text."""
        return len(self.rendered.branches(offset))

    def sure(self, found: Found) -> tuple[int, ...]:
        """Return the indices of the parts that are there whenever their collection is."""
        around = self.depth(self.head(found))
        parts = range(len(children(found.node)))
        return tuple(i for i in parts if self.depth(child_start(found.node, i)) <= around)

    def head(self, found: Found) -> int:
        """Return where the key or the dash is that a node stands behind, or the node's own start."""
        if found.pair:
            return found.pair.key.start
        if isinstance(found.holder, Sequence) and not found.holder.flow:
            return self.dash(found.holder, found.index)
        return found.node.start

    def end(self, node: Node) -> int:
        """Return where the last character of a node's own text ends, comments and blank lines left out."""
        if isinstance(node, Collection) and not node.flow:
            parts = children(node)
            return self.end_of(node, len(parts) - 1) if parts else node.start
        if isinstance(node, Scalar) and self.is_block_scalar(node):
            return node.end if self.keeps_lines(node) else self._stripped(node.start, node.end)
        return node.end

    def end_of(self, node: Node, index: int) -> int:
        """Return the same of one part of a collection, which may be empty."""
        child = children(node)[index]
        if isinstance(node, Sequence) and not node.flow and child.start == child.end:
            return self.dash(node, index) + 1
        if isinstance(node, Mapping) and child.start == child.end:
            colon = re.compile(r"\s*:").match(self.rendered.text, node.pairs[index].key.end)
            return colon.end() if colon else node.pairs[index].key.end
        return self.end(child)

    def is_block_scalar(self, node: Scalar) -> bool:
        """Say whether a text is written as ``|`` or ``>`` with lines below it."""
        return not node.open and self._header(node) is not None

    def keeps_lines(self, node: Scalar) -> bool:
        """Say whether the empty lines behind a block scalar belong to it."""
        return "+" in (self._header(node) or "")

    def _header(self, node: Scalar) -> str | None:
        properties = _PROPERTIES.match(self.rendered.text, node.start, node.end)
        begin = properties.end() if properties else node.start
        found = _BLOCK_SCALAR.match(self.rendered.text, begin, node.end)
        return found[0] if found else None

    def _stripped(self, start: int, end: int) -> int:
        return start + len(self.rendered.text[start:end].rstrip())

    def dash(self, node: Sequence, index: int) -> int:
        """Return where the dash of an item in lines is, in the rendered text."""
        text, start = self.rendered.text, node.items[index].start
        before = text[:start].rstrip(" \t\r\n")
        while not before.endswith("-"):
            line = before[before.rfind("\n") + 1 :].lstrip()
            if line.startswith("#"):
                before = before[: -len(line)].rstrip()
            elif re.match(r"-\s+#", line):
                return len(before) - len(line)
            else:
                raise UncertainError(f"the dash of item {index + 1} cannot be seen", self.start(start))
        return len(before) - 1

    def column(self, offset: int) -> int:
        """Return how many characters stand before a place on its rendered line."""
        return offset - self.rendered.text.rfind("\n", 0, offset) - 1

    # lines of the template

    def start(self, offset: int) -> int:
        """Return where in the template a character of the rendered text came from."""
        return self.rendered.span(offset, offset + 1)[0]

    def behind(self, offset: int) -> int:
        """Return the place in the template right behind the character before ``offset``."""
        return self.rendered.span(offset - 1, offset)[1] if offset else 0

    def inside(self, start: int, end: int) -> SequenceABC[Action]:
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

    def step(self) -> int:
        """Return how far the first indented key is indented."""
        for pair in self.root.pairs if isinstance(self.root, Mapping) else ():
            if isinstance(pair.value, Mapping) and not pair.value.flow and pair.value.pairs:
                deeper = self.column(pair.value.pairs[0].key.start) - self.column(pair.key.start)
                return max(deeper, 1)
        return 2

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

    def quote(self, offset: int) -> str:
        """Return the quotes that a value or key begins with, in the rendered text."""
        char = self.rendered.text[offset : offset + 1]
        return char if char in {'"', "'"} else ""


def named(path: Path) -> str:
    """Return the last step of a path, as a person would point at it."""
    if not path:
        return "the file"
    return repr(path[-1]) if isinstance(path[-1], str) else f"item {path[-1] + 1} of {named(path[:-1])}"


def pairs_of(node: Node | None) -> Iterator[Pair]:
    """Yield the keys of a mapping with their values; nothing for any other node."""
    yield from node.pairs if isinstance(node, Mapping) else ()
