"""What a person does by hand where an edit is refused: the lines, in the format of the file, and where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.editing import writing
from chezmoi_llm.editing.changes import Change, Drop, Insert, Put, Rename
from chezmoi_llm.editing.writing import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the lines are put into: ``form`` is ``yaml``, ``toml``, ``json`` or ``jsonc``.

    ``is_there`` says whether something stands at a path, ``in_brackets`` whether it is a list in brackets.
    """

    form: str
    is_there: Callable[[Path], bool]
    in_brackets: Callable[[Path], bool]


def by_hand(changes: Iterable[Change], around: Surroundings) -> tuple[str, ...]:
    """Return what to do by hand for changes."""
    return tuple(line for change in changes for line in _steps(change, around))


def _steps(change: Change, around: Surroundings) -> Iterator[str]:
    form = around.form
    match change:
        case Insert() if form == "toml" and around.in_brackets(change.path):
            yield f"add between the brackets of {place(change.path)}:"
            yield from _indented([_toml(change.value)])
        case Insert():
            yield f"add to {place(change.path)}:"
            yield from _indented(_ITEM[form](change.path, change.value))
        case Put(value=[dict(), *_]) if form == "toml" and all(
            isinstance(step, str) for step in change.path
        ):
            # As init writes a list: one in brackets and tables beside it would be two of one key.
            yield f"add to {place(change.path)}:"
            for item in change.value:
                yield from _indented(_toml_item(change.path, item))
        case Put() if form == "toml" and not around.is_there(change.path[:-1]):
            yield "add at the end:"
            yield from _indented(
                [f"[{_toml_table(change.path[:-1])}]", *_toml_pair(str(change.path[-1]), change.value)]
            )
        case Put() if isinstance(change.path[-1], str):
            yield f"write in {place(change.path[:-1])}:"
            yield from _indented(_PAIR[form](change.path[-1], change.value))
        case Put():
            yield f"write for {place(change.path)}:"
            yield from _indented(_ITEM[form](change.path, change.value))
        case Drop():
            yield f"take out {place(change.path)}"
        case Rename():
            yield f"rename {place(change.path)} to {change.key}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield from (f"    {line}" for line in lines)
    yield ""


def place(path: Path) -> str:
    """Return a path in words: ``data.llm_stack``, ``item 2 of data.local_models``."""
    if path and isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {place(path[:-1])}"
    keys = [str(step) for step in path if isinstance(step, str)]
    around = [end for end, step in enumerate(path) if isinstance(step, int)]
    if not around:
        return ".".join(keys)
    inner = ".".join(str(step) for step in path[around[-1] + 1 :])
    return f"{inner} of {place(path[: around[-1] + 1])}"


def _yaml_item(_path: Path, item: Any) -> list[str]:
    return writing.item_lines(item, Style())


def _yaml_pair(key: str, value: Any) -> list[str]:
    return writing.pair_lines(key, value, Style())


def _json_item(_path: Path, item: Any) -> list[str]:
    return json.dumps(item, ensure_ascii=False).splitlines()


def _json_pair(key: str, value: Any) -> list[str]:
    return [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"]


def _toml_item(path: Path, item: Any) -> list[str]:
    """Return a table of a list; an entry that is only an ID has to be one, too."""
    fields = item if isinstance(item, dict) else {"id": item}
    return [f"[[{_toml_table(path)}]]", *(f"{key} = {_toml(held)}" for key, held in fields.items())]


def _toml_table(path: Path) -> str:
    return ".".join(_toml_key(step) for step in path if isinstance(step, str))


def _toml_pair(key: str, value: Any) -> list[str]:
    return [f"{_toml_key(key)} = {_toml(value)}"]


def _toml_key(key: str) -> str:
    import tomlkit  # noqa: PLC0415  only for a person who has a config template in TOML

    return tomlkit.key(key).as_string()


def _toml(value: Any) -> str:
    """Return a value on one line: a table in braces, a text in quotes."""
    import tomlkit  # noqa: PLC0415  see above

    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(key)} = {_toml(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(tomlkit.item(value).as_string())


_ITEM: Final[Mapping[str, Callable[[Path, Any], list[str]]]] = {
    "yaml": _yaml_item,
    "toml": _toml_item,
    "json": _json_item,
    "jsonc": _json_item,
}
_PAIR: Final[Mapping[str, Callable[[str, Any], list[str]]]] = {
    "yaml": _yaml_pair,
    "toml": _toml_pair,
    "json": _json_pair,
    "jsonc": _json_pair,
}
