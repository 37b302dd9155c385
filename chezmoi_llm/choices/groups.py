"""Which models llama-swap keeps loaded beside each other: groups as written, and one of residents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from chezmoi_llm.choices.records import Choice, Chosen
from chezmoi_llm.records import replace
from chezmoi_llm.spec import Group, LocalModel, Stack

RESIDENT_GROUP = "resident"
"""Name of the derived group whose members stay loaded beside whatever else is."""


def group_of(model: LocalModel, home: Mapping[str, Group], resident_role: str, *, has_unit: bool) -> Choice:
    """Return the group of a model: ``home`` has the written ones by member, the rest follow their role."""
    if has_unit:
        return Choice(value="", source="derived", why="llama-swap has no part in it")
    if model.name in home:
        return Choice(value=home[model.name].name, source="written")
    if resident_role:
        why = f"a model with the role {resident_role} stays loaded beside the others"
        return Choice(value=RESIDENT_GROUP, source="role", why=why)
    return Choice(value="", source="default")


def stays(group: str, written: Group | None) -> bool:
    """Say whether the members of a group stay loaded; ``written`` is the group if a person wrote it."""
    if written is not None:
        return not written.swap and written.persistent
    return group == RESIDENT_GROUP


def written_groups(stack: Stack, enabled: Iterable[LocalModel]) -> tuple[Group, ...]:
    """Return the groups that the person named, here or on a model, with their enabled members."""
    served = [model for model in enabled if model.name]
    names = {model.name for model in served}
    listed = {group.name: _settled(group) for group in stack.groups}
    for model in served:
        if model.group and model.group not in listed:
            listed[model.group] = _new_group(model.group, stack)
    joined = {
        name: dict.fromkeys(member for member in group.members if member in names)
        for name, group in listed.items()
    }
    for model in served:
        if model.group:
            joined[model.group][model.name] = None
    return tuple(_with_members(group, joined[name]) for name, group in listed.items())


def _settled(group: Group) -> Group:
    """Fill in what a group leaves out: one whose members do not swap evicts none and is not evicted."""
    if group.swap:
        return group
    exclusive = group.exclusive if "exclusive" in group.written else False
    persistent = group.persistent if "persistent" in group.written else True
    return replace(group, exclusive=exclusive, persistent=persistent)


def _new_group(name: str, stack: Stack, *, swap: bool = True, description: str = "") -> Group:
    return Group(
        at=(*stack.at, "groups", name),
        written={},
        name=name,
        swap=swap,
        exclusive=swap,
        persistent=not swap,
        members=(),
        description=description,
    )


def _with_members(group: Group, members: Iterable[str]) -> Group:
    return replace(group, members=tuple(members))


def with_resident(written: tuple[Group, ...], chosen: Iterable[Chosen], stack: Stack) -> tuple[Group, ...]:
    """Return the written groups and, where a model stays loaded by its role, that of the residents."""
    members = [one.model.name for one in chosen if one.group.value == RESIDENT_GROUP]
    if not members:
        return written
    if any(group.name == RESIDENT_GROUP for group in written):
        join = partial(_with_members, members=members)
        return tuple(join(g) if g.name == RESIDENT_GROUP else g for g in written)
    why = "task, embedding, rerank and transcription models stay loaded beside the others"
    resident = _new_group(RESIDENT_GROUP, stack, swap=False, description=why)
    return (*written, _with_members(resident, members))
