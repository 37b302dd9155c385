"""Takes a model out, with everything that names it."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.editing.changes import Change, Drop
from chezmoi_llm.editing.page import Page, named
from chezmoi_llm.editing.references import references


def remove(page: Page, name: str) -> Iterator[Change]:
    """Yield what takes a model out, with everything that names it."""
    model = named(page, name, by_alias=False)
    yield Drop(path=model.at)
    for path in references(page.spec, model.name) if model.name else ():
        if path[: len(model.at)] != model.at:
            yield Drop(path=path)
