"""Edits as texts: a title, the command, and one text in which «this» comes and ⟪this⟫ goes.

A carriage return is written ␍; ␃ stands where the text ends without a line end. For an edit that is
refused, what is said stands below the text.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One command, and the bytes of the file before and after it."""

    title: str
    words: tuple[str, ...]
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One command, the text of a file of some kind, and why the command leaves that as it is."""

    title: str
    command: str
    kind: str
    text: str
    said: str


def edits() -> Iterator[Edit]:
    """Yield all edits."""
    for kind, title, command, marked in _cases("edits"):
        text = marked.removesuffix("␃\n").replace("␍", "\r")
        yield Edit(
            title=f"{kind}: {title}",
            words=tuple(shlex.split(command)),
            before=_without(text, "«", "»"),
            after=_without(text, "⟪", "⟫"),
        )


def refusals() -> Iterator[Refusal]:
    """Yield all edits that are refused."""
    for kind, title, command, body in _cases("refusals"):
        text, said = body.split("---\n")
        yield Refusal(title=f"{kind}: {title}", command=command, kind=kind, text=text, said=said)


def _cases(folder: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the name of the file, the title, the command, and what stands below it."""
    for file in sorted((FOLDER / folder).glob("*.txt")):
        for case in re.split(r"^### ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, command, body = case.split("\n", 2)
            body = body.removesuffix("\n").removesuffix("\n") + "\n"
            yield file.stem, title, command.removeprefix("$ "), body


def _without(text: str, start: str, end: str) -> bytes:
    """Return the text without what stands between two marks, and without any other mark."""
    return re.sub("[«»⟪⟫]", "", re.sub(f"{start}[^{end}]*{end}", "", text)).encode()
