"""A template taken apart for editing: where each value stands in it.

Offsets of nodes are those of the rendered text, offsets of lines and edits those of the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.editing.lines import Lines
from chezmoi_llm.editing.refusal import UncertainError
from chezmoi_llm.source.nodes import Alias, Collection, Mapping, Node, Pair, Scalar, Sequence

_PROPERTIES: Final = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)*")
_BLOCK_SCALAR: Final = re.compile(r"[|>][-+0-9]*")


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
            raise UncertainError(f"{last_step(self.path)} has no key")
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


def aliases(node: Node | None) -> Iterator[Alias]:
    """Yield each alias below a node."""
    for child in children(node) if node else ():
        yield from (child,) if isinstance(child, Alias) else aliases(child)


def child_start(node: Node, index: int) -> int:
    """Return where a part of a collection begins: its key, or the item itself."""
    return node.pairs[index].key.start if isinstance(node, Mapping) else children(node)[index].start


class Syntax(Lines):
    """The text of a template with its nodes."""

    def __init__(self, text: str, file: str) -> None:
        """Take ``text`` apart; raises Unreadable where that cannot be done."""
        super().__init__(text)
        self.rendered, self.root = source.taken_apart(text, file)

    def find(self, path: Path) -> Found:
        """Return the node at a path of the data; raises UncertainError where it is not one node's own."""
        if self.root is None:
            raise UncertainError("there is nothing in the file yet")
        found = Found(node=self.root, path=())
        for depth, step in enumerate(path):
            if isinstance(found.node, Alias):
                why = f"{last_step(found.path)} repeats what stands elsewhere"
                raise UncertainError(why, self.at(found.node))
            found = self._child(found, step, path[: depth + 1])
        return found

    def _child(self, found: Found, step: str | int, path: Path) -> Found:
        holder = found.node
        if isinstance(holder, Sequence) and isinstance(step, int):
            return Found(node=holder.items[step], path=path, holder=holder, index=step)
        if not isinstance(holder, Mapping):
            raise UncertainError(f"{last_step(path)} is not there", self.at(holder))
        pairs = holder.pairs
        indices = [i for i, pair in enumerate(pairs) if pair.key.value == step and not pair.merge]
        if len(indices) > 1:
            why = f"{last_step(path)} is written {len(indices)} times"
            raise UncertainError(why, self.at(pairs[indices[1]].key))
        if not indices:
            raise UncertainError(f"{last_step(path)} comes from elsewhere", self.at(holder))
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
        """Return where the text of one part of a collection ends; the part may be empty."""
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

    def start(self, offset: int) -> int:
        """Return where in the template a character of the rendered text came from."""
        return self.rendered.span(offset, offset + 1)[0]

    def behind(self, offset: int) -> int:
        """Return the place in the template right behind the character before ``offset``."""
        return self.rendered.span(offset - 1, offset)[1] if offset else 0

    def step(self) -> int:
        """Return how far the first indented key is indented."""
        for pair in self.root.pairs if isinstance(self.root, Mapping) else ():
            if isinstance(pair.value, Mapping) and not pair.value.flow and pair.value.pairs:
                deeper = self.column(pair.value.pairs[0].key.start) - self.column(pair.key.start)
                return max(deeper, 1)
        return 2

    def quote(self, offset: int) -> str:
        """Return the quotes that a value or key begins with, in the rendered text."""
        char = self.rendered.text[offset : offset + 1]
        return char if char in {'"', "'"} else ""


def last_step(path: Path) -> str:
    """Return the last step of a path, as a person would point at it."""
    if not path:
        return "the file"
    return repr(path[-1]) if isinstance(path[-1], str) else f"item {path[-1] + 1} of {last_step(path[:-1])}"


def pairs_of(node: Node | None) -> Iterator[Pair]:
    """Yield the keys of a mapping with their values; nothing for any other node."""
    yield from node.pairs if isinstance(node, Mapping) else ()
