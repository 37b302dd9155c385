"""Finds what is wrong inside the actions of a template, as ``text/template/parse/parse.go`` would.

Only what is certain without running anything: words, parentheses, variables, functions by their name,
and the fields of ``.chezmoi``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from chezmoi_llm.showing.words import did_you_mean
from chezmoi_llm.source.actions import Action, Kind, Token
from chezmoi_llm.source.text import Unreadable
from chezmoi_llm.source.vocabulary import FIELDS, FUNCTIONS, KEYWORDS

MOST_OFFERED: Final = 200
"""Variables among which a mistyped one is looked for."""

_LITERAL: Final = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`' + r"|'(?:\\.|[^'\\])*'", re.DOTALL)
_VARIABLE: Final = re.compile(r"\$\w+")
_DECLARED: Final = re.compile(r"[\w\s]*?(\$\w+)\s*(?:,\s*(\$\w+)\s*)?:?=")
"""What makes a variable; to the parser, what sets one makes it, too."""
_CALLED: Final = re.compile(r"(?<![\w.$])[^\W\d]\w*")
"""A word that is neither a field nor a variable."""
_KNOWN: Final = KEYWORDS.union(FUNCTIONS)
_FIELD: Final = re.compile(r"(?<![\w.)])\$?\.chezmoi\.(\w+)")
_DASHED_FIELD: Final = re.compile(r"(?<![\w.$)])((?:\$\w*)?(?:\.\w+)*)\.([^\W\d]\w*(?:-\w+)+)")
_DASHED_VARIABLE: Final = re.compile(r"\$\w+(?:-\w+)+")
_BARE: Final = re.compile(r"(if|with|range|else\s+(?:if|with))")
_FOREIGN: Final = re.compile(r"(elseif|elsif|elif|endif|endrange|endwith|endfor|foreach|for|unless)\b")
_MEANT: Final = {
    "elseif": "else if",
    "elsif": "else if",
    "elif": "else if",
    "endif": "end",
    "endrange": "end",
    "endwith": "end",
    "endfor": "end",
    "foreach": "range",
    "for": "range",
    "unless": "if not",
}
"""Words of other template languages, and what is written here instead."""
_HEADS: Final = {
    "if": ("no condition", 'eq .chezmoi.os "linux"'),
    "with": ("no value", ".name"),
    "range": ("nothing to go through", ".items"),
}
"""What a block lacks behind its bare word, and an example of it."""


def problems(text: str, tokens: Sequence[Token]) -> Iterator[Unreadable]:
    """Yield what is wrong in the actions of a template (LLM004), in order."""
    scopes = _Scopes()
    for token in tokens:
        if isinstance(token, Action) and token.body:
            at = text.index(token.body, token.start)
            code = _LITERAL.sub(lambda found: '"' * len(found[0]), token.body)
            wrong = (*_wrong_words(token, code, at), *_wrong_names(code, at))
            yield from wrong or _wrong_functions(code, at)
            yield from _wrong_parentheses(code, at)
            yield from scopes.check(token, code, at)
            yield from _wrong_fields(code, at, is_root=scopes.dot_is_root)


def _wrong_words(action: Action, code: str, at: int) -> Iterator[Unreadable]:
    bare = _BARE.fullmatch(code)
    if bare:
        lacked, example = _HEADS[bare[1].split()[-1]]
        message, hint = f"the '{bare[1]}' has {lacked}", f"write {bare[1]} {example}"
        yield Unreadable("LLM004", action.start, message, end=action.end, hint=hint)
    elif action.kind is Kind.END and code != "end":
        message = "nothing can stand behind 'end'"
        yield Unreadable("LLM004", action.start, message, end=action.end, hint="write {{ end }}")
    elif foreign := _FOREIGN.match(code):
        message = f"{foreign[1]!r} is no word of chezmoi's templates"
        hint = f"write {_MEANT[foreign[1]]!r}"
        yield Unreadable("LLM004", at, message, end=at + foreign.end(), hint=hint)
    elif code.startswith("|"):
        yield Unreadable("LLM004", at, "there is no value before '|'", hint="write one before it")


def _wrong_names(code: str, at: int) -> Iterator[Unreadable]:
    for found in _DASHED_FIELD.finditer(code):
        message = f"a field with '-' in its name cannot be read as .{found[2]}"
        hint = f'write (index {found[1] or "."} "{found[2]}")'
        yield Unreadable("LLM004", at + found.start(), message, end=at + found.end(), hint=hint)
    for found in _DASHED_VARIABLE.finditer(code):
        message = "the name of a variable cannot have '-' in it"
        hint = f"write {found[0].replace('-', '_')}"
        yield Unreadable("LLM004", at + found.start(), message, end=at + found.end(), hint=hint)


def _wrong_functions(code: str, at: int) -> Iterator[Unreadable]:
    for found in _CALLED.finditer(code):
        if found[0] not in _KNOWN:
            message = f"chezmoi's templates have no function {found[0]!r}"
            hint = did_you_mean(found[0], FUNCTIONS) or f"to read your own data, write .{found[0]}"
            yield Unreadable("LLM004", at + found.start(), message, end=at + found.end(), hint=hint)


def _wrong_fields(code: str, at: int, *, is_root: bool) -> Iterator[Unreadable]:
    for found in _FIELD.finditer(code) if is_root else ():
        if found[1] not in FIELDS:
            message = f"'.chezmoi' has no field {found[1]!r}"
            hint = did_you_mean(found[1], FIELDS) or "see what it has: chezmoi data"
            yield Unreadable("LLM004", at + found.start(1), message, end=at + found.end(1), hint=hint)


def _wrong_parentheses(code: str, at: int) -> Iterator[Unreadable]:
    opened: list[int] = []
    for found in re.finditer(r"[()]", code):
        if found[0] == "(":
            opened.append(found.start())
        elif not opened:
            yield Unreadable("LLM004", at + found.start(), "')' closes nothing", hint="delete it")
            return
        else:
            opened.pop()
    if opened:
        yield Unreadable("LLM004", at + opened[-1], "'(' is never closed", hint="close it with ')'")


@dataclass(slots=True, kw_only=True)
class _Scope:
    """The variables of a block; a template of its own sees none of those outside."""

    names: dict[str, int] = field(default_factory=dict)
    is_own: bool = False
    has_own_dot: bool = False


class _Scopes:
    """Follows which variables are defined: each lives to the end of the block that it was made in."""

    def __init__(self) -> None:
        self.open = [_Scope()]
        self.closed: dict[str, int] = {}

    @property
    def dot_is_root(self) -> bool:
        """Say whether ``.`` is the data of the template, which no block around has changed."""
        return not any(scope.has_own_dot for scope in self.open)

    def check(self, action: Action, code: str, at: int) -> Iterator[Unreadable]:
        if action.kind is Kind.END:
            if len(self.open) > 1:
                self.closed |= self.open.pop().names
            return
        if action.kind is Kind.OPEN:
            self.open.append(_Scope(is_own=action.word == "define", has_own_dot=action.word != "if"))
        if declared := _DECLARED.match(code):
            self.open[-1].names |= {name: at + declared.start(1) for name in declared.groups() if name}
        for used in _VARIABLE.finditer(code):
            if not self.knows(used[0]):
                yield self.unknown(used[0], at + used.start())
        if action.word == "block":  # it is given a value from outside, and sees nothing else of that
            self.open[-1] = _Scope(is_own=True, has_own_dot=True)

    def knows(self, name: str) -> bool:
        for scope in reversed(self.open):
            if name in scope.names:
                return True
            if scope.is_own:
                return False
        return False

    def unknown(self, name: str, at: int) -> Unreadable:
        known = [known for scope in self.open for known in scope.names][-MOST_OFFERED:]
        if name in self.closed:
            message = f"the variable {name} is gone here: it lives to the end of the block that made it"
            hint = f"make it before the block with {name} :=, and set it inside with {name} ="
        else:
            message = f"the variable {name} is not defined"
            hint = did_you_mean(name, known) or f"define it before with {name} :="
        return Unreadable("LLM004", at, message, end=at + len(name), hint=hint)
