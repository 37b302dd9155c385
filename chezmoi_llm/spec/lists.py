"""Finds the models in the data of a config file, whichever way the lists are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from chezmoi_llm import schema
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN, is_known
from chezmoi_llm.spec.written import DATA
from chezmoi_llm.store import FOLDERS, Key


def lists(own: Mapping[Any, Any]) -> dict[str, tuple[Path, Any]]:
    """Return both lists with their paths; ``models`` is ours only if it holds nothing else.

    A list that is not written is empty, or unknown where rendering may add keys.
    """
    both = own.get("models")
    if are_both(both):
        return {kind: ((*DATA, "models", kind), both.get(kind, [])) for kind in FOLDERS}
    keys = {"local": "local_models", "cloud": "cloud_models"}
    absent: Any = UNKNOWN if UNKNOWN in own else []
    return {kind: ((*DATA, key), own.get(key, absent)) for kind, key in keys.items()}


def are_both(models: Any) -> TypeGuard[Mapping[str, Any]]:
    """Say whether ``models`` holds both lists, or one of them; with anything else in it, it is not ours."""
    return isinstance(models, dict) and bool(models) and set(models) <= {*FOLDERS}


def entries(models: Any, at: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """Yield each model as a mapping with its path, whichever of the three ways it was written."""
    if isinstance(models, dict):
        for name, value in models.items():
            if is_known(name) and is_known(value) and not name.startswith("x-"):
                entry = {"model": value} if isinstance(value, str) else value
                yield {"name": name, **entry}, (*at, name)
    elif isinstance(models, list):
        for index, value in enumerate(models):
            if is_known(value):
                yield {"id": value} if isinstance(value, str) else value, (*at, index)


def is_open(value: Any) -> bool:
    """Say whether a list or mapping, or the name of one of its items, is only known by rendering."""
    if not is_known(value):
        return True
    if isinstance(value, list):
        return any(not is_known(v) or (isinstance(v, dict) and _nameless(v)) for v in value)
    return isinstance(value, dict) and UNKNOWN in value


def _nameless(model: Mapping[Any, Any]) -> bool:
    return UNKNOWN in model or not is_known(model.get("name"))


def asked_for(data: Any) -> tuple[Key, ...]:
    """Return the entries of the store that the data of a config file ask for, each once.

    The data may be wrong in any way; what is no text asks for nothing.
    """
    return tuple(dict.fromkeys(_texts(data, "id")))


def replacements(data: Any) -> tuple[Key, ...]:
    """Return what models of the data of a config file say that they are replaced by, each once."""
    return tuple(dict.fromkeys(_texts(data, "replaced_by")))


def named(data: Any) -> Iterator[Key]:
    """Yield the entries of the store that the roles and fallbacks of a list may mean.

    The data may be wrong in any way.
    """
    own = _own(data)
    stack = own.get("llm_stack")
    roles = stack.items() if isinstance(stack, dict) else ()
    used = [name for key, name in roles if str(key).endswith("_model")]
    for at, models in lists(own).values():
        for model, _ in entries(_models(models), at):
            fallback = model.get("fallback")
            used += fallback if isinstance(fallback, list) else []
    yield from ((folder, name) for name in used if isinstance(name, str) for folder in FOLDERS)


def _texts(data: Any, field: str) -> Iterator[Key]:
    for folder, (at, models) in lists(_own(data)).items():
        for model, _ in entries(_models(models), at):
            if isinstance(model.get(field), str):
                yield folder, model[field]


def store_folders(data: Any) -> tuple[tuple[Any, ...], bool]:
    """Return ``llm_stack.store`` of the data of a config file, and whether it is written there.

    The data may be wrong in any way, and so may the items.
    """
    stack = _own(data).get("llm_stack", {})
    written = stack.get("store") if isinstance(stack, dict) else UNKNOWN if not is_known(stack) else None
    if isinstance(written, list):
        return tuple(written), True
    return tuple([UNKNOWN] if written is UNKNOWN else schema.defaults("llm_stack")["store"]), False


def _own(data: Any) -> Mapping[str, Any]:
    """Return what stands under ``data``, nothing where that is no mapping."""
    value = data.get("data") if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def _models(models: Any) -> Any:
    """Leave out of a list, or of a mapping, what cannot be a model."""
    if isinstance(models, dict):
        return {key: one for key, one in models.items() if isinstance(key, str) and _may_be_model(one)}
    return [one for one in models if _may_be_model(one)] if isinstance(models, list) else []


def _may_be_model(value: Any) -> bool:
    return isinstance(value, str | dict)
