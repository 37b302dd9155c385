"""A problem is a value with a place: findings name a path in the document, diagnostics a line."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TypeAlias

from chezmoi_llm.records import record

Path: TypeAlias = tuple[str | int, ...]
"""Steps from the root of the config file, such as ``("data", "local_models", 0, "name")``."""


UNREADABLE = "LLM0"
"""How the codes begin of what keeps a text from being read."""


class Severity(IntEnum):
    """How bad a finding is; only errors make a command fail."""

    ERROR = 0
    WARNING = 1
    NOTE = 2

    def __str__(self) -> str:
        return self.name.lower()


class Exit(IntEnum):
    """Exit codes of every command."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    COULD_NOT_RUN = 3
    BUSY = 4
    INTERRUPTED = 130


@record
class Pos:
    """A place in a text: line and column count from 1, the width is in characters.

    A width of 0 says that nothing there is wrong: it is only near to where something could be written.
    """

    line: int
    col: int
    width: int = 1


NOWHERE = Pos(line=0, col=0)
"""The place of what is wrong with a file as a whole."""


@record
class Finding:
    """A problem at a path of the document, before anybody knows on which line that is.

    ``at_key`` asks for the place of the key instead of its value; ``related`` is another place
    that the message speaks of; ``together`` are places without which it would not be true;
    ``is_secret`` says that the value must not be shown. ``mend`` is the word, or the YAML, that was
    meant at the place, if that is certain.
    """

    code: str
    path: Path
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    at_key: bool = False
    related: Path = ()
    together: tuple[Path, ...] = ()
    is_secret: bool = False
    mend: str = ""


@record
class Diagnostic:
    """A problem at a place in a file.

    ``is_secret`` says that what stands at the place must not be shown; ``mend`` is what was meant
    there, if that is certain, and is empty where the place is not the very one.
    """

    file: str
    code: str
    message: str
    hint: str = ""
    at: Pos = NOWHERE
    severity: Severity = Severity.ERROR
    is_secret: bool = False
    mend: str = ""

    @property
    def line(self) -> int:
        """The line, from 1; 0 where only the file is known."""
        return self.at.line

    @property
    def col(self) -> int:
        """The column of the first character, from 1."""
        return self.at.col

    @property
    def width(self) -> int:
        """How many characters it is about."""
        return self.at.width


def by_place(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics sorted by file and place, each once."""
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda one: (one.file, one.line, one.col, one.code, one.message)))
