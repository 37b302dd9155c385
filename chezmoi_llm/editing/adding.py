"""Adds a model to the list that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any, Final

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.editing.changes import Change, Insert, Put
from chezmoi_llm.editing.fields import grouped, value
from chezmoi_llm.editing.page import Page, name_of, require_sure, stored_in
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.editing.roles import taken_over
from chezmoi_llm.resolve.providers import PROVIDERS
from chezmoi_llm.showing.words import only_near, shown
from chezmoi_llm.spec import DATA
from chezmoi_llm.spec.lists import are_both

_PROVIDED: Final = re.compile(r"([a-z0-9_-]+)/[^/\s]\S*")
_LOCAL_TOO: Final = frozenset({"ollama", "ollama_chat", "huggingface", "modelscope", "oci"})
"""Providers whose names are also schemes of local models, with ``://``: only ``--cloud`` means them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A model to add: with a URI it is written out, without one ``name`` is the ID of an entry.

    ``cloud`` puts it into ``cloud_models`` whatever it looks like.
    """

    name: str
    uri: str = ""
    fields: Mapping[str, str]
    cloud: bool = False

    def is_for_cloud(self, page: Page) -> bool:
        """Say which list it belongs to; a provider's model is ``PROVIDER/MODEL``, the store knows an ID."""
        if self.cloud or not self.uri:
            return self.cloud or stored_in(page, self.name) == {"cloud"}
        provided = _PROVIDED.fullmatch(self.uri)
        return provided is not None and provided[1] in PROVIDERS and provided[1] not in _LOCAL_TOO

    def values(self, definition: str) -> dict[str, Any]:
        """Return the fields besides name and URI, each in its type; an empty one is not written."""
        given = {key: value(definition, key, text) for key, text in self.fields.items() if text}
        return grouped({}, given)


def add(page: Page, addition: Addition) -> Iterator[Change]:
    """Yield what adds a model to its list."""
    _refuse_present(page, addition)
    _refuse_near_miss(page, addition)
    kind = "cloud" if addition.is_for_cloud(page) else "local"
    path = _list_path(page, kind)
    held, extra = page.at(path), addition.values(f"{kind}_model")
    if isinstance(held, dict):
        yield Put(path=(*path, addition.name), value=_named_value(addition, extra))
    else:
        item = _item(addition, extra)
        is_list = isinstance(held, list)
        yield Insert(path=path, index=0, value=item) if is_list else Put(path=path, value=[item])
    require_sure(page, path)
    yield from taken_over(page, addition.name, extra.get("roles"))


def _refuse_present(page: Page, addition: Addition) -> None:
    """Refuse a name that is there; another server may have the same model under it."""
    for model in page.models:
        is_there = name_of(model) == addition.name
        if is_there and model.server == addition.fields.get("api_base", ""):
            why = f"there is a model {shown(addition.name)} already"
            hint = f"to change it: chezmoi-llm set {quote(addition.name)} KEY=VALUE"
            raise RefusedError(why, line=page.line(model.at), hint=hint)


def _refuse_near_miss(page: Page, addition: Addition) -> None:
    """Refuse what is no URI, but an ID of the model store, or has a provider's name misspelled."""
    uri = addition.uri
    if uri and "/" not in uri and ":" not in uri and stored_in(page, uri):
        why = f"{shown(uri)} is no URI, but the ID of an entry in the model store"
        raise RefusedError(why, hint=f"add it under its own name: chezmoi-llm add {uri}")
    provided = _PROVIDED.fullmatch(uri)
    meant = only_near(provided[1], PROVIDERS) if provided and provided[1] not in PROVIDERS else ""
    if provided and meant:
        model = uri.partition("/")[2]
        why = f"{shown(provided[1])} is no provider that LiteLLM knows"
        raise RefusedError(why, hint=f"did you mean {meant}/{model}, or hf://{uri} on this machine?")


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
    if are_both(page.at((*DATA, "models"))):
        return (*DATA, "models", kind)
    return (*DATA, f"{kind}_models")
