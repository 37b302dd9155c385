"""Holds a document to the JSON Schema of the input, in our own words.

``schema/spec.schema.json`` is the only place where a field, its type, limits and default are
written. jsonschema would take ten times the start-up of Python, and the hook runs inside every
``chezmoi status``; so this module reads the keywords that the schema uses, and a contract test
holds both to the same verdict.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from functools import cache
from math import isfinite, nan
from typing import Any, TypeAlias

from chezmoi_llm import resources
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.document import is_known
from chezmoi_llm.words import did_you_mean, listed, shown

Node: TypeAlias = Mapping[str, Any]
JSON: TypeAlias = Any

MAX_DEPTH = 64
"""Deepest nesting that is looked at; the schema itself never goes deeper than twelve."""

MOST_LISTED = 8
"""Most keys that a hint lists."""

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_TYPE_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


@cache
def load(name: str = "spec") -> Node:
    """Return the schema ``name`` (``spec`` or ``expanded``) as JSON."""
    schema: Node = json.loads(resources.schema_text(name))
    return schema


@cache
def _target(ref: str) -> Node:
    node: Any = load()
    for step in ref.removeprefix("#/").split("/"):
        node = node[step]
    return _merged(node)


def _merged(node: Node) -> Node:
    """Return the node with what its ``$ref`` says; what stands beside the reference wins."""
    return {**_target(node["$ref"]), **node} if "$ref" in node else node


def definition(name: str) -> Node:
    """Return one entry of ``$defs`` with its reference followed."""
    return _target(f"#/$defs/{name}")


@cache
def properties(name: str) -> Mapping[str, Node]:
    """Return the fields of a definition, each with its reference followed, synonyms left out."""
    return {
        key: _merged(node)
        for key, node in definition(name).get("properties", {}).items()
        if "x-same-as" not in node and node.get("not") != {} and _merged(node).get("not") != {}
    }


@cache
def synonyms(name: str) -> Mapping[str, str]:
    """Return other spellings of fields of a definition, as {other: field}."""
    nodes = definition(name).get("properties", {}).items()
    return {key: node["x-same-as"] for key, node in nodes if "x-same-as" in node}


@cache
def defaults(name: str) -> Mapping[str, JSON]:
    """Return the default of each field of a definition that has one."""
    return {key: node["default"] for key, node in properties(name).items() if "default" in node}


def is_type(value: JSON, name: str) -> bool:
    """Say whether a value has a JSON type; true is no number, 8192.0 no whole one, inf none at all."""
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, float) and not math.isfinite(value):
        return False
    if isinstance(value, float) and not isfinite(value):
        return False
    return isinstance(value, _TYPES[name])


def findings(value: JSON, path: Path = (), node: Node | None = None) -> Iterator[Finding]:
    """Yield every way in which ``value`` breaks the schema; nothing is said about UNKNOWN."""
    node = _merged(load() if node is None else node)
    if not is_known(value):
        return
    if len(path) > MAX_DEPTH:
        yield Finding(code="LLM003", path=path, message=f"nested deeper than {MAX_DEPTH} levels")
        return
    if node.get("not") == {}:
        yield _out_of_place(path, node)
        return
    if "anyOf" in node:
        node = _branch(node, value)
    if "if" in node and next(findings(value, path, node["if"]), None) is None:
        yield from findings(value, path, node["then"])
    expected = node.get("type")
    if expected and not is_type(value, expected):
        yield _wrong_type(value, path, node)
        return
    for keyword, rule in _RULES.items():
        if keyword in node:
            yield from rule(value, path, node)


def _out_of_place(path: Path, node: Node) -> Finding:
    """Return that a key is wrong here; a secret is pointed at itself, to be taken out and not shown."""
    is_secret = node.get("x-secret", False)
    return Finding(
        code="LLM105",
        path=path,
        at_key=not is_secret,
        is_secret=is_secret,
        message=f"{path[-1]!r} cannot stand here: {node['x-expects']}",
        hint=node.get("x-hint", ""),
    )


def _branch(node: Node, value: JSON) -> Node:
    """Return the branch of an ``anyOf`` meant by the type of the value.

    The branches of one ``anyOf`` differ in type, so that a message can speak of one of them. A
    branch that takes only ``""`` says "not set", and is not what somebody else means.
    """
    branches = [_merged(branch) for branch in node["anyOf"]]
    meant = [branch for branch in branches if value == "" or branch.get("enum") != [""]]
    for branch in meant:
        if is_type(value, branch["type"]):
            return branch
    types = dict.fromkeys(branch["type"] for branch in meant)
    if "number" in types:
        types.pop("integer", None)
    return {**meant[0], "x-types": tuple(_TYPE_WORDS[name] for name in types)}


def _wrong_type(value: JSON, path: Path, node: Node) -> Finding:
    wanted = listed(node.get("x-types") or (_TYPE_WORDS[node["type"]],), last="or")
    return Finding(
        code="LLM102",
        path=path,
        message=f"{_place(path)} is {shown(value)}, but must be {wanted}",
        hint=_type_hint(value, node, path),
    )


def _type_hint(value: JSON, node: Node, path: Path) -> str:
    """Return how to write the value that was most likely meant, with its key."""
    key = f"{path[-1]}: " if path and isinstance(path[-1], str) else ""
    meant = _MEANT[node["type"]](value, node)
    if meant:
        return f"write {key}{meant}"
    return "fill it in, or take the line out" if value is None else _EXAMPLES.get(node["type"], "")


def _meant_text(value: JSON, _: Node) -> str:
    return f'"{str(value).lower()}", in quotes' if isinstance(value, bool | int | float) else ""


def _meant_integer(value: JSON, _: Node) -> str:
    if not isinstance(value, str | float):
        return ""
    number = _number(value)
    return str(int(number)) if number.is_integer() else ""


def _meant_number(value: JSON, _: Node) -> str:
    if not isinstance(value, str):
        return ""
    number = _number(value)
    return f"{number:g}" if isfinite(number) else ""


def _meant_boolean(value: JSON, _: Node) -> str:
    return _BOOLEAN_WORDS.get(value.lower(), "") if isinstance(value, str) else ""


def _meant_list(value: JSON, node: Node) -> str:
    """Put a single word into a list, if that is one of words."""
    items = _merged(node["items"])
    is_word = isinstance(value, str) and re.fullmatch(r"[\w./+-]{1,60}", value)
    return f"[{value}]" if is_word and ("enum" in items or items.get("type") == "string") else ""


def _meant_mapping(value: JSON, node: Node) -> str:
    """Read a word that stands for a whole service as its switch."""
    word = _BOOLEAN_WORDS.get(str(value).lower(), "")
    return f"{{enabled: {word}}}" if word and "enabled" in node.get("properties", {}) else ""


_MEANT: Mapping[str, Callable[[JSON, Node], str]] = {
    "string": _meant_text,
    "integer": _meant_integer,
    "number": _meant_number,
    "boolean": _meant_boolean,
    "array": _meant_list,
    "object": _meant_mapping,
}
"""For each wanted type: how to write what was meant, as far as it can be told."""


_EXAMPLES = {"integer": "write a plain number such as 8192", "number": "write a plain number such as 0.7"}
_BOOLEAN_WORDS = dict.fromkeys(("yes", "on", "y", "true"), "true") | dict.fromkeys(
    ("no", "off", "n", "false"), "false"
)


def _number(value: str | float) -> float:
    try:
        return float(value)
    except ValueError:
        return nan


def _place(path: Path) -> str:
    """Return the last words of a path, as a person would point at it."""
    if not path:
        return "the document"
    if isinstance(path[-1], str):
        return shown(path[-1])
    return f"item {path[-1] + 1} of {_place(path[:-1])}"


def _enum(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if any(type(value) is type(choice) and value == choice for choice in node["enum"]):
        return
    choices = tuple(choice for choice in node["enum"] if choice != "")
    nearest = did_you_mean(value, choices)
    yield Finding(
        code="LLM103",
        path=path,
        message=f"{_place(path)} is {shown(value)}, but must be {listed(choices, last='or')}",
        hint=nearest,
    )


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern as JSON Schema means it: ``$`` is the end, not before a last newline."""
    return re.compile(re.sub(r"(?<!\\)\$(?=\)*$)", r"\\Z", text))


