"""Looks things up in a schema: fields, their other spellings, their defaults, and what a ``$ref`` says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from chezmoi_llm import resources

Node: TypeAlias = Mapping[str, Any]
"""One schema of a JSON Schema, as JSON."""


@cache
def load(name: str = "spec") -> Node:
    """Return the schema ``name`` (``spec``, ``expanded``, ``store_local``, ``store_cloud``) as JSON."""
    schema: Node = json.loads(resources.schema_text(name))
    return schema


def written(place: str, name: str = "spec") -> Node:
    """Return what is written at a place such as ``#/$defs/port`` or ``#/$defs/scalar/anyOf/0``.

    Before the place may stand the ``$id`` of its schema.
    """
    node: Any = load(home(place, name))
    for step in place.partition("#")[2].split("/")[1:]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node  # type: ignore[no-any-return]


def home(place: str, name: str = "spec") -> str:
    """Return the name of the schema that a place is in: of its ``$id`` if that is there, else ``name``."""
    return place.partition("#")[0].rpartition(":")[2] or name


@cache
def at(place: str, name: str = "spec") -> Node:
    """Return what stands at a place, with its reference followed."""
    return merged(written(place, name), home(place, name))


def merged(node: Node, name: str = "spec") -> Node:
    """Return the node with what its ``$ref`` says; what stands beside the reference wins."""
    return {**at(node["$ref"], name), **node} if "$ref" in node else node


def usable(known: Mapping[str, Node], name: str = "spec") -> Iterator[str]:
    """Yield the fields of ``properties`` that can be used, without other spellings of one."""
    for key, node in known.items():
        if "x-same-as" not in node and merged(node, name).get("not") != {}:
            yield key


ENTRIES = ("store_local", "store_cloud")
"""Definitions that have a schema to themselves, since people hold their own stores to them."""


def _known(name: str) -> Mapping[str, Node]:
    whole = load(name) if name in ENTRIES else at(f"#/$defs/{name}")
    known: Mapping[str, Node] = whole.get("properties", {})
    return known


@cache
def properties(name: str) -> Mapping[str, Node]:
    """Return the fields of a definition, each with its reference followed, synonyms left out."""
    known = _known(name)
    return {key: merged(known[key]) for key in usable(known)}


@cache
def synonyms(name: str) -> Mapping[str, str]:
    """Return other spellings of fields of a definition, as {other: field}."""
    known = _known(name)
    return {key: node["x-same-as"] for key, node in known.items() if "x-same-as" in node}


@cache
def defaults(name: str) -> Mapping[str, Any]:
    """Return the default of each field of a definition that has one."""
    return {key: node["default"] for key, node in properties(name).items() if "default" in node}


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern as JSON Schema means it: ``$`` is the end, not before a last newline."""
    return re.compile(re.sub(r"(?<!\\)\$(?=\)*$)", r"\\Z", text))
