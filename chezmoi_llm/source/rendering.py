"""Renders a template without running it: one text that stands for all that it may become.

What the template is sure to write is copied. Of a block, every arm is written, one after the other;
what an action prints is one private character inside a line, and nothing (but remembered, as a
*hole*) where the action has lines to itself. Each character knows its place in the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.document import Branches
from chezmoi_llm.source.actions import Action, Kind, Text, known_text, scan
from chezmoi_llm.source.blocks import Block, Branch, Leaf, Node, build
from chezmoi_llm.source.layout import begins_line, indent_of, lay_out
from chezmoi_llm.source.rendered import Fork, Hole, Rendered, free_marks

_INDENTS: Final = re.compile(r"\n([ \t]*+)[^\s#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How to render: ``arm`` writes only that arm of each block, ``dropped`` makes holes of nodes."""

    arm: int | None = None
    dropped: frozenset[int] = frozenset()


class Template:
    """A template that was taken apart once and can be rendered in several ways."""

    def __init__(self, text: str) -> None:
        """Take ``text`` apart; raises Unreadable (LLM003, LLM004)."""
        self.text = text
        self.marks = free_marks(text)
        tokens = scan(text)
        self.nodes = build(tokens)
        dead = (block.branches for block in self.blocks() if block.never)
        self.layout = lay_out(text, tokens, [range(arms[0].head, arms[-1].foot) for arms in dead])

    def render(self, choice: Choice = Choice()) -> Rendered:
        """Return the text that stands for all renderings, or for those that ``choice`` asks for."""
        writer = _Writer(self, choice)
        writer.write(self.nodes)
        return writer.rendered()

    def blocks(self) -> Iterator[Block]:
        """Yield every block, each before those inside it."""
        waiting = list(self.nodes)
        while waiting:
            node = waiting.pop()
            if isinstance(node, Block):
                yield node
                waiting += [inner for branch in node.branches for inner in branch.nodes]


