"""The whole way of ``check``: from the text of a config template to diagnostics with places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Diagnostic, Finding, Path
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.expand import judge


def review(text: bytes, file: str) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the text of a config template, sorted by place."""
    reading = source.parse(text, file)
    found = dict.fromkeys(reading.findings)
    for document in reading.documents:
        _, findings = judge(document.data)
        found |= dict.fromkeys(diagnostics(document, _certain(findings, document)))
    return tuple(sorted(found, key=lambda one: (one.line, one.col, one.code, one.message)))


def _certain(findings: Iterable[Finding], document: Document) -> Iterator[Finding]:
    """Leave out what is only wrong if two places are there of which one may be absent."""
    for finding in findings:
        is_pair = bool(finding.related)
        if not is_pair or not (
            _may_be_absent(finding.path, document) or _may_be_absent(finding.related, document)
        ):
            yield finding


def _may_be_absent(path: Path, document: Document) -> bool:
    return any(document.is_conditional(path[:end]) for end in range(1, len(path) + 1))
