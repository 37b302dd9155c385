"""The ``chezmoi:template:`` lines of a template: what they choose, and where they stand.

The rules are chezmoi's own (``internal/cmd/templatefuncs.go``, ``parseAndRemoveDirectives``): such a
line may stand anywhere, also in a comment, and is taken out as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

SIGN = "chezmoi:template:"

_LINE = re.compile(rf"^.*?{SIGN}(.*)$(?:\r?\n)?", re.MULTILINE)
_SETTING = re.compile(r'(?<!\S)(\S+)=("(?:[^"]|\\")*"|\S+)')


def _lines(text: str) -> Iterator[re.Match[str]]:
    return _LINE.finditer(text) if SIGN in text else iter(())


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each such line starts and ends, its line end included."""
    return tuple(line.span() for line in _lines(text))


def settings(text: str) -> tuple[tuple[str, str], ...]:
    """Return what the lines say, as pairs of key and value; of two with one key the later counts."""
    found = (setting for line in _lines(text) for setting in _SETTING.finditer(line[1]))
    return tuple((setting[1], _unquoted(setting[2])) for setting in found)


def delimiters(text: str) -> tuple[str, str]:
    """Return what the actions of a template stand between."""
    chosen = dict(settings(text))
    return chosen.get("left-delimiter") or "{{", chosen.get("right-delimiter") or "}}"


def without(text: str) -> str:
    """Return a template without these lines."""
    return _LINE.sub("", text) if SIGN in text else text


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(value, strict=False)) if value.startswith('"') else value
    except ValueError:
        return value
