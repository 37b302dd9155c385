"""The whole way of ``check``: from the text of a config template to diagnostics with places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chezmoi_llm import ignores, source
from chezmoi_llm.diagnostics import Diagnostic, Finding, Path
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.expand import judge


def review(text: bytes, file: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the text of a config template and not ignored there, sorted by place."""
    reading = source.parse(text, file)
    found = dict.fromkeys(reading.findings)
    for document in reading.documents:
        _, findings = judge(document.data)
        found |= dict.fromkeys(diagnostics(document, _certain(findings, document)))
    left = ignores.apply(tuple(found), reading.remarks, file)
    return tuple(sorted(left, key=lambda one: (one.line, one.col, one.code, one.message)))


def _certain(findings: Iterable[Finding], document: Document) -> Iterator[Finding]:
    """Leave out what is only wrong if two places are there that may exclude each other."""
    for finding in findings:
        places = (_inside(finding.path, document), _inside(finding.related, document))
        if not finding.related or document.are_together(*places):
            yield finding


def _inside(path: Path, document: Document) -> Path:
    """Return the nearest place around a path of which it is known in which blocks it stands."""
    around = (path[:end] for end in range(len(path), 0, -1))
    return next((place for place in around if document.is_conditional(place)), ())
