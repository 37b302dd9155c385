"""Sets fields of a model, switches it on or off, and renames it with everything that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.editing.changes import Change, Drop, Put, Rename, same
from chezmoi_llm.editing.fields import grouped, parted, value
from chezmoi_llm.editing.page import Page, named
from chezmoi_llm.editing.references import references
from chezmoi_llm.editing.roles import taken_over
from chezmoi_llm.spec import DEFAULTS, Model


def assign(page: Page, name: str, fields: Mapping[str, str]) -> Iterator[Change]:
    """Yield what sets fields of a model; an empty text takes a field out, a new name is followed."""
    model = named(page, name, by_alias="name" not in fields)
    others = {key: text for key, text in fields.items() if key != "name"}
    values, new = _typed(model, others), fields.get("name", model.name)
    is_renamed = new != model.name
    if is_renamed and _is_id(page, model):
        values = {"name": new, **values}
    yield from _fields(page, model, values)
    yield from taken_over(page, model.name, values.get("roles"), new=new)
    if is_renamed:
        yield from _renamed(page, model, new)


def _is_id(page: Page, model: Model) -> bool:
    """Say whether an entry of the list is nothing but an ID."""
    return isinstance(model.at[-1], int) and isinstance(page.at(model.at), str)


def _typed(model: Model, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return values by path below the model's entry; None where a field is to be taken out."""
    definition = f"{model.folder}_model"
    return {key: value(definition, key, text) if text else None for key, text in fields.items()}


def _fields(page: Page, model: Model, values: Mapping[str, Any]) -> Iterator[Change]:
    held = page.at(model.at)
    if not isinstance(held, dict):
        yield from _written_out(model, held, values)
        return
    for key, new in grouped(held, values).items():
        field, inner = parted(key)
        own = _own_path(model, field)[-1]
        yield from _entry(held, (own, inner) if inner else (own,), new, model.at)


def _entry(held: Mapping[Any, Any], steps: Path, new: Any, at: Path) -> Iterator[Change]:
    """Yield what gives an entry at ``steps`` below a mapping another value, or takes it out for None."""
    *around, last = steps
    inside = held[around[0]] if around else held
    is_there = last in inside
    if new is None and is_there:
        yield Drop(path=(*at, *steps))
    elif new is not None and not (is_there and same(inside[last], new)):
        yield Put(path=(*at, *steps), value=new)


def _own_path(model: Model, field: str) -> Path:
    """Return where a field stands on the model itself, whatever it inherits, in the person's spelling."""
    return (*model.at, model.written.get(field, field))


def _written_out(model: Model, held: Any, values: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what turns an entry that is only a text into one with fields."""
    origin = {"id": held} if isinstance(model.at[-1], int) else {"model": held}
    whole = origin | grouped({}, values)
    kept = {key: entry for key, entry in whole.items() if entry is not None}
    if kept.keys() == {"model"}:
        yield from (Put(path=model.at, value=kept["model"]) for _ in range(kept["model"] != held))
    elif kept != origin:
        yield Put(path=model.at, value=kept)


def _renamed(page: Page, model: Model, new: str) -> Iterator[Change]:
    """Yield what renames a model: its entry, what names it, and an alias that becomes its name."""
    held = page.at(model.at)
    is_key = isinstance(model.at[-1], str)
    if is_key and not (isinstance(held, dict) and "name" in held):
        yield Rename(path=model.at, key=new)
    elif isinstance(held, dict):
        yield Put(path=_own_path(model, "name"), value=new)
    if new in model.aliases and "aliases" in model.written:
        yield Drop(path=(*model.path("aliases"), model.aliases.index(new)))
    for path in references(page.spec, model.name) if model.name else ():
        yield Put(path=path, value=new)


def switch(page: Page, name: str, *, on: bool) -> Iterator[Change]:
    """Yield what enables or disables a model; what is on by default needs no line that says so."""
    model = named(page, name)
    if "enabled" in model.unknown:
        yield Put(path=_own_path(model, "enabled"), value=on)
        return
    if model.enabled == on:
        return
    is_default = "enabled" in model.written and page.at((*DEFAULTS, "enabled")) in {None, True}
    is_bare = not _has_comment(page, _own_path(model, "enabled"))
    is_plain = on and is_default and is_bare and _is_on_in_store(page, model)
    yield from _fields(page, model, {"enabled": None if is_plain else on})


def _is_on_in_store(page: Page, model: Model) -> bool:
    """Say whether the entry of a model, if it has one, gives a model that is switched on."""
    entry = page.spec.stock.entries.get((model.folder, model.id))
    return entry is None or bool(entry.fields.get("enabled", True))


def _has_comment(page: Page, path: Path) -> bool:
    line = page.line(path)
    return line > 0 and "#" in page.text.split("\n")[line - 1]
