"""Limits of the target systems: what they would refuse, misread or drop without a word."""

from __future__ import annotations

import re
import shlex
from collections.abc import Container, Iterable, Iterator

from chezmoi_llm.choices import Choices, Chosen
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.formats import PORT
from chezmoi_llm.runners.base import server_options
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import LocalModel, Spec

LONGEST_COMMAND = 100_000
"""Characters of all arguments of a model."""

LONGEST_ARGUMENT = 32 * 4096 - 1
"""Bytes of one argument. Source: execve(2), MAX_ARG_STRLEN."""

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_-]+|env\.[^}]*)\}")


def placeholders(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``${word}`` in a text makes llama-swap refuse the whole file, or fills in a value (LLM305).

    There is no way to write it literally in a description, a name or metadata. In arguments it is
    passed on as it stands, except for the port. A macro is put in once, so that none may use another.
    """
    llama_swap = spec.stack.services.llama_swap
    for chosen in choices.models:
        if not chosen.may_have_unit and "macros" not in llama_swap.unknown:
            yield from _in_model(chosen, llama_swap.macros)
    for name, value in llama_swap.macros.items():
        if "$" in str(value):
            yield Finding(
                code="LLM305",
                path=(*llama_swap.path("macros"), name),
                message=f"the macro {shown(name)} has a '$', with which it could become another macro",
                hint="write the value without it",
            )


def _in_model(chosen: Chosen, macros: Container[str]) -> Iterator[Finding]:
    for path, text in _texts(chosen.model):
        for word in _PLACEHOLDER.findall(text):
            if word not in macros:
                yield _unknown_placeholder(path, word)
    if not chosen.starter.is_theirs:
        for index, word in enumerate(chosen.model.args):
            if PORT in word:
                yield _unknown_placeholder((*chosen.model.path("args"), index), "PORT")


def _texts(model: LocalModel) -> Iterator[tuple[Path, str]]:
    """Yield every text of a model that llama-swap reads and nobody quotes for it."""
    for field in ("display_name", "description", "check_endpoint"):
        yield model.path(field), getattr(model, field)
    for key, value in model.metadata.items():
        yield (*model.path("metadata"), key), f"{key} {value}"
    for name, value in model.env:
        yield model.variable(name), value
    yield model.path("use_model_name"), model.use_model_name
    for field in ("set_params", "variants"):
        for name, value in getattr(model, field).items():
            yield (*model.path(field), name), f"{name} {value}"


def _unknown_placeholder(path: Path, word: str) -> Finding:
    hint = "take out the braces, or add the word to services.llama_swap.macros"
    if word == "PORT" or word.startswith("env."):
        hint = "write the value itself, or take it out"
    return Finding(
        code="LLM305",
        path=path,
        message=f"llama-swap would replace '${{{word}}}' here, and there is no way to write it literally",
        hint=hint,
    )


def windows(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model is started with no more context than it was made for, unless it is told to stretch (LLM334).

    llama.cpp starts it all the same, and what it answers beyond that is of no use.
    """
    for model in choices.local_models:
        is_beyond = 0 < model.context_window < model.ctx_size and not model.unknown & _CONTEXT
        window = model.context_window
        if is_beyond and "ctx_size" in model.written and not any(map(_stretches, model.args)):
            yield Finding(
                code="LLM334",
                severity=Severity.WARNING,
                path=model.path("ctx_size"),
                message=f"{shown(model.name)} was made for a context of {window}",
                hint=f"write ctx_size: {window}, or args that stretch it: [--rope-scaling, yarn]",
            )


_CONTEXT = frozenset({"ctx_size", "context_window", "args"})


def _stretches(argument: str) -> bool:
    return argument.startswith(("--rope", "--yarn"))


def lengths(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A command, and each argument of it, is short enough to be run (LLM003)."""
    for model in choices.local_models:
        length = sum(len(word) + 4 for word in (*model.args, *model.runner_args, *model.command))
        if length > LONGEST_COMMAND:
            yield Finding(
                code="LLM003",
                path=model.at,
                message=f"the command is {length} characters long, the limit is {LONGEST_COMMAND}",
            )
    for path, words in _argument_lists(spec, choices):
        longest = max((len(word.encode()) for word in words), default=0)
        if longest > LONGEST_ARGUMENT:
            yield Finding(
                code="LLM003",
                path=path,
                message=f"an argument has {longest} bytes with its quotes, Linux takes {LONGEST_ARGUMENT}",
                hint="write it into a file, and name that",
            )


def _argument_lists(spec: Spec, choices: Choices) -> Iterator[tuple[Path, Iterable[str]]]:
    """Yield path and words of each list; RamaLama is handed all arguments of the server in one."""
    for chosen in choices.models:
        model = chosen.model
        for field in ("runner_args", "command", "stop_command"):
            yield model.path(field), getattr(model, field)
        joined = f"--runtime-args={shlex.join((*server_options(model), *model.args))}"
        yield model.path("args"), (joined,) if chosen.starter.joins_args else model.args
    for unit in spec.stack.services.units.values():
        yield unit.path("args"), unit.args


def container_settings(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """In placement host llama-swap is no container, and has no use for a container's settings (LLM317)."""
    llama_swap = spec.stack.services.llama_swap
    if llama_swap.placement != "host":
        return
    asked = {
        "volumes": (llama_swap.path("volumes"), bool(llama_swap.volumes)),
        "image": (llama_swap.path("image"), bool(llama_swap.image)),
        "extra: Container": (
            (*llama_swap.path("extra"), "Container"),
            any(section == "Container" for section, _ in llama_swap.extra),
        ),
    }
    for what, (path, is_asked) in asked.items():
        if is_asked:
            yield Finding(
                code="LLM317",
                path=path,
                at_key=True,
                message=f"in placement host llama-swap is no container, it has no {what!r}",
                hint="remove it, or choose another placement",
            )


def later(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """What the schema has a place for, but this release cannot do (LLM310)."""
    services = spec.stack.services
    asked = (
        (
            spec.stack.path("images"),
            spec.stack.images == "pinned",
            "images: pinned",
            "write image: per service",
        ),
        (services.kubernetes.path("enabled"), services.kubernetes.enabled, "kubernetes", "remove it"),
    )
    for path, is_asked, what, hint in asked:
        if is_asked:
            yield Finding(code="LLM310", path=path, message=f"{what} is not in this release", hint=hint)


RULES = (placeholders, windows, lengths, container_settings, later)
