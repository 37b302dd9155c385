"""Security: nothing is opened to others unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.spec import Spec


def open_api(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """llama-swap without a key answers every web page in the browser (LLM404)."""
    llama_swap = spec.stack.services.llama_swap
    if llama_swap.enabled and not llama_swap.api_key:
        yield Finding(
            code="LLM404",
            path=llama_swap.path("api_key"),
            severity=Severity.WARNING,
            message="without a key every web page in your browser can use the models",
            hint="remove the line: the key is made for you",
        )


def socket(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """In placement container llama-swap holds Podman's socket (LLM405); who wrote it, knows."""
    llama_swap = spec.stack.services.llama_swap
    is_chosen = "placement" in {*llama_swap.written, *llama_swap.unknown}
    if llama_swap.enabled and llama_swap.placement == "container" and choices.models and not is_chosen:
        yield Finding(
            code="LLM405",
            path=llama_swap.path("placement"),
            severity=Severity.NOTE,
            message="llama-swap holds Podman's socket, which is your whole account",
            hint="write services: llama_swap: placement: container to keep that, or host, which needs none",
        )


RULES = (open_api, socket)
