"""Limits of the target systems: what they would refuse, misread or drop without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chezmoi_llm import images, units
from chezmoi_llm.choices import Choices, Chosen
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.formats import PORT
from chezmoi_llm.runners import RUNNERS, path_of, scheme_of
from chezmoi_llm.runners.base import PATH_SCHEME
from chezmoi_llm.spec import Spec, Unit
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


_FLAG_SPELLINGS: Mapping[str, str] = {
    "-m": "--model",
    "-mu": "--model-url",
    "-hf": "--hf-repo",
    "-hfr": "--hf-repo",
    "-hff": "--hf-file",
    "-c": "--ctx-size",
    "-ngl": "--ngl",
    "--gpu-layers": "--ngl",
    "--n-gpu-layers": "--ngl",
    "-t": "--threads",
    "-b": "--batch-size",
    "-ub": "--ubatch-size",
    "-np": "--parallel",
    "-fa": "--flash-attn",
    "-ctk": "--cache-type-k",
    "-ctv": "--cache-type-v",
    "-dev": "--device",
    "--embeddings": "--embedding",
    "--rerank": "--reranking",
}
"""llama-server's other spellings of flags. Source: llama.cpp, tools/server/README.md."""

_SERVER_FLAGS: Mapping[str, str] = {
    "--host": "",
    "--port": "port",
    "--model": "model",
    "--model-url": "model",
    "--hf-repo": "model",
    "--hf-file": "model",
    "--ctx-size": "ctx_size",
    "--ngl": "ngl",
}
"""Flags that every command of ours has, and the field to use instead."""

_FLAG_FIELDS: Mapping[str, str] = {
    "--threads": "threads",
    "--batch-size": "batch_size",
    "--ubatch-size": "ubatch_size",
    "--parallel": "parallel",
    "--flash-attn": "flash_attn",
    "--cache-type-k": "cache_type_k",
    "--cache-type-v": "cache_type_v",
    "--pooling": "pooling",
    "--temp": "temp",
    "--top-p": "top_p",
    "--top-k": "top_k",
    "--min-p": "min_p",
    "--cache-reuse": "cache_reuse",
    "--device": "force_cpu",
    "--embedding": "kind",
    "--reranking": "kind",
}
"""Flags that a command of ours has where the field was given."""

_RAMALAMA_FLAGS: Mapping[str, str] = {
    "-n": "--name",
    "-p": "--port",
    "-c": "--ctx-size",
    "-t": "--threads",
    "-d": "--detach",
    "--net": "--network",
}
_RAMALAMA_MANAGED: Mapping[str, str] = {
    "--name": "",
    "--network": "",
    "--host": "",
    "--port": "port",
    "--detach": "",
    "--generate": "",
    "--privileged": "",
    "--image": "services.ramalama.image",
    "--ctx-size": "ctx_size",
    "--ngl": "ngl",
    "--threads": "threads",
    "--temp": "temp",
    "--cache-reuse": "cache_reuse",
    "--env": "env",
    "--runtime-args": "args",
}


def managed_flags(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A flag that we write already is not repeated in ``args`` or ``runner_args`` (LLM304)."""
    for chosen in choices.models:
        model = chosen.model
        given = {flag for flag, field in _FLAG_FIELDS.items() if model.is_given(field)}
        managed = {**_SERVER_FLAGS, **{flag: _FLAG_FIELDS[flag] for flag in given}}
        for index, word in enumerate(model.args):
            flag = word.partition("=")[0]
            flag = _FLAG_SPELLINGS.get(flag, flag)
            if flag in managed:
                yield _managed((*model.path("args"), index), word, managed[flag])
        for index, word in enumerate(model.runner_args):
            managed_flag = _ramalama_flag(word)
            if managed_flag:
                path = (*model.path("runner_args"), index)
                yield _managed(path, word, _RAMALAMA_MANAGED[managed_flag])


def _ramalama_flag(word: str) -> str:
    """Return the managed flag that RamaLama reads in a word; argparse takes any clear beginning."""
    flag = word.partition("=")[0]
    flag = _RAMALAMA_FLAGS.get(flag, flag)
    if not flag.startswith("--") or flag == "--":
        return ""
    return next((known for known in _RAMALAMA_MANAGED if known.startswith(flag)), "")


def _managed(path: Path, word: str, field: str) -> Finding:
    return Finding(
        code="LLM304",
        path=path,
        message=f"{shown(word.partition('=')[0])} is set by chezmoi-llm already",
        hint=f"use the field {field!r}" if field else "remove it",
    )


_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_-]+|env\.[^}]*)\}")


def placeholders(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``${word}`` in a text makes llama-swap refuse the whole file, or fills in a value (LLM305).

    There is no way to write it literally in a description, a name or metadata. In arguments it is
    passed on as it stands, except for the port.
    """
    macros = set(spec.stack.services.llama_swap.macros)
    for chosen in choices.models:
        model = chosen.model
        texts = [(model.path(field), getattr(model, field)) for field in ("display_name", "description")]
        texts += [
            ((*model.path("metadata"), key), f"{key} {value}") for key, value in model.metadata.items()
        ]
        texts += [(model.variable(name), value) for name, value in model.env]
        for path, text in texts:
            for word in _PLACEHOLDER.findall(text):
                if word not in macros:
                    yield _unknown_placeholder(path, word)
        if chosen.runner.value != "command":
            for index, word in enumerate(model.args):
                if PORT in word:
                    path = (*model.path("args"), index)
                    yield _unknown_placeholder(path, "PORT")


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


def extra_keys(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``extra`` adds keys to a unit and changes none of ours (LLM309)."""
    for key in ("llama_swap", "litellm", "open_webui"):
        unit: Unit = getattr(spec.stack.services, key)
        for section, entries in unit.extra:
            for name, _ in entries:
                instead = units.MANAGED[section].get(name)
                if instead is not None:
                    yield Finding(
                        code="LLM309",
                        path=(*unit.path("extra"), section, name),
                        at_key=True,
                        message=f"{name!r} in [{section}] is set by chezmoi-llm already",
                        hint=f"use {instead}" if instead else "remove it",
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
        (services.ramalama.path("units"), services.ramalama.units, "units: true", "remove it"),
        (
            services.ramalama.path("install"),
            services.ramalama.install,
            "install: true",
            "install it yourself",
        ),
    )
    for path, is_asked, what, hint in asked:
        if is_asked:
            yield Finding(code="LLM310", path=path, message=f"{what} is not in this release", hint=hint)


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


RULES = (
    runner_fits,
    fields_fit,
    managed_flags,
    placeholders,
    model_paths,
    commands,
    extra_keys,
    later,
    accelerators,
)
