"""``runner_args``: what ``ramalama serve``, and through it ``podman run``, would read in them.

The model's URI comes behind these words. A flag without its value would take the URI, and a word that
belongs to no flag would be one more model.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from chezmoi_llm.checks.argv import (
    PODMAN,
    RAMALAMA,
    Given,
    Reader,
    does_open,
    misread,
    open_quote,
    opening,
    read,
    stray,
)
from chezmoi_llm.checks.flags import managed
from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Spec


def of_ramalama(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``runner_args`` are free flags of RamaLama's, each with its value (LLM304, LLM326, LLM407)."""
    for chosen in choices.models:
        model = chosen.model
        on_cpu = model.is_on_cpu(spec.stack.accelerator)
        for given in read(model.runner_args, RAMALAMA) if "runner_args" not in model.unknown else ():
            path = (*model.path("runner_args"), given.at)
            if given.flag == "--device" and (on_cpu or given.value == "none"):
                yield managed(path, given.word, "force_cpu")
            elif given.flag == "--engine-args" and given.value:
                yield from _of_podman(given.value, path)
            else:
                yield from _judged(given, RAMALAMA, path)


def _of_podman(line: str, path: Path) -> Iterator[Finding]:
    try:
        words = shlex.split(line)
    except ValueError:
        yield open_quote(path, line)
        return
    for given in read(words, PODMAN):
        yield from _judged(given, PODMAN, path)


def _judged(given: Given, reader: Reader, path: Path) -> Iterator[Finding]:
    flag = given.flag
    if flag in reader.managed:
        yield managed(path, given.word, reader.managed[flag])
    elif not flag:
        yield stray(path, given.word, reader)
    elif given.lacks_value:
        yield misread(path, f"{shown(given.word)} has no value", f"write {flag}=VALUE as one argument")
    elif does_open(given):
        yield opening(path, flag)


RULES = (of_ramalama,)
