"""Entries of a model store, and what of a store one list asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.records import EMPTY, record

FOLDERS = ("local", "cloud")
"""The two folders of a store; one for each list of models."""

EXAMPLES: Mapping[str, str] = {"local": "ollama://qwen3:8b", "cloud": "openai/gpt-5"}
"""A model of each folder, for hints that show how one is written."""

ENDINGS = ("json", "yaml", "yml", "toml")
"""What the name of an entry's file may end with."""

SHIPPED = "the store of chezmoi-llm"
"""How messages name the store that comes with the program."""

Key: TypeAlias = tuple[str, str]
"""The folder and the ID of an entry."""


@record
class Entry:
    """One model as a store describes it.

    ``file`` is where it stands, for people. ``fields`` are those of a model in the list, in the
    spelling and with the values that a person would write; ``facts`` are all others.
    """

    folder: str
    id: str
    file: str
    fields: Mapping[str, Any]
    facts: Mapping[str, Any] = EMPTY

    @property
    def key(self) -> Key:
        """The folder and the ID."""
        return self.folder, self.id

    @property
    def replaced_by(self) -> str:
        """The ID of the entry to use instead, or nothing."""
        successor: str = self.fields.get("replaced_by", "")
        return successor

    @property
    def is_shipped(self) -> bool:
        """Whether it comes with the program."""
        return self.file.startswith(SHIPPED)

    @property
    def also(self) -> tuple[str, ...]:
        """Wrong names that people type for it."""
        return tuple(self.facts.get("also", ()))


@record
class Read:
    """An entry, with what is wrong with its file; of a file that cannot be read it has no fields."""

    entry: Entry
    faults: tuple[Diagnostic, ...] = ()


@record
class Stock:
    """What of the store one list asks for.

    ``entries`` are those that it names, in roles and fallbacks too, and those that replace them.
    ``known`` are all there are, to tell what was meant where one is missing; empty otherwise.
    ``missing`` are items of ``llm_stack.store`` that are no stores, ``empty`` those of them that are
    folders with nothing in them. ``faults`` are what is wrong with the files of the entries that it
    asks for. ``looked_into`` are the folders on which the answer depends. ``is_open``: which folders
    there are, only rendering the template can tell.
    """

    entries: Mapping[Key, Entry] = EMPTY
    known: tuple[Entry, ...] = ()
    missing: frozenset[int] = frozenset()
    empty: frozenset[int] = frozenset()
    faults: tuple[Diagnostic, ...] = ()
    looked_into: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether an entry that the list asks for cannot be used."""
        return any(fault.severity is Severity.ERROR for fault in self.faults)


NO_STOCK = Stock()
"""The stock of a list that asks for nothing."""

LookUp: TypeAlias = Callable[[Mapping[str, Any]], Stock]
"""Returns what of the store the data of a config file ask for."""


def no_store(_data: Mapping[str, Any]) -> Stock:
    """Return nothing: look up in no store at all."""
    return NO_STOCK
