"""Bytes of a file become text, and offsets in a text become lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from chezmoi_llm.diagnostics import Diagnostic, Pos

MAX_BYTES: Final = 8 * 2**20
"""Largest file that a person may write."""
MAX_DATA_BYTES: Final = 256 * 2**20
"""Largest document that a program may hand over."""
MAX_DEPTH: Final = 64
"""Deepest nesting of mappings, lists, and template blocks."""
MAX_VALUES: Final = 250_000
"""Most values in one person's file, each use of an alias counted."""

_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "the file starts with a byte order mark, and chezmoi then drops all its data"),
    (b"\xff\xfe", "the file is UTF-16, but must be UTF-8"),
    (b"\xfe\xff", "the file is UTF-16, but must be UTF-8"),
)
_UTF16_SAMPLE: Final = 64

MAX_ACTIONS: Final = 100_000
"""Most actions in one template."""


class Unreadable(Exception):  # noqa: N818  it names the state of the text
    """A text that cannot be read, and why: offsets count characters from 0."""

    def __init__(self, code: str, start: int, message: str, *, end: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.start, self.end = code, start, max(start + 1, end)
        self.message, self.hint = message, hint


class Lines:
    """Where the lines of a text begin; a line feed alone ends one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def pos(self, start: int, end: int) -> Pos:
        """Return the place of a span of characters, cut at the end of its first line."""
        line = bisect_right(self._starts, start)
        first = self._starts[line - 1]
        newline = self.text.find("\n", start, end)
        if newline >= 0:
            end = newline - self.text.startswith("\r", newline - 1)
        return Pos(line=line, col=start - first + 1, width=max(end - start, 1))

    def diagnostic(self, problem: Unreadable, file: str) -> Diagnostic:
        """Return the problem at its place in the file."""
        return Diagnostic(
            file=file,
            at=self.pos(problem.start, problem.end),
            code=problem.code,
            message=problem.message,
            hint=problem.hint,
        )


def decode(data: bytes, file: str, limit: int = MAX_BYTES) -> str | Diagnostic:
    """Return the text of a file, or what is wrong with its size or encoding.

    What is too large has no place in it either, of which a report would show the line.
    """
    if len(data) > limit:
        message = f"the file has {len(data)} bytes, the limit is {limit}"
        return Diagnostic(file=file, code="LLM003", message=message)
    for mark, message in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _whole_file(file, "LLM002", message, "save it as UTF-8 without a byte order mark")
    return _decoded(data, file)


def _decoded(data: bytes, file: str) -> str | Diagnostic:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        problem = Unreadable(
            "LLM002",
            len(before),
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            hint="save the file as UTF-8",
        )
        return Lines(before).diagnostic(problem, file)
    if "\0" not in text:
        return text
    if data[:_UTF16_SAMPLE].count(0) * 3 > len(data[:_UTF16_SAMPLE]):
        message = "the file is UTF-16, but must be UTF-8"
        return _whole_file(file, "LLM002", message, "save it as UTF-8 without a byte order mark")
    problem = Unreadable("LLM002", text.index("\0"), "the file holds a NUL character", hint="delete it")
    return Lines(text).diagnostic(problem, file)


def _whole_file(file: str, code: str, message: str, hint: str = "") -> Diagnostic:
    return Lines("").diagnostic(Unreadable(code, 0, message, hint=hint), file)
