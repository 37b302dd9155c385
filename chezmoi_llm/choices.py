"""What follows from what was written: kinds, runners, roles and groups, each with its reason.

Checks judge these choices and ``resolve`` completes the models with them, so both decide alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial

from chezmoi_llm.own_units import UNIT, has_units, may_have_units
from chezmoi_llm.records import record, replace
from chezmoi_llm.runners import COMMAND, DEFAULT_RUNNERS, KIND_RUNNERS, RAMALAMA, RUNNERS, Runner
from chezmoi_llm.spec import CloudModel, Group, LocalModel, Service, Spec, Stack
from chezmoi_llm.successors import Successor, successors

RESIDENT_GROUP = "resident"
"""Name of the derived group whose members stay loaded beside whatever else is."""

KIND_ROLES = ("embedding", "rerank", "transcription")
"""Roles that a model plays by being of that kind."""

CHOSEN_ROLES = ("chat", "task", *KIND_ROLES)
"""Roles that one model is chosen for, under ``llm_stack.<role>_model``."""

ROLES = (*CHOSEN_ROLES, "vision")


@record
class Choice:
    """A value, where it comes from (written, defaults, default, role, derived) and why."""

    value: str
    source: str
    why: str = ""


@record
class Chosen:
    """An enabled local model with what was chosen for it.

    ``has_unit``: systemd starts it, by a unit of its own; llama-swap starts the others.
    ``may_have_unit`` is true also where only rendering the template can tell.
    """

    model: LocalModel
    kind: Choice
    runner: Choice
    roles: tuple[str, ...]
    group: Choice
    resident: bool
    has_unit: bool
    may_have_unit: bool

    @property
    def program(self) -> Runner:
        """What starts it."""
        return UNIT if self.has_unit else RUNNERS[self.runner.value]


@record
class Choices:
    """All choices of a stack; ``roles`` maps each role to its one model, or to an empty value.

    ``successors`` are what replaces the models that are deprecated, by the names of these.
    """

    models: tuple[Chosen, ...]
    cloud_models: tuple[CloudModel, ...]
    roles: Mapping[str, Choice]
    groups: tuple[Group, ...]
    successors: Mapping[str, Successor]


def choose(spec: Spec) -> Choices:
    """Return the choices for every enabled model of the input."""
    enabled = tuple(model for model in spec.local_models if model.enabled)
    cloud = tuple(model for model in spec.cloud_models if model.enabled)
    kinds = {id(model): kind_of(model, spec.stack) for model in enabled}
    of_kind = [(model, kinds[id(model)].value) for model in enabled]
    replaced = successors(spec)
    roles = _followed(_roles(spec.stack, of_kind, cloud), replaced)
    written = _written_groups(spec.stack, enabled)
    by_name = {group.name: group for group in written}
    home = {name: group for group in written for name in group.members}
    chats = sum(1 for _, kind in of_kind if kind == "chat")
    chosen: list[Chosen] = []
    for model, kind in of_kind:
        plays = _plays(model, kind, roles)
        runner = runner_of(model, spec.stack, kind)
        has_unit = RUNNERS[runner.value].may_be_unit and has_units(spec.stack)
        group = _group_of(model, home, _resident_role(model, plays, roles, chats), has_unit=has_unit)
        chosen.append(
            Chosen(
                model=model,
                kind=kinds[id(model)],
                runner=runner,
                roles=plays,
                group=group,
                resident=has_unit or _stays(group.value, by_name.get(group.value)),
                has_unit=has_unit,
                may_have_unit=_may_have_unit(runner, spec.stack),
            )
        )
    groups = _with_resident(written, chosen, spec.stack)
    return Choices(
        models=tuple(chosen), cloud_models=cloud, roles=roles, groups=groups, successors=replaced
    )


def shared_ports(spec: Spec) -> frozenset[int]:
    """Return ports that several models write; such a port counts as not written."""
    ports = Counter(model.port for model in spec.local_models if model.enabled and model.port)
    return frozenset(port for port, count in ports.items() if count > 1)


_NAME_SAYS = (
    ("embedding", re.compile(r"embed", re.IGNORECASE)),
    ("rerank", re.compile(r"rerank", re.IGNORECASE)),
    ("transcription", re.compile(r"whisper", re.IGNORECASE)),
)


def kind_of(model: LocalModel, stack: Stack) -> Choice:
    """Return what a model is for: written, else what only one kind can mean, else chat."""
    if model.is_given("kind"):
        return Choice(value=model.kind, source="written")
    told = {
        "its roles": set(model.roles),
        "its capabilities": set(model.capabilities),
        "llm_stack": {role for role in KIND_ROLES if model.name == getattr(stack, f"{role}_model")},
    }
    for source, words in told.items():
        kinds = sorted(words & set(KIND_ROLES))
        if model.name and len(kinds) == 1:
            return Choice(value=kinds[0], source="derived", why=f"{source} say {kinds[0]}")
    able = RUNNERS[model.runner].kinds if model.runner else ()
    if len(able) == 1:
        return Choice(value=min(able), source="derived", why=f"{model.runner} does nothing else")
    if model.pooling == "rank":
        return Choice(value="rerank", source="derived", why="pooling rank is for reranking")
    if model.dimensions:
        return Choice(value="embedding", source="derived", why="only embedding models have dimensions")
    return _kind_by_name(model)


def _kind_by_name(model: LocalModel) -> Choice:
    """Read the kind off the last words of the URI, where model families carry it."""
    last = re.split(r"[/\\]", model.model.rstrip("/"))[-2:]
    for kind, says in _NAME_SAYS:
        if any(says.search(word) for word in (*last, model.name)):
            return Choice(value=kind, source="derived", why=f"the name says {says.pattern}")
    return Choice(value="chat", source="default")


def runner_of(model: LocalModel, stack: Stack, kind: str) -> Choice:
    """Return what starts a model: written, else by its kind and the placement of llama-swap."""
    if model.is_given("runner"):
        return Choice(value=model.runner, source="written")
    if model.command:
        return Choice(value=COMMAND.key, source="derived", why="it has a command")
    if kind in KIND_RUNNERS:
        runner, why = KIND_RUNNERS[kind]
        return Choice(value=runner, source="derived", why=why)
    if has_units(stack):
        return Choice(value=RAMALAMA.key, source="derived", why="models have units of their own")
    placement = stack.services.llama_swap.placement
    runner = DEFAULT_RUNNERS[placement]
    return Choice(value=runner, source="default", why=f"the runner of placement {placement}")


def is_off(service: Service) -> bool:
    """Say whether a service is switched off, and not only where a template says so."""
    return not service.enabled and "enabled" not in service.unknown


def _is_served(model: LocalModel, kind: str, stack: Stack) -> bool:
    """Say whether a model that nobody gave a part to can have one: nothing else would answer."""
    if not is_off(stack.services.llama_swap):
        return True
    return _may_have_unit(runner_of(model, stack, kind), stack)


def _may_have_unit(runner: Choice, stack: Stack) -> bool:
    return may_have_units(stack) and (RUNNERS[runner.value].may_be_unit or runner.source == "default")


def _roles(
    stack: Stack, enabled: list[tuple[LocalModel, str]], cloud: tuple[CloudModel, ...]
) -> dict[str, Choice]:
    local = [(model, kind) for model, kind in enabled if _is_served(model, kind, stack)]
    served = () if is_off(stack.services.litellm) else cloud
    task = _role("task", stack, local)
    chosen = {"task": task, "chat": _chat(stack, local, served, task.value)}
    chosen |= {role: _role(role, stack, local) for role in KIND_ROLES}
    return {role: chosen[role] for role in CHOSEN_ROLES}


def _followed(roles: Mapping[str, Choice], replaced: Mapping[str, Successor]) -> dict[str, Choice]:
    """Give each role of a deprecated model to the one that replaces it, if that is in the list."""
    followed = dict(roles)
    for role, choice in roles.items():
        successor = replaced.get(choice.value)
        if successor and successor.served:
            why = f"{choice.value} is deprecated, and this replaces it"
            followed[role] = Choice(value=successor.served, source="derived", why=why)
    return followed


def _role(role: str, stack: Stack, local: list[tuple[LocalModel, str]]) -> Choice:
    written = str(getattr(stack, f"{role}_model"))
    if written:
        return Choice(value=written, source="written")
    told = [model.name for model, _ in local if role in model.roles]
    if told:
        return Choice(value=told[0], source="role", why=f"it has the role {role}")
    of_kind = [model.name for model, kind in local if kind == role]
    if len(of_kind) == 1:
        return Choice(value=of_kind[0], source="derived", why=f"it is the only {role} model")
    return Choice(value="", source="default")


def _chat(
    stack: Stack, local: list[tuple[LocalModel, str]], cloud: tuple[CloudModel, ...], task: str
) -> Choice:
    if stack.chat_model:
        return Choice(value=stack.chat_model, source="written")
    told = [model.name for model, _ in local if "chat" in model.roles]
    if told:
        return Choice(value=told[0], source="role", why="it has the role chat")
    able = [model.name for model, kind in local if kind == "chat"]
    free = [name for name in able if name != task]
    candidates = (
        (free, "it is the first chat model that is not the task model"),
        (able, "it is the only chat model"),
        ([model.name for model in cloud], "it is the first cloud model, and no local one chats"),
    )
    for names, why in candidates:
        if names:
            return Choice(value=names[0], source="derived", why=why)
    return Choice(value="", source="default")


def _plays(model: LocalModel, kind: str, roles: Mapping[str, Choice]) -> tuple[str, ...]:
    """Return all parts of a model, in the order of ROLES: written, chosen, or by its kind."""
    played = set(model.roles) | {kind}
    played |= {role for role, choice in roles.items() if choice.value == model.name}
    if "vision" in model.capabilities:
        played.add("vision")
    return tuple(role for role in ROLES if role in played)


def _resident_role(
    model: LocalModel, plays: tuple[str, ...], roles: Mapping[str, Choice], chats: int
) -> str:
    """Return the role that keeps a model loaded, or nothing; ``chats`` is the number of chat models.

    A task model that is the chat model as well swaps like any chat model, unless it is the only
    one: kept loaded, it would hold the memory that the other chat models need.
    """
    for role in plays:
        if role in KIND_ROLES:
            return role
    if "task" in plays and (roles["chat"].value != model.name or chats == 1):
        return "task"
    return ""


def _group_of(
    model: LocalModel, home: Mapping[str, Group], resident_role: str, *, has_unit: bool
) -> Choice:
    if has_unit:
        return Choice(value="", source="derived", why="llama-swap has no part in it")
    if model.name in home:
        return Choice(value=home[model.name].name, source="written")
    if resident_role:
        why = f"a model with the role {resident_role} stays loaded beside the others"
        return Choice(value=RESIDENT_GROUP, source="role", why=why)
    return Choice(value="", source="default")


def _stays(group: str, written: Group | None) -> bool:
    if written is not None:
        return not written.swap and written.persistent
    return group == RESIDENT_GROUP


def _written_groups(stack: Stack, enabled: Iterable[LocalModel]) -> tuple[Group, ...]:
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
    """Fill what a group leaves out by meaning: members that do not swap neither evict nor leave."""
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


def _with_resident(written: tuple[Group, ...], chosen: Iterable[Chosen], stack: Stack) -> tuple[Group, ...]:
    members = [one.model.name for one in chosen if one.group.value == RESIDENT_GROUP]
    if not members:
        return written
    if any(group.name == RESIDENT_GROUP for group in written):
        join = partial(_with_members, members=members)
        return tuple(join(g) if g.name == RESIDENT_GROUP else g for g in written)
    why = "task, embedding, rerank and transcription models stay loaded beside the others"
    resident = _new_group(RESIDENT_GROUP, stack, swap=False, description=why)
    return (*written, _with_members(resident, members))
