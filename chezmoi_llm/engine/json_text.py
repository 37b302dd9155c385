"""JSON as chezmoi's ``toJson``, ``toPrettyJson`` and ``fromJson`` write and read it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import partial
from json.encoder import encode_basestring
from typing import Any

from chezmoi_llm.chezmoi import jsonc
from chezmoi_llm.engine.values import Int64, decimal

_ALWAYS = {"\u2028": r"\u2028", "\u2029": r"\u2029"}
_HTML = {"&": r"\u0026", "<": r"\u003c", ">": r"\u003e"}
SMALLEST_PLAIN = 1e-6
SMALLEST_WITH_EXPONENT = 1e21
_INT64 = range(-(2**63), 2**63)


def compact(value: Any) -> str:
    """Return a value in one line with sorted keys and with ``&``, ``<`` and ``>`` escaped."""
    return _encoded(value, indent="", level=0, escapes=str.maketrans({**_ALWAYS, **_HTML}))


def pretty(value: Any, indent: str = "  ", *, html: bool = False) -> str:
    """Return a value over several lines with sorted keys and a final newline.

    ``html`` says whether ``&``, ``<`` and ``>`` are escaped.
    """
    escapes = str.maketrans({**_ALWAYS, **_HTML} if html else _ALWAYS)
    return f"{_encoded(value, indent=indent, level=0, escapes=escapes)}\n"


def parsed(text: str) -> Any:
    """Return the value of a JSON text; whole numbers stay whole; ValueError where it is none."""
    return json.loads(text, parse_int=_whole, parse_constant=_refused)


def _encoded(value: Any, *, indent: str, level: int, escapes: dict[int, str]) -> str:
    inner = partial(_encoded, indent=indent, level=level + 1, escapes=escapes)
    match value:
        case list() | tuple():
            return _block(map(inner, value), "[]", indent=indent, level=level)
        case dict():
            colon = ": " if indent else ":"
            items = (f"{_string(str(key), escapes)}{colon}{inner(value[key])}" for key in sorted(value))
            return _block(items, "{}", indent=indent, level=level)
        case str():
            return _string(value, escapes)
        case float():
            return number(value)
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[value]
        case int():
            return int.__repr__(value)
    raise TypeError(f"json: unsupported type: {type(value).__name__}")


def _string(value: str, escapes: dict[int, str]) -> str:
    return encode_basestring(value).translate(escapes)


def _block(items: Iterable[str], brackets: str, *, indent: str, level: int) -> str:
    lines = list(items)
    if not lines or not indent:
        return f"{brackets[0]}{','.join(lines)}{brackets[1]}"
    inner, outer = f"\n{indent * (level + 1)}", f"\n{indent * level}"
    return f"{brackets[0]}{inner}{f',{inner}'.join(lines)}{outer}{brackets[1]}"


def number(value: float) -> str:
    """Return a float as Go's JSON writes it: with an exponent only where it is very small or large."""
    if not math.isfinite(value):
        raise ValueError(f"json: unsupported value: {value}")
    if value and not SMALLEST_PLAIN <= abs(value) < SMALLEST_WITH_EXPONENT:
        mantissa, exponent = repr(value).split("e")
        return f"{mantissa.removesuffix('.0')}e{exponent[0]}{exponent[1:].lstrip('0')}"
    return decimal(value)


def parsed_with_comments(text: str) -> Any:
    """Return the value of a JSON text that may hold comments and a comma after the last item."""
    return parsed(jsonc.plain(text))


def _whole(digits: str) -> Any:
    value = int(digits)
    return Int64(value) if value in _INT64 else float(value)


def _refused(word: str) -> Any:
    raise ValueError(f"invalid character {word[0]!r} looking for beginning of value")
