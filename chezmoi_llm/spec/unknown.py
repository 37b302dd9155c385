"""Takes what breaks the schema out of the data: as if only rendering the template could tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.records import EMPTY


def without(data: Any, findings: Iterable[Finding]) -> Any:
    """Return the data with each value that a finding is about replaced by UNKNOWN.

    Of an error the key goes with it if it is a secret, or has the name of what was meant. A note is
    about what is not there.
    """
    wrong = tuple(findings)
    # one copy for all of them: a list may have thousands of items that are wrong
    data = _copied(data, max((len(finding.path) for finding in wrong), default=0))
    for finding in wrong:
        is_error = finding.severity is Severity.ERROR
        if finding.severity is Severity.NOTE:
            _take_out(data, finding.path)
        elif is_error and finding.at_key and (finding.is_secret or finding.mend):
            _take_out(data, finding.path, {finding.mend or UNKNOWN: UNKNOWN})
        elif not finding.path:
            data = UNKNOWN
        elif _has(holder := _at(data, finding.path[:-1]), finding.path[-1]):
            holder[finding.path[-1]] = UNKNOWN
    return data


def _copied(value: Any, levels: int) -> Any:
    """Return a copy that can be changed as many levels deep."""
    if isinstance(value, dict) and levels:
        return {key: _copied(held, levels - 1) for key, held in value.items()}
    if isinstance(value, list) and levels:
        return [_copied(item, levels - 1) for item in value]
    return value


def _take_out(data: Any, path: Path, meant: Mapping[Any, Any] = EMPTY) -> None:
    """Take out a key, and put in what was ``meant`` by it, if that is not there already."""
    around = _at(data, path[:-1])
    if isinstance(around, dict):
        others = {key: value for key, value in around.items() if key != path[-1]}
        around.clear()
        around.update({**meant, **others})


def _at(data: Any, path: Path) -> Any:
    """Return what stands at a path, UNKNOWN where that has gone."""
    for step in path:
        if not _has(data, step):
            return UNKNOWN
        data = data[step]
    return data


def _has(holder: Any, step: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(step, int) and 0 <= step < len(holder)
    return isinstance(holder, dict) and step in holder
