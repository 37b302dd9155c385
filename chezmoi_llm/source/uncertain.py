"""Marks in a tree of nodes what only rendering the template can tell.

A hole may add items, keys and lines to whatever stands around it. The arms of a fork were all
written, so nothing is missing; but a value that goes over the border of an arm is not known, a loop
may repeat its items, and what stood before the fork may go on behind it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TypeAlias

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source.nodes import Mapping, Node, Scalar, Sequence
from chezmoi_llm.source.rendering import Fork, Hole, Rendered

Collection: TypeAlias = Mapping | Sequence


def mark(root: Node, rendered: Rendered) -> None:
    """Mark every node of the tree that a hole or a fork of the rendered text makes uncertain."""
    marker = _Marker(root, rendered.text)
    for hole in rendered.holes:
        marker.hole(hole)
    for fork in rendered.forks:
        marker.fork(fork)


def _starts(node: Collection) -> list[int]:
    if isinstance(node, Mapping):
        return [pair.key.start for pair in node.pairs]
    return [item.start for item in node.items]


class _Marker:
    def __init__(self, root: Node, text: str) -> None:
        self.root, self.text = root, text
        self.starts: dict[int, list[int]] = {}

    def starts_of(self, node: Collection) -> list[int]:
        return self.starts.setdefault(id(node), _starts(node))

    def column(self, offset: int) -> int:
        return offset - self.text.rfind("\n", 0, offset) - 1

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
        indent = max(hole.indent, self.column(hole.at))
        hole = Hole(at=hole.at, indent=indent)
        for holder, node in self.around(hole.at):
            outer = self.column(holder.start) if holder else -1
            if isinstance(node, Collection):
                if self.takes_lines(node, hole):
                    node.more = True
                if hole.at > node.end or (holder and node.start >= hole.at):
                    return
            elif isinstance(node, Scalar) and self.takes_text(node, hole, deeper=indent > outer):
                node.value = UNKNOWN

    def takes_lines(self, node: Collection, hole: Hole) -> bool:
        if node.flow:
            return node.start < hole.at < node.end
        return hole.at <= node.end and self.column(node.start) >= hole.indent

    def takes_text(self, node: Scalar, hole: Hole, *, deeper: bool) -> bool:
        if node.start >= hole.at:
            return True
        if hole.at < node.start + len(self.text[node.start : node.end].rstrip()):
            return True
        if node.value is None:
            return deeper or not hole.indent
        return node.open and deeper and not self.text[node.end : hole.at].strip()

    def fork(self, fork: Fork) -> None:
        for number, edge in enumerate(fork.edges):
            for holder, node in self.around(edge):
                if isinstance(node, Scalar):
                    self.border(node, holder, edge, fork, is_start=number == 0)
                elif isinstance(node, Collection) and self.goes_on(node, edge, fork, number):
                    node.more = True
        if fork.is_loop:
            self.loop(self.root, fork, is_inside=False)

    def border(
        self, node: Scalar, holder: Collection | None, edge: int, fork: Fork, *, is_start: bool
    ) -> None:
        """Mark a scalar that goes over a border, or an empty one that the text behind may fill."""
        end = node.start + len(self.text[node.start : node.end].rstrip())
        if node.start < edge < end:
            node.value = UNKNOWN
        elif node.value is None and end <= edge and not is_start and holder:
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
