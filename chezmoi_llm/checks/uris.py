"""Names in URIs that no registry has, as far as they tell by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Spec

_SIZE_BEHIND_A_DASH = r"(?i)(ollama://(?:library/)?[A-Za-z][\w.-]*)-([0-9]+(?:\.[0-9]+)?[bm])"
"""How a model is often called, as opposed to its name in Ollama's library: qwen3-32b, smollm-135m."""


def ollama_sizes(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Ollama's library has the size of a model as its tag, behind a colon (LLM329)."""
    for chosen in choices.models:
        uri = chosen.model.model
        found = re.fullmatch(_SIZE_BEHIND_A_DASH, uri) if "-" in uri else None
        if found:
            yield Finding(
                code="LLM329",
                severity=Severity.WARNING,
                path=chosen.model.path("model"),
                message=(
                    f"{shown(chosen.model.model)} is no name of Ollama's library, "
                    "where the size stands behind a colon"
                ),
                hint=f"did you mean {shown(f'{found[1]}:{found[2].lower()}')}?",
            )


RULES = (ollama_sizes,)