class _Writer:
    """Collects the rendered text; its list of pieces is what maps offsets back to the template.

    ``blank`` is the current line if only blanks were written on it, else None.
    """

    def __init__(self, template: Template, choice: Choice) -> None:
        self.template, self.choice = template, choice
        self.layout = template.layout
        self.parts: list[str] = []
        self.size = 0
        self.blank: str | None = ""
        self.out: list[int] = []
        self.source: list[tuple[int, int]] = []
        self.holes: list[Hole] = []
        self.forks: list[Fork] = []
        self.outputs: list[int] = []
        self.forked = False
        self.inside: Branches = ()
        self.changes: list[int] = []
        self.branches: list[Branches] = []

    def rendered(self) -> Rendered:
        return Rendered(
            text="".join(self.parts),
            marks=self.template.marks,
            holes=tuple(self.holes),
            forks=tuple(self.forks),
            forked=self.forked,
            outputs=tuple(self.outputs),
            _out=self.out or [0],
            _source=self.source or [(0, 0)],
            _changes=self.changes,
            _branches=self.branches,
        )

    def put(self, text: str, start: int, end: int) -> None:
        """Write text that came from ``start`` to ``end`` in the template."""
        self.out.append(self.size)
        self.source.append((start, end))
        self.parts.append(text)
        self.size += len(text)
        _, newline, line = text.rpartition("\n")
        if newline or self.blank is not None:
            self.blank = None if line.strip() else line if newline else f"{self.blank}{line}"

    def enter(self, inside: Branches) -> None:
        self.inside = inside
        self.changes.append(self.size)
        self.branches.append(inside)

    def write(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node, Block):
                self.write_block(node)
            elif isinstance(node.token, Text):
                start, end = node.token.start, node.token.end
                self.put(self.template.text[start:end], start, end)
            elif node.token.kind is Kind.LITERAL:
                self.put(node.token.word, node.token.start, node.token.end)
            elif node.token.kind is Kind.OUTPUT:
                self.write_output(node, node.token)

    def write_output(self, leaf: Leaf, action: Action) -> None:
        if action.start in self.choice.dropped or self.has_lines_to_itself(leaf.index, action):
            self.hole(action)
        else:
            self.outputs.append(self.size)
            self.put(self.template.marks.output, action.start, action.end)

    def has_lines_to_itself(self, index: int, action: Action) -> bool:
        begins = begins_line(action) or self.layout.alone_first[index]
        return begins and self.layout.alone_last[index]

    def hole(self, action: Action) -> None:
        self.holes.append(Hole(at=self.size, indent=indent_of(action)))

    def write_block(self, block: Block) -> None:
        if block.start in self.choice.dropped:
            self.holes.append(Hole(at=self.size, indent=min(self.indents(block.branches), default=0)))
        elif block.never:
            return
        elif not self.is_linewise(block):
            self.write_inside_line(block)
        elif self.choice.arm is None:
            self.write_arms(block)
        else:
            arm = min(self.choice.arm, len(block.branches) - 1)
            self.forked = True
            self.write(block.branches[arm].nodes)

    def write_inside_line(self, block: Block) -> None:
        """Write a mark for a block that begins or ends inside a line, and a hole for lines in it."""
        printed = list(self.printed(block.branches))
        if not any(known is None or known.strip() for known in printed):
            return
        if all(map(self.begins_with_blank, block.branches)):
            self.put(" ", block.start, block.start)
        has_comma = any("," in (known or "") for known in printed)
        marks = self.template.marks
        self.outputs.append(self.size)
        self.put(marks.block if has_comma else marks.output, block.start, block.end)
        if any("\n" in (known or "").strip() for known in printed):
            self.holes.append(Hole(at=self.size, indent=min(self.indents(block.branches), default=0)))

    def begins_with_blank(self, branch: Branch) -> bool:
        """Say whether an arm brings the blank, or the line end, that keeps it apart from what is before."""
        first = next((known for known in self.printed([branch]) if known != ""), " ")
        return first is not None and first[0].isspace()

    def indents(self, branches: Iterable[Branch]) -> Iterator[int]:
        """Yield how far each line of a block is indented."""
        for known in self.printed(branches):
            yield from map(len, _INDENTS.findall(known or ""))

    def printed(self, branches: Iterable[Branch]) -> Iterator[str | None]:
        """Yield what each token of a block prints, None for what is not known."""
        for node in (node for branch in branches for node in branch.nodes):
            if isinstance(node, Leaf):
                yield known_text(self.template.text, node.token)
            elif not node.never:
                yield from self.printed(node.branches)

    def write_arms(self, block: Block) -> None:
        """Write every arm, each from a line of its own."""
        outside, indent = self.inside, self.blank or ""
        edges = [self.size]
        self.forked = True
        for number, branch in enumerate(block.branches):
            if number and self.blank is None and not self.layout.last[branch.head]:
                self.put("\n" + indent, block.start, block.start)
            self.enter((*outside, (block.start, number)))
            self.write(branch.nodes)
            edges.append(self.size)
        self.enter(outside)
        resume, resumes_item = self.layout.behind[block.branches[-1].foot]
        self.forks.append(
            Fork(
                start=block.start,
                edges=tuple(edges),
                resume=resume,
                resumes_item=resumes_item,
                is_loop=block.word == "range",
                always=block.always,
            )
        )

    def is_linewise(self, block: Block) -> bool:
        """Say whether every rendering consists of the same whole lines as the arms one by one.

        Two stretches of text may stand side by side if the first ends with a line or the second
        starts with a line end.
        """
        first, last = self.layout.first, self.layout.last
        before, after = first[block.branches[0].head], last[block.branches[-1].foot]
        pairs = [(before, after)] if not block.always else []
        for branch in block.branches:
            start, end = last[branch.head], first[branch.foot]
            pairs += [(before, start), (end, after)]
            if block.word == "range":
                pairs.append((end, start))
        return all(left or right for left, right in pairs)
