"""chezmoi's functions that reach into nested mappings by a path such as ``a.b.c``."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, TypeAlias

Dict: TypeAlias = MutableMapping[str, Any]


def set_value_at_path(path: Any, value: Any, target: Any) -> Dict:
    """Set the value, making the mappings on the way; return the mapping, changed in place."""
    *above, last = keys(path)
    result: Dict = target if isinstance(target, dict) else {}
    here = result
    for key in above:
        if not isinstance(here.get(key), dict):
            here[key] = {}
        here = here[key]
    here[last] = value
    return result


def delete_value_at_path(path: str, target: Dict) -> Dict:
    """Remove the value, if it is there; return the mapping, changed in place."""
    *above, last = keys(path)
    here: Any = target
    for key in above:
        here = here.get(key)
        if not isinstance(here, dict):
            return target
    here.pop(last, None)
    return target


def prune_empty_dicts(target: Dict) -> Dict:
    """Remove mappings that are empty, or become so; return the mapping, changed in place."""
    for key, value in list(target.items()):
        if isinstance(value, dict) and not prune_empty_dicts(value):
            del target[key]
    return target


def keys(path: Any) -> list[str]:
    """Return the keys of a path, a dotted string or a list of strings; ValueError or TypeError."""
    if path is None or path in ("", []):
        raise ValueError("empty path")
    if not isinstance(path, str | list):
        raise TypeError(f"{path}: invalid path type")
    found = path.split(".") if isinstance(path, str) else path
    for index, key in enumerate(found):
        if not isinstance(key, str):
            raise TypeError(f"{key}: invalid path element type")
        if not key:
            raise ValueError(f"empty path element at index {index}")
    return found
