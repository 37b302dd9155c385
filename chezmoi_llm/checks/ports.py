"""Ports and names on this machine: no two programs want the same one."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.spec import Spec, Unit
from chezmoi_llm.words import shown

LISTENING = ("llama_swap", "litellm", "open_webui")
FIRST_FREE_PORT = 1024
"""Below it a port needs a privilege that rootless Podman does not have."""


def _published(spec: Spec) -> Iterator[tuple[int, str, Path]]:
    """Yield each published port of an enabled service, with what it is and where it stands."""
    for key in LISTENING:
        unit: Unit = getattr(spec.stack.services, key)
        if unit.enabled and "published_port" not in unit.unknown:
            own = unit.published_port
            path = unit.path("published_port") if own else ("data", "published_ports", key)
            yield own or spec.published_ports[key], f"the published port of {key}", path


def _caddy(spec: Spec) -> Iterator[tuple[int, str, Path]]:
    caddy = spec.stack.services.caddy
    is_on = caddy.enabled if caddy.is_given("enabled") else bool(spec.hostname)
    if is_on and caddy.mode == "ports":
        for key in LISTENING:
            if getattr(spec.stack.services, key).enabled:
                path = (*caddy.path("ports"), key)
                yield caddy.ports[key], f"Caddy's port for {key}", path


def clashes(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two programs on one port (LLM307)."""
    first: dict[int, tuple[str, Path]] = {}
    models = [
        (chosen.model.port, f"the port of {shown(chosen.model.name)}", chosen.model.path("port"))
        for chosen in choices.models
        if chosen.model.port
    ]
    crowded = _crowded(spec)
    rows = [*_published(spec), *_caddy(spec), *(row for row in models if row[0] not in crowded)]
    for port, what, path in rows:
        other, place = first.setdefault(port, (what, path))
        if other != what:
            yield Finding(
                code="LLM307",
                path=path,
                related=place,
                message=f"{what} is {port}, which is {other} already",
                hint="choose another port",
            )


def _crowded(spec: Spec) -> set[int]:
    ports = [model.port for model in spec.local_models if model.enabled and model.port]
    return {port for port in ports if ports.count(port) > 1}


def privileged(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A published port that a rootless container cannot open (LLM308)."""
    for port, what, path in _published(spec):
        if port < FIRST_FREE_PORT:
            yield Finding(
                code="LLM308",
                path=path,
                severity=Severity.WARNING,
                message=f"{what} is {port}; rootless containers cannot open ports below 1024",
                hint="choose a higher port, and let Caddy listen on this one",
            )


def shared_model_ports(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """One port on several models counts as not written (LLM314)."""
    crowded = _crowded(spec)
    for chosen in choices.models:
        if chosen.model.port in crowded:
            yield Finding(
                code="LLM314",
                path=chosen.model.path("port"),
                severity=Severity.NOTE,
                message=f"port {chosen.model.port} stands on several models and is not used",
                hint="remove the line: llama-swap allots a port to each model",
            )


def container_names(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two containers of one name (LLM316)."""
    first: dict[str, tuple[str, Path]] = {}
    for key in LISTENING:
        unit: Unit = getattr(spec.stack.services, key)
        path = unit.path("container_name")
        other, place = first.setdefault(unit.container_name, (key, path))
        if other != key and unit.enabled:
            yield Finding(
                code="LLM316",
                path=path,
                related=place,
                message=f"{key} and {other} have one container name, {shown(unit.container_name)}",
                hint="give one of them another name",
            )


RULES = (clashes, privileged, shared_model_ports, container_names)
