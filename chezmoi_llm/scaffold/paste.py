"""Writes the pieces of the block in the format of the person's own file, and says where each goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.scaffold.block import Piece
from chezmoi_llm.scaffold.config import Config

_AT_ROOT: Final[Mapping[str, str]] = {
    "yaml": "at the end",
    "toml": "at the end",
    "json": "right after the first brace",
}
_IF: Final = '{{ if ne .chezmoi.os "windows" }}'
_END: Final = "{{ end }}"
_TRIMMED: Final = re.compile(r"\s-\}\}\s*\Z")
"""An action at the end of a text that takes the white space after it away."""
_LAST_COMMA: Final = re.compile(rf",(?=\n(?:{re.escape(_END)}\n)?\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """Lines to add, and where: a sentence for a person."""

    where: str
    text: str


def pastes(pieces: Sequence[Piece], found: Config, *, is_all: bool = True) -> tuple[Paste, ...]:
    """Return the pieces as lines of the person's file; pieces of one place are joined.

    ``is_all`` is false where something else goes to the same places.
    """
    joined: dict[Path, str] = {}
    write = _WRITERS[found.format]
    for piece, anchor in _placed(pieces, found):
        joined[anchor] = joined.get(anchor, "") + write(piece, anchor, found)
    if found.format == "json" and is_all:
        joined = {anchor: _closed(text, anchor, found) for anchor, text in joined.items()}
    return tuple(
        Paste(where=_where(anchor, found), text=text.rstrip("\n") + "\n") for anchor, text in joined.items()
    )


def _placed(pieces: Sequence[Piece], found: Config) -> Iterable[tuple[Piece, Path]]:
    """Yield each piece with the place that it is written at: tables of TOML may stand anywhere.

    In JSON the hook comes first at its place: it may be gone with its condition, and its comma goes
    along.
    """
    if found.format == "json":
        anchors = [piece.anchor for piece in pieces]
        pieces = sorted(pieces, key=lambda piece: (anchors.index(piece.anchor), not piece.is_hook))
    for piece in pieces:
        if found.format != "toml" or not piece.anchor or _is_in_braces(piece.anchor, found):
            yield piece, piece.anchor
            continue
        tables = {key: value for key, value in piece.values.items() if _is_table(value)}
        scalars = {key: value for key, value in piece.values.items() if key not in tables}
        if scalars:
            yield Piece(anchor=piece.anchor, values=scalars), piece.anchor
        if tables:
            yield Piece(anchor=piece.anchor, values=tables), ()


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and all(map(_is_table, value)))


def _where(anchor: Path, found: Config) -> str:
    if not anchor:
        return _where_at_root(found)
    name, line = ".".join(map(str, anchor)), found.keys[anchor].line
    if found.at(anchor) is UNKNOWN:
        return f"where the value of {name} is made (line {line} of {found.file})"
    if found.format == "json":
        return f"right after the opening brace of {name} (line {line} of {found.file})"
    if _is_in_braces(anchor, found):
        return f"inside {name} (line {line} of {found.file}), once it is written in lines instead of braces"
    return f"right below {name} (line {line} of {found.file})"


def _where_at_root(found: Config) -> str:
    """Return the place of keys at the root; behind ``-}}`` they would go on in the line before it."""
    data = found.keys.get(("data",))
    is_end_trimmed = _TRIMMED.search("\n".join(found.lines)) is not None
    if found.format != "json" and is_end_trimmed and data and _starts_with_data(found.lines[data.line - 1]):
        return f"right above data (line {data.line} of {found.file})"
    return f"{_AT_ROOT[found.format]} of {found.file}"


def _starts_with_data(line: str) -> bool:
    return line.startswith(("data", "[data"))


def _is_in_braces(anchor: Path, found: Config) -> bool:
    pos = found.keys[anchor]
    after = found.lines[pos.line - 1][pos.col - 1 + pos.width :]
    return after.lstrip(" :=\"'").startswith("{") and not after.lstrip(" :=\"'").startswith("{{")


def _guarded(text: str, piece: Piece, found: Config, comment: str) -> str:
    if not piece.is_hook or not found.is_template:
        return text
    return f"{comment}{_IF}\n{text}{comment}{_END}\n"


def _yaml(piece: Piece, anchor: Path, found: Config) -> str:
    """Write block style, indented as the person's own keys at that place are."""
    import yaml  # noqa: PLC0415  only for a person who has a config template

    class Dumper(yaml.SafeDumper):
        """Indents the items of a list."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
            super().increase_indent(flow, False)

    text = yaml.dump(dict(piece.values), Dumper=Dumper, sort_keys=False, width=1000, allow_unicode=True)
    indent = " " * _indentation(anchor, found)
    return "".join(indent + line for line in _guarded(text, piece, found, "# ").splitlines(keepends=True))


def _indentation(anchor: Path, found: Config) -> int:
    """Return how far keys under ``anchor`` are indented: as the first that is there, else by two."""
    siblings = [pos for path, pos in found.keys.items() if path and path[:-1] == anchor]
    if siblings and not (anchor and _is_in_braces(anchor, found)):
        return min(siblings, key=lambda pos: pos.line).col - 1
    return found.keys[anchor].col + 1 if anchor else 0


def _toml(piece: Piece, anchor: Path, found: Config) -> str:
    import tomlkit  # noqa: PLC0415  only for a person who has a config template in TOML

    values: Mapping[str, Any] = piece.values
    for key in reversed(piece.anchor[len(anchor) :]):
        values = {str(key): values}
    text = tomlkit.dumps(_with_headers_of_leaves(values)).lstrip("\n")
    return _guarded(text, piece, found, "# ") + ("" if anchor else "\n")


def _with_headers_of_leaves(values: Mapping[str, Any]) -> Any:
    """Return a TOML table that writes ``[data.llm_stack]`` without a ``[data]`` that is there already."""
    import tomlkit  # noqa: PLC0415  see above

    is_only_above = all(map(_is_table, values.values()))
    table = tomlkit.table(is_super_table=is_only_above)
    for key, value in values.items():
        table.append(
            key, _with_headers_of_leaves(value) if isinstance(value, Mapping) else tomlkit.item(value)
        )
    return table


def _json(piece: Piece, _anchor: Path, found: Config) -> str:
    """Write members with a comma after each, since they go in front of others."""
    text = json.dumps(piece.values, indent=2, ensure_ascii=False)[2:-2] + ",\n"
    return _guarded(text, piece, found, "")


def _closed(text: str, anchor: Path, found: Config) -> str:
    """Return members without the last comma where the object has no others."""
    is_empty = not found.at(anchor) and found.at(anchor) is not UNKNOWN
    return _LAST_COMMA.sub("", text) if is_empty else text


_WRITERS: Final[Mapping[str, Callable[[Piece, Path, Config], str]]] = {
    "yaml": _yaml,
    "toml": _toml,
    "json": _json,
}
