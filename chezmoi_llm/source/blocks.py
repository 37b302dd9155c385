"""Puts the tokens of a template into blocks: what stands between ``if`` and ``end`` becomes branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from chezmoi_llm.source.actions import Action, Kind, Text, Token
from chezmoi_llm.source.text import MAX_DEPTH, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One arm of a block: the nodes between its head (``if``, ``else``) and the next one.

    ``head`` and ``foot`` are indices of tokens.
    """

    head: int
    foot: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block and its arms.

    ``always`` says that one of them is sure to be rendered, ``never`` that what stands in it is not
    rendered here at all: it is a ``define``, or ``if false``, which hides a line from chezmoi.
    """

    word: str
    start: int
    end: int
    branches: tuple[Branch, ...]
    always: bool
    never: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A token that is no part of a block's frame, and its index."""

    index: int
    token: Token


Node: TypeAlias = Leaf | Block

_PLAIN_ELSE: Final = "else"
_NEVER: Final = "if false"


@dataclass(slots=True, kw_only=True)
class _Open:
    """A block whose end was not met yet."""

    action: Action
    head: int
    branches: list[Branch] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    last: str = ""

    def next_branch(self, index: int) -> None:
        self.branches.append(Branch(head=self.head, foot=index, nodes=tuple(self.nodes)))
        self.head, self.nodes = index, []

    def closed(self, end: int) -> Block:
        word = self.action.word
        return Block(
            word=word,
            start=self.action.start,
            end=end,
            branches=tuple(self.branches),
            always=self.last == _PLAIN_ELSE or word == "block",
            never=word == "define" or (self.action.body == _NEVER and not self.last),
        )


def build(tokens: Sequence[Token]) -> tuple[Node, ...]:
    """Return the tree of a template's tokens.

    Raises Unreadable (LLM004) for an ``end`` or ``else`` too many and for a block that is not closed.
    """
    top: list[Node] = []
    stack: list[_Open] = []
    for index, token in enumerate(tokens):
        nodes = stack[-1].nodes if stack else top
        kind = Kind.SILENT if isinstance(token, Text) else token.kind
        if isinstance(token, Text) or kind in {Kind.OUTPUT, Kind.LITERAL, Kind.SILENT}:
            nodes.append(Leaf(index=index, token=token))
        elif kind is Kind.OPEN:
            stack.append(_opened(token, index, depth=len(stack)))
        elif kind is Kind.ELSE:
            _else(_top(stack, token), token, index)
        else:
            block = _top(stack, token)
            block.next_branch(index)
            stack.pop()
            (stack[-1].nodes if stack else top).append(block.closed(token.end))
    if stack:
        raise _never_closed(stack[-1].action)
    return tuple(top)


def _opened(action: Action, index: int, depth: int) -> _Open:
    if depth >= MAX_DEPTH:
        message = f"template blocks are nested deeper than {MAX_DEPTH} levels"
        raise Unreadable("LLM003", action.start, message, end=action.end)
    return _Open(action=action, head=index)


def _top(stack: Sequence[_Open], action: Action) -> _Open:
    if stack:
        return stack[-1]
    message = f"'{action.word}' belongs to no 'if', 'with' or 'range'"
    raise Unreadable("LLM004", action.start, message, end=action.end, hint="delete it")


def _else(block: _Open, action: Action, index: int) -> None:
    if block.last == _PLAIN_ELSE:
        message = "a second 'else' in one block"
        raise Unreadable("LLM004", action.start, message, end=action.end, hint="write 'else if'")
    if block.action.word in {"define", "block"}:
        message = f"'else' cannot stand in a '{block.action.word}'"
        raise Unreadable("LLM004", action.start, message, end=action.end)
    block.next_branch(index)
    block.last = action.body


def _never_closed(action: Action) -> Unreadable:
    message = f"the '{action.word}' is not closed: '{{{{ end }}}}' is missing"
    return Unreadable("LLM004", action.start, message, end=action.end, hint="add '{{ end }}'")
