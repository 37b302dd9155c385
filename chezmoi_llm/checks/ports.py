"""Ports and names on this machine: no two programs want the same one."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm import schema
from chezmoi_llm.choices import Choices, with_free_port
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.records import record
from chezmoi_llm.resolve.addresses import HTTPS_PORT, has_caddy, host_and_port, tailscale_name
from chezmoi_llm.resolve.slugs import slug
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import DATA, Spec
from chezmoi_llm.spec.services import Unit

FIRST_FREE_PORT = 1024
"""Below it a port needs a privilege that rootless Podman does not have."""


@record
class Listener:
    """Somebody who listens on a port: ``is_chosen`` by the person, or by default."""

    port: int
    what: str
    path: Path
    is_chosen: bool


def _published(spec: Spec) -> Iterator[Listener]:
    """Yield the published port of each enabled service."""
    defaults = schema.defaults("published_ports")
    for key, unit in spec.stack.services.units.items():
        if unit.enabled and not {"enabled", "published_port"} & unit.unknown:
            own = unit.published_port
            port = own or spec.published_ports[key]
            if port:
                yield Listener(
                    port=port,
                    what=f"the published port of {key}",
                    path=unit.path("published_port") if own else (*DATA, "published_ports", key),
                    is_chosen=bool(own) or port != defaults[key],
                )


def _caddy(spec: Spec) -> Iterator[Listener]:
    """Yield each port of Caddy's; one port may serve sites of several names, but only Caddy's."""
    caddy = spec.stack.services.caddy
    if not has_caddy(spec) or {"enabled", "mode", "ports"} & caddy.unknown:
        return
    ours = list(_of_apps(spec))
    yield from ours
    taken = {one.port for one in ours}
    for site, _ in caddy.sites:
        port = host_and_port(site)[1]
        if port not in taken:
            taken.add(port)
            path = (*caddy.path("sites"), site)
            yield Listener(port=port, what=f"the port of {shown(site)}", path=path, is_chosen=True)


def _of_apps(spec: Spec) -> Iterator[Listener]:
    """Yield a port for each app, or the one of https that all of them share."""
    caddy = spec.stack.services.caddy
    defaults = schema.defaults("caddy_ports")
    units = spec.stack.services.units.items()
    enabled = [key for key, unit in units if unit.enabled and "enabled" not in unit.unknown]
    if caddy.mode == "subdomains" and enabled:
        yield Listener(port=HTTPS_PORT, what="Caddy's port", path=caddy.path("mode"), is_chosen=False)
    elif tailscale_name(spec):
        for key in filter(caddy.ports.get, enabled):
            yield Listener(
                port=caddy.ports[key],
                what=f"Caddy's port for {key}",
                path=(*caddy.path("ports"), key),
                is_chosen=caddy.ports[key] != defaults[key],
            )


def _models(choices: Choices) -> Iterator[Listener]:
    """Yield each port that models keep; llama-swap may start two commands of one port in turn."""
    allotted = with_free_port(choices)
    keeping = {c.model.port: c.model for c in reversed(choices.models) if c.model.name not in allotted}
    for port, model in keeping.items():
        if port:
            what = f"the port of {shown(model.name)}"
            yield Listener(port=port, what=what, path=model.path("port"), is_chosen=True)


def clashes(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two programs on one port (LLM307); of the two, the one that the person chose is at fault."""
    listeners = (*_published(spec), *_caddy(spec), *_models(choices))
    first: dict[int, Listener] = {}
    for one in sorted(listeners, key=lambda one: one.is_chosen):
        other = first.setdefault(one.port, one)
        if other is not one:
            yield Finding(
                code="LLM307",
                path=one.path,
                related=other.path,
                message=f"{one.what} is {one.port}, which is {other.what} already",
                hint="choose another port",
            )


def privileged(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A published port that a rootless container cannot open (LLM308)."""
    for one in _published(spec):
        if one.port < FIRST_FREE_PORT:
            yield Finding(
                code="LLM308",
                path=one.path,
                severity=Severity.WARNING,
                message=f"{one.what} is {one.port}; rootless containers cannot open ports below 1024",
                hint="choose a higher port, and let Caddy listen on this one",
            )


def shared_model_ports(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """One port on several models counts as not written (LLM314)."""
    allotted = with_free_port(choices)
    for chosen in choices.models:
        if chosen.model.name in allotted:
            yield Finding(
                code="LLM314",
                path=chosen.model.path("port"),
                severity=Severity.NOTE,
                message=f"port {chosen.model.port} stands on several models and is not used",
                hint="remove the line: llama-swap allots a port to each model",
            )


def _is_surely_called(unit: Unit) -> bool:
    return unit.enabled and not {"enabled", "container_name"} & unit.unknown


def container_names(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two containers of one name (LLM316)."""
    contained = (one.model for one in choices.models if one.starter.in_container)
    models = {f"ramalama-{slug(model.name)}": model for model in contained}
    first: dict[str, tuple[str, Path]] = {}
    units = [row for row in spec.stack.services.units.items() if _is_surely_called(row[1])]
    for key, unit in sorted(units, key=lambda row: "container_name" in row[1].written):
        its_path = unit.path("container_name")
        holder, path = first.setdefault(unit.container_name, (key, its_path))
        model = models.get(unit.container_name)
        if model or holder != key:
            other = f"model {shown(model.name)}" if model else holder
            yield Finding(
                code="LLM316",
                path=its_path,
                related=model.at if model else path,
                message=f"{key} and {other} have one container name, {shown(unit.container_name)}",
                hint="give one of them another name",
            )


def short_tailnet(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A tailnet is read as a whole domain, which templates of the person's do not see (LLM110)."""
    if spec.hostname and spec.tailnet and not spec.tailnet.lower().endswith(".ts.net"):
        whole = tailscale_name(spec).partition(".")[2]
        yield Finding(
            code="LLM110",
            path=(*DATA, "tailscale", "tailnet"),
            severity=Severity.NOTE,
            message=f"'tailnet' is {shown(spec.tailnet)}, and read as {shown(whole)}",
            hint="write it whole: other templates read it as it stands",
            mend=f"{spec.tailnet}.ts.net",
        )


RULES = (clashes, privileged, shared_model_ports, container_names, short_tailnet)
