"""Arguments: no shell reads them, so they are written as the program is to receive them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Spec

_SHELLS = r"(?:.*/)?(?:ba|da|k|z|fi)?sh"
_SCRIPT_NEXT = r"-[a-z]*c"
_ARGUMENTS_NEXT = r"--[\w-]*args"
"""``--engine-args`` and the like: what follows is handed on to another program, which splits it."""

_SYNTAX: Mapping[str, tuple[str, str]] = {
    "is passed on as an argument": (
        r"&&|\|\|?|;|&|[012&]?>>?[^\s>]*|[012]?>&[012]|<",
        "write one program and its arguments",
    ),
    "is passed on as it stands": (
        r"(?:[^\s`$]*)(?:\$\([^()]*\)|`[^`]+`)",
        "write what it would print",
    ),
    "stays as it is": (
        r"(?:--?[\w-]+=)?(?:~(?:/.*)?|\$(?:[A-Z_][A-Z0-9_]*|\{HOME\}).*)",
        "write out what it stands for",
    ),
}
"""What a shell would act on, what becomes of it here, and what to do; each is the whole argument."""

_FLAG_AND_VALUE = r"(--?[A-Za-z][\w-]*)[ \t]+(\S.*)"


def shell_syntax(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """An argument means nothing to a shell, and is one argument (LLM312)."""
    for model in choices.local_models:
        for field in ("command", "stop_command", "args", "runner_args"):
            words = getattr(model, field)
            for index, said, hint in _misread(words, is_command=field.endswith("command")):
                yield Finding(
                    code="LLM312",
                    path=(*model.path(field), index),
                    severity=Severity.WARNING,
                    message=f"no shell reads {field!r}: {shown(words[index])} {said}",
                    hint=hint,
                )


def _misread(words: Sequence[str], *, is_command: bool) -> Iterator[tuple[int, str, str]]:
    """Yield each argument that a shell would read in another way, what happens to it, and what to do."""
    has_shell = is_command and bool(words) and re.fullmatch(_SHELLS, words[0]) is not None
    for index, word in enumerate(words):
        if has_shell and re.fullmatch(_SCRIPT_NEXT, words[index - 1]):
            continue
        for said, (pattern, hint) in _SYNTAX.items():
            if re.fullmatch(pattern, word):
                yield index, said, hint
        pair = re.fullmatch(_FLAG_AND_VALUE, word)
        if pair and not re.fullmatch(_ARGUMENTS_NEXT, words[index - 1]):
            yield index, "is one argument", f"write two: {pair[1]}, {shown(pair[2])}"
        elif is_command and index == 0 and " " in word:
            yield index, "is the name of one program", "write each argument as an item of its own"


RULES = (shell_syntax,)
