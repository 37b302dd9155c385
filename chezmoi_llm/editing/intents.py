"""What a person wants of the list, as changes of its data: to add, remove, set, switch and choose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chezmoi_llm.choices import CHOSEN_ROLES
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN, Document
from chezmoi_llm.editing.changes import Change, Drop, Insert, Put, Rename, same
from chezmoi_llm.editing.fields import value
from chezmoi_llm.editing.references import references, role_claims
from chezmoi_llm.editing.refusal import RefusedError, UncertainError
from chezmoi_llm.providers import PROVIDERS
from chezmoi_llm.spec import DATA, CloudModel, LocalModel, Spec
from chezmoi_llm.words import did_you_mean, listed, shown

Model: TypeAlias = LocalModel | CloudModel

_PROVIDED: Final = re.compile(r"([a-z0-9_-]+)/[^/\s]\S*")
_LOCAL_TOO: Final = frozenset({"ollama", "ollama_chat", "huggingface", "modelscope", "oci"})
"""Providers whose names are also schemes of local models, with ``://``: only ``--cloud`` means them."""

_SHARED_ROLES: Final = frozenset({"chat"})
"""Roles that several models may say they play, as long as ``llm_stack`` names none for it."""

_MAPPINGS: Final = frozenset({"env", "metadata"})
"""Fields whose entries can be set one by one, as ``env.NAME=value``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of a config template, and what could be read of it."""

    text: str
    document: Document
    spec: Spec

    @property
    def models(self) -> tuple[Model, ...]:
        """All models, local ones first."""
        return (*self.spec.local_models, *self.spec.cloud_models)

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


