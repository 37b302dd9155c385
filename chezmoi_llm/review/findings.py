"""The whole way of ``check``: from the text of a config template to diagnostics with places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Diagnostic, Finding, Path, by_place
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.expand import judge
from chezmoi_llm.records import EMPTY
from chezmoi_llm.review import hook_lines, ignores
from chezmoi_llm.source import Reading
from chezmoi_llm.store import LookUp, no_store


def review(
    text: bytes,
    file: str,
    before: Mapping[str, Any] = EMPTY,
    look_up: LookUp = no_store,
    renders: Sequence[bytes] = (),
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the text of a config template and not ignored there, sorted by place.

    ``before`` is the document that was applied last, if there is one. What is wrong with entries of
    the store that ``look_up`` returns comes last, at its places in their files. ``renders`` are what
    the marked template came to (see ``source.parse_rendered``), with several answers to its questions: what
    is wrong in all of them is reported, too.
    """
    reading = source.parse(text, file)
    past = before if _is_one_list(reading) else EMPTY
    found, stored = _found(reading, past, look_up)
    seen = {(one.line, one.code, one.message) for one in found}
    rendered = (_found(source.parse_rendered(text, render, file), before, look_up)[0] for render in renders)
    more = [one for one in _in_all(rendered) if (one.line, one.code, one.message) not in seen]
    left = ignores.apply((*found, *more), reading.remarks, file)
    return (*by_place(left), *by_place(stored))


def _found(
    reading: Reading, before: Mapping[str, Any], look_up: LookUp
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Return what is wrong with a text, and with the entries of the store that it asks for, each once."""
    found = dict.fromkeys(reading.findings)
    stored: dict[Diagnostic, None] = {}
    for document in reading.documents:
        stock = look_up(document.data)
        findings = (
            *judge(document.data, before, stock=stock).findings,
            *hook_lines.findings(document.data),
        )
        found |= dict.fromkeys(diagnostics(document, _certain(findings, document)))
        stored |= dict.fromkeys(stock.faults)
    return tuple(found), tuple(stored)


def _in_all(reports: Iterable[tuple[Diagnostic, ...]]) -> list[Diagnostic]:
    """Return what every one of several reports says."""
    first, *others = list(reports) or [()]
    return [one for one in first if all(one in other for other in others)]


_MODELS = {"local_models", "cloud_models", "models"}
"""Keys below ``data`` that hold models."""
_TO_A_MODEL = len(("data", "models", "local", "name"))


def _is_one_list(reading: Reading) -> bool:
    """Say whether every machine has the same models: only then what is written tells what has changed."""
    return len(reading.documents) == 1 and not any(
        document.is_conditional(path)
        for document in reading.documents
        for path in document.values
        if len(path) <= _TO_A_MODEL and path[0] == "data" and (len(path) == 1 or path[1] in _MODELS)
    )


def _certain(findings: Iterable[Finding], document: Document) -> Iterator[Finding]:
    """Leave out findings about several places that may never be rendered together."""
    for finding in findings:
        others = (finding.related, *finding.together) if finding.related else finding.together
        places = [_inside(path, document) for path in (finding.path, *others)]
        if all(document.are_together(*pair) for pair in combinations(places, 2)):
            yield finding


def _inside(path: Path, document: Document) -> Path:
    """Return the nearest place around a path of which it is known in which blocks it stands."""
    around = (path[:end] for end in range(len(path), 0, -1))
    return next((place for place in around if document.is_conditional(place)), ())
