"""Calls in a config template that matter before it is rendered: questions, and files that it includes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi.directives import delimiters
from chezmoi_llm.chezmoi.naming import FORMATS
from chezmoi_llm.records import record


@record
class Question:
    """A call of one of chezmoi's prompt functions.

    ``text`` is what the person sees; None where it is no literal. ``path`` is where in the data the
    answer was kept; None where it is not, or is not known.
    """

    kind: str
    text: str | None
    path: tuple[str, ...] | None = None


_ACTION = re.compile(r"\{\{(?!-?\s*/\*).*?(?:\}\}|\Z)", re.DOTALL)
"""One that nobody closes goes on to the end: a look for its end at each brace would take for ever."""

_LITERAL = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
_PROMPT = re.compile(r"\bprompt(Bool|Choice|Int|Multichoice|String)(Once)?\b")
_ARGUMENT = rf"\s*({_LITERAL}|\((?:{_LITERAL}|[^()\"`])*\)|[^\s(){{}}|\"`]+)"
_INCLUDE = re.compile(rf"\b(include|includeTemplate)\s+({_LITERAL})")


def _code(template: str) -> str:
    """Return the actions of a template, or all of it where it changes its delimiters."""
    is_usual = delimiters(template) == ("{{", "}}")
    return "\n".join(_ACTION.findall(template)) if is_usual else template


def questions(template: str) -> tuple[Question, ...]:
    """Return what a template may ask, each question once."""
    code = _code(template)
    asked = (_question(call, code) for call in _PROMPT.finditer(code))
    return tuple(dict.fromkeys(asked))


def _question(call: re.Match[str], code: str) -> Question:
    """Read a call; a function that asks once has a map and a path in it before the text."""
    arguments = _arguments(code, call.end(), count=3 if call[2] else 1)
    path = _path(*arguments[:2]) if call[2] else None
    return Question(kind=call[1], text=_unquoted(arguments[-1]), path=path)


def _arguments(code: str, at: int, count: int) -> list[str]:
    """Return the ``count`` arguments from a place on, as they are written; ``""`` where one is missing."""
    argument, arguments = re.compile(_ARGUMENT), []
    for _ in range(count):
        found = argument.match(code, at)
        arguments.append(found[1] if found else "")
        at = found.end() if found else at
    return arguments


def _path(inside: str, keys: str) -> tuple[str, ...] | None:
    """Return where an answer is kept: below ``.`` or ``.a``, at ``"b.c"`` or ``(list "b" "c")``."""
    below = re.fullmatch(r"\$|\$?\.([\w.]*)", inside)
    if keys.startswith("(list "):
        steps = [_unquoted(key) or "" for key in re.findall(_LITERAL, keys)]
    else:
        steps = (_unquoted(keys) or "").split(".")
    if below is None or not all(steps):
        return None
    return (*filter(None, (below[1] or "").split(".")), *steps)


def _unquoted(literal: str) -> str | None:
    if literal.startswith("`"):
        return literal[1:-1]
    if not literal.startswith('"'):
        return None
    try:
        text: str = json.loads(literal)
    except json.JSONDecodeError:
        return None
    return text


def includes(template: str) -> tuple[tuple[str, str], ...]:
    """Return the calls of ``include`` and ``includeTemplate`` with a literal name, as (function, name)."""
    calls: Iterator[tuple[str, str | None]] = (
        (function, _unquoted(name)) for function, name in _INCLUDE.findall(_code(template))
    )
    return tuple(dict.fromkeys((function, name) for function, name in calls if name))


def depends_on_terminal(template: str) -> bool:
    """Say whether a template looks at whether a person is there."""
    return "stdinIsATTY" in _code(template)


# --- answers --------------------------------------------------------------------------------------


def is_answered(question: Question, data: Mapping[str, Any], kind: str) -> bool:
    """Say whether the answer to a question is kept in the data of a config file of a kind.

    chezmoi asks again for numbers that it has kept in YAML: it reads them as another type.
    """
    if question.path is None or (question.kind == "Int" and FORMATS.get(kind) == "yaml"):
        return False
    here: Any = data
    for key in question.path:
        if not isinstance(here, dict) or key not in here:
            return False
        here = here[key]
    return True


def is_yes_or_no(question: Question) -> bool:
    """Say whether two renders show all that the answer to a question can change."""
    return question.kind == "Bool" and _can_be_answered(question)


_ANSWERS = {"Bool": ("false", "true"), "Int": ("1", "7919"), "String": ("one", "another")}
"""Two answers to every kind of question that takes any; a choice is refused where it is wrong."""


def answers(asked: tuple[Question, ...], number: int) -> tuple[str, ...]:
    """Return the options of ``chezmoi execute-template`` for answer 0 or 1 to the questions.

    There is none for a question that no option can answer; chezmoi then takes the text of the
    question, or its default. A choice has no first answer, and a second that is never right: it
    shows whether the person has answered before.
    """
    return tuple(
        f"--prompt{question.kind}={question.text}={_ANSWERS.get(question.kind, ('', 'neither'))[number]}"
        for question in asked
        if _can_be_answered(question) and (number or question.kind in _ANSWERS)
    )


def _can_be_answered(question: Question) -> bool:
    """Say whether TEXT=VALUE reaches chezmoi as meant.

    pflag, which reads its options, splits at ``=``, trims quotes at both ends, and splits the
    options for numbers at commas.
    """
    trouble = '[=\n,]|^"|"$' if question.kind == "Int" else '[=\n]|^"|"$'
    return bool(question.text) and not re.search(trouble, question.text or "")
