"""Says in plain words, and at the place of the mistake, what libyaml could not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chezmoi_llm.showing.words import shown
from chezmoi_llm.source.text import Unreadable
from chezmoi_llm.source.yaml_dialect import half_pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where libyaml gave up: ``at`` the place, ``since`` the start of what it was reading.

    ``last`` is the span of the last scalar that was read whole, if it was in quotes; ``opened`` are
    the brackets and braces that were not closed yet.
    """

    text: str
    said: str
    at: int
    since: int
    last: tuple[int, int]
    opened: Sequence[int]

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


def explain(error: Any, text: str, *, last: tuple[int, int], opened: Sequence[int]) -> Unreadable:
    """Return what is wrong with ``text``, of which PyYAML raised ``error``."""
    at = error.problem_mark or error.context_mark
    since = error.context_mark or at
    failure = Failure(
        text=text,
        said=f"{error.context or ''}: {error.problem or ''}",
        at=min(at.index, len(text)) if at else 0,
        since=since.index if since else 0,
        last=last,
        opened=opened,
    )
    rules = (rule for pattern, rule in _RULES if pattern.search(failure.said))
    found = (rule(failure) for rule in rules)
    return next(filter(None, found), None) or _unreadable(failure.at, "this is not YAML")


Rule: TypeAlias = Callable[[Failure], Unreadable | None]
_INSIDE_ITEM: Final = re.compile(r"\s*(?!(?:name|id)\s*:)[\w-]+\s*:(?:\s|$)")
"""A line that no item begins with: a key other than those that say which model it is."""
_END_OF_DOCUMENT: Final = re.compile(r"^\.\.\.\s", re.MULTILINE)
_MISSING_SPACE: Final = re.compile(r"((?:\s|- )*)([A-Za-z_]+:)(?![\s/\\:])\S")


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
    hint = "indent it like the lines it belongs to"
    if not _INSIDE_ITEM.match(line):
        hint = f"start it with '- ', or {hint}"
    return _unreadable(failure.at, message, end=start + len(line), hint=hint)


def _colon(failure: Failure) -> Unreadable:
    message = "there is no space after ':'"
    return _unreadable(failure.at, message, hint="write ': '")


def _no_colon(failure: Failure) -> Unreadable | None:
    """Find a line between keys that is none: ``name = value``, or words by themselves."""
    start, line = failure.line(failure.since)
    if "simple key" not in failure.said:
        start, line = failure.before()
        here, below = failure.line(failure.at)
        if _indent(line) != _indent(below) or here == start:
            return None
    text = line.strip()
    if not text or re.search(r":(\s|$)", text) or text[0] in "\"'[]{}-&*!|>":
        return None
    assigned = re.match(r"([\w-]+)(\s*=|\s+\S)", text)
    hint = f"write {shown(f'{assigned[1]}: ...')}" if assigned else "write 'key: value'"
    first = start + _indent(line)
    return _unreadable(first, "this line has no ':'", end=first + len(text), hint=hint)


def _no_colon_above(failure: Failure) -> Unreadable | None:
    """Find a key without its colon, above lines that are indented as its value."""
    start, line = failure.before()
    found = re.fullmatch(
        r"(?P<before>\s*(?:- +)?)(?P<key>[A-Za-z_][\w-]*)(?P<value> +[^\s#:]\S*)?\s*", line
    )
    if not found or _indent(line) >= _indent(failure.line(failure.at)[1]):
        return None
    key = found["key"]
    hint = f"write {shown(f'{key}: ...' if found['value'] else f'{key}:')}"
    first = start + found.start("key")
    end = start + len(line.rstrip())
    return _unreadable(first, "this line has no ':'", end=end, hint=hint)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _no_list_here(failure: Failure) -> Unreadable:
    message = "a list cannot start on the line of its key"
    return _unreadable(failure.at, message, hint="start it on the next line")


