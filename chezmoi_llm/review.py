"""The whole way of ``check``: from the text of a config template to diagnostics with places."""

from __future__ import annotations

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.document import diagnostics
from chezmoi_llm.expand import judge


def review(text: bytes, file: str) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the text of a config template, sorted by place."""
    reading = source.parse(text, file)
    if reading.document is None:
        return reading.diagnostics
    _, findings = judge(reading.document.data)
    return diagnostics(reading.document, findings)
