"""The formats of config files: what tells them apart, and how each is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.source import uncertain
from chezmoi_llm.source.nodes import Node
from chezmoi_llm.source.rendered import Rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How to read a rendered text into nodes, and how to mark in them what is uncertain.

    ``read`` raises Unreadable with offsets in the rendered text. ``mark`` returns where blocks
    start that cannot be read as one text. ``comment`` is what begins a comment, if anything does.
    """

    name: str
    read: Callable[[Rendered], Node | None]
    mark: Callable[[Node, Rendered], frozenset[int]] = uncertain.mark
    comment: str = ""


def _yaml(rendered: Rendered) -> Node | None:
    from chezmoi_llm.source import yaml_text  # noqa: PLC0415  PyYAML takes as long to start as Python

    return yaml_text.read(rendered.text, rendered.marks)


def _json(rendered: Rendered) -> Node | None:
    from chezmoi_llm.source import json_text  # noqa: PLC0415

    return json_text.read(rendered, comments=False)


def _jsonc(rendered: Rendered) -> Node | None:
    from chezmoi_llm.source import json_text  # noqa: PLC0415

    return json_text.read(rendered, comments=True)


def _toml(rendered: Rendered) -> Node | None:
    from chezmoi_llm.source import toml_text  # noqa: PLC0415

    return toml_text.read(rendered)


def _marked_when_read(_root: Node, _rendered: Rendered) -> frozenset[int]:
    return frozenset()


YAML: Final = Format(name="yaml", read=_yaml, comment="#")
JSON: Final = Format(name="json", read=_json)
JSONC: Final = Format(name="jsonc", read=_jsonc, comment="//")
TOML: Final = Format(name="toml", read=_toml, mark=_marked_when_read, comment="#")

_KINDS: Final = {"yaml": YAML, "toml": TOML, "json": JSON}
FORMATS: Final = {ending: _KINDS[kind] for ending, kind in naming.FORMATS.items()} | {"jsonc": JSONC}
"""How a text is read, by the ending of its name."""

_LOOKS: Final = (
    (JSON, re.compile(r"\s*[\[{]\s*[\"\]}\[{]")),
    (TOML, re.compile(r"""(?:\s|\#[^\n]*\n)*(?:\[|[\w."'-]+[ \t]*=)""")),
)


def of(file: str, text: str = "") -> Format:
    """Return the format that the name of a file tells, else the one that its text looks like."""
    known = FORMATS.get(naming.ending(file))
    return known or next((form for form, looks in _LOOKS if looks.match(text)), YAML)
