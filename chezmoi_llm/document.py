"""A document is the data of one text, and where in that text each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias, final

from chezmoi_llm.diagnostics import NOWHERE, Diagnostic, Finding, Path, Pos, Severity, by_place
from chezmoi_llm.records import EMPTY, record, replace


@final
class Unknown:
    """What only rendering the template can tell.

    As a value: it may be anything. As an item of a list or a key of a mapping: there may be any
    number of others.
    """

    _only: Unknown | None = None

    def __new__(cls) -> Unknown:
        """Return the one value of this kind."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()

Branches: TypeAlias = tuple[tuple[int, int], ...]
"""The template blocks around a place, from the outermost: (where the block starts, which arm)."""


def is_known(value: object) -> bool:
    """Say whether a value is there to be judged."""
    return value is not UNKNOWN


@record
class Document:
    """Data with places. ``keys`` and ``values`` map a path to where it stands; both may be empty.

    ``branches`` says for a path in which arms of ``if``, ``with`` and ``range`` it is written.
    """

    file: str
    data: Any
    keys: Mapping[Path, Pos] = EMPTY
    values: Mapping[Path, Pos] = EMPTY
    branches: Mapping[Path, Branches] = EMPTY

    def is_conditional(self, path: Path) -> bool:
        """Say whether what stands at a path may be absent, since it is written inside a block."""
        return bool(self.branches.get(path))

    def are_together(self, one: Path, other: Path) -> bool:
        """Say whether what stands at one of two paths is there whenever the other is."""
        first, second = self.branches.get(one, ()), self.branches.get(other, ())
        shorter = min(len(first), len(second))
        return first[:shorter] == second[:shorter]

    def locate(self, finding: Finding) -> Diagnostic:
        """Return the finding at its place, or at the nearest place around it that is known."""
        at = self._pos(finding.path, at_key=finding.at_key)
        is_near = finding.severity is Severity.NOTE and not self._is_written(finding.path)
        return Diagnostic(
            file=self.file,
            at=replace(at, width=0) if is_near else at,
            code=finding.code,
            severity=finding.severity,
            message=self._said(finding),
            hint=_spelled(finding.hint, self.file),
            is_secret=finding.is_secret,
            mend=finding.mend if self._is_exact(finding) else "",
        )

    def _is_written(self, path: Path) -> bool:
        return path in self.keys or path in self.values

    def _is_exact(self, finding: Finding) -> bool:
        """Say whether what a finding is about has a place of its own."""
        key, value = self.keys.get(finding.path), self.values.get(finding.path)
        return bool(key if finding.at_key else value and value != key)

    def _said(self, finding: Finding) -> str:
        """Return the message, with the line of the other place that it speaks of, if that is written."""
        if not finding.related:
            return finding.message
        other = self.values.get(finding.related) or self.keys.get(finding.related)
        return f"{finding.message} (line {other.line})" if other else finding.message

    def _pos(self, path: Path, *, at_key: bool) -> Pos:
        first, second = (self.keys, self.values) if at_key else (self.values, self.keys)
        for end in range(len(path), -1, -1):
            pos = first.get(path[:end]) or second.get(path[:end])
            if pos:
                return pos
            first, second = self.keys, self.values
        return NOWHERE


_ONE_LINE = r'^write ([\w-]+): (-?[0-9.]+|true|false|"[^"]*")(?=$|,)'
_DASH = r"^write '- ' before .*"
_LISTS = {
    "toml": "write [[data.local_models]], in two brackets",
    "json": "put it in brackets: [{...}]",
    "jsonc": "put it in brackets: [{...}]",
}
_SPELLINGS = {"toml": r"write \1 = \2", "json": r'write "\1": \2', "jsonc": r'write "\1": \2'}


def _spelled(hint: str, file: str) -> str:
    """Return a hint that says how to write a line as the format of the file has it; they say it in YAML."""
    ending = file.removesuffix(".tmpl").rpartition(".")[2]
    if ending not in _SPELLINGS:
        return hint
    return re.sub(_DASH, _LISTS[ending], re.sub(_ONE_LINE, _SPELLINGS[ending], hint))


def diagnostics(document: Document, findings: Iterable[Finding]) -> tuple[Diagnostic, ...]:
    """Return the findings with their places, sorted by place, each once."""
    return by_place(map(document.locate, findings))
