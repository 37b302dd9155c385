"""Reads YAML into nodes: structure by libyaml, values as chezmoi's own reader makes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source import scalars
from chezmoi_llm.source.nodes import Alias, Mapping, Node, Pair, Scalar, Sequence
from chezmoi_llm.source.rendered import Marks
from chezmoi_llm.source.text import MAX_DEPTH, MAX_VALUES, Unreadable
from chezmoi_llm.source.yaml_dialect import (
    Adapted,
    adapt,
    check_indentation,
    check_pairs,
    check_tabs,
    doubled_line_ends,
    plain_text,
    split_item,
    split_key,
)
from chezmoi_llm.source.yaml_errors import bad_tag, explain

LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML without libyaml reads the same, ten times slower."""

_EVENTS: Final[Any] = yaml.events
"""Their marks may be None in PyYAML's types, never in what it reads from a text."""

_STANDARD_TAG: Final = "tag:yaml.org,2002:"


def read(text: str, marks: Marks) -> Node | None:
    """Return the root of a YAML text, or None for an empty one; raises Unreadable."""
    reader = _Reader(adapt(text, marks), marks)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        raise explain(error, text, last=reader.last, opened=reader.opened) from None


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A node with a name, how many values it holds, and how many levels."""

    node: Node
    size: int
    depth: int


class _Reader:
    """Turns the parser's events into nodes."""

    def __init__(self, adapted: Adapted, marks: Marks) -> None:
        self.text, self.back, self.block = adapted.text, adapted.back, marks.block
        self.as_written = adapted.as_written
        self.has_returns = "\r" in adapted.text
        self.next = LOADER(adapted.text).get_event
        self.unknown = re.compile("|".join(marks.both))
        self.anchors: dict[str, _Anchored | None] = {}
        self.count = 0
        self.deepest = 0
        self.braces = 0
        self.within: set[str] | None = None
        self.last = 0, 0
        self.opened: list[int] = []

    def document(self) -> Node | None:
        self.next()
        if isinstance(self.next(), _EVENTS.StreamEndEvent):
            return None
        root = self.node(self.next(), 0)
        self.next()
        after = self.next()
        if isinstance(after, _EVENTS.DocumentStartEvent):
            raise Unreadable(
                "LLM006",
                after.start_mark.index,
                "a second YAML document starts here, and chezmoi reads only the first",
                end=after.end_mark.index,
                hint="delete it, or the '---' line",
            )
        return root

    def node(self, event: Any, depth: int, *, merging: bool = False) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        self.count += 1
        self.deepest = max(self.deepest, depth)
        if depth > MAX_DEPTH:
            raise Unreadable("LLM003", start, f"nested deeper than {MAX_DEPTH} levels")
        if self.count > MAX_VALUES:
            raise Unreadable("LLM003", start, f"more than {MAX_VALUES} values in one file")
        if isinstance(event, _EVENTS.AliasEvent):
            return self.alias(event.anchor, depth, start, end, merging=merging)
        return self.anchored(event, depth) if event.anchor else self.content(event, depth)

    def anchored(self, event: Any, depth: int) -> Node:
        """Return a node with a name, and remember it; ``within`` are the names inside the outermost."""
        self.anchors[event.anchor] = None
        outside, self.deepest, count = self.deepest, depth, self.count
        is_outermost = self.within is None
        self.within = {event.anchor, *(self.within or ())}
        node = self.content(event, depth)
        self.anchors[event.anchor] = _Anchored(node, self.count - count, self.deepest - depth)
        self.deepest = max(outside, self.deepest)
        if is_outermost:
            self.within = None
        return node

    def alias(self, name: str, depth: int, start: int, end: int, *, merging: bool) -> Alias:
        """Return another use of an anchored node; each use counts as much as the node itself."""
        if name not in self.anchors:
            message = "no anchor of this name stands before the alias"
            raise Unreadable(
                "LLM001", start, message, end=end, hint="put text that starts with '*' in quotes"
            )
        anchored = self.anchors[name]
        if anchored is None:
            message = "the alias stands inside the value that it repeats"
            raise Unreadable("LLM006", start, message, end=end)
        if name in (self.within or ()) and not merging:
            message = "chezmoi reads this alias as null: its anchor stands in a value that has one, too"
            hint = "write the value again, or move one of the anchors"
            raise Unreadable("LLM006", start, message, end=end, hint=hint)
        self.count += anchored.size
        self.deepest = max(self.deepest, depth + anchored.depth)
        if self.count > MAX_VALUES or self.deepest > MAX_DEPTH:
            message = f"aliases repeat each other to more than {MAX_VALUES} values or {MAX_DEPTH} levels"
            raise Unreadable("LLM006", start, message, end=end)
        return Alias(start, end, anchored.node)

    def content(self, event: Any, depth: int) -> Node:
        if isinstance(event, _EVENTS.ScalarEvent):
            return self.scalar(event)
        _check_tag(event, ("map", "seq", "omap", "set"))
        if isinstance(event, _EVENTS.SequenceStartEvent):
            return self.sequence(event, depth)
        return self.mapping(event, depth)

    def sequence(self, event: Any, depth: int) -> Sequence:
        node = Sequence(event.start_mark.index, flow=bool(event.flow_style))
        self.opened += [event.end_mark.index - 1] if node.flow else []
        while not isinstance(event := self.next(), _EVENTS.SequenceEndEvent):
            item = self.node(event, depth + 1)
            node.items.append(split_item(item) if self.braces and node.flow else item)
        if node.flow:
            self.opened.pop()
        node.end = event.end_mark.index
        return node

    def mapping(self, event: Any, depth: int) -> Mapping:
        node = Mapping(event.start_mark.index, flow=bool(event.flow_style))
        is_braced = node.flow and self.text[event.end_mark.index - 1] == "{"
        self.braces += is_braced
        self.opened += [event.end_mark.index - 1] if is_braced else []
        while not isinstance(event := self.next(), _EVENTS.MappingEndEvent):
            key = self.node(event, depth + 1)
            merge = isinstance(event, _EVENTS.ScalarEvent) and event.value == "<<" and event.implicit[0]
            value = self.node(self.next(), depth + 1, merging=merge)
            pair = split_key(key) if node.flow and value.start == value.end else None
            node.pairs.append(pair or Pair(_key(key), value, merge))
        self.braces -= is_braced
        if is_braced:
            self.opened.pop()
        node.end = event.end_mark.index
        if node.flow and self.block in self.text[node.start : node.end]:
            node.more = True
        return node

    def scalar(self, event: Any) -> Scalar:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style
        is_plain, is_quoted = not style, style in {'"', "'"}
        self.last = (start, end) if is_quoted else (0, 0)
        text = self.quoted(event, start, end) if is_quoted else event.value
        if style == '"' and "\\u" in self.text[start:end]:
            check_pairs(self.text, start, end)
        if self.unknown.search(text):
            return Scalar(start, end, UNKNOWN, is_plain)
        if self.back:
            text = (text if style == '"' else self.as_written(text)).translate(self.back)
        if is_plain:
            text = plain_text(text)
        value = scalars.resolve(text) if is_plain else text
        if event.tag:
            value = _tagged(event, value)
        return Scalar(start, end, value, is_plain, text)

    def quoted(self, event: Any, start: int, end: int) -> str:
        """Return a text in quotes, where tabs and carriage returns make a difference to chezmoi."""
        text: str = event.value
        if "\n" in self.text[start:end]:
            check_indentation(self.text, start, end)
        if event.style == '"' and "\t" in text:
            check_tabs(self.text, start, end)
        if not self.has_returns or self.text.find("\r\n", start, end) < 0:
            return text
        again = LOADER(doubled_line_ends(self.text[start:end]))
        scalar: str = next(found.value for found in iter(again.get_event, None) if hasattr(found, "value"))
        return scalar


def _key(node: Node) -> Scalar:
    """Return a key as text; raises Unreadable where a key is a list or a mapping."""
    target = node.node if isinstance(node, Alias) else node
    if not isinstance(target, Scalar):
        raise Unreadable("LLM006", node.start, "a key must be text, not a list or a mapping")
    value = target.value if target.value is UNKNOWN else scalars.as_key(target.value)
    return Scalar(node.start, node.end, value)


def _check_tag(event: Any, known: tuple[str, ...]) -> str:
    """Return the short name of a tag; raises Unreadable (LLM006) for one that is not known."""
    tag = event.tag or ""
    name: str = tag.removeprefix(_STANDARD_TAG)
    if tag and (name == tag or name not in known):
        raise bad_tag(event.start_mark.index)
    return name


def _tagged(event: Any, value: scalars.Scalar) -> scalars.Scalar:
    match _check_tag(event, ("str", "int", "float", "bool", "null")):
        case "str":
            return "" if value is None else scalars.as_key(value)
        case "null":
            return None
        case _:
            return value
