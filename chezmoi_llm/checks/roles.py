"""Roles and groups: who plays a part is there when it is asked, and leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import CHOSEN_ROLES, KIND_ROLES, Choices, Chosen, is_off
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.records import fields
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Group, Spec

SMALLEST_TASK_CONTEXT = 2048
"""Tokens that Open WebUI's prompts for titles, tags and search queries need with the last messages."""


def unserved_roles(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model that the person chose for a role has a server (LLM217)."""
    services = spec.stack.services
    local = {one.model.name: one for one in choices.models}
    cloud = {model.name for model in choices.cloud_models}
    for role in CHOSEN_ROLES if spec.stack.enabled else ():
        name = getattr(spec.stack, f"{role}_model")
        if name in local and not local[name].may_have_unit and is_off(services.llama_swap):
            server = "llama-swap"
        elif name in cloud and name not in local and is_off(services.litellm):
            server = "LiteLLM"
        else:
            continue
        yield Finding(
            code="LLM217",
            path=spec.stack.path(f"{role}_model"),
            severity=Severity.WARNING,
            message=f"'{role}_model' is {shown(name)}, but {server}, which serves it, is off",
            hint=f"switch {server} on, or choose another model",
        )


def task_context(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """The task model can take in what Open WebUI asks it (LLM330)."""
    for one in choices.models:
        model = one.model
        size = model.ctx_size if model.is_given("ctx_size") else model.context_window
        is_known = not {"ctx_size", "context_window", "roles"} & model.unknown
        if choices.roles["task"].value == model.name and is_known and 0 < size < SMALLEST_TASK_CONTEXT:
            field = "ctx_size" if model.is_given("ctx_size") else "context_window"
            yield Finding(
                code="LLM330",
                path=model.path(field),
                severity=Severity.WARNING,
                message=(
                    f"the task model has a context of {size}; the prompts for titles and tags, with the "
                    f"messages that they are about, need {SMALLEST_TASK_CONTEXT}"
                ),
                hint=f"write ctx_size: {2 * SMALLEST_TASK_CONTEXT}, or choose another task model",
            )


def unused_groups(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A group that is written has members (LLM216)."""
    members = {group.name: group.members for group in choices.groups}
    is_open = spec.is_open or any("group" in one.model.unknown for one in choices.models)
    for group in spec.stack.groups if not is_open else ():
        is_empty = not members[group.name] and not group.members and "members" not in group.unknown
        if is_empty and all(key in fields(Group) or key.startswith("x-") for key in group.written):
            yield Finding(
                code="LLM216",
                path=group.at,
                at_key=True,
                severity=Severity.WARNING,
                message=f"no model is in group {shown(group.name)}",
                hint=f"write group: {group.name} on a model, or take the group out",
            )


# --- models that must stay ------------------------------------------------------------------------


def evicted(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model with a part beside the chat neither unloads the chat model, nor is unloaded for it (LLM331).

    Left alone, such models are in a group of their own that sees to both.
    """
    groups = {group.name: group for group in choices.groups}
    is_certain = not any(
        {"swap", "exclusive", "persistent", "members"} & g.unknown for g in groups.values()
    )
    for one in choices.models if is_certain and not spec.is_open else ():
        role = _side_role(one, choices)
        if role and not one.may_have_unit and not {"group", "roles", "kind"} & one.model.unknown:
            yield from _disturbed(one, role, groups, choices)


def _side_role(one: Chosen, choices: Choices) -> str:
    """Return the part of a model that is asked for in the middle of a chat, or nothing."""
    parts = (*KIND_ROLES, "task")
    return next((role for role in parts if choices.roles[role].value == one.model.name), "")


def _disturbed(one: Chosen, role: str, groups: dict[str, Group], choices: Choices) -> Iterator[Finding]:
    name, group = one.model.name, groups.get(one.group.value)
    others = [other for other in choices.models if other is not one and not other.may_have_unit]
    if group is None:
        if any(other.kind.value == "chat" for other in others):
            yield _both(one)
        return
    rivals = [other for other in others if _unloads(other, groups.get(other.group.value), group)]
    guests = [other for other in others if _unloads(one, group, groups.get(other.group.value))]
    if rivals:
        other = rivals[0].model
        what = f"group {shown(group.name)} unloads it when {shown(other.name)} is asked for"
        hint = "take it out of the group: then it stays loaded"
    elif guests:
        other = guests[0].model
        what = f"asking for it unloads {shown(other.name)}: group {shown(group.name)} is exclusive"
        hint = "take it out of the group, or write exclusive: false there"
    else:
        return
    yield Finding(
        code="LLM331",
        path=_place(one, group),
        together=(one.model.at, other.at),
        severity=Severity.WARNING,
        message=f"{shown(name)} is the {role} model, and {what}",
        hint=hint,
    )


def _unloads(asked: Chosen, home: Group | None, other: Group | None) -> bool:
    """Say whether llama-swap unloads members of one group for a model of another.

    Models without a group are in one of llama-swap's own, which swaps and is exclusive.
    """
    if home is not None and other is not None and home.name == other.name:
        return home.swap
    if home is None and other is None:
        return True
    return (home is None or home.exclusive) and not (other is not None and other.persistent)


def _place(one: Chosen, group: Group) -> Path:
    if one.model.name in group.members and "members" in group.written and not one.model.group:
        return group.path("members")
    return one.model.path("group")


def _both(one: Chosen) -> Finding:
    return Finding(
        code="LLM331",
        path=one.model.at,
        severity=Severity.NOTE,
        message=(
            f"{shown(one.model.name)} is the chat model and the task model, so it is unloaded "
            "when another chat model is asked for"
        ),
        hint="name a small model of its own as task_model",
    )


RULES = (unserved_roles, task_context, unused_groups, evicted)
