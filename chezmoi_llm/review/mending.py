"""Mends what is certain: puts what was meant in place of what a diagnostic is about."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.edits import Edit, apply
from chezmoi_llm.source import formats

MOST_ROUNDS = 5
"""How often a text is looked at again, since one mend may show the next mistake."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_QUOTED = re.compile(r"""(["'])([^"'\\]*)\1""")
_NOT_ALONE = re.compile(r"[&*!|>]|.*\{\{")
"""How a value begins that has more to it than its span shows, or that an action makes."""


def fixed(data: bytes, judge: Callable[[bytes], Sequence[Diagnostic]]) -> bytes:
    """Return the text of a file with everything mended that is certain.

    ``judge`` tells what is wrong with a text. A mend after which it finds more errors than at first
    is not made.
    """
    best = now = data.removeprefix(_BYTE_ORDER_MARK)
    found = judge(now)
    most = _errors(found)
    for _ in range(MOST_ROUNDS):
        mended = _mended(now, found)
        if mended == now:
            break
        now, found = mended, judge(mended)
        best = now if _errors(found) <= most else best
    return best


def _errors(found: Iterable[Diagnostic]) -> int:
    return sum(one.severity is Severity.ERROR for one in found)


def _mended(data: bytes, found: Sequence[Diagnostic]) -> bytes:
    changes = edits(data, found)
    return apply(_text(data), changes).encode(errors="surrogateescape") if changes else data


def _text(data: bytes) -> str:
    """Return the text of a file in which some bytes may be no UTF-8."""
    return data.decode(errors="surrogateescape")


def edits(data: bytes, found: Iterable[Diagnostic]) -> tuple[Edit, ...]:
    """Return what to change in the text of a file by what is certain in its diagnostics."""
    wanted = [one for one in found if one.mend]
    text = _text(data) if wanted else ""
    starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
    made: list[Edit] = []
    for one in wanted:
        start = starts[one.line - 1] + one.col - 1
        meant = _written(text[start : start + one.width], one)
        if meant:
            made.append(Edit(start=start, end=start + one.width, text=meant))
    return tuple(_apart(made))


def _written(there: str, one: Diagnostic) -> str:
    """Return what to write in place of a span, or nothing where it is not the whole value."""
    quoted = _QUOTED.fullmatch(there)
    if _NOT_ALONE.match(there) or (there[:1] in {'"', "'"} and not quoted):
        return ""
    kind = _kind(one.mend)
    if kind == "word":
        return f"{quoted[1]}{one.mend}{quoted[1]}" if quoted else one.mend
    if kind == "text" and one.mend != f'"{there}"':  # the number may have been written in another way
        return ""
    return one.mend if kind != "collection" or formats.of(one.file) is formats.YAML else ""


def _kind(mend: str) -> str:
    """Return what a mend is: a word, which keeps the quotes that are there, or else."""
    if mend.startswith(("[", "{")):
        return "collection"
    if mend.startswith('"'):
        return "text"
    try:
        json.loads(mend)
    except ValueError:
        return "word"
    return "number"


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Leave out an edit that overlaps one before it; the next round comes to it."""
    done = 0
    for edit in sorted(set(edits), key=lambda one: (one.start, one.end)):
        if edit.start >= done:
            yield edit
            done = edit.end
