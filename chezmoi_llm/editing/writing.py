"""Writes values as YAML in a template, so that chezmoi reads exactly what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from chezmoi_llm.chezmoi.directives import SIGN
from chezmoi_llm.source import scalars

LONGEST_LIST: Final = 80
"""Characters that a list may take on one line; a longer one has a line for each item."""

_MODELS: Final = frozenset({"local_models", "cloud_models", "local", "cloud"})
"""Lists that grow: each item has a line from the start."""

_FLOW: Final = re.compile(r"[\w/][\w/.+@-]*(?:://[\w/.+@-]+(?::[\w/.+-]+)?)?")
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SPECIAL: Final = re.compile(r":(?:\s|$)|\s#|\s$")
_LOOKS: Final = re.compile(
    r"(?i)[-+.]?[0-9][0-9a-f_.:xoe+-]*|[-+.][0-9.].*|y|n|yes|no|on|off|true|false|null|nan|inf"
)
"""What one reader or another takes for a number, a date, a time or a word of YAML."""

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the neighbours write: quotes by key, quotes around keys, in braces or in lines.

    ``delimiter`` starts an action in this template; ``step`` is how far a level is indented.
    """

    quotes: Mapping[str, str] = field(default_factory=dict)
    key_quote: str = ""
    flow: bool = False
    delimiter: str = "{{"
    step: int = 2

    def quote(self, key: str) -> str:
        """Return how texts are quoted: as this key's was, or in double quotes where keys are."""
        return self.quotes.get(key, self.key_quote)


def inline(value: Any, style: Style, *, quote: str = "", flow: bool = True) -> str:
    """Return a value on one line; ``flow`` says that it stands inside brackets."""
    match value:
        case dict():
            pairs = (
                f"{key_text(key, style)}: {inline(held, style, quote=style.quote(key))}"
                for key, held in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
        case list():
            return "[" + ", ".join(inline(item, style, quote=quote) for item in value) + "]"
        case bool():
            return str(value).lower()
        case float():
            return number(value)
        case str():
            return text(value, style.delimiter, quote=quote, flow=flow)
        case _:
            return str(value)


def pair_lines(key: str, value: Any, style: Style) -> list[str]:
    """Return a key with its value as lines, the first not indented, those below it by ``style.step``."""
    start = f"{key_text(key, style)}:"
    is_long = isinstance(value, list) and (key in _MODELS or len(inline(value, style)) > LONGEST_LIST)
    is_block = not style.flow and bool(value) and (is_long or has_mapping(value))
    if not is_block:
        return [f"{start} {inline(value, style, quote=style.quote(key), flow=style.flow)}"]
    inner = mapping_lines(value, style) if isinstance(value, dict) else list_lines(value, style)
    return [start, *(" " * style.step + line for line in inner)]


def mapping_lines(value: Mapping[str, Any], style: Style) -> list[str]:
    """Return a mapping as lines that are not indented."""
    return [line for key, held in value.items() for line in pair_lines(key, held, style)]


def list_lines(items: Iterable[Any], style: Style) -> list[str]:
    """Return a list as lines that are not indented."""
    return [line for item in items for line in item_lines(item, style)]


def item_lines(item: Any, style: Style, *, marker: str = "- ") -> list[str]:
    """Return one item of a list as lines; ``marker`` is the dash with the blanks behind it."""
    if style.flow or not item or not isinstance(item, dict):
        return [marker + inline(item, style, quote=style.quote("id"), flow=False)]
    first, *rest = mapping_lines(item, style)
    return [marker + first, *(" " * len(marker) + line for line in rest)]


def has_mapping(value: Any) -> bool:
    """Say whether a value is a mapping, or a list that holds one."""
    return isinstance(value, dict) or (isinstance(value, list) and any(map(has_mapping, value)))


def key_text(key: str, style: Style) -> str:
    """Return a key, in quotes where the neighbours' are, or where it could be read as another."""
    is_plain = _KEY.fullmatch(key) and not _LOOKS.fullmatch(key)
    if is_plain and not style.key_quote:
        return key
    return text(key, style.delimiter, quote=style.key_quote or '"')


def number(value: float) -> str:
    """Return a number with a point in it and without an exponent, which chezmoi would read as text."""
    written = f"{Decimal(repr(value)):f}"
    return written if "." in written else f"{written}.0"


def text(value: str, delimiter: str = "{{", *, quote: str = "", flow: bool = True) -> str:
    """Return a text plain or in the quotes that are asked for, in double quotes where it needs them."""
    is_tame = value.isprintable() and delimiter not in value and SIGN not in value
    if is_tame and not quote and _is_plain(value, flow=flow):
        return value
    if is_tame and quote == "'":
        return "'" + value.replace("'", "''") + "'"
    return _double_quoted(value, delimiter)


def _is_plain(value: str, *, flow: bool) -> bool:
    if not value or _LOOKS.fullmatch(value) or scalars.resolve(value) != value:
        return False
    if flow:
        return _FLOW.fullmatch(value) is not None
    return (value[0].isalnum() or value[0] in "/(_") and not _SPECIAL.search(value)


def _double_quoted(value: str, delimiter: str) -> str:
    escaped = "".join(map(_escaped, value))
    escaped = escaped.replace(delimiter, delimiter[:-1] + _code(delimiter[-1]))
    return '"' + escaped.replace(SIGN, SIGN.replace(":", _code(":"))) + '"'


def _escaped(char: str) -> str:
    return _ESCAPES.get(char) or (char if char.isprintable() else _code(char))


def _code(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  widths of YAML's escapes
