"""What an edit changes besides the models that it is about: who has which role afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import CHOSEN_ROLES, choose
from chezmoi_llm.editing.page import Page
from chezmoi_llm.showing.words import shown


def handovers(before: Page, after: Page) -> Iterator[str]:
    """Yield a sentence for each role that goes from one model to another that was there before.

    A new name is none of these: a model that was renamed keeps its roles.
    """
    names = {model.name for model in before.models}
    old, new = choose(before.spec).roles, choose(after.spec).roles
    for role in CHOSEN_ROLES:
        was, now = old[role].value, new[role].value
        if was and was != now and now in {*names, ""}:
            yield f"the {role} model is now {shown(now) if now else 'none'}, it was {shown(was)}"
