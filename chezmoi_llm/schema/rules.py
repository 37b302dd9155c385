"""The rules of a JSON Schema, keyword by keyword; what breaks one is said in our own words."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sized
from typing import Any, TypeAlias

from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.document import is_known
from chezmoi_llm.schema.hints import (
    as_in_example,
    as_meant,
    for_unknown_key,
    hinted,
    how_to_write,
    meant_key,
    mended,
)
from chezmoi_llm.schema.lookup import Node, load, merged, pattern
from chezmoi_llm.showing.secrecy import tells_secret
from chezmoi_llm.showing.words import did_you_mean, listed, only_near, shown

JSON: TypeAlias = Any

MAX_DEPTH = 64
"""Deepest nesting that is looked at; the schema itself never goes deeper than twelve."""

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


def is_type(value: JSON, name: str) -> bool:
    """Say whether a value has a JSON type; true is no number, 8192.0 no whole one, inf none at all."""
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return isinstance(value, _TYPES[name])


def findings(value: JSON, path: Path = (), node: Node | None = None) -> Iterator[Finding]:
    """Yield every way in which ``value`` breaks the schema; nothing is said about UNKNOWN."""
    node = merged(load() if node is None else node)
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
        yield (
            _empty(path) if value is None and _may_be_empty(path, node) else _wrong_type(value, path, node)
        )
        return
    for keyword, rule in KEYWORDS.items():
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
    said = {word: node[word] for word in ("examples", "default") if word in node}
    branches = [{**said, **merged(branch)} for branch in node["anyOf"]]
    meant = [branch for branch in branches if value == "" or branch.get("enum") != [""]]
    for branch in meant:
        if is_type(value, branch["type"]):
            return branch
    types = dict.fromkeys(branch["type"] for branch in meant)
    if "number" in types:
        types.pop("integer", None)
    return {**meant[0], "x-types": tuple(_TYPE_WORDS[name] for name in types)}


_COLLECTIONS = frozenset((_TYPE_WORDS["array"], _TYPE_WORDS["object"]))


def _types(node: Node) -> tuple[str, ...]:
    return node.get("x-types") or (_TYPE_WORDS[node["type"]],)


def _may_be_empty(path: Path, node: Node) -> bool:
    """Say whether a key of the person's is for a list or a mapping, and nothing else."""
    return path[:1] == ("data",) and isinstance(path[-1], str) and _COLLECTIONS.issuperset(_types(node))


def _empty(path: Path) -> Finding:
    """Return that a list or mapping has no lines, as when a template leaves all of them out."""
    return Finding(
        code="LLM102",
        path=path,
        severity=Severity.NOTE,
        at_key=True,
        message=f"nothing stands below {place(path)}, and it counts as empty",
        hint="fill it in, or take the line out",
    )


def _wrong_type(value: JSON, path: Path, node: Node) -> Finding:
    wanted = listed(_types(node), last="or")
    is_secret = _is_secret(value, node)
    found = "" if is_secret else f"is {shown(value)}, but "
    return Finding(
        code="LLM102",
        path=path,
        is_secret=is_secret,
        message=f"{place(path)} {found}must be {wanted}",
        hint="" if is_secret else how_to_write(value, node, path),
        mend="" if is_secret else as_meant(value, node),
    )


def _is_secret(value: JSON, node: Node) -> bool:
    """Say whether neither a message nor a hint may repeat a value."""
    return node.get("x-secret", False) or (isinstance(value, str) and tells_secret(value))


def place(path: Path) -> str:
    """Return the last words of a path, as a person would point at it."""
    if not path:
        return "the document"
    if isinstance(path[-1], str):
        return shown(path[-1])
    return f"item {path[-1] + 1} of {place(path[:-1])}"


