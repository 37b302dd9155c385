"""Lines of ours in a file of the person's, such as ``.gitignore``: put there, and taken out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chezmoi_llm.scaffold.changes import Change
from chezmoi_llm.scaffold.tree import GIT_IGNORE

_TRIMMED: Final = re.compile(rb"\s-\}\}\s*\Z")
_LINE_END: Final = b'{{ "\\n" }}'
"""What starts a new line where an action at the end of the file takes the line end away."""


def appended(path: str, before: bytes | None, *lines: str) -> Change:
    """Return the change that puts lines at the end of a file, which keeps having no line end, or one."""
    text, added = before or b"", "\n".join(lines).encode()
    if path != GIT_IGNORE and _TRIMMED.search(text):
        added = _LINE_END + added
    is_ended = not text or text.endswith(b"\n")
    after = text + added + b"\n" if is_ended else text + b"\n" + added
    return Change(path=path, before=before, after=after, what="add" if before is None else "add lines to")


def lines_of(text: bytes | None) -> frozenset[str]:
    """Return the lines of a file as they are given to :func:`appended`."""
    return frozenset(map(_line, (text or b"").splitlines()))


def without_lines(path: str, before: bytes | None, unwanted: set[str]) -> Iterator[Change]:
    """Yield the change that takes lines out of a file as :func:`appended` put them there.

    The file goes if no line is left.
    """
    lines = (before or b"").splitlines(keepends=True)
    kept = [line for line in lines if _line(line) not in unwanted]
    if kept != lines:
        text = b"".join(kept)
        after = text if lines[-1].endswith(b"\n") else text.removesuffix(b"\n")
        what = "take lines out of" if after else "delete"
        yield Change(path=path, before=before, after=after or None, what=what)


def _line(line: bytes) -> str:
    return line.removeprefix(_LINE_END).decode(errors="replace").strip()
