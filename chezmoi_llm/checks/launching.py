"""Starting a model: the runner, the image and the file are there, and the command is understood."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm import images
from chezmoi_llm.choices import Choices, Chosen
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.formats import PORT
from chezmoi_llm.runners import RUNNERS, path_of, scheme_of
from chezmoi_llm.runners.base import PATH_SCHEME
from chezmoi_llm.spec import Spec
from chezmoi_llm.words import listed, shown

LONGEST_COMMAND = 100_000
"""Characters of all arguments of a model; Linux refuses one argument of 128 KiB."""


def runner_fits(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """The runner works in the placement, for this kind of model and this URI (LLM301, 302)."""
    llama_swap = spec.stack.services.llama_swap
    for chosen in choices.models:
        model, runner = chosen.model, RUNNERS[chosen.runner.value]
        if {"runner", "kind"} & model.unknown or "placement" in llama_swap.unknown:
            continue
        at = model.path("runner") if "runner" in model.written else model.at
        if llama_swap.placement not in runner.placements:
            yield Finding(
                code="LLM302",
                path=at,
                message=(
                    f"{shown(model.name)} is started by {runner.key}, which placement "
                    f"{llama_swap.placement} does not have"
                ),
                hint=_placement_hint(chosen, llama_swap.placement),
            )
        elif chosen.kind.value not in runner.kinds:
            able = [other.key for other in RUNNERS.values() if chosen.kind.value in other.kinds]
            yield Finding(
                code="LLM302",
                path=at,
                message=f"{runner.key} cannot serve {shown(model.name)}, a model for {chosen.kind.value}",
                hint=f"use runner: {listed(able, last='or')}",
            )
        elif model.model and scheme_of(model.model) not in runner.schemes:
            yield Finding(
                code="LLM301",
                path=model.path("model"),
                message=f"{runner.key} cannot serve {shown(model.model)}",
                hint=_scheme_hint(chosen),
            )


def _placement_hint(chosen: Chosen, placement: str) -> str:
    fitting = [
        r.key for r in RUNNERS.values() if placement in r.placements and chosen.kind.value in r.kinds
    ]
    places = sorted(RUNNERS[chosen.runner.value].placements)
    return f"use runner: {listed(fitting, last='or')}; or placement: {listed(places, last='or')}"


def _scheme_hint(chosen: Chosen) -> str:
    if chosen.runner.value == "ramalama":
        return "use ollama://, hf://, oci://, ms://, rlcr:// or a path; RamaLama cannot fetch https://"
    if chosen.runner.value == "llama-server":
        return "use hf://, https:// or a path; for other URIs placement container or host with RamaLama"
    return "use the absolute path of the model file"


def fields_fit(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """The runner has words for every field that was written (LLM303)."""
    for chosen in choices.models:
        runner = RUNNERS[chosen.runner.value]
        if "runner" in chosen.model.unknown:
            continue
        for field in sorted(runner.cannot & set(chosen.model.written)):
            yield Finding(
                code="LLM303",
                path=chosen.model.path(field),
                at_key=True,
                message=f"runner {runner.key} has no setting for {field!r}",
                hint="remove the line" + (", or put it into command" if runner.key == "command" else ""),
            )
        if chosen.model.force_cpu and chosen.model.is_given("ngl") and chosen.model.ngl != "0":
            yield Finding(
                code="LLM303",
                path=chosen.model.path("ngl"),
                message=f"'ngl' is {chosen.model.ngl}, but 'force_cpu' keeps the model off the GPU",
                hint="remove one of the two lines",
            )


def model_paths(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model file is where the containers see it: below ``models_dir`` (LLM306)."""
    llama_swap = spec.stack.services.llama_swap
    if llama_swap.placement == "host" or {"placement", "models_dir"} & llama_swap.unknown:
        return
    folder = llama_swap.models_dir.rstrip("/")
    for chosen in choices.models:
        model = chosen.model
        if chosen.runner.value == "command" or scheme_of(model.model) != PATH_SCHEME:
            continue
        path = path_of(model.model)
        if ".." in path.split("/") or not folder or not path.startswith(f"{folder}/"):
            parent = path.rpartition("/")[0] or "/"
            yield Finding(
                code="LLM306",
                path=model.path("model"),
                message=f"{shown(path)} is not below models_dir, the container would not see it",
                hint=f"write services: llama_swap: models_dir: {folder or parent}, or use placement: host",
            )


def commands(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A command listens where llama-swap looks for it, and is read by no shell (LLM311, LLM312)."""
    for chosen in choices.models:
        model = chosen.model
        if model.command and not model.port and not any(PORT in word or not word for word in model.command):
            yield Finding(
                code="LLM311",
                path=model.path("command"),
                message=f"the command of {shown(model.name)} has no ${{PORT}}",
                hint="put ${PORT} where the port goes, or write port: with the one that it listens on",
            )
        for field in ("command", "stop_command", "args"):
            for index, word in enumerate(getattr(model, field)):
                if word in {"&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1"}:
                    yield Finding(
                        code="LLM312",
                        path=(*model.path(field), index),
                        severity=Severity.WARNING,
                        message=f"no shell reads {field!r}: {shown(word)} is passed on as an argument",
                        hint="write one program and its arguments",
                    )
        length = sum(len(word) + 4 for word in (*model.args, *model.runner_args, *model.command))
        if length > LONGEST_COMMAND:
            yield Finding(
                code="LLM003",
                path=model.at,
                message=f"the command is {length} characters long, the limit is {LONGEST_COMMAND}",
            )


def accelerators(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """There is an image with model servers for the accelerator (LLM313)."""
    llama_swap = spec.stack.services.llama_swap
    is_made = spec.stack.accelerator in images.EMBEDDED or llama_swap.image
    if llama_swap.placement == "embedded" and not is_made and "accelerator" not in spec.stack.unknown:
        yield Finding(
            code="LLM313",
            path=spec.stack.path("accelerator"),
            message=f"llama-swap has no official image for {spec.stack.accelerator}",
            hint="write services: llama_swap: image:, or use placement: host",
        )


RULES = (runner_fits, fields_fit, model_paths, commands, accelerators)