def _enum(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if any(type(value) is type(choice) and value == choice for choice in node["enum"]):
        return
    choices = tuple(choice for choice in node["enum"] if choice != "")
    said = hinted(value, node)
    yield Finding(
        code="LLM103",
        path=path,
        message=f"{place(path)} is {shown(value)}, but must be {listed(choices, last='or')}",
        hint=said or did_you_mean(value, choices) or "choose one of them",
        mend=only_near(value, choices) if isinstance(value, str) and not said else "",
    )


def _matches(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    is_empty = value == "" and "minLength" in node
    if is_empty or not isinstance(value, str) or pattern(node["pattern"]).search(value):
        return
    is_secret = _is_secret(value, node)
    found = "" if is_secret else f"is {shown(value)}, but "
    yield Finding(
        code="LLM103",
        path=path,
        is_secret=is_secret,
        message=f"{place(path)} {found}must be {node['x-expects']}",
        hint=node.get("x-hint", "") if is_secret else mended(value, node) or as_in_example(node, path),
    )


def _bounds(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if not is_type(value, "number"):
        return
    low, high = node.get("minimum"), node.get("maximum")
    if (low is None or value >= low) and (high is None or value <= high):
        return
    yield Finding(
        code="LLM103",
        path=path,
        message=f"{place(path)} is {shown(value)}, but must be from {low} to {high}",
        hint=hinted(value, node) or as_in_example(node, path),
    )


def _longest(limit: str, unit: str, kind: type[Sized], hint: str) -> Callable[..., Iterator[Finding]]:
    def rule(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
        if isinstance(value, kind) and len(value) > node[limit]:
            message = f"{place(path)} has {len(value)} {unit}, the limit is {node[limit]}"
            yield Finding(code="LLM003", path=path, message=message, hint=hint)

    return rule


def _min_length(value: JSON, path: Path, node: Node) -> Iterator[Finding]:
    if isinstance(value, str) and len(value) < node["minLength"]:
        yield Finding(
            code="LLM103", path=path, message=f"{place(path)} is empty", hint=as_in_example(node, path)
        )


def _unique(value: JSON, path: Path, _: Node) -> Iterator[Finding]:
    """Yield texts that stand twice; what is no text is wrong in such a list anyway."""
    seen: set[str] = set()
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            if item in seen:
                message = f"{shown(item)} stands twice in {place(path)}"
                yield Finding(code="LLM103", path=(*path, index), message=message, hint="take one out")
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
    ignored = tuple(pattern(text) for text in node.get("patternProperties", {}))
    taken = {known[name].get("x-same-as", name) for name in value if name in known}
    for key, item in value.items():
        if not is_known(key) or key in known or any(left.search(str(key)) for left in ignored):
            continue
        if rest is False:
            found = _unknown_key(key, path, node, taken)
            taken.add(found.mend)
            yield found
        else:
            yield from findings(item, (*path, key), rest)


def _unknown_key(key: str, path: Path, mapping: Node, taken: Collection[str]) -> Finding:
    """Return that nobody reads a key; it can be mended unless the field that is meant is taken."""
    known = mapping.get("properties", {})
    usable = {name: node for name, node in known.items() if node.get("not") != {}}
    meant = meant_key(key, usable) or only_near(key, list(usable))
    return Finding(
        code="LLM101",
        path=(*path, key),
        at_key=True,
        message=f"unknown key {shown(key)} in {place(path)}",
        hint=hinted(key, mapping) or for_unknown_key(key, usable),
        mend="" if meant and known[meant].get("x-same-as", meant) in taken else meant,
    )


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


KEYWORDS: dict[str, Callable[[JSON, Path, Node], Iterator[Finding]]] = {
    "enum": _enum,
    "minLength": _min_length,
    "maxLength": _longest("maxLength", "characters", str, "shorten it"),
    "pattern": _matches,
    "minimum": _bounds,
    "maxItems": _longest("maxItems", "items", list, "take some out"),
    "maxProperties": _longest("maxProperties", "keys", dict, "take some out"),
    "uniqueItems": _unique,
    "items": _items,
    "propertyNames": _property_names,
    "properties": _properties,
    "additionalProperties": _other_keys,
}
"""What each keyword asks; ``additionalProperties`` also reads the keywords that it depends on."""