def _matches(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    is_empty = value == "" and "minLength" in node
    if is_empty or not isinstance(value, str) or _pattern(node["pattern"]).search(value):
        return
    is_secret = node.get("x-secret", False)
    found = "" if is_secret else f"is {shown(value)}, but "
    yield Finding(
        code="LLM103",
        path=path,
        is_secret=is_secret,
        message=f"{_place(path)} {found}must be {node['x-expects']}",
        hint="" if is_secret else _mended(value, node),
    )


def _mended(value: str, node: Node) -> str:
    """Return a hint with what was most likely meant: blanks, case, slashes or a beginning put right."""
    from unicodedata import normalize  # noqa: PLC0415  only where something is wrong

    text = " ".join(normalize("NFKC", value).split())
    mends = (words.format(text) for sort, words in node.get("x-mends", {}).items() if re.search(sort, text))
    tries = (text, text.lower(), re.sub(r":/+", "://", text), *mends, text.replace(" ", "-"))
    fits = _pattern(node["pattern"]).search
    meant = next((other for other in tries if other and fits(other)), "")
    return f"did you mean {shown(meant)}?" if meant and "://" not in value else ""


def _bounds(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if not is_type(value, "number"):
        return
    low, high = node.get("minimum"), node.get("maximum")
    if (low is None or value >= low) and (high is None or value <= high):
        return
    yield Finding(
        code="LLM103",
        path=path,
        message=f"{_place(path)} is {shown(value)}, but must be from {low} to {high}",
    )


def _longest(limit: str, unit: str, kind: type[Sized]) -> Callable[..., Iterator[Finding]]:
    def rule(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
        if isinstance(value, kind) and len(value) > node[limit]:
            message = f"{_place(path)} has {len(value)} {unit}, the limit is {node[limit]}"
            yield Finding(code="LLM003", path=path, message=message)

    return rule


def _min_length(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if isinstance(value, str) and len(value) < node["minLength"]:
        yield Finding(code="LLM103", path=path, message=f"{_place(path)} is empty")


def _unique(value: JSON, path: Path, _: Node) -> Iterator[Finding]:
    """Yield texts that stand twice; what is no text is wrong in such a list anyway."""
    seen: set[str] = set()
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            if item in seen:
                message = f"{shown(item)} stands twice in {_place(path)}"
                yield Finding(code="LLM103", path=(*path, index), message=message)
            seen.add(item)


def _items(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from findings(item, (*path, index), node["items"])


def _property_names(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if not isinstance(value, dict):
        return
    for key in filter(is_known, value):
        for found in findings(key, (*path, key), node["propertyNames"]):
            said = found.message.replace(f"{shown(key)} is", "the key is", 1)
            yield Finding(code=found.code, path=(*path, key), at_key=True, message=said, hint=found.hint)


def _properties(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if not isinstance(value, dict):
        return
    known = node["properties"]
    for key in filter(known.__contains__, value):
        yield from findings(value[key], (*path, key), known[key])
    yield from _said_twice(value, path, known)


def _other_keys(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    """Judge the keys that ``properties`` does not name, nor ``patternProperties`` leaves alone."""
    if not isinstance(value, dict):
        return
    known, rest = node.get("properties", {}), node["additionalProperties"]
    ignored = tuple(_pattern(pattern) for pattern in node.get("patternProperties", {}))
    for key, item in value.items():
        if not is_known(key) or key in known or any(pattern.search(str(key)) for pattern in ignored):
            continue
        if rest is False:
            yield _unknown_key(key, path, known)
        else:
            yield from findings(item, (*path, key), rest)


def _unknown_key(key: str, path: Path, known: Mapping[str, Node]) -> Finding:
    words = [name for name, node in known.items() if node.get("not") != {}]
    return Finding(
        code="LLM101",
        path=(*path, key),
        at_key=True,
        message=f"unknown key {shown(key)} in {_place(path)}",
        hint=_other_place(key) or did_you_mean(key, words) or _known_keys(words),
    )


def _other_place(key: str) -> str:
    """Return a hint where a key belongs, if it is known in one other place."""
    places = [place for place, known in _places() if key in known]
    return f"move it to {places[0]}" if len(places) == 1 else ""


@cache
def _places() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the places of our keys, in words, each with the keys that are known there."""
    services = properties("llm_stack")["services"]["properties"]
    programs = [key for key, node in services.items() if "x-same-as" not in node]
    return (
        ("data:", frozenset(("local_models", "cloud_models", "llm_stack", "published_ports"))),
        ("llm_stack:", frozenset(properties("llm_stack"))),
        ("llm_stack: services:", frozenset(services)),
        *((f"llm_stack: services: {key}:", frozenset(properties(key))) for key in programs),
        ("tailscale:", frozenset(properties("tailscale"))),
        ("a model of local_models", frozenset(properties("local_model"))),
        ("a model of cloud_models", frozenset(properties("cloud_model"))),
    )


def _known_keys(words: Sequence[str]) -> str:
    if len(words) > MOST_LISTED:
        return "remove it; a key that starts with x- may hold what is yours"
    return f"known keys: {listed(sorted(words), last='and')}"


def _said_twice(value: Mapping[str, JSON], path: Path, known: Mapping[str, Node]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for key in filter(is_known, value):
        field: str = known.get(key, {}).get("x-same-as", key)
        if first.setdefault(field, key) != key:
            yield Finding(
                code="LLM106",
                path=(*path, key),
                at_key=True,
                message=f"{key!r} and {first[field]!r} are two spellings of one field",
                hint=f"keep {field!r}",
            )


_RULES: dict[str, Callable[[JSON, Path, Node], Iterator[Finding]]] = {
    "enum": _enum,
    "minLength": _min_length,
    "maxLength": _longest("maxLength", "characters", str),
    "pattern": _matches,
    "minimum": _bounds,
    "maxItems": _longest("maxItems", "items", list),
    "maxProperties": _longest("maxProperties", "keys", dict),
    "uniqueItems": _unique,
    "items": _items,
    "propertyNames": _property_names,
    "properties": _properties,
    "additionalProperties": _other_keys,
}
"""What each keyword asks; ``additionalProperties`` also reads the keywords that it depends on."""
