"""References: every name that is used belongs to an enabled model that can do what is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from chezmoi_llm.checks.kinds import kind_for
from chezmoi_llm.choices import CHOSEN_ROLES, Choices
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.showing.words import did_you_mean, listed, shown
from chezmoi_llm.spec import LocalModel, Model, Spec
from chezmoi_llm.store import FOLDERS

FEW = 5
"""How many models a hint names."""


def _missing(
    spec: Spec,
    used: Iterable[tuple[Path, str, str]],
    *,
    cloud: bool,
    fitting: Collection[str] | None = None,
) -> Iterator[Finding]:
    """Yield a finding for each (path, what it is, name) that no enabled model answers to.

    Hints name models that are ``fitting``, all of them where nothing is said.
    """
    models = spec.models if cloud else spec.local_models
    many = [model.name for model in spec.cloud_models if cloud and model.is_pattern]
    served = {model.name for model in models if model.enabled}.difference(many)
    known = {model.name: model for model in models}
    real = {word: model.name for model in models for word in model.names if word != model.name}
    elsewhere = {model.name for model in spec.cloud_models}
    able = served if fitting is None else served.intersection(fitting)
    for path, what, name in used:
        if name in served or not name:
            continue
        said = f"{what} is {shown(name)}, but"
        if name in known:
            yield Finding(
                code="LLM212",
                path=path,
                related=_switch(known[name]),
                message=f"{said} that model is disabled",
                hint=f"choose another model, or run: chezmoi-llm enable {name}",
            )
        elif name in elsewhere:
            yield _nobody(path, f"{said} that is a cloud model", "name a local model")
        elif not spec.is_open:
            own = f"write its name, {real[name]!r}" if name in real else ""
            hint = own or _add(name, spec) or _write_out(name, many) or _choose_from(name, able)
            yield _nobody(path, f"{said} there is no such model", hint)


def _nobody(path: Path, message: str, hint: str) -> Finding:
    return Finding(code="LLM211", path=path, message=message, hint=hint)


def _add(name: str, spec: Spec) -> str:
    """Return how to add a model that the store knows, or nothing."""
    folders = [folder for folder in FOLDERS if (folder, name) in spec.stock.entries]
    return f"add it to {folders[0]}_models" if folders else ""


def _write_out(name: str, many: Iterable[str]) -> str:
    """Return what to do where a name with ``*`` hands the model on, or nothing."""
    behind = next((one for one in many if name.startswith(one.removesuffix("*"))), "")
    return f"write it out in cloud_models, as an entry beside {behind!r}" if behind else ""


def _switch(model: Model) -> Path:
    """Return where a model is switched off, as far as the file says so."""
    return model.path("enabled") if model.is_given("enabled") else model.at


def _choose_from(name: str, served: Collection[str]) -> str:
    near = did_you_mean(name, sorted(served))
    few = sorted(name for name in served if name)[:FEW]
    return near or (
        f"choose one of your models, such as {listed(few, last='or')}" if few else "add the model"
    )


def role_names(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``llm_stack.<role>_model`` names an enabled model (LLM211, LLM212)."""
    stack = spec.stack
    for role in CHOSEN_ROLES:
        field = f"{role}_model"
        used = [(stack.path(field), repr(field), getattr(stack, field))]
        yield from _missing(spec, used, cloud=True, fitting=_fitting(role, choices))


def _fitting(role: str, choices: Choices) -> set[str]:
    """Return the models that can play a role."""
    return {name for name, kind in choices.kinds.items() if kind == kind_for(role)}


def pinned_models(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Models that Open WebUI shows on top are enabled models (LLM211, LLM212)."""
    open_webui = spec.stack.services.open_webui
    used = [
        ((*open_webui.path("pinned_models"), index), "a pinned model", name)
        for index, name in enumerate(open_webui.pinned_models)
    ]
    yield from _missing(spec, used, cloud=True)


def group_members(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Members of a group, and models to preload, are enabled local models (LLM211, LLM212)."""
    llama_swap = spec.stack.services.llama_swap
    used = [
        ((*group.path("members"), index), f"a member of group {shown(group.name)}", name)
        for group in spec.stack.groups
        for index, name in enumerate(group.members)
    ]
    used += [
        ((*llama_swap.path("preload"), index), "a model to preload", name)
        for index, name in enumerate(llama_swap.preload)
    ]
    yield from _missing(spec, used, cloud=False)


def fallbacks(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A fallback is an enabled model, and another one (LLM211, LLM212, LLM213)."""
    models: tuple[Model, ...] = (*choices.local_models, *choices.cloud_models)
    rows = [
        ((*model.path("fallback"), index), model.name, name)
        for model in models
        for index, name in enumerate(model.fallback)
    ]
    yield from _missing(spec, [(path, "a fallback", name) for path, _, name in rows], cloud=True)
    for path, model_name, name in rows:
        if name == model_name:
            yield Finding(
                code="LLM213",
                path=path,
                message=f"{shown(name)} is its own fallback",
                hint="name another model",
            )


def roles_agree(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model's ``roles`` and ``llm_stack.<role>_model`` say the same (LLM213)."""
    for role in CHOSEN_ROLES:
        field = f"{role}_model"
        named = getattr(spec.stack, field)
        if field in spec.stack.unknown or spec.is_open:
            continue
        sure = (model for model in choices.local_models if "enabled" not in model.unknown)
        claims = [model for model in sure if role in model.roles]
        rivals = [model for model in claims if model.name and model.name != named]
        if named and rivals:
            for model in rivals:
                yield Finding(
                    code="LLM213",
                    path=_role_path(model, role),
                    related=spec.stack.path(field),
                    message=f"{shown(model.name)} has the role {role}, but {field!r} is {shown(named)}",
                    hint=f"take {role} out of its roles, or change {field}",
                )
        elif role != "chat" and len(rivals) > 1:
            first, second = rivals[:2]
            yield Finding(
                code="LLM213",
                path=_role_path(second, role),
                related=_role_path(first, role),
                message=f"{shown(first.name)} and {shown(second.name)} both have the role {role}",
                hint="leave it to one of them",
            )


def _role_path(model: LocalModel, role: str) -> Path:
    return (*model.path("roles"), model.roles.index(role))


def one_group(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model is in one group; llama-swap refuses the whole file otherwise (LLM215)."""
    home: dict[str, tuple[str, Path]] = {
        chosen.model.name: (chosen.model.group, chosen.model.path("group"))
        for chosen in choices.models
        if chosen.model.group
    }
    for group in spec.stack.groups:
        for index, name in enumerate(group.members):
            path = (*group.path("members"), index)
            other, place = home.setdefault(name, (group.name, path))
            if name and other != group.name:
                yield Finding(
                    code="LLM215",
                    path=path,
                    related=place,
                    message=f"{shown(name)} is in two groups, {shown(other)} and {shown(group.name)}",
                    hint="keep it in one of them",
                )


RULES = (role_names, pinned_models, group_members, fallbacks, roles_agree, one_group)
