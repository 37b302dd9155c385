"""Reads TOML into nodes with places: structure here, the value of each scalar by ``tomllib``."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from typing import Any, Final

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source.nodes import Collection, Mapping, Node, Pair, Scalar, Sequence
from chezmoi_llm.source.rendered import Rendered
from chezmoi_llm.source.scalars import MAX_INT64, MIN_INT64
from chezmoi_llm.source.text import MAX_DEPTH, MAX_VALUES, Unreadable

_BLANKS: Final = re.compile(r"[ \t]*")
_LINES: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*)*")
# Groups are not possessive: Python 3.11.0 to 3.11.4 match such groups wrongly (CPython issue 106052).
_STRING: Final = re.compile(
    r'"""(?:[^\\"]++|\\[\s\S]|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]++|\\[^\n])*"'
    r"|'[^'\n]*'"
)
_BARE: Final = re.compile(r"\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\]}#]*|[^\s,\[\]{}#\"'=]+")
_KEY: Final = re.compile(r"[^\s.,\[\]{}#\"'=]+")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def read(rendered: Rendered) -> Mapping:
    """Return the root table of a TOML text; raises Unreadable."""
    root = _Reader(rendered).document()
    if not rendered.forked and not any(mark in rendered.text for mark in rendered.marks.both):
        _check(rendered.text)
    return root


def _check(text: str) -> None:
    """Let tomllib find what is wrong with a text that holds nothing unknown."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if str(error).startswith("Cannot overwrite"):
            return  # the key stands twice in the nodes as well, with both places
        raise _translated(str(error), text) from None
    except RecursionError:
        raise Unreadable("LLM003", 0, f"nested deeper than {MAX_DEPTH} levels") from None
    except ValueError:
        # int() refuses thousands of digits; the reader itself finds the place
        return


def _translated(message: str, text: str) -> Unreadable:
    found = _PLACE.search(message)
    at = len(text.rstrip())
    if found and found[1]:
        starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
        at = starts[int(found[1]) - 1] + int(found[2]) - 1
    said = message[: found.start()] if found else message
    if said.startswith(("Cannot declare", "Cannot mutate", "Duplicate")):
        return Unreadable("LLM005", at, "a key or table is written twice", hint="keep one of the two")
    return Unreadable("LLM001", at, f"this is not TOML: {said[:1].lower()}{said[1:]}")


class _Reader:
    """Walks through one text; ``table`` is where keys go, ``at`` where it is."""

    def __init__(self, rendered: Rendered) -> None:
        self.text = rendered.text
        self.unknown = re.compile("[" + "".join(rendered.marks.both) + "]")
        self.holes = sorted(
            [hole.at for hole in rendered.holes]
            + [edge for fork in rendered.forks if fork.is_loop for edge in fork.edges]
        )
        self.edges = sorted([*self.holes, *(edge for fork in rendered.forks for edge in fork.edges)])
        self.root = Mapping(0, len(self.text))
        self.tables: list[tuple[int, tuple[Collection, ...]]] = [(0, (self.root,))]
        self.lists: list[Sequence] = []
        self.known: dict[int, dict[Any, Node]] = {}
        self.at = 0
        self.count = 0

    def document(self) -> Mapping:
        while self.skip(_LINES):
            if self.text[self.at] == "[":
                self.header()
            else:
                self.pair(self.tables[-1][1][-1])
            self.line_end()
        self.open_holes()
        return self.root

    def open_holes(self) -> None:
        """Mark the tables that unknown lines may add to, and all lists of tables."""
        starts = [start for start, _ in self.tables]
        for hole in self.holes:
            for table in self.tables[bisect_right(starts, hole) - 1][1]:
                table.more = True
        for listing in self.lists if self.holes else ():
            listing.more = True

    def skip(self, blanks: re.Pattern[str] = _BLANKS) -> str:
        """Skip blanks and return the character behind them, or nothing at the end."""
        found = blanks.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def take(self, char: str) -> None:
        if self.skip() != char:
            raise Unreadable("LLM001", self.at, f"{char!r} is missing here")
        self.at += 1

    def crosses_edge(self, start: int) -> bool:
        index = bisect_right(self.edges, start)
        return index < len(self.edges) and self.edges[index] < self.at

    def line_end(self) -> None:
        if self.skip() in {"", "#", "\n"} or self.text.startswith("\r\n", self.at):
            return
        found = re.compile(r"[^\n#]*").match(self.text, self.at)
        if found and self.unknown.search(found[0]):
            self.at = found.end()
            self.tables[-1][1][-1].more = True
            return
        raise Unreadable("LLM001", self.at, "text stands behind a value that is complete")

    def header(self) -> None:
        """Read ``[table]`` or ``[[list of tables]]`` and go there."""
        start = self.at
        is_list = self.text.startswith("[[", start)
        self.at += 1 + is_list
        keys = self.keys()
        self.check_limits(len(keys))
        for _ in range(1 + is_list):
            self.take("]")
        way: list[Collection] = [self.root]
        for key in keys[:-1]:
            way += self.enter(way[-1], key)
        way += self.append(way[-1], keys[-1]) if is_list else self.enter(way[-1], keys[-1])
        self.tables.append((start, tuple(way)))

    def enter(self, holder: Collection, key: Scalar) -> list[Collection]:
        """Return the table under a key, made if need be; of a list of tables, the last one."""
        found = self.find(holder, key)
        if isinstance(found, Sequence) and found.items and isinstance(found.items[-1], Mapping):
            return [found, found.items[-1]]
        if isinstance(found, Mapping) and not found.flow:
            return [found]
        table = Mapping(key.start, key.end)
        self.add(holder, key, table)
        return [table]

    def append(self, holder: Collection, key: Scalar) -> list[Collection]:
        found = self.find(holder, key)
        if not isinstance(found, Sequence) or found.flow:
            found = Sequence(key.start, key.end)
            self.lists.append(found)
            self.add(holder, key, found)
        table = Mapping(key.start, key.end)
        found.items.append(table)
        return [found, table]

    def find(self, holder: Collection, key: Scalar) -> Node | None:
        return None if key.value is UNKNOWN else self.known.get(id(holder), {}).get(key.value)

    def add(self, holder: Collection, key: Scalar, value: Node) -> None:
        if isinstance(holder, Mapping):
            holder.pairs.append(Pair(key, value))
            self.known.setdefault(id(holder), {})[key.value] = value

    def pair(self, holder: Collection, depth: int = 0) -> None:
        keys = self.keys()
        if self.skip() != "=" and keys[-1].value is UNKNOWN:
            holder.more = True
            return
        self.take("=")
        self.check_limits(depth + len(keys))
        for key in keys[:-1]:
            holder = self.enter(holder, key)[-1]
        self.add(holder, keys[-1], self.value(depth + 1))

    def keys(self) -> list[Scalar]:
        keys = [self.key()]
        while self.skip() == ".":
            self.at += 1
            keys.append(self.key())
            if len(keys) > MAX_DEPTH:
                raise Unreadable("LLM003", self.at, f"nested deeper than {MAX_DEPTH} levels")
        return keys

    def key(self) -> Scalar:
        self.skip()
        start = self.at
        found = _STRING.match(self.text, start) or _KEY.match(self.text, start)
        word = found[0] if found else ""
        bare = _BARE_KEY.match(word)
        if self.unknown.search(word):
            self.at += len(word)
            return Scalar(start, self.at, UNKNOWN)
        if word[:1] in {'"', "'"}:
            self.at += len(word)
            return Scalar(start, self.at, self.parsed(word, start))
        if not bare:
            raise Unreadable("LLM001", start, "a key is expected here", hint="put it in quotes")
        self.at += bare.end()
        return Scalar(start, self.at, bare[0])

    def check_limits(self, depth: int) -> None:
        """Count one value or table; raises Unreadable (LLM003) for too many of them or too many levels."""
        self.count += 1
        if depth > MAX_DEPTH:
            raise Unreadable("LLM003", self.at, f"nested deeper than {MAX_DEPTH} levels")
        if self.count > MAX_VALUES:
            raise Unreadable("LLM003", self.at, f"more than {MAX_VALUES} values in one file")

    def value(self, depth: int) -> Node:
        self.check_limits(depth)
        match self.skip():
            case "[":
                return self.listing(depth)
            case "{":
                return self.inline_table(depth)
            case _:
                return self.scalar()

    def scalar(self) -> Scalar:
        start = self.at
        found = _STRING.match(self.text, start) or _BARE.match(self.text, start)
        if found is None:
            raise self.no_value()
        self.at = found.end()
        tail = _BARE.match(self.text, self.at)
        if tail and self.unknown.search(tail[0]):
            self.at = tail.end()
            return Scalar(start, self.at, UNKNOWN)
        if self.unknown.search(found[0]) or self.crosses_edge(start):
            string = _STRING.match(self.text, self.at)
            self.at = string.end() if string else self.at
            return Scalar(start, self.at, UNKNOWN)
        return Scalar(start, self.at, self.parsed(found[0], start))

    def no_value(self) -> Unreadable:
        char = self.text[self.at : self.at + 1]
        if char in {'"', "'"}:
            hint = f"end the text with {char}"
            return Unreadable("LLM001", self.at, "the quote is never closed", hint=hint)
        return Unreadable("LLM001", self.at, "a value is expected here")

    def parsed(self, word: str, start: int) -> Any:
        """Return the value of a scalar; a date stays text, which is what JSON makes of it."""
        end = start + len(word)
        try:
            value = tomllib.loads(f"v = {word}")["v"]
        except tomllib.TOMLDecodeError:
            is_switch = word.lower() in {"true", "false"}
            hint = f"write {word.lower()}" if is_switch else "put text in quotes"
            raise Unreadable("LLM001", start, "this is no TOML value", end=end, hint=hint) from None
        except ValueError:
            value = MAX_INT64 + 1
        if isinstance(value, int) and not MIN_INT64 <= value <= MAX_INT64:
            raise Unreadable("LLM003", start, "the number does not fit in 64 bits", end=end)
        return value if isinstance(value, str | int | float) else word

    def listing(self, depth: int) -> Sequence:
        node = Sequence(self.at, flow=True)
        self.at += 1
        while self.skip(_LINES) not in {"]", ""}:
            node.items.append(self.value(depth + 1))
            if self.skip(_LINES) == ",":
                self.at += 1
            elif self.text[self.at : self.at + 1] not in {"]", ""} and not self.crosses_edge(
                node.items[-1].start
            ):
                raise Unreadable("LLM001", self.at, "',' or ']' is missing here")
        self.close(node, "]")
        return node

    def inline_table(self, depth: int) -> Mapping:
        node = Mapping(self.at, flow=True)
        self.at += 1
        while self.skip(_LINES) not in {"}", ""}:
            self.pair(node, depth)
            if self.skip(_LINES) == ",":
                self.at += 1
            elif self.text[self.at : self.at + 1] not in {"}", ""}:
                raise Unreadable("LLM001", self.at, "',' or '}' is missing here")
        self.close(node, "}")
        return node

    def close(self, node: Collection, bracket: str) -> None:
        opening = self.text[node.start]
        if self.text[self.at : self.at + 1] != bracket:
            message = f"{opening!r} is never closed"
            raise Unreadable("LLM001", node.start, message, hint=f"end it with {bracket!r}")
        self.at += 1
        node.end = self.at
        index = bisect_left(self.holes, node.start)
        node.more |= index < len(self.holes) and self.holes[index] < node.end
