"""Marks in a tree of nodes what only rendering the template can tell.

A hole may add items, keys and lines to whatever stands around it. The arms of a fork were all
written, so nothing is missing; but a value that goes over the border of an arm is not known, a loop
may repeat its items, and what stood before the fork may go on behind it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source.nodes import Collection, Mapping, Node, Scalar, Sequence
from chezmoi_llm.source.rendered import Fork, Hole, Rendered


def mark(root: Node, rendered: Rendered) -> frozenset[int]:
    """Mark every node of the tree that a hole or a fork of the rendered text makes uncertain.

    Returns where the blocks start whose arms ran into each other: they cannot be read as one text.
    """
    marker = _Marker(root, rendered.text)
    for hole in rendered.holes:
        marker.hole(hole)
    for fork in rendered.forks:
        marker.fork(fork)
    return frozenset(fork.start for fork in rendered.forks if marker.is_tangled(fork))


def _starts(node: Collection) -> list[int]:
    if isinstance(node, Mapping):
        return [pair.key.start for pair in node.pairs]
    return [item.start for item in node.items]


class _Marker:
    def __init__(self, root: Node, text: str) -> None:
        self.root, self.text = root, text
        self.starts: dict[int, list[int]] = {}
        self.columns: dict[int, int] = {}

    def starts_of(self, node: Collection) -> list[int]:
        if id(node) not in self.starts:
            self.starts[id(node)] = _starts(node)
        return self.starts[id(node)]

    def column(self, offset: int) -> int:
        if offset not in self.columns:
            self.columns[offset] = offset - self.text.rfind("\n", 0, offset) - 1
        return self.columns[offset]

    def around(self, at: int) -> Iterator[tuple[Collection | None, Node]]:
        """Yield each node that stands around or right before ``at``, with the one that holds it."""
        holder: Collection | None = None
        node = self.root
        while True:
            yield holder, node
            if not isinstance(node, Collection):
                return
            inner = self.child(node, at)
            if inner is None:
                return
            holder, node = node, inner

    def child(self, node: Collection, at: int) -> Node | None:
        """Return the child that ``at`` stands in, right behind, or right before."""
        index = bisect_right(self.starts_of(node), at) - 1
        if isinstance(node, Mapping):
            return node.pairs[index].value if index >= 0 else None
        if index + 1 < len(node.items) and "-" not in self.text[at : node.items[index + 1].start]:
            return node.items[index + 1]
        return node.items[index] if index >= 0 else None

    def hole(self, hole: Hole) -> None:
        indent = self.column(hole.at) if hole.indent is None else hole.indent
        brackets: list[Collection] = []
        for holder, node in self.around(hole.at):
            outer = self.column(holder.start) if holder else -1
            if isinstance(node, Collection):
                if node.flow and node.start < hole.at < node.end:
                    brackets.append(node)
                elif not node.flow and hole.at <= node.end and self.column(node.start) >= indent:
                    node.more = True
                if hole.at > node.end or (holder and node.start >= hole.at):
                    break
            elif isinstance(node, Scalar) and self.takes_text(node, hole, indent - outer):
                node.value = UNKNOWN
        if brackets:
            brackets[-1].more = True

    def takes_text(self, node: Scalar, hole: Hole, deeper: int) -> bool:
        """Say whether a hole may be part of a scalar: in it, before it, or going on behind it.

        ``deeper`` is how much the hole is indented more than what holds the scalar.
        """
        text = self.text[node.start : node.end].rstrip()
        if node.start >= hole.at:
            return node.open
        if hole.at < node.start + len(text):
            return True
        if not text:
            return hole.indent is None or deeper >= 0
        goes_on = text[0] in "|>" if not node.open else not self.text[node.end : hole.at].strip()
        return goes_on and deeper > 0

    def fork(self, fork: Fork) -> None:
        for number, edge in enumerate(fork.edges):
            for holder, node in self.around(edge):
                if isinstance(node, Scalar):
                    self.border(node, holder, edge, fork, is_start=number == 0)
                elif isinstance(node, Collection) and self.goes_on(node, edge, fork, number):
                    node.more = True
        if fork.is_loop:
            self.loop(self.root, fork, is_inside=False)

    def is_tangled(self, fork: Fork) -> bool:
        """Say whether text of one arm went into a node that began in the arm before it.

        Only the root, and the value of a key that stands before the fork, are begun by every arm alike.
        """
        return any(
            first <= node.start < edge < self.last_start(node)
            and not self.is_fixed(holder, node, fork.edges[0])
            for first, edge in pairwise(fork.edges[:-1])
            for holder, node in self.around(edge)
            if isinstance(node, Collection)
        )

    def last_start(self, node: Collection) -> int:
        return (self.starts_of(node) or [node.start])[-1]

    def is_fixed(self, holder: Collection | None, node: Node, before: int) -> bool:
        if not isinstance(holder, Mapping):
            return holder is None
        starts = self.starts_of(holder)
        return starts[bisect_right(starts, node.start) - 1] < before

    def border(
        self, node: Scalar, holder: Collection | None, edge: int, fork: Fork, *, is_start: bool
    ) -> None:
        """Mark a scalar that goes over a border, or an empty one that the text behind may fill."""
        end = node.start + len(self.text[node.start : node.end].rstrip())
        if node.start < edge < end:
            node.value = UNKNOWN
        elif node.start == node.end and end <= edge and not is_start and holder:
            column = self.column(holder.start)
            deeper = fork.resume > column or (fork.resume == column and fork.resumes_item)
            if deeper and not self.text[end:edge].strip(" \t\r\n:"):
                node.value = UNKNOWN

    def goes_on(self, node: Collection, edge: int, fork: Fork, number: int) -> bool:
        """Say whether the text behind a fork may belong to a collection that ended at ``edge``."""
        if node.flow or number == len(fork.edges) - 1 or (number == 0 and fork.always):
            return False
        ended = node.start < edge <= node.end <= fork.edges[-1]
        same_kind = isinstance(node, Sequence) == fork.resumes_item
        return ended and same_kind and self.column(node.start) == fork.resume

    def loop(self, node: Node, fork: Fork, *, is_inside: bool) -> None:
        """Mark the collections that a loop adds to: more rounds may add more."""
        first, last = fork.edges[0], fork.edges[-1]
        if isinstance(node, Scalar) and is_inside:
            node.value = UNKNOWN
        if not isinstance(node, Collection):
            return
        starts = self.starts_of(node)
        begin = bisect_left(starts, first)
        if is_inside or bisect_left(starts, last) > begin:
            node.more = True
        if not is_inside and begin > 0:
            child = node.pairs[begin - 1].value if isinstance(node, Mapping) else node.items[begin - 1]
            if child.end >= first:
                self.loop(child, fork, is_inside=first <= child.start < last)
