"""Which model has which part: written on a model or for the stack, or the only one that can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chezmoi_llm.choices.kinds import runner_of
from chezmoi_llm.choices.own_units import may_have_units
from chezmoi_llm.choices.records import CHOSEN_ROLES, KIND_ROLES, ROLES, Choice, Successor
from chezmoi_llm.runners import RUNNERS
from chezmoi_llm.spec import CloudModel, LocalModel, Service, Stack


def is_off(service: Service) -> bool:
    """Say whether a service is switched off, and not only where a template says so."""
    return not service.enabled and "enabled" not in service.unknown


def _is_served(model: LocalModel, kind: str, stack: Stack) -> bool:
    """Say whether something serves a model; only then it is given a role that nobody chose it for."""
    if not is_off(stack.services.llama_swap):
        return True
    return may_have_unit(runner_of(model, stack, kind), stack)


def may_have_unit(runner: Choice, stack: Stack) -> bool:
    """Say whether systemd starts a model of this runner, or rendering may yet show that it does."""
    return may_have_units(stack) and (RUNNERS[runner.value].may_be_unit or runner.source == "default")


def roles_of(
    stack: Stack, enabled: list[tuple[LocalModel, str]], cloud: tuple[CloudModel, ...]
) -> dict[str, Choice]:
    """Return the one model of each role.

    ``enabled`` are the local models with their kinds, ``cloud`` those of the cloud that chat.
    """
    local = [(model, kind) for model, kind in enabled if _is_served(model, kind, stack)]
    served = () if is_off(stack.services.litellm) else cloud
    task = _role("task", stack, local)
    chosen = {"task": task, "chat": _chat(stack, local, served, task.value)}
    chosen |= {role: _role(role, stack, local) for role in KIND_ROLES}
    return {role: chosen[role] for role in CHOSEN_ROLES}


def followed(roles: Mapping[str, Choice], replaced: Mapping[str, Successor]) -> dict[str, Choice]:
    """Give each role of a deprecated model to the one that replaces it, if that is in the list."""
    given = dict(roles)
    for role, choice in roles.items():
        successor = replaced.get(choice.value)
        if successor and successor.served:
            why = f"{choice.value} is deprecated, and this replaces it"
            given[role] = Choice(value=successor.served, source="derived", why=why)
    return given


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
        ([model.name for model in cloud], "it is the first cloud model that chats; no local one does"),
    )
    for names, why in candidates:
        if names:
            return Choice(value=names[0], source="derived", why=why)
    return Choice(value="", source="default")


def plays(model: LocalModel, kind: str, roles: Mapping[str, Choice]) -> tuple[str, ...]:
    """Return all roles of a model, in the order of ROLES: written, chosen, or by its kind."""
    played = set(model.roles) | {kind}
    played |= {role for role, choice in roles.items() if choice.value == model.name}
    if "vision" in model.capabilities:
        played.add("vision")
    return tuple(role for role in ROLES if role in played)


def resident_role(model: LocalModel, played: Sequence[str], roles: Mapping[str, Choice], chats: int) -> str:
    """Return the role that keeps a model loaded, or nothing; ``chats`` is the number of chat models.

    A task model that is the chat model as well swaps like any chat model, unless it is the only
    one: kept loaded, it would hold the memory that the other chat models need.
    """
    for role in played:
        if role in KIND_ROLES:
            return role
    if "task" in played and (roles["chat"].value != model.name or chats == 1):
        return "task"
    return ""
