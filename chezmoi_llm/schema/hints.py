"""Hints for what broke a schema: what was most likely meant, in the person's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from math import isfinite, nan
from typing import Any

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.schema.lookup import Node, merged, pattern, properties, synonyms
from chezmoi_llm.showing.words import did_you_mean, listed, only_near, shown

MOST_LISTED = 8
"""Most keys that a hint lists."""


def how_to_write(value: Any, node: Node, path: Path) -> str:
    """Return how to write the value that was most likely meant, with its key."""
    key = f"{path[-1]}: " if path and isinstance(path[-1], str) else ""
    meant = as_meant(value, node)
    if meant:
        return f"write {key}{meant}" + (", in quotes" if meant.startswith('"') else "")
    if value is None:
        return "fill it in, or take the line out"
    if node["type"] == "integer" and _is_time(node):
        return f"write {key}300, which is in seconds"
    if "tokens" in node.get("description", "") and (counted := _counted(value, _TOKENS)):
        return f"write {key}{counted}"
    return as_in_example(node, path) or _SHAPES.get(node["type"], "")


def as_in_example(node: Node, path: Path) -> str:
    """Return an example of a field, as a hint for what nobody can guess."""
    example = next(iter(node.get("examples", ())), node.get("default"))
    if not example or not path:
        return ""
    is_plain = isinstance(example, str) and ": " not in example and not example[0].isdigit()
    text = example if is_plain else json.dumps(example, ensure_ascii=False)
    return f"write it as in {text if isinstance(path[-1], int) else f'{path[-1]}: {text}'}"


def as_meant(value: Any, node: Node) -> str:
    """Return the value that was most likely meant as it is written in YAML, or nothing."""
    return _MEANT[node["type"]](value, node)


def _meant_text(value: Any, _: Node) -> str:
    return f'"{str(value).lower()}"' if isinstance(value, bool | int | float) else ""


def _meant_integer(value: Any, node: Node) -> str:
    """Return a whole number that was written as text, with a dot, commas, or a unit that the field has."""
    if not isinstance(value, str | float):
        return ""
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(,\d{3}){1,3}", value):
        return value.replace(",", "").lstrip("0")
    if _is_time(node) and (counted := _counted(value, _SECONDS)):
        return counted
    number = _number(value)
    return str(int(number)) if number.is_integer() else ""


def _is_time(node: Node) -> bool:
    said: str = node.get("description", "")
    return said.startswith("Seconds")


def _counted(value: Any, units: Mapping[str, int]) -> str:
    """Return a number with one of the units behind it, such as ``15m``, as a plain number."""
    found = re.fullmatch(r"(\d{1,9}) ?([a-z])", str(value).lower())
    return str(int(found[1]) * units[found[2]]) if found and found[2] in units else ""


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TOKENS = {"k": 1024}
"""Contexts are powers of two, and yet 8k may also be meant as 8000: a hint, not a mend."""


def _meant_number(value: Any, _: Node) -> str:
    if not isinstance(value, str):
        return ""
    number = _number(value)
    return f"{number:g}" if isfinite(number) else ""


def _meant_boolean(value: Any, _: Node) -> str:
    return _BOOLEAN_WORDS.get(value.lower(), "") if isinstance(value, str) else ""


def _meant_list(value: Any, node: Node) -> str:
    """Put a single word into a list, if that is one of words."""
    items = merged(node["items"])
    is_word = isinstance(value, str) and re.fullmatch(r"[\w./+-]{1,60}", value)
    takes_words = "enum" in items or "string" in {one.get("type") for one in (items, *_branches(items))}
    return f"[{value}]" if is_word and takes_words else ""


def _branches(node: Node) -> Iterator[Node]:
    return (merged(branch) for branch in node.get("anyOf", ()))


def _meant_mapping(value: Any, node: Node) -> str:
    """Read a word that stands for a whole service as its switch."""
    word = _BOOLEAN_WORDS.get(str(value).lower(), "")
    return f"{{enabled: {word}}}" if word and "enabled" in node.get("properties", {}) else ""


_MEANT: Mapping[str, Callable[[Any, Node], str]] = {
    "string": _meant_text,
    "integer": _meant_integer,
    "number": _meant_number,
    "boolean": _meant_boolean,
    "array": _meant_list,
    "object": _meant_mapping,
}
"""For each wanted type: how to write what was meant, as far as it can be told."""


_SHAPES = {
    "object": "write keys with their values below it",
    "array": "write items below it, each behind '- '",
    "integer": "write a plain number such as 4",
    "number": "write a plain number such as 0.7",
    "boolean": "write true or false",
    "string": "write one text",
}
"""What values look like whose field has no example."""
_BOOLEAN_WORDS = dict.fromkeys(("yes", "on", "y", "true"), "true") | dict.fromkeys(
    ("no", "off", "n", "false"), "false"
)


def _number(value: str | float) -> float:
    try:
        return float(value)
    except ValueError:
        return nan


def mended(value: str, node: Node) -> str:
    """Return a hint with the text that was meant: blanks, case, slashes or a beginning put right."""
    from unicodedata import normalize  # noqa: PLC0415  only where something is wrong

    text = " ".join(normalize("NFKC", value).split())
    said = hinted(text, node)
    if said:
        return said
    meant = _meant_words(text, node)
    if not meant and "://" in value:
        meant = _meant_scheme(text, node)
    return f"did you mean {shown(meant)}?" if meant else ""


def hinted(value: Any, node: Node) -> str:
    """Return what the schema has to say to a word that people write there, or nothing."""
    text = str(value)
    sorts = node.get("x-hints", {}).items()
    return next((re.sub(sort, words, text) for sort, words in sorts if re.fullmatch(sort, text)), "")


def _meant_words(text: str, node: Node) -> str:
    found = ((words, re.search(sort, text)) for sort, words in node.get("x-mends", {}).items())
    mends = (words.format(text, *map(str, match.groups())) for words, match in found if match)
    joined = () if "://" in text else (text.replace(" ", "-"),)
    tries = (text, text.lower(), re.sub(r":/+", "://", text), *mends, *joined)
    return next((other for other in tries if other and pattern(node["pattern"]).search(other)), "")


def _meant_scheme(uri: str, node: Node) -> str:
    """Return a URI with the known scheme that is nearest to its own."""
    scheme, _, rest = uri.partition("://")
    meant = f"{only_near(scheme, node.get('x-schemes', ()))}://{rest}"
    return meant if pattern(node["pattern"]).search(meant) else ""


def meant_key(key: str, known: Mapping[str, Node]) -> str:
    """Return the known key that was surely meant: in another spelling, or in a word of other programs."""
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", key).lower()
    if spelled in known:
        return spelled
    elsewhere = ((field, merged(node).get("x-elsewhere", ())) for field, node in known.items())
    return next((field for field, words in elsewhere if spelled in words), "")


def for_unknown_key(key: str, known: Mapping[str, Node]) -> str:
    """Return a hint for a key that is not among the known ones: what was meant, another place, or all."""
    meant = meant_key(key, known)
    if meant:
        return f"did you mean {meant!r}?"
    return _other_place(key) or did_you_mean(key, list(known)) or _all_of(list(known))


def _other_place(key: str) -> str:
    """Return a hint where a key belongs, if it is known in one other place."""
    places = [place for place, known in _places() if key in known]
    return f"move it to {places[0]}" if len(places) == 1 else ""


@cache
def _places() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the places of our keys, in words, each with the keys that are known there."""
    services = properties("services")
    return (
        ("data:", frozenset(("local_models", "cloud_models", "llm_stack", "published_ports"))),
        ("llm_stack:", frozenset(properties("llm_stack"))),
        ("llm_stack: services:", frozenset((*services, *synonyms("services")))),
        *((f"llm_stack: services: {key}:", frozenset(properties(key))) for key in services),
        ("tailscale:", frozenset(properties("tailscale"))),
        ("a model of local_models", frozenset(properties("local_model"))),
        ("a model of cloud_models", frozenset(properties("cloud_model"))),
    )


def _all_of(words: Sequence[str]) -> str:
    if len(words) > MOST_LISTED:
        return "remove it; a key that starts with x- may hold what is yours"
    return f"known keys: {listed(sorted(words), last='and')}"
