"""What every record of the input has: where it stands, and which of its fields somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.records import EMPTY, record

DATA: Path = ("data",)
DEFAULTS: Path = (*DATA, "llm_stack", "defaults")

Scalar: TypeAlias = str | int | float | bool
Pairs: TypeAlias = tuple[tuple[str, str], ...]
Sections: TypeAlias = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


@record
class Written:
    """Where a record stands, and which of its fields were written.

    ``inherited`` fields stand under ``llm_stack.defaults``, ``stored`` ones in the file ``entry`` of
    the model store; ``rows`` says which item of a list a variable of ``env`` is. ``unknown`` fields
    have a value, or a list with an item, that only rendering can tell, or may be there only then.
    """

    at: Path
    written: Mapping[str, str]
    inherited: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    entry: str = ""
    unknown: frozenset[str] = frozenset()
    rows: Mapping[str, int] = EMPTY

    def path(self, field: str) -> Path:
        """Return the path of a field, in the spelling that the person used."""
        at = DEFAULTS if field in self.inherited else self.at
        return (*at, self.written.get(field, field))

    def variable(self, name: str) -> Path:
        """Return the path of a variable of ``env``."""
        return (*self.path("env"), self.rows.get(name, name))

    def is_given(self, field: str) -> bool:
        """Say whether somebody chose the value: the person, here or in the defaults, or the store."""
        return field in self.written or field in self.inherited or field in self.stored
