"""Kinds: a model is asked only for what it is made for."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import CHOSEN_ROLES, KIND_ROLES, Choices
from chezmoi_llm.choices.kinds import kind_of
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import LocalModel, Model, Spec


def chosen_for_roles(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``llm_stack.<role>_model`` names a model of the kind that the role needs (LLM214)."""
    enabled, kinds = _enabled(spec), choices.kinds
    for role in CHOSEN_ROLES:
        wanted = kind_for(role)
        model = enabled.get(getattr(spec.stack, f"{role}_model"))
        if model and _is_for_other(model, kinds[model.name], wanted):
            yield Finding(
                code="LLM214",
                path=spec.stack.path(f"{role}_model"),
                related=model.at,
                message=(
                    f"'{role}_model' is {shown(model.name)}, but that is a model for {kinds[model.name]}"
                ),
                hint=f"name a model for {wanted}{_or_say(wanted, model)}",
            )


def own_roles(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """The ``roles`` of a model are parts that its kind can play (LLM214)."""
    for one in choices.models:
        for role in filter(None, one.model.roles):
            wanted = kind_for(role)
            if one.kind.value != wanted and "kind" not in one.model.unknown:
                yield Finding(
                    code="LLM214",
                    path=(*one.model.path("roles"), one.model.roles.index(role)),
                    related=one.model.path("kind"),
                    message=f"the role {role} needs a model for {wanted}, this one is for {one.kind.value}",
                    hint=f"take {role} out of the roles, or change the kind",
                )


def of_one_name(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model on several servers does the same on each of them (LLM214)."""
    enabled, kinds = _enabled(spec), choices.kinds
    for model in choices.cloud_models:
        first, kind = enabled.get(model.name, model), kinds[model.name]
        if first is model or not model.capabilities:
            continue
        own = kind_of(model, spec.stack).value
        if own != kind:
            yield Finding(
                code="LLM214",
                path=model.path("capabilities"),
                related=first.at,
                message=f"{shown(model.name)} is for {kind} on one server, and for {own} on another",
                hint="rename one of them",
            )


def fallbacks(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A fallback does what the model does (LLM214), and its vectors are the same (LLM219)."""
    kinds = choices.kinds
    for model, path, other in _stand_ins(spec):
        wanted, kind = kinds[model.name], kinds[other.name]
        if _is_for_other(other, kind, wanted):
            yield Finding(
                code="LLM214",
                path=path,
                related=other.at,
                message=f"a fallback is {shown(other.name)}, but that is a model for {kind}",
                hint=f"name a model for {wanted}",
            )
        elif wanted == "embedding":
            yield Finding(
                code="LLM219",
                path=path,
                together=(other.at,),
                severity=Severity.WARNING,
                message=(
                    f"vectors of {shown(other.name)} cannot be compared with those of {shown(model.name)}"
                ),
                hint="take the fallback out",
            )


def kind_for(role: str) -> str:
    """Return the kind of model that plays a role."""
    return role if role in KIND_ROLES else "chat"


def _enabled(spec: Spec) -> dict[str, Model]:
    return {model.name: model for model in reversed(spec.models) if model.enabled and model.name}


def _stand_ins(spec: Spec) -> Iterator[tuple[Model, Path, Model]]:
    """Yield each model with a fallback of it that is there, and where that is written."""
    enabled = _enabled(spec)
    for model in enabled.values():
        for index, name in enumerate(model.fallback):
            if name in enabled and name != model.name:
                yield model, (*model.path("fallback"), index), enabled[name]


def _is_for_other(model: Model, kind: str, wanted: str) -> bool:
    """Say whether it is certain that a model of some kind cannot do what is wanted of it.

    A local model is started for one kind; one of the cloud may be able to do more.
    """
    able = (kind,) if isinstance(model, LocalModel) else (kind, *model.capabilities)
    return wanted not in able and not {"kind", "capabilities"} & model.unknown


def _or_say(kind: str, model: Model) -> str:
    """Return what else a hint says, unless the model store knows what the model is for."""
    if {"kind", "capabilities"} & model.stored:
        return ""
    field = f"kind: {kind}" if isinstance(model, LocalModel) else f"capabilities: [{kind}]"
    return f", or write {field} on this one"


RULES = (chosen_for_roles, own_roles, of_one_name, fallbacks)
