"""Values inside a template: the types that Go tells apart, copies, and their plain text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go takes for white space; Python's own idea has more in it."""


class Int64(int):
    """A number that came as data: ``int64`` in Go, where a number in the template is ``int``."""

    __slots__ = ()
    go_type = "int64"

    def __go_format_value__(self, kind: str, mode: str, *, nested: bool) -> str:
        """Return what ``printf`` prints for ``%T`` and for ``%v``."""
        del mode, nested
        return self.go_type if kind == "type" else int.__repr__(self)


class Uint64(Int64):
    """A number that came from YAML and is not negative."""

    __slots__ = ()
    go_type = "uint64"


def copied(value: Any) -> Any:
    """Return a deep copy of data, as each template gets one: ``set`` changes nothing outside it."""
    match value:
        case Mapping():
            return {str(key): copied(item) for key, item in value.items()}
        case list() | tuple():
            return [copied(item) for item in value]
        case int() if not isinstance(value, bool | Int64):
            return Int64(value)
        case _:
            return value


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return both together; where both have a mapping they are merged, else ``over`` wins."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def text(value: Any) -> str:
    """Return a value as ``toString``, ``quote`` and ``joinPath`` print it."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return decimal(value)
        case _:
            return printed("%v", value)


def printed(form: str, *values: Any) -> str:
    """Return what ``printf`` prints; gotpl takes None for a missing value, Go for ``<nil>``."""
    from gotpl.runtime.gofmt import sprintf  # noqa: PLC0415  the optional engine is there by now
    from gotpl.runtime.values import UNTYPED_NIL  # noqa: PLC0415

    return str(sprintf(form, *(UNTYPED_NIL if value is None else value for value in values)))


def texts(value: Any) -> list[str]:
    """Return a value, or the items of a list however deep, as strings."""
    if isinstance(value, list | tuple):
        return [one for item in value for one in texts(item)]
    return [text(value)]


def decimal(number: float) -> str:
    """Return a number without an exponent, with the fewest digits that give it back."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else f"{'+' if number > 0 else '-'}Inf"
    written = format(Decimal(repr(number)), "f")
    return written.removesuffix(".0")
