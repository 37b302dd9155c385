"""Spans of a text that are replaced while all else stays, and the difference as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff as compared
from typing import Final

from chezmoi_llm.showing.veil import veiled
from chezmoi_llm.showing.words import visible

NO_NEWLINE: Final = "\\ No newline at end of file"
"""What diff(1) writes below a last line that no line feed ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One span of a text and what stands there afterwards; an empty span is a place to insert at.

    Offsets count characters from 0. What ``source.parse`` can read is UTF-8 without a byte order
    mark, so that the text of a file, encoded again, is the file's bytes.
    """

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with each span replaced; edits at one place come in the order given.

    Raises ValueError for spans that overlap or leave the text.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"{edit} overlaps the edit before it, or leaves the text")
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


def unified_diff(old: str, new: str, file: str) -> tuple[str, ...]:
    """Return the lines of a unified diff, without line ends; nothing where both texts are equal.

    Secrets are starred out, and so are control characters replaced; carriage returns are not shown.
    """
    return tuple(_shown(compared(_lines(old), _lines(new), file, file, lineterm="\n")))


def _lines(text: str) -> Sequence[str]:
    """Return the lines with their line feeds: nothing else ends a line here, as in YAML and in git."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _shown(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        whole = line.removesuffix("\n").removesuffix("\r")
        yield visible(veiled(whole))
        if not line.endswith("\n"):
            yield NO_NEWLINE
