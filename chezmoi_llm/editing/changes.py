"""What an edit means: changes of the data by path, all of them of the data as it was before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A value at a path, in place of what stands there or new in the mapping that holds it.

    ``above`` is how many keys of that mapping a new one leaves below it.
    """

    path: Path
    value: Any
    above: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """An item that stands at an index of the list at ``path`` afterwards, before the one that did."""

    path: Path
    index: int
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """An item of a list, or a key with its value, that is no longer there."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A key that has another name afterwards."""

    path: Path
    key: str


Change: TypeAlias = Put | Insert | Drop | Rename

_GONE: Final = object()


def changed(data: Any, changes: Sequence[Change]) -> Any:
    """Return the data with all changes made that have a place in it."""
    return _changed(data, tuple(changes), ())


def _changed(data: Any, changes: Sequence[Change], path: Path) -> Any:
    mine = [change for change in changes if change.path[: len(path)] == path]
    for change in mine:
        if change.path == path and isinstance(change, Put):
            return change.value
        if change.path == path and isinstance(change, Drop):
            return _GONE
    if mine and isinstance(data, dict):
        return _mapping(data, mine, path)
    if mine and isinstance(data, list):
        return _list(data, mine, path)
    return data


def _mapping(data: dict[Any, Any], changes: Sequence[Change], path: Path) -> dict[Any, Any]:
    names = {change.path: change.key for change in changes if isinstance(change, Rename)}
    after = {(*path, key): _changed(value, changes, (*path, key)) for key, value in data.items()}
    made = {names.get(here, here[-1]): value for here, value in after.items() if value is not _GONE}
    new = (change for change in changes if isinstance(change, Put) and change.path[:-1] == path)
    return made | {change.path[-1]: change.value for change in new if change.path not in after}


def _list(data: list[Any], changes: Sequence[Change], path: Path) -> list[Any]:
    inserted = {one.index: one.value for one in changes if isinstance(one, Insert) and one.path == path}
    made = []
    for index, value in enumerate([*data, _GONE]):
        made += [inserted[index]] if index in inserted else []
        made.append(_changed(value, changes, (*path, index)))
    return [value for value in made if value is not _GONE]


def rooted(change: Put, data: Any) -> Put:
    """Return the change so that what it is put into is there: missing mappings become part of the value."""
    value, held = change.value, data
    for depth, key in enumerate(change.path):
        below = held.get(key) if isinstance(held, dict) else _item(held, key)
        if below is None:
            path, inner = change.path[: depth + 1], change.path[depth + 1 :]
            for step in reversed(inner):
                value = {step: value}
            return replace(change, path=path, value=value)
        held = below
    return change


def _item(data: Any, index: str | int) -> Any:
    return data[index] if isinstance(data, list) and isinstance(index, int) else None


def same(one: Any, other: Any) -> bool:
    """Say whether two pieces of data are equal, each value of one type with its counterpart."""
    if one is UNKNOWN or other is UNKNOWN:
        return one is other
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (isinstance(one, float) and math.isnan(one) and math.isnan(other))
