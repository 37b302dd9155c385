"""Says in plain words, and at the place of the mistake, what libyaml could not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chezmoi_llm.source.text import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where libyaml gave up: ``at`` the place, ``since`` the start of what it was reading.

    ``last`` is the span of the last scalar that was read whole, if it was in quotes.
    """

    text: str
    problem: str
    at: int
    since: int
    last: tuple[int, int]

    def line(self, offset: int) -> tuple[int, str]:
        """Return where the line around an offset starts, and its text."""
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        return start, self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def before(self) -> tuple[int, str]:
        """Return the last line with content before the place."""
        start, line = self.line(self.at)
        while start > 0:
            start, line = self.line(start - 1)
            if line.strip() and not line.lstrip().startswith("#"):
                break
        return start, line

    def is_first_on_line(self) -> bool:
        """Say whether only blanks stand before the place."""
        start, line = self.line(self.at)
        return not line[: self.at - start].strip()


def explain(error: Any, text: str, last: tuple[int, int]) -> Unreadable:
    """Return what is wrong with ``text``, of which PyYAML raised ``error``."""
    at = error.problem_mark or error.context_mark
    since = error.context_mark or at
    failure = Failure(
        text=text,
        problem=error.problem or "",
        at=min(at.index, len(text)) if at else 0,
        since=since.index if since else 0,
        last=last,
    )
    rules = (rule for pattern, rule in _RULES if pattern.search(failure.problem))
    found = (rule(failure) for rule in (_open_quote, _no_space, *rules))
    return next(filter(None, found), None) or _unreadable(failure.at, failure.problem)


Rule: TypeAlias = Callable[[Failure], Unreadable | None]
_MISSING_SPACE: Final = re.compile(r"((?:\s|- )*)([A-Za-z_][\w.-]*:)(?![\s/\\])(\S.*)")


def _unreadable(at: int, message: str, *, hint: str = "", end: int = 0, code: str = "LLM001") -> Unreadable:
    return Unreadable(code, at, message, end=end, hint=hint)


def _open_quote(failure: Failure) -> Unreadable | None:
    """Find a quote that is closed by the opening quote of a later value."""
    start, end = failure.last
    line, _ = failure.line(failure.at)
    if start < line <= end <= failure.at:
        return _unreadable(start, "the quote is not closed on its line", hint="close the quote")
    return None


def _no_space(failure: Failure) -> Unreadable | None:
    """Find ``key:value``, which is not a key and a value but one text."""
    for start, line in (failure.line(failure.at), failure.before()):
        found = _MISSING_SPACE.match(line)
        if found and start + found.end(2) - 1 != failure.at:
            return _unreadable(
                start + found.start(2),
                f"there is no space after {found[2]!r}",
                end=start + found.end(2),
                hint=f"write '{found[2]} ...'",
            )
    return None


def _bad_start(failure: Failure) -> Unreadable:
    char = failure.text[failure.at : failure.at + 1]
    if char == "\t":
        message = "a tab cannot be used for indentation"
        return _unreadable(failure.at, message, hint="use spaces")
    return _unreadable(failure.at, f"a value cannot start with {char!r}", hint="put the value in quotes")


def _not_closed(failure: Failure) -> Unreadable:
    quote = failure.text[failure.since : failure.since + 1]
    return _unreadable(failure.since, "the quote is never closed", hint=f"end the text with {quote}")


def _second_colon(failure: Failure) -> Unreadable:
    start, line = failure.line(failure.at)
    key = line[: failure.at - start].strip()
    if ": " in key or key.startswith(("- ", '"', "'")):
        message = "a second ': ' in one line"
        return _unreadable(failure.at, message, hint="put the value in quotes")
    return _unreadable(
        start + len(line) - len(line.lstrip()),
        f"{key!r} is indented more than the keys around it",
        end=failure.at,
        hint="indent the keys of one mapping alike",
    )


def _wrong_place(failure: Failure) -> Unreadable:
    start, line = failure.line(failure.at)
    end = start + len(line)
    if failure.is_first_on_line():
        message = "the indentation of this line fits none of the lines above"
        return _unreadable(failure.at, message, end=end, hint="indent it like the lines it belongs to")
    message = "this text stands behind a value that is complete"
    return _unreadable(failure.at, message, end=end, hint="put the whole value in quotes")


def _no_item(failure: Failure) -> Unreadable:
    start, line = failure.line(failure.at)
    message = "this line stands in a list, but does not start with '- '"
    hint = "start it with '- ', or indent it like the lines it belongs to"
    return _unreadable(failure.at, message, end=start + len(line), hint=hint)


def _colon(failure: Failure) -> Unreadable:
    message = "there is no space after ':'"
    return _unreadable(failure.at, message, hint="write ': '")


def _no_list_here(failure: Failure) -> Unreadable:
    message = "a list cannot start on the line of its key"
    return _unreadable(failure.at, message, hint="start it on the next line")


def _bracket(failure: Failure) -> Unreadable:
    opening = failure.text[failure.since : failure.since + 1]
    closing = {"[": "]", "{": "}"}.get(opening, "")
    if failure.line(failure.at)[0] != failure.line(failure.since)[0] or failure.at >= len(failure.text):
        message = f"{opening!r} is never closed"
        return _unreadable(failure.since, message, hint=f"end it with {closing!r}")
    return _unreadable(failure.at, f"',' or {closing!r} is missing here")


def _no_content(failure: Failure) -> Unreadable:
    char = failure.text[failure.at : failure.at + 1]
    if not char:
        return _unreadable(failure.since, "the text ends in the middle of a value")
    return _unreadable(failure.at, f"a value is expected, but {char!r} stands here")


def _escape(failure: Failure) -> Unreadable:
    message = "this backslash sequence is unknown"
    return _unreadable(failure.at, message, hint="write '\\\\' for a backslash, or use single quotes")


def _tag(failure: Failure) -> Unreadable:
    found = re.compile(r"\S*").match(failure.text, failure.since)
    tag = found[0] if found else ""
    message = f"the YAML tag {tag!r} cannot be used"
    hint = "write the value without a tag"
    return _unreadable(failure.since, message, code="LLM006", end=failure.since + len(tag), hint=hint)


def _name(failure: Failure) -> Unreadable:
    char = failure.text[failure.since : failure.since + 1]
    message = f"a name is expected after {char!r}"
    return _unreadable(failure.since, message, hint="put the value in quotes")


_RULES: Final[tuple[tuple[re.Pattern[str], Rule], ...]] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        ("cannot start any token|found a tab character", _bad_start),
        ("found unexpected end of stream|unexpected document separator", _not_closed),
        ("mapping values are not allowed", _second_colon),
        ("expected '-' indicator|expected <block end>, but found '\\?'", _no_item),
        ("expected key|expected <block end>|could not find expected ':'", _wrong_place),
        ("sequence entries are not allowed", _no_list_here),
        ("found unexpected ':'", _colon),
        ("expected ',' or", _bracket),
        ("expected (the )?node content", _no_content),
        ("escape|hexa?decimal|Unicode character", _escape),
        ("tag|expected '>'", _tag),
        ("alphabetic or numeric", _name),
    )
)
"""What libyaml and PyYAML say, and what we make of it."""
