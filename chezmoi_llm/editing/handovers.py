"""What an edit changes besides what it says: who has which role afterwards, and what a model is for."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import CHOSEN_ROLES, Choices, choose
from chezmoi_llm.editing.page import Page
from chezmoi_llm.showing.words import shown


def handovers(before: Page, after: Page) -> Iterator[str]:
    """Yield a sentence for each role that goes from one model to another that was there before.

    And one for each model whose server will answer other requests, though nobody wrote its ``kind``. A
    new name is none of these: a model that was renamed keeps its roles.
    """
    names = {model.name for model in before.models}
    old, new = choose(before.spec), choose(after.spec)
    for role in CHOSEN_ROLES:
        was, now = old.roles[role].value, new.roles[role].value
        if was and was != now and now in {*names, ""}:
            yield f"the {role} model is now {shown(now) if now else 'none'}, it was {shown(was)}"
    yield from _other_kinds(old, new)


def _other_kinds(old: Choices, new: Choices) -> Iterator[str]:
    for chosen in new.models:
        name, kind = chosen.model.name, chosen.kind
        was = old.kinds.get(name, kind.value)
        if was != kind.value and kind.source != "written":
            yield f"{shown(name)} is for {kind.value} alone now, it was for {was}"
