"""What follows from what was written: kinds, runners, roles and groups, each with its reason.

Checks judge these choices and ``resolve`` completes the models with them, so both decide alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from chezmoi_llm.choices.groups import group_of, stays, with_resident, written_groups
from chezmoi_llm.choices.kinds import kind_of, runner_of
from chezmoi_llm.choices.own_units import has_units
from chezmoi_llm.choices.records import CHOSEN_ROLES, KIND_ROLES, ROLES, Choice, Choices, Chosen, Successor
from chezmoi_llm.choices.roles import followed, is_off, may_have_unit, plays, resident_role, roles_of
from chezmoi_llm.choices.successors import successors
from chezmoi_llm.runners import RUNNERS
from chezmoi_llm.spec import CloudModel, LocalModel, Spec, Stack


def choose(spec: Spec) -> Choices:
    """Return the choices for every enabled model of the input."""
    enabled = tuple(model for model in spec.local_models if model.enabled)
    cloud = tuple(model for model in spec.cloud_models if model.enabled)
    kinds = [kind_of(model, spec.stack) for model in enabled]
    of_kind = [(model, kind.value) for model, kind in zip(enabled, kinds, strict=True)]
    replaced = successors(spec)
    cloud_kinds = _cloud_kinds(spec.stack, cloud, of_kind)
    chatting = tuple(one for one in cloud if cloud_kinds[one.name] == "chat" and not one.is_pattern)
    roles = followed(roles_of(spec.stack, of_kind, chatting), replaced)
    written = written_groups(spec.stack, enabled)
    by_name = {group.name: group for group in written}
    home = {name: group for group in written for name in group.members}
    chats = sum(1 for _, kind in of_kind if kind == "chat")
    chosen: list[Chosen] = []
    for model, kind in zip(enabled, kinds, strict=True):
        parts = plays(model, kind.value, roles)
        runner = runner_of(model, spec.stack, kind.value)
        has_unit = RUNNERS[runner.value].may_be_unit and has_units(spec.stack)
        group = group_of(model, home, resident_role(model, parts, roles, chats), has_unit=has_unit)
        chosen.append(
            Chosen(
                model=model,
                kind=kind,
                runner=runner,
                roles=parts,
                group=group,
                resident=has_unit or stays(group.value, by_name.get(group.value)),
                has_unit=has_unit,
                may_have_unit=may_have_unit(runner, spec.stack),
            )
        )
    groups = with_resident(written, chosen, spec.stack)
    return Choices(
        models=tuple(chosen),
        cloud_models=cloud,
        cloud_kinds=cloud_kinds,
        roles=roles,
        groups=groups,
        successors=replaced,
    )


def _cloud_kinds(
    stack: Stack, cloud: Sequence[CloudModel], local: Iterable[tuple[LocalModel, str]]
) -> dict[str, str]:
    """Return what each cloud model is for, by name; a local model of that name decides.

    One name on several servers is one model, and the first of them says what it is for.
    """
    told = {model.name: kind_of(model, stack).value for model in reversed(cloud)}
    return told | {model.name: kind for model, kind in local if model.name in told}


def with_free_port(choices: Choices) -> frozenset[str]:
    """Return the models whose port counts as not written, by name: another model writes the same.

    A command that has its port written into it keeps it: no other can be put in.
    """
    times = Counter(chosen.model.port for chosen in choices.models if chosen.model.port)
    return frozenset(
        chosen.model.name
        for chosen in choices.models
        if times[chosen.model.port] > 1 and not chosen.has_fixed_port
    )


__all__ = [
    "CHOSEN_ROLES",
    "KIND_ROLES",
    "ROLES",
    "Choice",
    "Choices",
    "Chosen",
    "Successor",
    "choose",
    "is_off",
    "kind_of",
    "with_free_port",
]
