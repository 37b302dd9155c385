"""Decides which list is true: the one in the rendered config file, or the one in its template.

chezmoi renders the config template only when told to (``init``, ``--init``). A plain ``apply`` is
to see an edit all the same, so the template is rendered on the side, and wins. That needs no
render while both texts are those for which both were last found to say the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.records import record

OWNED = ("local_models", "cloud_models", "models", "llm_stack")
"""Keys under ``data:`` that are chezmoi-llm's own."""

SHARED = ("published_ports", "tailscale", "urls")
"""Keys under ``data:`` that it reads and that the person's other services read too."""


@record
class Pair:
    """Checksums of a template, with all that it includes, and of the config file made from it."""

    template: str
    config: str


def needs_render(pair: Pair, known: Pair | None, *, is_fresh: bool) -> bool:
    """Say whether the template must be rendered to know what it says.

    ``known`` is the pair last found to agree; ``is_fresh`` says that chezmoi itself has made the
    config file from this template in this very run.
    """
    return bool(pair.template) and pair != known and not is_fresh


def may_be_stale(pair: Pair, known: Pair | None) -> bool:
    """Say whether the template may hold a newer list, where its render cannot tell.

    It does not if the template is the one of the known pair, nor if both texts are new: then
    chezmoi has made the one from the other.
    """
    return known is None or (pair.template != known.template and pair.config == known.config)


@record
class Verdict:
    """Which data to believe, and what there is to say about it.

    ``is_settled``: both texts give the same keys of ours. ``is_blind``: what the template says
    depends on answers that nobody gave. ``unseen``: other keys that differ, which templates of
    the person see only after ``chezmoi init``.
    """

    data: Mapping[str, Any]
    is_settled: bool
    is_blind: bool = False
    unseen: tuple[str, ...] = ()


def choose(config: Mapping[str, Any], renders: tuple[Mapping[str, Any], ...]) -> Verdict:
    """Choose between the config file and the render of its template, all as chezmoi reads them.

    There are two renders, with different answers, where the template asks questions, and none
    where it cannot be rendered without the person.
    """
    if not renders or _ours(renders[0]) != _ours(renders[-1]):
        return Verdict(data=config, is_settled=False, is_blind=True)
    first, last = (_data(render) for render in (renders[0], renders[-1]))
    rendered_before = _data(config)
    keys = dict.fromkeys((*first, *rendered_before))
    return Verdict(
        data=renders[0],
        is_settled=_ours(renders[0]) == _ours(config),
        unseen=tuple(
            key
            for key in keys
            if key not in OWNED
            and first.get(key) == last.get(key)
            and first.get(key) != rendered_before.get(key)
        ),
    )


def hides_ours(config: Mapping[str, Any]) -> bool:
    """Say whether the config file has a key ``llm``, which chezmoi takes instead of our document."""
    return "llm" in _data(config)


def _data(config: Mapping[str, Any]) -> Mapping[str, Any]:
    return config.get("data") or {}


def _ours(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the document is made from: our keys, and those in a place where they are wrong."""
    data = _data(config)
    misplaced = {f"beside data: {key}": True for key in OWNED if key in config}
    return misplaced | {key: data[key] for key in (*OWNED, *SHARED, "llm") if key in data}


# --- what a template asks -------------------------------------------------------------------------


@record
class Question:
    """A call of one of chezmoi's prompt functions; ``text`` is None where it is no literal."""

    kind: str
    text: str | None


_ACTION = re.compile(r"\{\{(?!-?\s*/\*).*?\}\}", re.DOTALL)
_LITERAL = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
_PROMPT = re.compile(r"\bprompt(Bool|Choice|Int|Multichoice|String)(Once)?\b")
_ARGUMENT = re.compile(rf"\s*({_LITERAL}|\((?:{_LITERAL}|[^()])*\)|[^\s(){{}}|\"`]+)")
_INCLUDE = re.compile(rf"\b(include|includeTemplate)\s+({_LITERAL})")


def _code(template: str) -> str:
    """Return the actions of a template, or all of it where it changes its delimiters."""
    return template if "-delimiter" in template else "\n".join(_ACTION.findall(template))


def questions(template: str) -> tuple[Question, ...]:
    """Return what a template may ask, each question once."""
    code = _code(template)
    asked = (_question(call, code) for call in _PROMPT.finditer(code))
    return tuple(dict.fromkeys(asked))


def _question(call: re.Match[str], code: str) -> Question:
    """Read the argument that is shown: the first, or the third of a function that asks once."""
    arguments = _arguments(code, call.end(), count=3 if call[2] else 1)
    return Question(kind=call[1], text=_unquoted(arguments[-1]))


def _arguments(code: str, at: int, count: int) -> list[str]:
    """Return the ``count`` arguments from a place on, as they are written; ``""`` where one is missing."""
    arguments = []
    for _ in range(count):
        found = _ARGUMENT.match(code, at)
        arguments.append(found[1] if found else "")
        at = found.end() if found else at
    return arguments


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


def varies(template: str) -> bool:
    """Say whether a template's text may come out otherwise when the person is asked."""
    return bool(questions(template)) or "stdinIsATTY" in _code(template)


_ANSWERS = {"Bool": ("false", "true"), "Int": ("1", "7919"), "String": ("one", "another")}
"""Two answers to every kind of question that takes any; a choice is refused where it is wrong."""


def answers(asked: tuple[Question, ...], number: int) -> tuple[str, ...] | None:
    """Return the options of ``chezmoi execute-template`` for answer 0 or 1 to every question.

    None where a question cannot be answered so: its text is computed, or is one that the option
    would take apart. A choice has no first answer, and a second that is never right: it shows
    whether the person has answered before.
    """
    if not all(map(_can_be_answered, asked)):
        return None
    return tuple(
        f"--prompt{question.kind}={question.text}={_ANSWERS.get(question.kind, ('', 'neither'))[number]}"
        for question in asked
        if number or question.kind in _ANSWERS
    )


def _can_be_answered(question: Question) -> bool:
    """Say whether TEXT=VALUE reaches chezmoi as meant.

    pflag, which reads its options, splits at ``=``, trims quotes at both ends, and splits the
    options for numbers at commas.
    """
    trouble = '[=\n,]|^"|"$' if question.kind == "Int" else '[=\n]|^"|"$'
    return bool(question.text) and not re.search(trouble, question.text or "")
