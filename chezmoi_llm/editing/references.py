"""Where a model is named outside of its own entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chezmoi_llm.choices import CHOSEN_ROLES
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.spec import Spec


def references(spec: Spec, name: str) -> Iterator[Path]:
    """Yield the place of every role, group, preload list, pin, fallback and successor that is the name."""
    for field in (f"{role}_model" for role in CHOSEN_ROLES):
        if getattr(spec.stack, field) == name:
            yield spec.stack.path(field)
    for group in spec.stack.groups:
        yield from _items(group.path("members"), group.members, name)
    llama_swap = spec.stack.services.llama_swap
    yield from _items(llama_swap.path("preload"), llama_swap.preload, name)
    open_webui = spec.stack.services.open_webui
    yield from _items(open_webui.path("pinned_models"), open_webui.pinned_models, name)
    for model in spec.models:
        if "fallback" in model.written:
            yield from _items(model.path("fallback"), model.fallback, name)
        if "replaced_by" in model.written and model.replaced_by == name:
            yield model.path("replaced_by")


def role_claims(spec: Spec, role: str, *, but: str) -> Iterator[Path]:
    """Yield where other models than ``but`` say themselves that they play a role."""
    for model in spec.local_models:
        if model.name != but and "roles" in model.written:
            yield from _items(model.path("roles"), model.roles, role)


def _items(path: Path, items: Iterable[str], name: str) -> Iterator[Path]:
    return ((*path, index) for index, item in enumerate(items) if item == name)
