"""Path patterns as chezmoi reads them, in ``.chezmoiignore`` and in ``glob``.

``*`` and ``?`` stay within one path element, ``**`` between slashes stands for any number of
folders, ``[a-z]``, ``[!a-z]`` and ``{one,two}`` are as in a shell.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from chezmoi_llm.engine.errors import PatternProblemError

_TERMS = tuple(
    (re.compile(term), regex)
    for term, regex in (
        (r"/\*\*/?\Z", "(?:/.*)?"),
        (r"(?<![^/])\*\*/?\Z", ".*"),
        (r"(?<![^/])\*\*/", "(?:.*/)?"),
        (r"\*+", "[^/]*"),
        (r"\?", "[^/]"),
    )
)
"""Terms of a pattern and what they match, the first that fits; ``**`` only between slashes."""

_COMMENT = re.compile(r"(?:\A|(?<!\s)\s+)#.*$")


def matches(pattern: str, path: str) -> bool:
    """Say whether a path, with ``/``, is what the pattern describes; raise PatternProblemError."""
    return any(regex.fullmatch(path) for regex in _compiled(pattern))


def is_plain(pattern: str) -> bool:
    """Say whether a pattern without backslashes matches itself alone."""
    return not any(char in pattern for char in "*?[{\\")


@cache
def _compiled(pattern: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(_regex(one), re.DOTALL) for one in alternatives(pattern))
    except re.error as error:
        raise PatternProblemError(f"{pattern}: invalid pattern") from error


def alternatives(pattern: str) -> Iterator[str]:
    """Yield the pattern once for each way through its braces."""
    opened = _unescaped(pattern, "{", 0)
    if opened < 0:
        yield pattern
        return
    depth, starts = 0, [opened + 1]
    at = opened
    while at < len(pattern):
        char = pattern[at]
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 1:
            starts.append(at + 1)
        if depth == 0:
            break
        at += 2 if char == "\\" else 1
    else:
        _bad(pattern)
    for start, end in zip(starts, [*(comma - 1 for comma in starts[1:]), at], strict=True):
        yield from alternatives(pattern[:opened] + pattern[start:end] + pattern[at + 1 :])


def _unescaped(text: str, char: str, at: int) -> int:
    while at < len(text) and text[at] != char:
        at += 2 if text[at] == "\\" else 1
    return at if at < len(text) else -1


def _regex(pattern: str) -> str:
    parts, at = [], 0
    while at < len(pattern):
        part, at = _term(pattern, at)
        parts.append(part)
    return "".join(parts)


def _term(pattern: str, at: int) -> tuple[str, int]:
    """Return the regular expression of the term that starts here, and where the next one starts."""
    for rule, regex in _TERMS:
        if found := rule.match(pattern, at):
            return regex, found.end()
    match pattern[at]:
        case "[":
            return _char_class(pattern, at)
        case "\\":
            return re.escape(pattern[at + 1 : at + 2] or _bad(pattern)), at + 2
        case char:
            return re.escape(char), at + 1


def _bad(pattern: str) -> NoReturn:
    raise PatternProblemError(f"{pattern}: invalid pattern")


def _char_class(pattern: str, at: int) -> tuple[str, int]:
    end = _unescaped(pattern, "]", at + 1)
    body = pattern[at + 1 : end]
    negated = body[:1] in ("!", "^")
    if end < 0 or not body[negated:]:
        _bad(pattern)
    # A backslash escapes the next character in both notations; `[` and `&&` only mean themselves.
    safe = re.sub(r"(?<!\\)([\[&~|])", r"\\\1", body[negated:])
    return f"[{'^' if negated else ''}{safe}]", end + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternSet:
    """Patterns that ignore targets, and those (written with ``!``) that bring targets back."""

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    def matches(self, path: str) -> bool:
        """Say whether the path is one of the set; with ``!`` patterns alone everything else is."""
        if any(matches(pattern, path) for pattern in self.exclude):
            return False
        if any(matches(pattern, path) for pattern in self.include):
            return True
        return bool(self.exclude) and not self.include

    def joined(self, lines: Iterable[str], folder: str) -> PatternSet:
        """Return the set with a pattern file's lines added, as written for a target folder."""
        found = [line for line in (_COMMENT.sub("", line).strip() for line in lines) if line]
        under = {line: posixpath.normpath(f"{folder or '.'}/{line.removeprefix('!')}") for line in found}
        for pattern in under.values():
            _compiled(pattern)
        return PatternSet(
            include=self.include | {under[line] for line in found if not line.startswith("!")},
            exclude=self.exclude | {under[line] for line in found if line.startswith("!")},
        )
