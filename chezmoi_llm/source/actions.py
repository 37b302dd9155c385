"""Finds the actions of a Go template, by the rules of ``text/template/parse/lex.go``.

In goes the text of a template, out come its tokens: stretches of text as they stand once the trim
markers have done their work, and the actions between them. No action is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from chezmoi_llm.chezmoi import directives
from chezmoi_llm.source.text import MAX_ACTIONS, Unreadable


class Kind(Enum):
    """What an action does to the text around it; a literal prints text that is known."""

    LITERAL = auto()
    OUTPUT = auto()
    SILENT = auto()
    OPEN = auto()
    ELSE = auto()
    END = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Characters that are copied to the output."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What stands between two delimiters; ``word`` is its keyword, or the text of a literal."""

    start: int
    end: int
    kind: Kind
    word: str = ""
    body: str = ""


Token: TypeAlias = Text | Action


def known_text(text: str, token: Token) -> str | None:
    """Return the text that a token is sure to print, or None if it may print anything."""
    if isinstance(token, Text):
        return text[token.start : token.end]
    if token.kind is Kind.OUTPUT:
        return None
    return token.word if token.kind is Kind.LITERAL else ""


_SPACES: Final = " \t\r\n"
_WORD_KINDS: Final = {
    "if": Kind.OPEN,
    "with": Kind.OPEN,
    "range": Kind.OPEN,
    "block": Kind.OPEN,
    "define": Kind.OPEN,
    "else": Kind.ELSE,
    "end": Kind.END,
    "break": Kind.SILENT,
    "continue": Kind.SILENT,
    # functions of chezmoi that print nothing
    "exit": Kind.SILENT,
    "fail": Kind.SILENT,
    "warnf": Kind.SILENT,
    "writeToStdout": Kind.SILENT,
}
_LITERAL: Final = re.compile(r'"([^"\\]*)"|`([^`]*)`')
_WORD: Final = re.compile(r"[A-Za-z]\w*")
_TRIM_LEFT: Final = re.compile(r"-[ \t\r\n]")
_ASSIGNMENT: Final = re.compile(r"\$\w*\s*(?:,\s*\$\w*\s*)?:?=")


def scan(text: str) -> tuple[Token, ...]:
    """Return the tokens of a template in order.

    Raises Unreadable (LLM004) for an action, comment or string that is not closed.
    """
    return tuple(_trimmed(text, _Scanner(text).raw()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    token: Token
    trim_left: bool = False
    trim_right: bool = False


def _trimmed(text: str, raw: Iterator[_Raw]) -> Iterator[Token]:
    """Apply the trim markers: each takes the white space of the text next to it."""
    tokens = [_Raw(token=Text(start=0, end=0)), *raw, _Raw(token=Text(start=0, end=0))]
    for before, this, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if isinstance(this.token, Action):
            yield this.token
            continue
        start, end = this.token.start, this.token.end
        if before.trim_right:
            start = end - len(text[start:end].lstrip(_SPACES))
        if after.trim_left:
            end = start + len(text[start:end].rstrip(_SPACES))
        if start < end:
            yield Text(start=start, end=end)


class _Scanner:
    """Walks through one template; the delimiters may be set by a ``chezmoi:template:`` line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left, self.right = directives.delimiters(text)
        self.inside = re.compile(
            rf"""
            (?P<close>(?:(?<=[ \t\r\n])-)?{re.escape(self.right)})
            |"(?:[^"\\\n]++|\\[^\n])*"|'(?:[^'\\\n]++|\\[^\n])*'|`[^`]*`
            |(?P<wrong>["'`{{}}])
            """,
            re.VERBOSE,
        )

    def raw(self) -> Iterator[_Raw]:
        """Yield text and actions as they stand, before anything is trimmed."""
        at = count = 0
        lines = list(directives.spans(self.text))
        while at < len(self.text):
            while lines and lines[0][0] < at:
                lines.pop(0)
            found = self.text.find(self.left, at)
            stop = found if found >= 0 else len(self.text)
            if lines and lines[0][0] <= stop:
                stop, end = lines.pop(0)
                action = _Raw(token=Action(start=stop, end=end, kind=Kind.SILENT))
            elif found < 0:
                yield _Raw(token=Text(start=at, end=stop))
                return
            else:
                action = self._action(stop)
            count += 1
            if count > MAX_ACTIONS:
                raise Unreadable("LLM003", stop, f"more than {MAX_ACTIONS} actions in one template")
            yield _Raw(token=Text(start=at, end=stop))
            yield action
            at = action.token.end

    def _action(self, start: int) -> _Raw:
        inner = start + len(self.left)
        trim_left = _TRIM_LEFT.match(self.text, inner) is not None
        inner += 2 * trim_left
        if self.text.startswith("/*", inner):
            return self._comment(start, inner, trim_left=trim_left)
        end = self._close(start, inner)
        trim_right = end - len(self.right) > inner and self.text[end - len(self.right) - 1] == "-"
        trim_right = trim_right and self.text[end - len(self.right) - 2] in _SPACES
        body = self.text[inner : end - len(self.right) - trim_right].strip()
        word, kind = _kind(body)
        if not body:
            raise Unreadable("LLM004", start, "the action is empty", end=end, hint="delete it")
        action = Action(start=start, end=end, kind=kind, word=word, body=body)
        return _Raw(token=action, trim_left=trim_left, trim_right=trim_right)

    def _comment(self, start: int, inner: int, *, trim_left: bool) -> _Raw:
        close = self.text.find("*/", inner + 2)
        if close < 0:
            raise Unreadable("LLM004", start, "the comment is not closed", hint="end it with '*/}}'")
        rest = re.compile(rf"(\s-)?{re.escape(self.right)}").match(self.text, close + 2)
        if rest is None:
            message = f"the comment does not end right before {self.right!r}"
            raise Unreadable("LLM004", close, message, end=close + 2, hint="end it with '*/}}'")
        action = Action(start=start, end=rest.end(), kind=Kind.SILENT)
        return _Raw(token=action, trim_left=trim_left, trim_right=rest[1] is not None)

    def _close(self, start: int, inner: int) -> int:
        """Return where the action ends, whatever stands in its strings."""
        for found in self.inside.finditer(self.text, inner):
            if found["close"]:
                return found.end()
            if found["wrong"] in ('"', "'", "`"):
                message = "the text in quotes is not closed"
                raise Unreadable("LLM004", found.start(), message, hint=f"end it with {found['wrong']}")
            if found["wrong"]:
                break
        end = self.text.find("\n", start) % (len(self.text) + 1)
        end -= self.text.startswith("\r", end - 1)
        message = f"the action is not closed: {self.right!r} is missing"
        raise Unreadable("LLM004", start, message, end=end, hint=f"end it with {self.right!r}")


def _kind(body: str) -> tuple[str, Kind]:
    if _ASSIGNMENT.match(body):
        return "", Kind.SILENT
    if literal := _LITERAL.fullmatch(body):
        return literal[1] or literal[2] or "", Kind.LITERAL
    found = _WORD.match(body)
    word = found[0] if found else ""
    return word, _WORD_KINDS.get(word, Kind.OUTPUT)
