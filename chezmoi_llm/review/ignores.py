"""Takes out of a report what a person has looked at: ``# chezmoi-llm: ignore LLM308`` on its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from chezmoi_llm.diagnostics import UNREADABLE, Diagnostic, Pos, Severity
from chezmoi_llm.records import record
from chezmoi_llm.review import codes
from chezmoi_llm.showing.words import did_you_mean, shown
from chezmoi_llm.source.remarks import Remark

_WORD: Final = re.compile(r"[\w-]*")
_CODE: Final = re.compile(r"[\s,:]*([A-Za-z]+\d+)\b")
MOST_CODES: Final = 50
"""Codes that one comment may name."""


@record
class _Ignore:
    """One code in a comment: its place, and the line that the comment is about.

    ``may_be_computed``: what it is for may be seen only in what the template renders to.
    """

    code: str
    pos: Pos
    line: int
    may_be_computed: bool


def apply(found: Sequence[Diagnostic], remarks: Iterable[Remark], file: str) -> tuple[Diagnostic, ...]:
    """Return what is left of the findings of a file, with what is wrong with its ignore comments.

    That a comment ignores nothing is said only where no errors are left: they may hide what it is for.
    """
    judged = [one for remark in remarks for one in _judged(remark, file)]
    ignores = [one for one in judged if isinstance(one, _Ignore)]
    complaints = [one for one in judged if isinstance(one, Diagnostic)]
    rows = {(ignore.line, ignore.code) for ignore in ignores}
    left = tuple(one for one in found if (one.line, one.code) not in rows)
    if not any(one.severity is Severity.ERROR for one in left):
        hit = {(one.line, one.code) for one in found}
        useless = (one for one in ignores if (one.line, one.code) not in hit and not one.may_be_computed)
        complaints += [_useless(one, file) for one in useless]
    return (*left, *complaints)


def is_ignored(one: Diagnostic, remarks: Iterable[Remark]) -> bool:
    """Say whether one of the comments in its file says to ignore a finding."""
    asked = (ignore for remark in remarks for ignore in _judged(remark, one.file))
    rows = {(ignore.line, ignore.code) for ignore in asked if isinstance(ignore, _Ignore)}
    return (one.line, one.code) in rows


def _judged(remark: Remark, file: str) -> Iterator[_Ignore | Diagnostic]:
    """Yield each code that a comment ignores, and what is wrong with the comment; others are prose."""
    word = _WORD.match(remark.said)
    order, at = (word[0], word.end()) if word else ("", 0)
    names = list(islice(_codes(remark.said, at), MOST_CODES))
    if order != "ignore":
        hint = did_you_mean(order, ["ignore"]) if names else ""
        if hint:
            yield _complaint(file, remark.pos, f"{shown(order)} says nothing to chezmoi-llm", hint)
        return
    if not names:
        hint = "write the codes behind it, such as LLM308"
        yield _complaint(file, remark.pos, "this comment names no code to ignore", hint)
    for start, name in names:
        pos = Pos(line=remark.pos.line, col=remark.pos.col + start, width=len(name))
        yield _wrong_code(name, file, pos) or _Ignore(
            code=name.upper(), pos=pos, line=remark.line, may_be_computed=remark.is_computed
        )


def _codes(said: str, at: int) -> Iterator[tuple[int, str]]:
    """Yield the codes that stand one after the other, each with its offset; a reason may follow them."""
    while found := _CODE.match(said, at):
        yield found.start(1), found[1]
        at = found.end()


def _wrong_code(name: str, file: str, pos: Pos) -> Diagnostic | None:
    code = name.upper()
    if code not in codes.sections():
        hint = did_you_mean(code, list(codes.sections())) or "chezmoi-llm check names the code to ignore"
        return _complaint(file, pos, f"there is no code {shown(name)}", hint)
    if code.startswith(UNREADABLE):
        message = f"{code} cannot be ignored: chezmoi itself could not read the file"
        return _complaint(file, pos, message, "mend it, and take the comment out")
    return None


def _useless(ignore: _Ignore, file: str) -> Diagnostic:
    where = f"on line {ignore.line}" if ignore.line else "behind this comment"
    message = f"there is no {ignore.code} to ignore {where}"
    return _complaint(file, ignore.pos, message, "take it out of the comment")


def _complaint(file: str, pos: Pos, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        file=file, at=pos, code="LLM108", severity=Severity.WARNING, message=message, hint=hint
    )
