"""YAML as chezmoi's ``toYaml`` and ``fromYaml`` write and read it.

chezmoi uses github.com/goccy/go-yaml; the rules are those of its ``token.IsNeedQuoted`` and of the
block style of its ``ast`` package, at version 1.19. Other versions of chezmoi may lay out, and even
quote, differently: compare values, not bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from chezmoi_llm.engine.values import Int64, Uint64, printed
from chezmoi_llm.source import scalars

_LEGACY_BOOLEAN = re.compile(r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF")
_QUOTED = re.compile(r"-\Z|[*&\[{}\],!|>%'\"@ `]|[+-]?[1-9][0-9_]*\Z|.*(?:[: ]\Z|[#\\]|[:-] )", re.DOTALL)
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9]")
_TIMESTAMP = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
    r"| (?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?)?"
)


def written(value: Any, indent: int = 2) -> str:
    """Return a value as YAML in block style with sorted keys and a final newline."""
    return "".join(f"{line}\n" for line in _lines(value, " " * indent))


def _lines(value: Any, indent: str) -> Iterator[str]:
    match value:
        case dict() if value:
            for key in sorted(value):
                yield from _pair(_scalar(str(key), indent)[0], value[key], indent)
        case list() if value:
            for item in value:
                yield from _item(item, indent)
        case dict() | list():
            yield "{}" if isinstance(value, dict) else "[]"
        case _:
            yield from _scalar(value, indent)


def _pair(key: str, value: Any, indent: str) -> Iterator[str]:
    first, *rest = _lines(value, indent)
    if isinstance(value, dict) and value:
        yield f"{key}:"
        yield from (f"{indent}{line}" if line else line for line in (first, *rest))
        return
    if isinstance(value, list) and value:
        yield f"{key}:"
        yield from (first, *rest)
        return
    yield f"{key}: {first}"
    yield from rest


def _item(value: Any, indent: str) -> Iterator[str]:
    first, *rest = _lines(value, indent)
    yield f"- {first}"
    if isinstance(value, str):
        yield from (f"  {line.removeprefix(indent)}" if line.strip() else "" for line in rest)
    else:
        yield from (f"  {line}" if line else line for line in rest)


def _scalar(value: Any, indent: str) -> list[str]:
    match value:
        case str() if _is_quoted(value):
            return [printed("%q", value)]
        case str():
            return _block(value, indent) if "\n" in value else [value]
        case float():
            return [_float(value)]
        case None:
            return ["null"]
        case bool() | int():
            return [printed("%v", value)]
    raise TypeError(f"unknown value type {type(value).__name__}")


def _is_quoted(value: str) -> bool:
    meant = scalars.resolve(value)
    # goccy leaves `.inf` and `.nan` bare, although it reads them as numbers.
    if not (isinstance(meant, str) or (isinstance(meant, float) and not math.isfinite(meant))):
        return True
    return bool(_LEGACY_BOOLEAN.fullmatch(value) or _QUOTED.match(value)) or _is_time(value)


def _is_time(value: str) -> bool:
    if _CLOCK.fullmatch(value):
        return True
    found = _TIMESTAMP.fullmatch(value)
    if not found:
        return False
    try:
        date.fromisoformat(found["date"])
    except ValueError:
        return False
    return True


def _block(value: str, indent: str) -> list[str]:
    """Return a text of several lines as a literal block."""
    lines = [f"{indent}{line}" for line in value.split("\n")]
    if not value.endswith("\n"):
        return ["|-", *lines]
    lines.pop()
    if value.endswith("\n\n"):
        return ["|+", *lines[:-1], ""]
    return ["|", *lines]


def _float(value: float) -> str:
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else f"{'-' * (value < 0)}.inf"
    text = printed("%v", value)
    return text if "." in text or "e" in text else f"{text}.0"


def parsed(text: str) -> Any:
    """Return the value of a YAML text as chezmoi reads it, None of an empty one; ValueError."""
    import yaml  # noqa: PLC0415  slow to load

    try:
        root = next(yaml.compose_all(text, Loader=yaml.BaseLoader), None)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    return None if root is None else _value(root)


def _value(node: Any) -> Any:
    match node.id:
        case "mapping":
            return _mapping(node)
        case "sequence":
            return [_value(item) for item in node.value]
        case _:
            return node.value if node.style else _typed(scalars.resolve(node.value))


def _typed(value: scalars.Scalar) -> scalars.Scalar:
    if isinstance(value, int) and not isinstance(value, bool):
        return Uint64(value) if value >= 0 else Int64(value)
    return value


def _mapping(node: Any) -> dict[str, Any]:
    own: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if key.value == "<<" and not key.style:
            found = _value(value)
            for one in found if isinstance(found, list) else [found]:
                merged |= one
            continue
        name = scalars.as_key(_value(key))
        if name in own:
            raise ValueError(f"mapping key {printed('%q', name)} already defined")
        own[name] = _value(value)
    return merged | own
