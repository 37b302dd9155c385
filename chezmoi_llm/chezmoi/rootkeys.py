"""The root keys of a JSON, TOML or YAML text: enough to see a key that stands in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator


def root_keys(text: str, kind: str) -> frozenset[str]:
    """Return the keys at the root of a text of a kind in ``naming.FORMATS``: JSON, TOML or YAML.

    Nested keys are not among them. A text that cannot be read has none: chezmoi says what is
    wrong with it.
    """
    return frozenset(_READERS[kind](text))


_JSON_WORD = re.compile(
    r'"(?:\\.|[^"\\])*(?:"|\\?\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)|[{}\[\]:]|[\w.-]+', re.DOTALL
)
"""What nobody closes goes on to the end, so that the end is looked for once."""


def _json(text: str) -> Iterator[str]:
    """Yield the words before a colon at depth one; comments and bare words do no harm."""
    depth, last = 0, ""
    for word in _JSON_WORD.findall(text):
        if word.startswith("/"):
            continue
        if word == ":" and depth == 1:
            yield last.strip('"')
        depth += (word in "{[") - (word in "}]")
        last = word


_YAML_KEY = re.compile(r"""^( *)(?:"([^"\n]*)"|'([^'\n]*)'|([\w.-]+))[ \t]*:(?=\s|$)""", re.MULTILINE)
_YAML_FLOW = re.compile(r"(?:\s|#[^\n]*\n|---)*\{")


def _yaml(text: str) -> Iterator[str]:
    """Yield the keys that are indented least: whatever a scalar or a list holds is indented more."""
    if _YAML_FLOW.match(text):
        yield from _json(text)
        return
    found = _YAML_KEY.findall(text)
    root = min((indent for indent, *_ in found), default="")
    for indent, *spellings in found:
        if indent == root:
            yield "".join(spellings)


def _toml(text: str) -> Iterator[str]:
    import tomllib  # noqa: PLC0415  costs the hook as much as chezmoi itself, and is seldom needed

    try:
        yield from tomllib.loads(text)
    except (ValueError, RecursionError):  # also a number that is too long, or what nests too deep
        return


_READERS: dict[str, Callable[[str], Iterator[str]]] = {"json": _json, "toml": _toml, "yaml": _yaml}
