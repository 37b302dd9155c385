"""The other programs of the stack: what LiteLLM, Open WebUI, Caddy and Podman would pass over."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.resolve.addresses import address, has_caddy, host_and_port
from chezmoi_llm.resolve.providers import PROVIDERS
from chezmoi_llm.showing.words import counted, did_you_mean, shown
from chezmoi_llm.spec import Spec


def lost_arguments(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """An argument that Podman's units cannot carry (LLM321).

    Quadlet drops an empty argument with all that follow, and hands on a lone ``;`` without its
    quotes, where systemd begins a second command.
    """
    services = spec.stack.services
    for key, unit in services.units.items():
        if key == "llama_swap" and services.llama_swap.placement == "host":
            continue
        for index, word in enumerate(unit.args):
            if word in ("", ";") and "args" not in unit.unknown:
                yield Finding(
                    code="LLM321",
                    path=(*unit.path("args"), index),
                    message=f"Podman cannot hand on the argument {shown(word)}",
                    hint="leave it out",
                )


def providers(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """LiteLLM drops a model of a provider that it does not know, and starts all the same (LLM322)."""
    used = [(model.path("model"), model.model.partition("/")[0]) for model in choices.cloud_models]
    used += [(limits.at, limits.name) for limits in spec.stack.services.litellm.providers]
    for path, provider in used:
        if provider and provider not in PROVIDERS:
            near = did_you_mean(provider, PROVIDERS)
            yield Finding(
                code="LLM322",
                path=path,
                severity=Severity.WARNING,
                message=f"LiteLLM knows no provider {shown(provider)}",
                hint=near or "look it up: https://docs.litellm.ai/docs/providers",
            )


def other_provider(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """LiteLLM asks whom the model begins with, whatever ``provider`` says (LLM322)."""
    for model in choices.cloud_models:
        asked = model.model.partition("/")[0]
        if asked in PROVIDERS and model.provider not in ("", asked) and "provider" not in model.unknown:
            yield Finding(
                code="LLM322",
                path=model.path("provider"),
                together=(model.path("model"),),
                severity=Severity.WARNING,
                message=(
                    f"'provider' is {shown(model.provider)}, but LiteLLM asks {shown(asked)}, "
                    "with which the model begins"
                ),
                hint=f"write provider: {asked}, or leave it out",
            )


def wildcards(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """What stands for * in the name is put in for * in the model: there is one in both (LLM337)."""
    for model in choices.cloud_models:
        if model.model.endswith("*") and not model.is_pattern and "name" not in model.unknown:
            yield Finding(
                code="LLM337",
                path=model.path("model"),
                together=(model.path("name"),),
                message=f"{shown(model.model)} takes its * from the name, and {shown(model.name)} has none",
                hint=f"write name: {model.model}, or the name of one model",
            )


_OF_ONE_MODEL = {"aliases": "another name", "fallback": "a fallback", "replaced_by": "a successor"}
"""Fields that LiteLLM looks up by the whole name that was asked for, and what each gives a model."""


def many_models(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A name for many models is never asked for as it stands, nor what belongs to it (LLM337)."""
    for model in choices.cloud_models:
        for field, what in _OF_ONE_MODEL.items() if model.is_pattern else ():
            if getattr(model, field):
                yield Finding(
                    code="LLM337",
                    path=model.path(field),
                    message=f"{shown(model.name)} is many models, none of which gets {what} by it",
                    hint="write out the model that needs it, in an entry of its own",
                )


def unserved(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Models whose server is switched off (LLM325)."""
    services = spec.stack.services
    swapped = sum(not chosen.may_have_unit for chosen in choices.models)
    asked = (
        (services.llama_swap, "llama-swap", swapped, "local model"),
        (services.litellm, "LiteLLM", len(choices.cloud_models), "cloud model"),
    )
    for unit, program, count, what in asked:
        if count and spec.stack.enabled and not unit.enabled:
            yield Finding(
                code="LLM325",
                path=unit.path("enabled"),
                severity=Severity.NOTE,
                message=f"{program} is off, so nothing serves {counted(count, what)}",
                hint=f"switch it on, or take the {what}s out of the list",
            )


def caddy_names(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Caddy needs a name for the apps (LLM323), unless it serves other sites alone."""
    caddy = spec.stack.services.caddy
    is_made = spec.is_named_later or {"mode", "domain"} & caddy.unknown
    if not has_caddy(spec) or address("open_webui", spec) or is_made:
        return
    if caddy.mode == "subdomains":
        yield Finding(
            code="LLM323",
            path=caddy.path("mode"),
            message="mode subdomains needs a domain",
            hint=(
                "write domain: home.example.org, or mode: ports and "
                "data: tailscale: {hostname: box, tailnet: tail1234.ts.net}"
            ),
        )
    elif not caddy.sites:
        yield Finding(
            code="LLM323",
            path=caddy.path("enabled"),
            message="Caddy has no name to serve",
            hint=(
                "write data: tailscale: {hostname: box, tailnet: tail1234.ts.net}, "
                "or caddy: {mode: subdomains, domain: home.example.org}"
            ),
        )


def caddy_sites(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two sites of one name and port; Caddy would refuse all of them (LLM324).

    Of two apps on one port of the machine LLM307 speaks.
    """
    ports = spec.stack.services.caddy.path("ports")
    first: dict[tuple[str, int], tuple[str, Path]] = {}
    for what, site, path in _sites(spec) if has_caddy(spec) else ():
        other, its = first.setdefault(host_and_port(site), (what, path))
        if its != path and path[:-1] != ports:
            yield Finding(
                code="LLM324",
                path=path,
                related=its,
                message=f"{shown(site)} is {other} already",
                hint="choose another name or port",
            )


def _sites(spec: Spec) -> Iterator[tuple[str, str, Path]]:
    """Yield each site as (what it is, its address, its path)."""
    caddy = spec.stack.services.caddy
    field = "names" if caddy.mode == "subdomains" else "ports"
    for key in caddy.ports:
        site = address(key, spec)
        if site and spec.stack.services.of(key).enabled:
            yield f"the address of {key}", site, (*caddy.path(field), key)
    for site, _ in caddy.sites:
        yield f"the site {shown(site)}", site, (*caddy.path("sites"), site)


RULES = (
    *(lost_arguments, providers, other_provider, wildcards, many_models, unserved),
    *(caddy_names, caddy_sites),
)
