"""Frozen, slotted records made by keywords, as dataclasses can be too, in a tenth of the time.

``dataclasses`` imports a parser and a disassembler of Python, then writes and compiles six methods
for every class. That was half of what ``chezmoi-llm hook`` takes, and the hook runs inside every
``chezmoi status``. Here all records share their methods.

What the hook imports uses these; ``editing``, ``engine``, ``scaffold`` and ``source``, which it does
not, use dataclasses.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")

EMPTY: Mapping[Any, Any] = MappingProxyType({})
"""The default of a field that is a mapping."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class of annotated fields a record: made by keywords, frozen, slotted, equal by value."""
    own = cls.__dict__
    names = tuple(cls.__annotations__)
    defaults = {name: own[name] for name in names if name in own}
    body = {key: value for key, value in own.items() if key not in {*names, "__dict__", "__weakref__"}}
    shared = {
        "__slots__": names,
        "__match_args__": (),
        "__record_fields__": (*getattr(cls, "__record_fields__", ()), *names),
        "__record_defaults__": {**getattr(cls, "__record_defaults__", {}), **defaults},
    }
    metaclass: Any = type(cls)
    made = metaclass(cls.__name__, cls.__bases__, body | shared | _METHODS)
    setters = {name: made.__dict__[name].__set__ for name in names}
    made.__record_setters__ = {**getattr(cls, "__record_setters__", {}), **setters}
    same: type[T] = made
    return same


def fields(of: Any) -> tuple[str, ...]:
    """Return the names of the fields of a record or of its class, in the order they are written."""
    names: tuple[str, ...] = of.__record_fields__
    return names


def replace(one: T, **changes: Any) -> T:
    """Return the record with other values in some fields."""
    return type(one)(**{name: getattr(one, name) for name in fields(one)} | changes)


def _init(self: Any, **values: Any) -> None:
    setters = self.__record_setters__
    complete = values if len(values) == len(setters) else self.__record_defaults__ | values
    if complete.keys() != setters.keys():
        raise TypeError(_misfit(self, complete))
    for name, value in complete.items():
        setters[name](self, value)


def _misfit(self: Any, given: Mapping[str, Any]) -> str:
    missing = [name for name in self.__record_fields__ if name not in self.__record_defaults__ | given]
    unknown = [name for name in given if name not in self.__record_fields__]
    return f"{type(self).__name__} lacks {missing}, and has no fields {unknown}"


def _repr(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record_fields__)
    return f"{type(self).__name__}({values})"


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__record_fields__)


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _refuse(self: Any, name: str, _value: Any = None) -> NoReturn:
    raise AttributeError(f"{type(self).__name__}.{name} cannot change")


_METHODS = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
