"""What is written in a mapping, as the values of a record: spellings, types, and what is not known yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chezmoi_llm import schema
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN, is_known
from chezmoi_llm.spec.written import Pairs, Scalar, Sections


def mapping(value: Any) -> Mapping[Any, Any]:
    """Return a value as a mapping; one that only rendering can tell may have any keys."""
    if not is_known(value):
        return {UNKNOWN: UNKNOWN}
    return value if isinstance(value, dict) else {}


def part(raw: Mapping[Any, Any], key: str) -> Mapping[Any, Any]:
    """Return the mapping at a key, which rendering may add where it may add any."""
    return mapping(raw.get(key, _absent(raw)))


def _absent(raw: Mapping[Any, Any]) -> Any:
    """Return what a key has that is not written: nothing, or what rendering may give it."""
    return UNKNOWN if UNKNOWN in raw else None


def fields(definition: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known, written fields of a mapping under their own names, converted."""
    other = schema.synonyms(definition)
    known = schema.properties(definition)
    return {
        field: _CONVERT.get(field, _plain)(value)
        for key, value in raw.items()
        if is_known(key) and (field := other.get(key, key)) in known and is_known(value)
    }


def defaulted(definition: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same with the default of each field that is not written."""
    defaults = {key: _CONVERT.get(key, _plain)(v) for key, v in schema.defaults(definition).items()}
    return {**defaults, **fields(definition, raw)}


def ports(definition: str, raw: Mapping[Any, Any]) -> dict[str, int]:
    """Return the port of each service; 0 is one that only rendering can tell."""
    known = defaulted(definition, raw)
    return {key: port if is_known(raw.get(key, _absent(raw))) else 0 for key, port in known.items()}


def whence(definition: str, raw: Mapping[Any, Any], at: Path) -> dict[str, Any]:
    """Return the fields of ``Written`` for a mapping that stands at a path."""
    other = schema.synonyms(definition)
    spelling = {other.get(key, key): key for key in raw if is_known(key)}
    unknown = unknown_fields(definition, raw)
    return {"at": at, "written": spelling, "unknown": unknown, "rows": _rows(raw.get("env"))}


def unknown_fields(definition: str, raw: Mapping[Any, Any]) -> frozenset[str]:
    """Return the fields of which only rendering can tell the value, or whether they are there."""
    other = schema.synonyms(definition)
    unknown = frozenset(
        other.get(key, key) for key, held in raw.items() if is_known(key) and not _is_whole(held)
    )
    if UNKNOWN not in raw:
        return unknown
    return unknown | (schema.properties(definition).keys() - {other.get(key, key) for key in raw})


def _is_whole(value: Any) -> bool:
    """Say whether a value, with each item and key in it, is known before the template is rendered."""
    if isinstance(value, list):
        return all(map(is_known, value))
    return is_known(value) and not (isinstance(value, dict) and UNKNOWN in value)


def _rows(env: Any) -> dict[str, int]:
    items = enumerate(env if isinstance(env, list) else ())
    return {item.partition("=")[0]: index for index, item in items if is_known(item)}


def _plain(value: Any) -> Any:
    """Return a value as it stands in a record; an unknown item of a list is empty, and keeps its place."""
    return tuple(item if is_known(item) else "" for item in value) if isinstance(value, list) else value


def _words(value: str) -> str:
    """Return the lines of a text, such as those of a block of YAML, as one."""
    return " ".join(filter(None, map(str.strip, value.split("\n")))) if "\n" in value else value


def _pairs(value: Any) -> Pairs:
    if isinstance(value, dict):
        return tuple((key, str(v)) for key, v in value.items() if is_known(key) and is_known(v))
    return tuple((k, v) for k, _, v in (item.partition("=") for item in value if is_known(item)))


def _switch(value: Scalar) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _sections(value: Mapping[str, Any]) -> Sections:
    return tuple(
        (section, tuple((key, _unit_values(v)) for key, v in keys.items() if is_known(v)))
        for section, keys in value.items()
        if is_known(section) and isinstance(keys, dict) and not section.startswith("x-")
    )


def _unit_values(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(str(v).lower() if isinstance(v, bool) else str(v) for v in values if is_known(v))


_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "description": _words,
    "display_name": _words,
    "env": _pairs,
    "secrets": _pairs,
    "sites": _pairs,
    "ports": partial(ports, "caddy_ports"),
    "names": partial(defaulted, "caddy_names"),
    "router_settings": partial(fields, "litellm_router"),
    "ngl": str,
    "flash_attn": _switch,
    "temp": str,
    "top_p": str,
    "top_k": str,
    "min_p": str,
    "extra": _sections,
}
"""How a field's value becomes the one type that it has in a record; lists become tuples."""
