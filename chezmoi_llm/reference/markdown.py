"""Pages of tables, made from a schema: each field with its type, its default and its meaning.

Which fields stand together, and in which order, is said by the page; what a field is comes from the
schema alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from chezmoi_llm import schema
from chezmoi_llm.records import EMPTY, record
from chezmoi_llm.schema import Node
from chezmoi_llm.showing.words import listed


@record
class Table:
    """Some fields of a mapping, or all of them, under a heading.

    ``at`` is the place of the mapping in its schema; ``text`` stands before the table. A table
    without a title goes on with the section before it.
    """

    at: str
    title: str = ""
    fields: tuple[str, ...] = ()
    text: str = ""
    level: int = 2


@record
class Page:
    """A page of the reference. ``kinds`` are definitions that have a name and a row of their own."""

    schema: str
    title: str
    text: str
    tables: tuple[Table, ...]
    kinds: Mapping[str, str] = EMPTY
    has_defaults: bool = False


KINDS = "Kinds of values"


def text_of(about: Page) -> str:
    """Return a page as Markdown."""
    parts = [f"# {about.title}", about.text.strip()]
    for table in about.tables:
        parts += [f"{'#' * table.level} {table.title}"] * bool(table.title)
        parts += [table.text.strip()] * bool(table.text)
        parts.append(_rows(("field", *_columns(about)), _fields(table, about)))
    if about.kinds:
        parts += [f"## {KINDS}", _rows(("kind", "what it is"), _kinds(about))]
    return "\n\n".join(parts) + "\n"


def _columns(about: Page) -> tuple[str, ...]:
    return ("type", "default", "meaning") if about.has_defaults else ("type", "meaning")


def _rows(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    first, *rest = (
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in (head, *rows)
    )
    return "\n".join([first, "|---" * len(head) + "|", *rest])


def _fields(table: Table, about: Page) -> Iterator[tuple[str, ...]]:
    known = schema.at(table.at, about.schema)["properties"]
    other = {node["x-same-as"]: key for key, node in known.items() if "x-same-as" in node}
    for name in table.fields or schema.usable(known, about.schema):
        place = f"{table.at}/properties/{name}"
        node = schema.at(place, about.schema)
        spelling = f"`{name}` or `{other[name]}`" if name in other else f"`{name}`"
        meaning = node["description"].replace("<", "&lt;")
        cells = (spelling, kind(place, about), _default(node), meaning)
        yield cells if about.has_defaults else (*cells[:2], cells[3])


def _default(node: Node) -> str:
    default = node.get("default", "")
    if default in ("", [], {}):
        return ""
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _kinds(about: Page) -> Iterator[tuple[str, ...]]:
    seen: set[str] = set()
    for name, word in about.kinds.items():
        if word not in seen:
            seen.add(word)
            yield word, _described(f"#/$defs/{name}", about)


# --- types in words -------------------------------------------------------------------------------


def kind(place: str, about: Page) -> str:
    """Return the type of the value at a place of the schema, with a link to where it is explained."""
    titles = {table.at: table.title for table in reversed(about.tables) if table.title}
    name = place.removeprefix("#/$defs/")
    if name in about.kinds:
        return f"[{about.kinds[name]}](#{_anchor(KINDS)})"
    if place in titles:
        title = titles[place]
        return f"[{title[0].lower()}{title[1:]}](#{_anchor(title)})"
    raw = schema.written(place, about.schema)
    if "$ref" not in raw:
        return _described(place, about)
    return kind(f"{place.partition('#')[0] * raw['$ref'].startswith('#')}{raw['$ref']}", about)


def _anchor(title: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _described(place: str, about: Page) -> str:
    node = schema.at(place, about.schema)
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    if "enum" in node:
        return listed((f"`{choice}`" for choice in node["enum"] if choice), last="or")
    if {"anyOf", "x-expects"} <= node.keys():
        return str(node["x-expects"])
    if "anyOf" in node:
        branches = (kind(f"{place}/anyOf/{index}", about) for index in range(len(node["anyOf"])))
        return _either(tuple(dict.fromkeys(branch for branch in branches if branch)))
    if "then" in node:
        return kind(f"{place}/then", about)
    return _BY_TYPE[node["type"]](place, node, about) if "type" in node else str(node["x-expects"])


def _either(branches: tuple[str, ...]) -> str:
    is_clear = all(" or " not in branch for branch in branches)
    return listed(branches, last="or") if is_clear else "; or ".join(branches)


def _text(_: str, node: Node, __: Page) -> str:
    return str(node.get("x-expects", "text"))


def _number(_: str, node: Node, __: Page) -> str:
    word = "whole number" if node["type"] == "integer" else "number"
    return f"{word} from {node['minimum']} to {node['maximum']}" if "maximum" in node else word


def _list(place: str, _: Node, about: Page) -> str:
    return f"list of {_without_article(kind(f'{place}/items', about))}"


def _mapping(place: str, node: Node, about: Page) -> str:
    if not isinstance(node.get("additionalProperties"), dict):
        return "mapping"
    names = kind(f"{place}/propertyNames", about) if "propertyNames" in node else "text"
    values = kind(f"{place}/additionalProperties", about)
    return f"mapping of {_without_article(names)} to {_without_article(values)}"


def _without_article(words: str) -> str:
    return re.sub(r"^(an?|the|one) ", "", words)


_BY_TYPE: Mapping[str, Callable[[str, Node, Page], str]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: "`true`/`false`",
    "array": _list,
    "object": _mapping,
}
