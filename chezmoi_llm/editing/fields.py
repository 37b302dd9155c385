"""Words such as ``ttl=300`` become values of the type that the schema asks for."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final

from chezmoi_llm import schema

COMMAND_LINES: Final = frozenset({"args", "runner_args", "command", "stop_command"})
"""Lists that are split as a shell would, since their items may hold commas."""

MAPPINGS: Final = frozenset({"env", "metadata"})
"""Fields whose entries can be set one by one, as ``env.NAME=value``."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.[0-9]+|[0-9]{1,18})")
_SWITCHES: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def value(definition: str, field: str, written: str) -> Any:
    """Return what a person wrote for a field of ``local_model`` or ``cloud_model``, in the field's type.

    What does not fit stays text: the check of the whole file says best what is wrong with it.
    """
    field = schema.synonyms(definition).get(field, field)
    node = schema.properties(definition).get(field, {})
    for kind in _types(node):
        found = _READERS[kind](written, field)
        if found is not None:
            return found
    return written


def _types(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types that a value may have, the narrowest first."""
    branches = node.get("anyOf", (node,))
    found = {schema.merged(branch).get("type", "string") for branch in branches}
    return tuple(kind for kind in _READERS if kind in found)


def _boolean(written: str, _field: str) -> bool | None:
    return _SWITCHES.get(written.lower())


def _integer(written: str, _field: str) -> int | None:
    return int(written) if _INTEGER.fullmatch(written) else None


def _number(written: str, _field: str) -> int | float | None:
    if not _NUMBER.fullmatch(written):
        return None
    return float(written) if "." in written else int(written)


def _object(written: str, _field: str) -> Any:
    return _json(written, dict)


def _array(written: str, field: str) -> Any:
    """Return a list: from JSON, else from words with commas between them, or from a command line."""
    if written.startswith("["):
        return _json(written, list)
    if field not in COMMAND_LINES:
        return [word.strip() for word in written.split(",") if word.strip()]
    try:
        return shlex.split(written)
    except ValueError:
        return None


def _json(written: str, kind: type) -> Any:
    try:
        read = json.loads(written)
    except ValueError:
        return None
    return read if isinstance(read, kind) else None


_READERS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "object": _object,
    "array": _array,
    "string": lambda written, _field: written,
}
"""How each type is read; the order is that in which they are tried."""


def parted(key: str) -> tuple[str, str]:
    """Return field and entry of ``env.NAME``; any other key is a field as a whole."""
    field, _, inner = key.partition(".")
    return (field, inner) if field in MAPPINGS else (key, "")


def grouped(held: Mapping[Any, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Join ``env.A`` and ``env.B`` to one value of ``env`` where that is no mapping yet."""
    grouped: dict[str, Any] = {}
    for key, new in values.items():
        field, inner = parted(key)
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
