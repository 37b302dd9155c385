"""What follows from what was written: kinds, runners, roles and groups, each with its reason.

Checks judge these choices and ``resolve`` completes the models with them, so both decide alike.
"""

from __future__ import annotations

from collections import Counter

from chezmoi_llm.choices.groups import group_of, stays, with_resident, written_groups
from chezmoi_llm.choices.kinds import kind_of, runner_of
from chezmoi_llm.choices.own_units import has_units
from chezmoi_llm.choices.records import CHOSEN_ROLES, KIND_ROLES, ROLES, Choice, Choices, Chosen, Successor
from chezmoi_llm.choices.roles import followed, is_off, may_have_unit, plays, resident_role, roles_of
from chezmoi_llm.choices.successors import successors
from chezmoi_llm.runners import RUNNERS
from chezmoi_llm.spec import Spec


def choose(spec: Spec) -> Choices:
    """Return the choices for every enabled model of the input."""
    enabled = tuple(model for model in spec.local_models if model.enabled)
    cloud = tuple(model for model in spec.cloud_models if model.enabled)
    kinds = {id(model): kind_of(model, spec.stack) for model in enabled}
    of_kind = [(model, kinds[id(model)].value) for model in enabled]
    replaced = successors(spec)
    # one name on several servers is one model, and the first of them says what it is for
    told = {model.name: kind_of(model, spec.stack).value for model in reversed(cloud)}
    cloud_kinds = told | {model.name: kind for model, kind in of_kind if model.name in told}
    chatting = tuple(model for model in cloud if cloud_kinds[model.name] == "chat")
    roles = followed(roles_of(spec.stack, of_kind, chatting), replaced)
    written = written_groups(spec.stack, enabled)
    by_name = {group.name: group for group in written}
    home = {name: group for group in written for name in group.members}
    chats = sum(1 for _, kind in of_kind if kind == "chat")
    chosen: list[Chosen] = []
    for model, kind in of_kind:
        parts = plays(model, kind, roles)
        runner = runner_of(model, spec.stack, kind)
        has_unit = RUNNERS[runner.value].may_be_unit and has_units(spec.stack)
        group = group_of(model, home, resident_role(model, parts, roles, chats), has_unit=has_unit)
        chosen.append(
            Chosen(
                model=model,
                kind=kinds[id(model)],
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


def shared_ports(spec: Spec) -> frozenset[int]:
    """Return ports that several models write; such a port counts as not written."""
    ports = Counter(model.port for model in spec.local_models if model.enabled and model.port)
    return frozenset(port for port, count in ports.items() if count > 1)


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
    "shared_ports",
]
