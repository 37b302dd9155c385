"""What chezmoi makes of a plain YAML scalar.

chezmoi reads YAML with github.com/goccy/go-yaml, whose rules are neither those of YAML 1.1 nor
quite those of YAML 1.2: ``1e6`` and ``yes`` are text, ``017`` and ``0o17`` are fifteen, and an
integer that does not fit in 64 bits is text. The rules below are those of its ``token.ToNumber``
and of ``strconv``.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

MIN_INT64: Final = -(2**63)
MAX_INT64: Final = 2**63 - 1
MAX_UINT64: Final = 2**64 - 1

_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

_NUMBER_STARTS: Final = frozenset("+-.0123456789")
_FLOAT: Final = re.compile(r"(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INTEGERS: Final = (
    (re.compile(r"(0|[1-9][0-9]*)"), 10),
    (re.compile(r"0([0-7]+)"), 8),
    (re.compile(r"0o([0-7]+)"), 8),
    (re.compile(r"0x([0-9A-Fa-f]+)"), 16),
    (re.compile(r"0b([01]+)"), 2),
)
_LONGEST_INTEGER: Final = 4096
"""More digits than this never fit in 64 bits (leading zeros aside), and Python refuses 4300."""


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar: null, true or false, a number, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    number = _number(text)
    return text if number is None else number


def _number(text: str) -> int | float | None:
    digits = text.removeprefix("+").removeprefix("-").replace("_", "")
    sign = -1 if text.startswith("-") else 1
    if _FLOAT.fullmatch(digits):
        number = sign * float(digits)
        return None if math.isinf(number) else number
    for pattern, base in _INTEGERS:
        if found := pattern.fullmatch(digits):
            return _integer(sign, found[1], base)
    return None


def _integer(sign: int, digits: str, base: int) -> int | None:
    if len(digits) > _LONGEST_INTEGER:
        return None
    number = sign * int(digits, base)
    return number if MIN_INT64 <= number <= MAX_UINT64 else None


def as_key(value: Scalar) -> str:
    """Return the text that chezmoi makes of a mapping's key: of ``0x10`` it is ``16``."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case float():
            return _shortest(value)
        case _:
            return str(value)


def _shortest(value: float) -> str:
    """Print a float as Go does: fewest digits, with an exponent below 1e-4 and from 1e+21 on."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    digits = Decimal(repr(value))
    if value == 0 or 1e-4 <= abs(value) < 1e21:  # noqa: PLR2004  named in the sentence above
        text = f"{digits:f}"
        return text.removesuffix(".0")
    mantissa, _, exponent = f"{digits:e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+03d}"
