"""Renders a template without running it: one text that stands for all that it may become.

What the template is sure to write is copied. Of a block, every arm is written, one after the other;
what an action prints is one private character inside a line, and nothing (but remembered, as a
*hole*) where the action has lines to itself. Each character knows its place in the template.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.document import Branches
from chezmoi_llm.source.actions import Action, Kind, Text, Token, scan
from chezmoi_llm.source.blocks import Block, Leaf, Node, build
from chezmoi_llm.source.text import Unreadable

_SPACES: Final = " \t\r\n"
_LITERAL: Final = re.compile(r'"([^"\\]*)"|`([^`]*)`')
_CONTENT: Final = re.compile(r"[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]*)(-\s|[^\s#])")
_INDENT: Final = re.compile(r"\|\s*(n?)indent\s+(\d{1,3})\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Private characters that the text does not use; they stand for what cannot stand for itself."""

    first: int

    @property
    def output(self) -> str:
        """Stands for what an action prints."""
        return chr(self.first)

    @property
    def block(self) -> str:
        """Stands for what a block inside a line writes."""
        return chr(self.first + 1)

    @property
    def both(self) -> tuple[str, str]:
        """Return the characters that make a value unknown."""
        return self.output, self.block

    def stand_in(self, number: int) -> str:
        """Return the character that stands for the ``number``-th one that libyaml would not take."""
        return chr(self.first + 2 + number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A place where an action may write whole lines; none of them is indented less than ``indent``."""

    at: int
    indent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Where the arms of a block were written: ``edges`` are the start, each border, and the end.

    ``resume`` is the indentation of the text behind it, which may start with the dash of an item.
    """

    edges: tuple[int, ...]
    resume: int
    resumes_item: bool
    is_loop: bool
    always: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The text, where its characters came from, and where it is uncertain."""

    text: str
    marks: Marks
    holes: tuple[Hole, ...]
    forks: tuple[Fork, ...]
    forked: bool
    outputs: tuple[tuple[int, int], ...]
    _out: Sequence[int]
    _source: Sequence[tuple[int, int]]
    _changes: Sequence[int]
    _branches: Sequence[Branches]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the template a stretch of the rendered text came from."""
        first, last = self._origin(start)[0], self._origin(max(start, end - 1))[1]
        return first, max(first, last)

    def _origin(self, offset: int) -> tuple[int, int]:
        piece = bisect_right(self._out, offset) - 1
        start, end = self._source[piece]
        length = (self._out[piece + 1] if piece + 1 < len(self._out) else len(self.text)) - self._out[piece]
        if length != end - start:
            return start, end
        at = min(start + offset - self._out[piece], end)
        return at, min(at + 1, end)

    def branches(self, offset: int) -> Branches:
        """Return the arms of blocks that a character of the rendered text stands in."""
        change = bisect_right(self._changes, offset) - 1
        return self._branches[change] if change >= 0 else ()


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
        self.marks = _free_marks(text)
        self.tokens = scan(text)
        self.nodes = build(self.tokens)

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


def verbatim(text: str) -> Rendered:
    """Return a text without template actions as if it were rendered."""
    return Rendered(
        text=text,
        marks=_free_marks(text),
        holes=(),
        forks=(),
        forked=False,
        outputs=(),
        _out=(0,),
        _source=((0, len(text)),),
        _changes=(),
        _branches=(),
    )


def _free_marks(text: str) -> Marks:
    """Find 256 private characters that the text does not use (icon fonts use many of them)."""
    used = {ord(found) >> 8 for found in set(re.findall("[\U000f0000-\U0010ffff]", text))}
    for block in range(0x10FE, 0xEFF, -1):
        if block not in used:
            return Marks(first=block << 8)
    raise Unreadable("LLM003", 0, "the text uses private characters from every block")


class _Writer:
    """Collects the rendered text; its list of pieces is what maps offsets back to the template."""

    def __init__(self, template: Template, choice: Choice) -> None:
        self.template, self.choice = template, choice
        self.tokens = template.tokens
        self.parts: list[str] = []
        self.size = 0
        self.tail = ""
        self.out: list[int] = []
        self.source: list[tuple[int, int]] = []
        self.holes: list[Hole] = []
        self.forks: list[Fork] = []
        self.outputs: list[tuple[int, int]] = []
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
        line = text.rpartition("\n")
        self.tail = line[2] if line[1] else self.tail + text

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
            elif node.token.kind is Kind.OUTPUT:
                self.write_output(node, node.token)

    def write_output(self, leaf: Leaf, action: Action) -> None:
        literal = _LITERAL.fullmatch(action.body)
        if action.start in self.choice.dropped:
            self.hole(action)
        elif literal:
            self.put(literal[1] or literal[2] or "", action.start, action.end)
        elif self.has_lines_to_itself(leaf.index, action):
            self.hole(action)
        else:
            self.outputs.append((self.size, action.start))
            self.put(self.template.marks.output, action.start, action.end)

    def has_lines_to_itself(self, index: int, action: Action) -> bool:
        indent = _INDENT.search(action.body)
        text, tokens = self.template.text, self.tokens
        begins = bool(indent and indent[1]) or ends_line(text, tokens, index, outputs=True)
        return begins and starts_line(text, tokens, index, outputs=True)

    def hole(self, action: Action) -> None:
        indent = _INDENT.search(action.body)
        self.holes.append(Hole(at=self.size, indent=int(indent[2]) if indent else 0))

    def write_block(self, block: Block) -> None:
        if block.start in self.choice.dropped:
            self.holes.append(Hole(at=self.size, indent=0))
        elif not block.branches:
            return
        elif not self.is_linewise(block):
            self.put(self.template.marks.block, block.start, block.end)
        elif self.choice.arm is None:
            self.write_arms(block)
        else:
            arm = min(self.choice.arm, len(block.branches) - 1)
            self.forked = True
            self.write(block.branches[arm].nodes)

    def write_arms(self, block: Block) -> None:
        """Write every arm, each from a line of its own."""
        outside, indent = self.inside, self.tail if not self.tail.strip() else ""
        edges = [self.size]
        self.forked = True
        for number, branch in enumerate(block.branches):
            if number and self.tail.strip() and not self.begins_with_newline(branch.head):
                self.put("\n" + indent, block.start, block.start)
            self.enter((*outside, (block.start, number)))
            self.write(branch.nodes)
            edges.append(self.size)
        self.enter(outside)
        resume, resumes_item = behind(self.template.text, self.tokens, block.branches[-1].foot)
        self.forks.append(
            Fork(
                edges=tuple(edges),
                resume=resume,
                resumes_item=resumes_item,
                is_loop=block.word == "range",
                always=block.always,
            )
        )

    def begins_with_newline(self, index: int) -> bool:
        return starts_line(self.template.text, self.tokens, index)

    def is_linewise(self, block: Block) -> bool:
        """Say whether every rendering consists of the same whole lines as the arms one by one.

        Two stretches of text may stand side by side if the first ends with a line or the second
        starts with a line end.
        """
        text, tokens = self.template.text, self.tokens
        first, last = block.branches[0].head, block.branches[-1].foot
        before, after = ends_line(text, tokens, first), starts_line(text, tokens, last)
        pairs = [(before, after)] if not block.always else []
        for branch in block.branches:
            start, end = starts_line(text, tokens, branch.head), ends_line(text, tokens, branch.foot)
            pairs += [(before, start), (end, after)]
            if block.word == "range":
                pairs.append((end, start))
        return all(left or right for left, right in pairs)


def ends_line(text: str, tokens: Sequence[Token], index: int, *, outputs: bool = False) -> bool:
    """Say whether only blanks stand between the line's start and token ``index``.

    The frames of blocks count as nothing; so does, if ``outputs``, what actions print.
    """
    for token in map(tokens.__getitem__, range(index - 1, -1, -1)):
        if isinstance(token, Text):
            _, newline, line = text[token.start : token.end].rpartition("\n")
            if line.strip(_SPACES):
                return False
            if newline:
                return True
        elif token.kind is Kind.OUTPUT and not outputs:
            return False
    return True


def starts_line(text: str, tokens: Sequence[Token], index: int, *, outputs: bool = False) -> bool:
    """Say whether only blanks stand between token ``index`` and the end of its line."""
    for token in map(tokens.__getitem__, range(index + 1, len(tokens))):
        if isinstance(token, Text):
            line, newline, _ = text[token.start : token.end].partition("\n")
            if line.strip(_SPACES):
                return False
            if newline:
                return True
        elif token.kind is Kind.OUTPUT and not outputs:
            return False
    return True


def behind(text: str, tokens: Sequence[Token], index: int) -> tuple[int, bool]:
    """Return the indentation of the next line with content, and whether that is a list's item.

    At the end of the text the indentation is -1.
    """
    seen = ""
    for token in map(tokens.__getitem__, range(index + 1, len(tokens))):
        if isinstance(token, Text):
            seen += text[token.start : token.end]
        elif token.kind is Kind.OUTPUT:
            seen += "x"
        if found := _CONTENT.match(seen):
            return len(found[1]), found[2].startswith("-")
    return -1, False
