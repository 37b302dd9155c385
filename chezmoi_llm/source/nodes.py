"""Nodes of a text with their offsets in it; the readers of every format make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(slots=True)
class Scalar:
    """A value without parts. An ``open`` one has no quotes: what follows could be part of it.

    ``raw`` is the text of an open one, before it became a number or a word.
    """

    start: int
    end: int
    value: Any
    open: bool = False
    raw: str = ""


@dataclass(slots=True)
class Sequence:
    """A list; ``more`` says that there may be other items."""

    start: int
    end: int = 0
    items: list[Node] = field(default_factory=list)
    flow: bool = False
    more: bool = False


@dataclass(slots=True)
class Pair:
    """A key and its value; ``merge`` says that the key is ``<<``."""

    key: Scalar
    value: Node
    merge: bool = False


@dataclass(slots=True)
class Mapping:
    """Keys and values in the order of the text; ``more`` says that there may be others."""

    start: int
    end: int = 0
    pairs: list[Pair] = field(default_factory=list)
    flow: bool = False
    more: bool = False


@dataclass(slots=True)
class Alias:
    """Another use of a node that stands elsewhere."""

    start: int
    end: int
    node: Node


Collection: TypeAlias = Mapping | Sequence

Node: TypeAlias = Scalar | Collection | Alias