def _bracket(failure: Failure) -> Unreadable:
    start = failure.opened[-1]
    opening = failure.text[start]
    closing = {"[": "]", "{": "}"}[opening]
    if failure.line(failure.at)[0] != failure.line(start)[0] or failure.at >= len(failure.text):
        hint = f"end it with {closing!r}"
        return _unreadable(start, f"{opening!r} is never closed", hint=hint)
    return _unreadable(failure.at, f"',' or {closing!r} is missing here")


def _no_content(failure: Failure) -> Unreadable:
    char = failure.text[failure.at : failure.at + 1]
    if not char:
        return _bracket(failure)
    return _unreadable(failure.at, f"a value is expected, but {char!r} stands here")


def _escape(failure: Failure) -> Unreadable:
    message = "this backslash sequence is unknown"
    return _unreadable(failure.at, message, hint="write '\\\\' for a backslash, or use single quotes")


def _half_pair(failure: Failure) -> Unreadable:
    return half_pair(failure.text.rfind("\\u", 0, failure.at + 2))


def bad_tag(at: int) -> Unreadable:
    """Return what is wrong with a YAML tag; it is not repeated, since it may be a password."""
    message = "a value that starts with '!' is a YAML tag, which cannot be used here"
    return _unreadable(at, message, code="LLM006", hint="put the value in quotes, or take the tag out")


def _tag(failure: Failure) -> Unreadable:
    return bad_tag(failure.since)


def _text_block(failure: Failure) -> Unreadable:
    sign = failure.text[failure.since : failure.since + 1]
    message = f"text stands behind the {sign!r} that announces a text"
    return _unreadable(failure.at, message, hint="start the text on the next line")


def _directive(failure: Failure) -> Unreadable:
    message = "a YAML directive cannot be used"
    return _unreadable(failure.since, message, code="LLM006", hint="delete the line that starts with '%'")


def _behind_end(failure: Failure) -> Unreadable:
    if not _END_OF_DOCUMENT.search(failure.text, 0, failure.at):
        message = "this text stands behind a value that is complete"
        return _unreadable(failure.at, message, hint="start the file with the key 'data'")
    message = "text stands behind the end of the document"
    return _unreadable(failure.at, message, code="LLM006", hint="delete the line '...'")


def _question(failure: Failure) -> Unreadable:
    message = "a value cannot start with '? '"
    return _unreadable(failure.at, message, hint="put the value in quotes")


def _name(failure: Failure) -> Unreadable:
    char = failure.text[failure.since : failure.since + 1]
    message = f"a name is expected after {char!r}"
    return _unreadable(failure.since, message, hint="put the value in quotes")


_RULES: Final[tuple[tuple[re.Pattern[str], Rule], ...]] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        ("", _open_quote),
        ("mapping values are not allowed|expected ':'", _no_space),
        ("simple key|mapping values are not allowed|expected key|expected <block end>", _no_colon),
        ("mapping values are not allowed", _no_colon_above),
        ("cannot start any token|found a tab character", _bad_start),
        ("found unexpected end of stream|unexpected document separator", _not_closed),
        ("mapping values are not allowed", _second_colon),
        ("mapping keys are not allowed", _question),
        ("sequence entries are not allowed", _no_list_here),
        ("found unexpected ':'", _colon),
        ("scanning a block scalar", _text_block),
        ("directive|incompatible", _directive),
        ("document start", _behind_end),
        ("a tag|tag handle", _tag),
        ("anchor|alias", _name),
        ("expected '-' indicator|expected <block end>, but found '[?]'", _no_item),
        ("expected key|expected <block end>|expected ':'", _wrong_place),
        ("expected ',' or", _bracket),
        ("expected (the )?node content", _no_content),
        ("invalid Unicode character escape", _half_pair),
        ("quoted scalar", _escape),
    )
)
"""What libyaml and PyYAML say, in context, and what we make of it; the first that fits is used."""
