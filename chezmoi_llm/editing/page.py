"""A config template as an edit sees it: its text, what could be read of it, and its models by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN, Document
from chezmoi_llm.editing.refusal import RefusedError, UncertainError
from chezmoi_llm.showing.words import did_you_mean, listed, shown
from chezmoi_llm.spec import DATA, Model, Spec
from chezmoi_llm.spec.lists import is_open, lists
from chezmoi_llm.store import LookUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of a config template, what could be read of it, and how to look into the model store."""

    text: str
    document: Document
    spec: Spec
    look_up: LookUp

    @property
    def models(self) -> tuple[Model, ...]:
        """All models, local ones first."""
        return self.spec.models

    def at(self, path: Path) -> Any:
        """Return what stands at a path of the data, None where nothing does."""
        held: Any = self.document.data
        for step in path:
            try:
                held = held[step]
            except (KeyError, IndexError, TypeError):
                return None
        return held

    def line(self, path: Path) -> int:
        """Return the line that a path stands on, or what is nearest around it; 0 where nothing is."""
        for around in (path[:end] for end in range(len(path), 0, -1)):
            pos = self.document.keys.get(around) or self.document.values.get(around)
            if pos:
                return pos.line
        return 0


def name_of(model: Model) -> str:
    """Return what a person calls a model: its name, or the ID of its entry in the store."""
    return model.name or model.id


def named(page: Page, name: str, *, by_alias: bool = True, shared: bool = False) -> Model:
    """Return the one model of a name, or of an alias; raises RefusedError where there is none, or more.

    Of a name that several servers share, as it may where ``shared``, it is the first one.
    """
    found = [model for model in page.models if name_of(model) == name]
    if len(found) > 1 and not shared:
        lines = listed((page.line(model.at) for model in found), last="and")
        why = f"there are {len(found)} models {shown(name)}, on lines {lines}"
        raise RefusedError(why, hint="change the one that you mean by hand")
    owners = [model for model in page.models if name in model.aliases]
    if found or (by_alias and len(owners) == 1):
        return (found or owners)[0]
    if owners:
        others = listed((shown(name_of(model)) for model in owners), last="and")
        raise RefusedError(f"{shown(name)} is an alias of {others}", hint="name the model itself")
    for model in page.models:
        if name in model.names:
            why = f"{shown(name)} is a variant of {shown(name_of(model))}"
            raise RefusedError(why, hint="name the model itself")
    near = did_you_mean(name, [name_of(model) for model in page.models if name_of(model)])
    if not near and _is_partly_made(page):
        why = f"no model {shown(name)} can be seen, and the template makes some of the list"
        raise RefusedError(why, hint="change it by hand, where the template makes it")
    raise RefusedError(f"there is no model {shown(name)}", hint=near or "see chezmoi-llm list --all")


def _is_partly_made(page: Page) -> bool:
    """Say whether there may be models that only rendering can tell."""
    own = page.at(DATA)
    return own is UNKNOWN or any(is_open(models) for _, models in lists(own or {}).values())


def stored_in(page: Page, name: str) -> set[str]:
    """Return the folders of the model store that have an entry of a name."""
    stack = page.at((*DATA, "llm_stack"))
    asked = {"data": {"llm_stack": stack, "local_models": [name], "cloud_models": [name]}}
    return {folder for folder, found in page.look_up(asked).entries if found == name}


def require_sure(page: Page, path: Path) -> None:
    """Refuse a place that the template makes, or that is not there in all that it renders to."""
    for around in (path[:end] for end in range(len(path), 0, -1)):
        key, line = repr(str(around[-1])), page.line(around)
        if page.at(around) is UNKNOWN:
            raise UncertainError(f"{key} is made by the template", line=line)
        if page.document.is_conditional(around):
            raise UncertainError(f"{key} stands inside a block of the template", line=line)
