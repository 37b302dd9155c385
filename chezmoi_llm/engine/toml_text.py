"""TOML as chezmoi's ``toToml`` and ``fromToml`` write and read it (github.com/BurntSushi/toml)."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from chezmoi_llm.engine.values import copied, printed

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = str.maketrans(
    {code: f"\\u{code:04x}" for code in (*range(0x20), 0x7F)}
    | {ord(char): f"\\{name}" for char, name in zip('"\\\b\t\n\f\r', '"\\btnfr', strict=True)}
)


def written(value: Any, indent: str = "  ") -> str:
    """Return a mapping as TOML: its plain values first, then its tables, each sorted by key."""
    if not isinstance(value, dict):
        if _is_table(value):
            raise TypeError("toml: top-level values must be Go maps or structs")
        return _inline(value)
    return "".join(_table(value, (), indent)).removeprefix("\n")


def parsed(text: str) -> Any:
    """Return the value of a TOML text; ValueError where it is none."""
    return copied(tomllib.loads(text))


def _table(value: dict[str, Any], path: tuple[str, ...], indent: str) -> Iterator[str]:
    for key in sorted(value, key=lambda key: (_is_table(value[key]), key)):
        yield from _entry(value[key], (*path, key), indent)


def _entry(value: Any, path: tuple[str, ...], indent: str) -> Iterator[str]:
    margin = indent * (len(path) - 1)
    name = ".".join(map(_key, path))
    if value is None:
        return
    if isinstance(value, dict):
        yield ("\n" if len(path) == 1 else "") + f"{margin}[{name}]\n"
        yield from _table(value, path, indent)
    elif _is_table(value):
        for item in value:
            yield f"\n{margin}[[{name}]]\n"
            yield from _table(item, path, indent)
    else:
        yield f"{margin}{_key(path[-1])} = {_inline(value)}\n"


def _is_table(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(value: str) -> str:
    return f'"{value.translate(_ESCAPES)}"'


def _inline(value: Any) -> str:
    match value:
        case str():
            return _string(value)
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case dict():
            keys = sorted(value, key=lambda key: (_is_table(value[key]), key))
            pairs = (f"{_key(key)} = {_inline(value[key])}" for key in keys if value[key] is not None)
            return f"{{{', '.join(pairs)}}}"
        case float():
            return _float(value)
        case bool() | int():
            return printed("%v", value)
    raise TypeError("toml: cannot encode a nil or unknown value")


def _float(value: float) -> str:
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else f"{'-' * (value < 0)}inf"
    text = printed("%v", value)
    return text if "." in text or "e" in text else f"{text}.0"
