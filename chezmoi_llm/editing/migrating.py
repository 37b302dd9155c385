"""Puts what replaces a deprecated model in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chezmoi_llm.choices import Successor
from chezmoi_llm.choices.successors import successors
from chezmoi_llm.editing.changes import Change, Drop, Put
from chezmoi_llm.editing.page import Page, name_of, named
from chezmoi_llm.editing.references import references
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.showing.words import listed, shown
from chezmoi_llm.spec import Model


def outdated(page: Page) -> tuple[str, ...]:
    """Return the names of the models of a list that another can replace, in the order of the list."""
    replaceable = {name for name, one in successors(page.spec).items() if one.chain and not one.circle}
    return tuple(name_of(model) for model in page.models if model.name in replaceable)


def migrate(page: Page, name: str, *, keep_name: bool = False) -> Iterator[Change]:
    """Yield what replaces a deprecated model by its successor, with everything that names it.

    Where the successor is in the list the old model goes; else its entry becomes that of the
    successor. ``keep_name``: the old name stays as an alias, so that no client has to change.
    """
    model = named(page, name)
    successor = _successor(page, model)
    last = successor.chain[-1]
    if last == successor.served:
        yield from _taken_out(page, model, named(page, last), keep_name=keep_name)
    else:
        yield from _taken_over(page, model, last, keep_name=keep_name)


def _successor(page: Page, model: Model) -> Successor:
    found = successors(page.spec).get(model.name)
    if found is None or not (found.chain or found.circle):
        raise RefusedError(_why_not(name_of(model), found), line=page.line(model.at))
    if found.circle:
        way = listed(map(shown, (model.name, *found.chain)), last="and")
        raise RefusedError(f"{way} replace each other", hint="write replaced_by on the one that is to go")
    return found


def _why_not(name: str, found: Successor | None) -> str:
    if found is None or not found.other_kind:
        return f"nothing replaces {shown(name)}"
    return f"{shown(found.lost)} cannot replace {shown(name)}: it is a model for {found.other_kind}"


def _taken_out(page: Page, model: Model, heir: Model, *, keep_name: bool) -> Iterator[Change]:
    """Yield what takes a model out of the list in which its successor stands already."""
    yield Drop(path=model.at)
    yield from _handed_on(page, model, heir, keep_name=keep_name)
    for path in references(page.spec, model.name):
        if path[: len(model.at)] != model.at:
            held = page.at(path[:-1])
            is_there = isinstance(held, list) and heir.name in held
            is_own = path[: len(heir.at)] == heir.at
            yield Drop(path=path) if is_there or is_own else Put(path=path, value=heir.name)


def _handed_on(page: Page, model: Model, heir: Model, *, keep_name: bool) -> Iterator[Change]:
    """Yield what an heir takes over of what is written on a model: other names, and roles."""
    fields = [field for field in _HANDED_ON if field in model.written and hasattr(heir, field)]
    added = {field: list(getattr(model, field)) for field in fields}
    if keep_name:
        added["aliases"] = [*added.get("aliases", []), model.name]
    held, grown = page.at(heir.at), dict[str, list[str]]()
    for field, values in added.items():
        own = list(getattr(heir, field))
        more = [value for value in values if value not in (*own, heir.name)]
        grown |= {field: own + more} if more else {}
    if isinstance(held, dict):
        yield from (Put(path=(*heir.at, field), value=values) for field, values in grown.items())
    elif grown:
        origin = {"id": held} if isinstance(heir.at[-1], int) else {"model": held}
        yield Put(path=heir.at, value={**origin, **grown})


_HANDED_ON = ("aliases", "roles")
"""What clients and the stack ask for, whichever model answers."""


def _taken_over(page: Page, model: Model, last: str, *, keep_name: bool) -> Iterator[Change]:
    """Yield what makes the entry of a model that of another one in the store; its own fields stay."""
    if not model.id:
        hint = f"write {last} instead of it, an ID of the model store"
        why = f"{shown(name_of(model))} is written out, and {shown(last)} is not in the list"
        raise RefusedError(why, line=page.line(model.at), hint=hint)
    has_own_name = "name" in model.written or isinstance(model.at[-1], str)
    aliases = {"aliases": [*model.aliases, model.name]} if keep_name and not has_own_name else {}
    held: Any = page.at(model.at)
    if isinstance(held, str):
        yield Put(path=model.at, value={"id": last, **aliases} if aliases else last)
    else:
        yield Put(path=(*model.at, "id"), value=last)
        yield from (Put(path=(*model.at, key), value=value) for key, value in aliases.items())
    for path in () if has_own_name else references(page.spec, model.name):
        yield Put(path=path, value=last)
