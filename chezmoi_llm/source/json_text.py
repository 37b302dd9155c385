"""Reads JSON: a config file into nodes with places, a document of a program straight into data."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from typing import Any, Final

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source.nodes import Collection, Mapping, Node, Pair, Scalar, Sequence
from chezmoi_llm.source.rendered import Rendered
from chezmoi_llm.source.scalars import MAX_INT64, MIN_INT64
from chezmoi_llm.source.text import MAX_DEPTH, MAX_VALUES, Unreadable

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_BLANKS_AND_COMMENTS: Final = re.compile(r"(?:[ \t\r\n]++|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_BARE: Final = re.compile(r"[^\s,\[\]{}:\"]+")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: Final[dict[str, Any]] = {"null": None, "true": True, "false": False}
_LONGEST_INTEGER: Final = 20
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")


def read(rendered: Rendered, *, comments: bool) -> Node | None:
    """Return the root of a JSON text, or None for an empty one; raises Unreadable.

    ``comments`` also allows what JSONC does: comments, and commas at the end.
    """
    reader = _Reader(rendered, comments=comments)
    if not reader.skip():
        return None
    root = reader.value(0)
    if reader.skip():
        raise reader.wrong("text stands behind the end of the document", hint="delete it")
    return root


class _Reader:
    """Walks through one text; ``at`` is where it is.

    At the ``seams``, where blocks and printed lines begin or end, commas may be missing or too many.
    """

    def __init__(self, rendered: Rendered, *, comments: bool) -> None:
        self.text, self.comments = rendered.text, comments
        edges = [edge for fork in rendered.forks for edge in fork.edges]
        self.seams = sorted(edges + [hole.at for hole in rendered.holes])
        self.blanks = _BLANKS_AND_COMMENTS if comments else _BLANKS
        self.unknown = re.compile("[" + "".join(rendered.marks.both) + "]")
        self.block = rendered.marks.block
        self.at = 0
        self.count = 0

    def skip(self) -> str:
        """Skip blanks and return the character behind them, or nothing at the end."""
        found = self.blanks.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def wrong(self, message: str, *, hint: str = "") -> Unreadable:
        return Unreadable("LLM001", self.at, message, hint=hint)

    def has_seam(self, start: int) -> bool:
        index = bisect_left(self.seams, start)
        return index < len(self.seams) and self.seams[index] <= self.at

    def value(self, depth: int) -> Node:
        self.count += 1
        if depth > MAX_DEPTH:
            raise Unreadable("LLM003", self.at, f"nested deeper than {MAX_DEPTH} levels")
        if self.count > MAX_VALUES:
            raise Unreadable("LLM003", self.at, f"more than {MAX_VALUES} values in one file")
        start = self.at
        match self.skip():
            case "{":
                return self.mapping(depth)
            case "[":
                return self.listing(depth)
            case '"':
                return self.string()
            case "}" | "]" | "," | "" if self.has_seam(start):  # an action on lines of its own prints it
                return Scalar(start, start, UNKNOWN)
            case _:
                return self.bare()

    def string(self) -> Scalar:
        start = self.at
        try:
            value, self.at = json.decoder.scanstring(self.text, start + 1)  # type: ignore[attr-defined]
        except json.JSONDecodeError as error:
            raise _string_error(error, start) from None
        tail = _BARE.match(self.text, self.at)
        if tail and self.unknown.search(tail[0]):
            self.at = tail.end()
            return Scalar(start, self.at, UNKNOWN, open=True)
        if self.unknown.search(value):
            return Scalar(start, self.at, UNKNOWN)
        if _SURROGATE.search(value):
            raise Unreadable("LLM002", start, "half of a surrogate pair is no character", end=self.at)
        return Scalar(start, self.at, value)

    def bare(self) -> Scalar:
        found = _BARE.match(self.text, self.at)
        word = found[0] if found else ""
        start, self.at = self.at, self.at + len(word)
        if self.unknown.search(word):
            if self.skip() == '"':
                self.string()
            return Scalar(start, self.at, UNKNOWN, open=True)
        if word in _WORDS:
            return Scalar(start, self.at, _WORDS[word])
        return Scalar(start, self.at, _number(word, start, self.text))

    def listing(self, depth: int) -> Sequence:
        node = Sequence(self.at, flow=True)
        while self.next_member("]", node):
            node.items.append(self.value(depth + 1))
        node.end = self.at
        return node

    def mapping(self, depth: int) -> Mapping:
        node = Mapping(self.at, flow=True)
        while self.next_member("}", node):
            key = self.key()
            if self.skip() == ":":
                self.at += 1
                value = self.value(depth + 1)
                node.pairs.append(Pair(key, value))
                node.more |= self.spills(value)
            elif key.value is UNKNOWN:
                node.more = True
            else:
                raise self.wrong("':' is missing here")
        node.end = self.at
        return node

    def spills(self, value: Node) -> bool:
        """Say whether a block in place of a value may have written more members, too."""
        is_bare = isinstance(value, Scalar) and value.open
        return is_bare and self.block in self.text[value.start : value.end]

    def key(self) -> Scalar:
        if self.skip() == '"':
            return self.string()
        found = _BARE.match(self.text, self.at)
        if found and self.unknown.search(found[0]):
            return self.bare()
        raise self.wrong("a key in double quotes is expected here")

    def next_member(self, closing: str, node: Collection) -> bool:
        """Go to the next member, over the comma; return False behind the closing bracket."""
        is_first = self.at == node.start
        start = self.at
        self.at += is_first
        commas = 0
        while self.skip() == ",":
            self.at += 1
            commas += 1
        char = self.skip()
        if char == "":
            message = f"{self.text[node.start]!r} is never closed"
            raise Unreadable("LLM001", node.start, message, hint=f"end it with {closing!r}")
        ends = char == closing
        expected = 0 if is_first or ends else 1
        trailing = ends and self.comments and not is_first and commas == 1
        if commas != expected and not trailing and not self.has_seam(start):
            raise self.comma(closing, commas, expected)
        self.at += ends
        return not ends

    def comma(self, closing: str, commas: int, expected: int) -> Unreadable:
        if commas > expected:
            self.at = self.text.rindex(",", 0, self.at)
            return self.wrong("a comma too many", hint="delete it")
        return self.wrong(f"',' or {closing!r} is missing here")


def _string_error(error: json.JSONDecodeError, start: int) -> Unreadable:
    if error.msg.startswith("Unterminated"):
        return Unreadable("LLM001", start, "the quote is never closed", hint='end the text with "')
    if error.msg.startswith("Invalid control"):
        message = "a line end or control character stands in a text"
        return Unreadable("LLM001", error.pos, message, hint=r"write \n for a line end")
    message = "this backslash sequence is unknown"
    return Unreadable("LLM001", error.pos, message, hint=r"write \\ for a backslash")


def _number(word: str, start: int, text: str) -> int | float:
    """Return a number as chezmoi reads it from JSON; raises Unreadable for what is none."""
    end = start + len(word)
    if _INTEGER.fullmatch(word):
        return _integer(word, start, end)
    if _NUMBER.fullmatch(word):
        return _float(word, start, end)
    if not word:
        char = text[start : start + 1]
        message = f"a value is expected, but {char!r} stands here" if char else "the text ends too early"
        raise Unreadable("LLM001", start, message)
    hint = "put text in double quotes"
    raise Unreadable("LLM001", start, "this is no JSON value", end=end, hint=hint)


def _float(word: str, start: int, end: int) -> float:
    number = float(word)
    if math.isfinite(number):
        return number
    raise Unreadable("LLM003", start, "the number does not fit in 64 bits", end=end)


def _integer(word: str, start: int, end: int) -> int:
    if len(word) <= _LONGEST_INTEGER and MIN_INT64 <= int(word) <= MAX_INT64:
        return int(word)
    raise Unreadable("LLM003", start, "the number does not fit in 64 bits", end=end)


def load(text: str) -> dict[str, Any] | None:
    """Return the data of a JSON document, fast and without places; None if anything is wrong with it.

    Wrong is also what would be changed silently later on: keys written twice, NaN, integers beyond
    64 bits, halves of surrogate pairs. What it is, and where, ``read`` tells.
    """
    try:
        data = _DECODER.decode(text)
        if _SURROGATE_ESCAPE.search(text):
            json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key is written twice")
    return data


def _small(word: str) -> int:
    number = int(word) if len(word) <= _LONGEST_INTEGER else MAX_INT64 + 1
    if MIN_INT64 <= number <= MAX_INT64:
        return number
    raise ValueError("beyond 64 bits")


def _finite(word: str) -> float:
    number = float(word)
    if math.isfinite(number):
        return number
    raise ValueError("no JSON number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_finite, parse_float=_finite, parse_int=_small
)
