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
    for finding in findings:
        is_error = finding.severity is Severity.ERROR
        if finding.severity is Severity.NOTE:
            data = _without_key(data, finding.path)
        elif is_error and finding.at_key and (finding.is_secret or finding.mend):
            data = _without_key(data, finding.path, {finding.mend or UNKNOWN: UNKNOWN})
        else:
            data = _replaced(data, finding.path, UNKNOWN)
    return data


def _without_key(data: Any, path: Path, meant: Mapping[Any, Any] = EMPTY) -> Any:
    """Return the data without a key, and with what was ``meant`` by it, if nothing else is there."""
    around = data
    for step in path[:-1]:
        around = around[step]
    others = {key: value for key, value in around.items() if key != path[-1]}
    return _replaced(data, path[:-1], {**meant, **others})


def _replaced(data: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    if isinstance(data, dict) and path[0] in data:
        return {**data, path[0]: _replaced(data[path[0]], path[1:], new)}
    if isinstance(data, list) and isinstance(path[0], int):
        return [_replaced(v, path[1:], new) if i == path[0] else v for i, v in enumerate(data)]
    return data