def named(page: Page, name: str) -> Model:
    """Return the one model of a name; raises RefusedError where there is none, or more than one."""
    found = [model for model in page.models if name_of(model) == name]
    if len(found) > 1:
        lines = listed((page.line(model.at) for model in found), last="and")
        raise RefusedError(f"there are {len(found)} models {shown(name)}, on lines {lines}")
    if found:
        return found[0]
    owner = next((model.name for model in page.models if name in model.aliases), "")
    near = did_you_mean(name, [name_of(model) for model in page.models if name_of(model)])
    hint = f"that is an alias of {shown(owner)}" if owner else near or "see chezmoi-llm list --all"
    raise RefusedError(f"there is no model {shown(name)}", hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A model to add: with a URI it is written out, without one ``name`` is an entry of the store.

    ``cloud`` puts it into ``cloud_models`` whatever it looks like.
    """

    name: str
    uri: str = ""
    fields: Mapping[str, str]
    cloud: bool = False

    @property
    def is_cloud(self) -> bool:
        """Say which of the two lists it belongs to; a provider's model is ``PROVIDER/MODEL``."""
        provided = _PROVIDED.fullmatch(self.uri)
        is_provider = provided is not None and provided[1] in PROVIDERS and provided[1] not in _LOCAL_TOO
        return self.cloud or is_provider

    def values(self) -> dict[str, Any]:
        """Return the fields besides name and URI, each in its type; an empty one is not written."""
        definition = "cloud_model" if self.is_cloud else "local_model"
        given = {key: value(definition, key, text) for key, text in self.fields.items() if text}
        return _grouped({}, given)


def add(page: Page, addition: Addition) -> Iterator[Change]:
    """Yield what adds a model to its list."""
    there = [model for model in page.models if name_of(model) == addition.name]
    if there:
        why = f"there is a model {shown(addition.name)} already"
        hint = f"to change it: chezmoi-llm set {addition.name} KEY=VALUE"
        raise RefusedError(why, line=page.line(there[0].at), hint=hint)
    path = _list_path(page, "cloud" if addition.is_cloud else "local")
    held, extra = page.at(path), addition.values()
    if isinstance(held, dict):
        yield Put(path=(*path, addition.name), value=_named_value(addition, extra))
    else:
        item = _item(addition, extra)
        is_list = isinstance(held, list)
        yield Insert(path=path, index=0, value=item) if is_list else Put(path=path, value=[item])
    _require_sure(page, path)
    yield from _taken_over(page, addition.name, extra.get("roles"))


def _item(addition: Addition, extra: Mapping[str, Any]) -> Any:
    """Return an item of a list: a mapping, or the ID of an entry of the store."""
    origin = {"name": addition.name, "model": addition.uri} if addition.uri else {"id": addition.name}
    return {**origin, **extra} if addition.uri or extra else addition.name


def _named_value(addition: Addition, extra: Mapping[str, Any]) -> Any:
    """Return what stands behind a name, where the list is written as a mapping."""
    if addition.uri and not extra:
        return addition.uri
    return {"model": addition.uri, **extra} if addition.uri else {"id": addition.name, **extra}


def _list_path(page: Page, kind: str) -> Path:
    """Return where a list stands, in the spelling that the person uses."""
    both = page.at((*DATA, "models"))
    if isinstance(both, dict) and both and set(both) <= {"local", "cloud"}:
        return (*DATA, "models", kind)
    return (*DATA, f"{kind}_models")


def _require_sure(page: Page, path: Path) -> None:
    """Refuse a place that the template makes, or that is not there in all that it renders to."""
    for around in (path[:end] for end in range(len(path), 0, -1)):
        key, line = repr(str(around[-1])), page.line(around)
        if page.at(around) is UNKNOWN:
            raise UncertainError(f"{key} is made by the template", line=line)
        if page.document.is_conditional(around):
            raise UncertainError(f"{key} stands inside a block of the template", line=line)


def remove(page: Page, name: str) -> Iterator[Change]:
    """Yield what takes a model out, with everything that names it."""
    model = named(page, name)
    yield Drop(path=model.at)
    for path in references(page.spec, model.name) if model.name else ():
        if path[: len(model.at)] != model.at:
            yield Drop(path=path)


def assign(page: Page, name: str, fields: Mapping[str, str]) -> Iterator[Change]:
    """Yield what sets fields of a model; an empty text takes a field out, a new name is followed."""
    model = named(page, name)
    values = _typed(model, {key: text for key, text in fields.items() if key != "name"})
    yield from _fields(page, model, values)
    yield from _taken_over(page, model.name, values.get("roles"))
    if "name" in fields and fields["name"] != model.name:
        yield from _renamed(page, model, fields["name"])


def _typed(model: Model, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return values by path below the model's entry; None where a field is to be taken out."""
    definition = "local_model" if isinstance(model, LocalModel) else "cloud_model"
    return {key: value(definition, key, text) if text else None for key, text in fields.items()}


def _fields(page: Page, model: Model, values: Mapping[str, Any]) -> Iterator[Change]:
    held = page.at(model.at)
    if not isinstance(held, dict):
        yield from _written_out(model, held, values)
        return
    for key, new in _grouped(held, values).items():
        field, inner = _parted(key)
        own = _own_path(model, field)[-1]
        yield from _entry(held, (own, inner) if inner else (own,), new, model.at)


def _parted(key: str) -> tuple[str, str]:
    """Return field and entry of ``env.NAME``; any other key is a field as a whole."""
    field, _, inner = key.partition(".")
    return (field, inner) if field in _MAPPINGS else (key, "")


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
    return (*model.at, field if field in model.inherited else model.written.get(field, field))


def _grouped(held: Mapping[Any, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Join ``env.A`` and ``env.B`` to one value of ``env`` where that is no mapping yet."""
    grouped: dict[str, Any] = {}
    for key, new in values.items():
        field, inner = _parted(key)
        if not inner or isinstance(held.get(field), dict) or not isinstance(grouped.get(field, {}), dict):
            grouped[key] = new
        else:
            grouped.setdefault(field, _rows(held.get(field)))[inner] = new
    return {key: _without_gaps(new) if isinstance(new, dict) else new for key, new in grouped.items()}


def _without_gaps(entries: Mapping[str, Any]) -> dict[str, Any] | None:
    return {name: entry for name, entry in entries.items() if entry is not None} or None


def _rows(env: Any) -> dict[str, str]:
    """Return a list of ``NAME=value`` as a mapping."""
    rows = env if isinstance(env, list) else ()
    return {name: text for name, _, text in (row.partition("=") for row in rows if isinstance(row, str))}


def _written_out(model: Model, held: Any, values: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what turns an entry that is only a text into one with fields."""
    origin = {"id": held} if isinstance(model.at[-1], int) else {"model": held}
    whole = origin | _grouped({}, values)
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
        yield Put(path=model.path("name"), value=new)
    else:
        yield Put(path=model.at, value={"id": held, "name": new})
    if new in model.aliases:
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
    is_default = page.at((*DATA, "llm_stack", "defaults", "enabled")) in {None, True}
    is_plain = on and is_default and not _has_comment(page, _own_path(model, "enabled"))
    yield from _fields(page, model, {"enabled": None if is_plain else on})


def _has_comment(page: Page, path: Path) -> bool:
    line = page.line(path)
    return line > 0 and "#" in page.text.split("\n")[line - 1]


def use(page: Page, role: str, name: str) -> Iterator[Change]:
    """Yield what makes a model the one for a role, and no other model say that it is."""
    model = named(page, name)
    path = page.spec.stack.path(f"{role}_model")
    if page.at(path) != model.name:
        yield Put(path=path, value=model.name)
        _require_sure(page, path)
    yield from _without_claims(page, role, model.name)


def _taken_over(page: Page, name: str, roles: Any) -> Iterator[Change]:
    """Yield what makes room for a model that says itself which roles it plays."""
    for role in (role for role in CHOSEN_ROLES if isinstance(roles, list) and role in roles):
        named_one = getattr(page.spec.stack, f"{role}_model")
        if named_one and named_one != name:
            yield Put(path=page.spec.stack.path(f"{role}_model"), value=name)
        if named_one or role not in _SHARED_ROLES:
            yield from _without_claims(page, role, name)


def _without_claims(page: Page, role: str, name: str) -> Iterator[Change]:
    for path in role_claims(page.spec, role, but=name):
        is_only = len(page.at(path[:-1])) == 1
        yield Drop(path=path[:-1] if is_only else path)
