"""Variables of models and services: none is set twice, and none runs other code unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from chezmoi_llm.choices import Choices, Chosen
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.records import EMPTY
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import LocalModel, Spec, Unit
from chezmoi_llm.targets import SECRETS, TARGETS, Target

Instead: TypeAlias = Mapping[str, str]
"""Variables that we set, each with the setting to use instead, if there is one."""

_IN_A_UNIT: Instead = {"LLAMA_CACHE": "", "LLAMA_API_KEY": "services: llama_swap: secrets"}
"""Variables of a model with a unit of its own."""

_RUNS_CODE = frozenset(
    (
        *("LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "GLIBC_TUNABLES", "PATH"),
        *("IFS", "BASH_ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT"),
        *("PYTHONUSERBASE", "PERL5LIB", "PERL5OPT", "PERL5DB", "PERLLIB", "RUBYOPT", "RUBYLIB"),
        *("NODE_OPTIONS", "NODE_PATH", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"),
        *("CLASSPATH", "LUA_PATH", "LUA_CPATH", "LUA_INIT", "GIT_SSH", "GIT_SSH_COMMAND"),
        *("GIT_EXEC_PATH", "GIT_PROXY_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_ASKPASS", "SSH_ASKPASS"),
        *("PAGER", "GIT_PAGER", "EDITOR", "GIT_EDITOR", "VISUAL", "BROWSER", "OPENSSL_CONF"),
        *("OPENSSL_ENGINES", "OPENSSL_MODULES", "GGML_BACKEND_PATH", "OCL_ICD_VENDORS"),
    )
)
_RUNS_CODE_TOO = ("DYLD_", "BASH_FUNC_")
"""Variables, and beginnings of some, that make a program load or run what another file says."""


def managed(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``env`` and ``secrets`` add variables, and change none that follow from the list (LLM320)."""
    for target in (one for one in TARGETS if one.variables):
        unit, ours = spec.stack.services.units[target.key], _of_target(target, spec, choices)
        yield from _set_already(unit, ours)
        for name, _ in unit.secrets:
            if ours.get(name, SECRETS) != SECRETS:
                yield _taken(name, (*unit.path("secrets"), name), ours[name])
    for chosen in choices.models:
        yield from _set_already(chosen.model, _of_model(chosen))


def _of_target(target: Target, spec: Spec, choices: Choices) -> Instead:
    return {
        name: variable.instead
        for name, variable in target.variables.items()
        if variable.instead is not None and variable.when(spec, choices)
    }


def _of_model(chosen: Chosen) -> Instead:
    driver = {"AMD_VULKAN_ICD": "vulkan_driver"} if chosen.model.vulkan_driver else {}
    return {**driver, **(_IN_A_UNIT if chosen.has_unit else EMPTY)}


def _set_already(record: LocalModel | Unit, ours: Instead) -> Iterator[Finding]:
    for name, _ in record.env:
        if name in ours:
            yield _taken(name, record.variable(name), ours[name])


def _taken(name: str, path: Path, instead: str) -> Finding:
    return Finding(
        code="LLM320",
        path=path,
        at_key=True,
        message=f"{name!r} is set by chezmoi-llm already",
        hint=f"use {instead}" if instead else "remove it",
    )


def twice(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A variable has one value: it stands once in ``env``, or under ``secrets`` (LLM103, LLM320)."""
    units = spec.stack.services.units.values()
    for record in _records(spec, choices):
        for name, count in Counter(name for name, _ in record.env).items():
            if count > 1:
                message = f"{shown(name)} stands twice in 'env'"
                yield Finding(code="LLM103", path=record.variable(name), message=message)
    for unit in units:
        for name in dict(unit.env).keys() & dict(unit.secrets).keys():
            yield Finding(
                code="LLM320",
                path=unit.variable(name),
                related=(*unit.path("secrets"), name),
                at_key=True,
                message=f"{name!r} is filled from a secret already",
                hint="keep one of the two lines",
            )


def _records(spec: Spec, choices: Choices) -> Iterator[LocalModel | Unit]:
    """Yield all that has variables."""
    yield from choices.local_models
    yield from spec.stack.services.units.values()


def runs_code(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A variable that makes a program run other code (LLM406)."""
    for path, name in _names(spec, choices):
        if name in _RUNS_CODE or name.startswith(_RUNS_CODE_TOO):
            yield Finding(
                code="LLM406",
                path=path,
                severity=Severity.WARNING,
                message=f"{name} makes the program run other code",
                hint="remove it, unless that is what you mean",
            )


def _names(spec: Spec, choices: Choices) -> Iterator[tuple[Path, str]]:
    for record in _records(spec, choices):
        yield from ((record.variable(name), name) for name, _ in record.env)
    for unit in spec.stack.services.units.values():
        yield from (((*unit.path("secrets"), name), name) for name, _ in unit.secrets)
    yield from ((cloud.path("api_key_env"), cloud.api_key_env) for cloud in choices.cloud_models)


def no_login(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Open WebUI lets everybody in where WEBUI_AUTH is anything but true (LLM408)."""
    open_webui = spec.stack.services.open_webui
    for name, value in open_webui.env:
        if name == "WEBUI_AUTH" and open_webui.enabled and value.lower() != "true":
            yield Finding(
                code="LLM408",
                path=open_webui.variable(name),
                severity=Severity.WARNING,
                message="without a login whoever reaches the port is the administrator of Open WebUI",
                hint="remove the line, unless nobody else reaches it",
            )


RULES = (managed, twice, runs_code, no_login)
