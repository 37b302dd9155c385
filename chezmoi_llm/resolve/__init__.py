"""From what was written and chosen to a stack in which nothing is left to decide."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.choices import ROLES, Choice, Choices
from chezmoi_llm.records import record, replace
from chezmoi_llm.resolve.addresses import tailscale_name
from chezmoi_llm.resolve.models import ServedModel, complete
from chezmoi_llm.resolve.ports import model_ports
from chezmoi_llm.resolve.programs import Program, programs
from chezmoi_llm.resolve.secrets import Secret, api_key_env, provider_of, secrets
from chezmoi_llm.runners.base import PATH_SCHEME, scheme_of
from chezmoi_llm.spec import CloudModel, Group, Spec, Stack

DOWNLOAD_SECONDS = 3600
"""Time to start for a model that may have to be downloaded first."""

START_SECONDS = 600
"""Time to start for a model whose file is here."""


@record
class House:
    """The whole stack, complete: the one argument of every target system.

    ``settings`` is what was written of it, with what follows from that filled in.
    ``cloud_kinds`` says what each cloud model is for, ``replaced`` which model of the list replaces a
    deprecated one, both by name. ``role_choices`` are the one model of each role, and why.
    """

    settings: Stack
    local_models: tuple[ServedModel, ...]
    cloud_models: tuple[CloudModel, ...]
    cloud_kinds: Mapping[str, str]
    role_choices: Mapping[str, Choice]
    roles: Mapping[str, tuple[str, ...]]
    groups: tuple[Group, ...]
    replaced: Mapping[str, str]
    programs: Mapping[str, Program]
    secrets: tuple[Secret, ...]
    tailscale_name: str

    @property
    def placement(self) -> str:
        """Where llama-swap runs: container, host or embedded."""
        return self.settings.services.llama_swap.placement

    @property
    def chosen(self) -> dict[str, str]:
        """The name of the one model of each role, empty where it has none."""
        return {role: choice.value for role, choice in self.role_choices.items()}

    @property
    def swapped_models(self) -> tuple[ServedModel, ...]:
        """The local models that llama-swap starts."""
        return tuple(one for one in self.local_models if not one.has_unit)

    @property
    def unit_models(self) -> tuple[ServedModel, ...]:
        """The local models that systemd starts, each by a unit of its own."""
        return tuple(one for one in self.local_models if one.has_unit)

    def is_on(self, key: str) -> bool:
        """Say whether a program is part of the stack."""
        return self.programs[key].enabled

    def secrets_of(self, key: str) -> tuple[Secret, ...]:
        """Return the secrets that a program reads."""
        return tuple(secret for secret in self.secrets if key in secret.used_by)


def resolve(spec: Spec, choices: Choices) -> House:
    """Return the complete stack for an input without errors."""
    all_programs = programs(spec)
    ports = model_ports(spec, choices, all_programs)
    served = tuple(
        complete(chosen, spec, all_programs, ports[chosen.model.name]) for chosen in choices.models
    )
    cloud = tuple(_cloud(model) for model in choices.cloud_models)
    return House(
        settings=_settings(spec.stack, served),
        local_models=served,
        cloud_models=cloud,
        cloud_kinds=choices.cloud_kinds,
        role_choices=choices.roles,
        roles=_roles(served, choices),
        groups=tuple(group for group in choices.groups if group.members),
        replaced={name: one.served for name, one in choices.successors.items() if one.served},
        programs=all_programs,
        secrets=secrets(spec, all_programs, cloud, has_units=any(one.has_unit for one in served)),
        tailscale_name=tailscale_name(spec),
    )


def _cloud(model: CloudModel) -> CloudModel:
    return replace(
        model,
        display_name=model.display_name or model.name,
        provider=provider_of(model),
        api_key_env=api_key_env(model),
    )


def _settings(stack: Stack, served: tuple[ServedModel, ...]) -> Stack:
    llama_swap = stack.services.llama_swap
    if llama_swap.health_check_timeout:
        return stack
    here = {PATH_SCHEME, ""}
    downloads = any(scheme_of(one.model.model) not in here for one in served if not one.has_unit)
    seconds = DOWNLOAD_SECONDS if downloads else START_SECONDS
    timed = replace(llama_swap, health_check_timeout=seconds)
    return replace(stack, services=replace(stack.services, llama_swap=timed))


def _roles(served: tuple[ServedModel, ...], choices: Choices) -> dict[str, tuple[str, ...]]:
    """Return the names that play each role; a cloud model plays those that it was chosen for."""
    played = {role: [one.model.name for one in served if role in one.model.roles] for role in ROLES}
    for role, choice in choices.roles.items():
        if choice.value and choice.value not in played[role]:
            played[role].append(choice.value)
    return {role: tuple(names) for role, names in played.items()}


__all__ = ["House", "Program", "Secret", "ServedModel", "resolve"]
