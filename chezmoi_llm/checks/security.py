"""Security: secrets stay out of the file, and nothing is opened to others unnoticed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.spec import LocalModel, Scalar, Spec, Unit
from chezmoi_llm.words import SECRET, shown

_SECRET_NAME = re.compile(r"(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(S?$|_)", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r"[\d.,_]*|true|false|([~%/]|file:|os\.environ/).*", re.IGNORECASE)
"""Values of such a variable that are none: a number, a switch, a file, or where LiteLLM finds it."""
_PRELOAD = re.compile(r"^(LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_.*|PYTHONPATH|BASH_ENV)$")


def secrets(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A value that looks like a secret (LLM401). The value itself is never printed."""
    for what, path, name, value in _texts(spec, choices):
        is_named = _SECRET_NAME.search(name) and not _PLAIN_VALUE.fullmatch(value)
        if is_named or SECRET.search(value):
            yield Finding(
                code="LLM401",
                path=path,
                is_secret=True,
                message=f"{what} looks like a secret in clear text",
                hint="name a Podman secret under secrets: of the service instead",
            )


def _texts(spec: Spec, choices: Choices) -> Iterator[tuple[str, Path, str, str]]:
    """Yield every free text as (what it is, path, name of its variable, value)."""
    for model in (chosen.model for chosen in choices.models):
        yield from _variables(model)
        for field in ("args", "runner_args", "command", "stop_command"):
            yield from _arguments(model.path(field), getattr(model, field))
        yield from _scalars(model.path("metadata"), model.metadata)
        yield "'description'", model.path("description"), "", model.description
    for cloud in choices.cloud_models:
        yield from _scalars(cloud.path("metadata"), cloud.metadata)
    services = spec.stack.services
    for unit in services.units.values():
        yield from _variables(unit)
        yield from _arguments(unit.path("args"), unit.args)
        for env, name in unit.secrets:
            yield shown(env), (*unit.path("secrets"), env), "", name
    yield from _scalars(services.llama_swap.path("macros"), services.llama_swap.macros)


def _variables(record: LocalModel | Unit) -> Iterator[tuple[str, Path, str, str]]:
    for name, value in record.env:
        yield f"the variable {shown(name)}", record.variable(name), name, value


def _arguments(path: Path, words: Iterable[str]) -> Iterator[tuple[str, Path, str, str]]:
    """Yield each argument; what follows a flag, after a blank or a ``=``, is named by it."""
    before = ""
    for index, word in enumerate(words):
        flag, equals, value = word.partition("=")
        name, value = (flag, value) if equals and flag.startswith("-") else (before, word)
        before = word if word.startswith("-") else ""
        yield f"an argument in {path[-1]!r}", (*path, index), name.replace("-", "_"), value


def _scalars(path: Path, values: Mapping[str, Scalar]) -> Iterator[tuple[str, Path, str, str]]:
    """Yield the texts among the values; a number such as max_tokens is no secret."""
    for key, value in values.items():
        if isinstance(value, str):
            yield shown(key), (*path, key), key, value


def credentials_in_uris(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A URI with a user name or token in it (LLM402)."""
    for chosen in choices.models:
        if re.match(r"[a-z]+://[^/]*@", chosen.model.model):
            yield Finding(
                code="LLM402",
                path=chosen.model.path("model"),
                is_secret=True,
                message="the URI carries a user name or a token",
                hint="take out the part before the @, and log in with the tool that downloads",
            )


def open_binds(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A port that others on the network can reach (LLM403)."""
    for key, unit in spec.stack.services.units.items():
        if unit.enabled and not unit.bind.startswith(("127.", "[::1]")):
            yield Finding(
                code="LLM403",
                path=unit.path("bind"),
                severity=Severity.WARNING,
                message=f"{key} listens on {unit.bind}, which others on the network can reach",
                hint="use 127.0.0.1, and Caddy for other machines",
            )


def open_api(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """llama-swap without a key answers every web page in the browser (LLM404)."""
    llama_swap = spec.stack.services.llama_swap
    if llama_swap.enabled and not llama_swap.api_key:
        yield Finding(
            code="LLM404",
            path=llama_swap.path("api_key"),
            severity=Severity.WARNING,
            message="without a key every web page in your browser can use the models",
            hint="remove the line: the key is made for you",
        )


def socket(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """In placement container llama-swap holds Podman's socket (LLM405); who wrote it, knows."""
    llama_swap = spec.stack.services.llama_swap
    is_chosen = "placement" in llama_swap.written
    if llama_swap.enabled and llama_swap.placement == "container" and choices.models and not is_chosen:
        yield Finding(
            code="LLM405",
            path=llama_swap.path("placement"),
            severity=Severity.NOTE,
            message="in placement container llama-swap holds Podman's socket, which is your whole account",
            hint="write services: llama_swap: placement: container to keep it, or host, which needs none",
        )


def loaders(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A variable that makes programs load other code (LLM406)."""
    records: list[LocalModel | Unit] = [chosen.model for chosen in choices.models]
    records += spec.stack.services.units.values()
    for record in records:
        for name, _ in record.env:
            if _PRELOAD.match(name):
                yield Finding(
                    code="LLM406",
                    path=record.variable(name),
                    severity=Severity.WARNING,
                    message=f"{name} makes the program load other code",
                    hint="remove it, unless that is what you mean",
                )


RULES = (secrets, credentials_in_uris, open_binds, open_api, socket, loaders)
