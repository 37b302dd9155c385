"""What a config template may ask of a person, answered without one, as chezmoi's own dry render does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from chezmoi_llm.engine.render import Functions
from chezmoi_llm.engine.values import Int64


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A kind of question: the types of its answers, and what it answers without a default.

    ``choices`` is 1 where the text is followed by a list to choose from.
    """

    types: tuple[type, ...]
    answer: Callable[[str], Any]
    choices: int = 0

    def ask(self, text: str, *rest: Any) -> Any:
        """Return the default, which comes last, or the answer of nobody."""
        default = rest[self.choices :]
        return default[0] if default else self.answer(text)

    def ask_once(self, data: Any, path: str | Sequence[str], *question: Any) -> Any:
        """Return what the data has at a path such as ``a.b``, or ask where that is no answer."""
        known = _at(data, path.split(".") if isinstance(path, str) else path)
        return known if type(known) in self.types else self.ask(*question)


_QUESTIONS: Final[Mapping[str, Question]] = {
    "Bool": Question(types=(bool,), answer=lambda _: False),
    "Choice": Question(types=(str,), answer=str, choices=1),
    "Int": Question(types=(int, Int64), answer=lambda _: Int64(0)),
    "Multichoice": Question(types=(list,), answer=lambda text: [text], choices=1),
    "String": Question(types=(str,), answer=str),
}
"""Source: chezmoi, internal/cmd/executetemplatecmd.go; a text without a default is its own answer."""


def answers() -> Functions:
    """Return the functions that only a config template has; nobody is there to be asked."""
    return {
        **{f"prompt{kind}": question.ask for kind, question in _QUESTIONS.items()},
        **{f"prompt{kind}Once": question.ask_once for kind, question in _QUESTIONS.items()},
        "exit": _exit,
        "stdinIsATTY": lambda: False,
        "writeToStdout": lambda *_: "",
    }


def _at(data: Any, path: Sequence[str]) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _exit(code: int) -> NoReturn:
    raise RuntimeError(f"the template ends chezmoi with exit code {code}")
