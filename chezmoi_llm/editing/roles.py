"""Chooses the model for a role, in ``llm_stack`` and in what models say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chezmoi_llm.choices import CHOSEN_ROLES
from chezmoi_llm.editing.changes import Change, Drop, Put
from chezmoi_llm.editing.page import Page, named, require_sure, stored_in
from chezmoi_llm.editing.references import role_claims
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.showing.words import shown

_SHARED_ROLES: Final = frozenset({"chat"})
"""Roles that several models may say they play, as long as ``llm_stack`` names none for it."""


def use(page: Page, role: str, name: str) -> Iterator[Change]:
    """Yield what makes a model the one for a role, and no other model say that it is."""
    if name not in {one for model in page.models for one in model.names} and stored_in(page, name):
        raise RefusedError(f"{shown(name)} is not in the list", hint=f"run: chezmoi-llm add {name}")
    model = named(page, name, shared=True)
    path = page.spec.stack.path(f"{role}_model")
    if page.at(path) != model.name:
        yield Put(path=path, value=model.name)
        require_sure(page, path)
    yield from _without_claims(page, role, model.name)


def taken_over(page: Page, name: str, roles: Any, *, new: str = "") -> Iterator[Change]:
    """Yield what makes room for a model that says itself which roles it plays; ``new`` is its new name."""
    for role in (role for role in CHOSEN_ROLES if isinstance(roles, list) and role in roles):
        named_one = getattr(page.spec.stack, f"{role}_model")
        if named_one and named_one != name:
            yield Put(path=page.spec.stack.path(f"{role}_model"), value=new or name)
        if named_one or role not in _SHARED_ROLES:
            yield from _without_claims(page, role, name)


def _without_claims(page: Page, role: str, name: str) -> Iterator[Change]:
    for path in role_claims(page.spec, role, but=name):
        is_only = len(page.at(path[:-1])) == 1
        yield Drop(path=path[:-1] if is_only else path)
