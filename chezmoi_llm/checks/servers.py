"""Servers that LiteLLM and Open WebUI ask beside those of the stack: their addresses lead there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.records import record
from chezmoi_llm.resolve.providers import OPENAI
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Spec

_URL = r"(?s)(https?://)(\[[^\]]*\]|[^/:]*)(:\d+)?(/.*)?"
_LOOPBACK = r"(?i)localhost|127\.[0-9.]+|0\.0\.0\.0|\[::1?\]"
THE_HOST = "host.containers.internal"
"""The machine, as a container finds it. Source: podman-run(1), ``--network``."""


@record
class _Server:
    """A server by its url; ``is_openai``: it is asked by OpenAI's API."""

    path: Path
    url: str
    asked_by: str
    is_openai: bool


def _servers(spec: Spec, choices: Choices) -> Iterator[_Server]:
    for model in choices.cloud_models:
        is_openai = model.model.partition("/")[0] in OPENAI
        yield _Server(
            path=model.path("api_base"), url=model.api_base, asked_by="LiteLLM", is_openai=is_openai
        )
    webui = spec.stack.services.open_webui
    for index, url in enumerate(webui.connections):
        path = (*webui.path("connections"), index)
        yield _Server(path=path, url=url, asked_by="Open WebUI", is_openai=True)
    yield _Server(
        path=webui.path("ollama_url"), url=webui.ollama_url, asked_by="Open WebUI", is_openai=False
    )


def loopback(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """In a container 127.0.0.1 is the container itself (LLM335); in placement host there is none around."""
    llama_swap = spec.stack.services.llama_swap
    if llama_swap.placement == "host" or "placement" in llama_swap.unknown:
        return
    for server in _servers(spec, choices):
        parts = re.fullmatch(_URL, server.url)
        if parts and re.fullmatch(_LOOPBACK, parts[2]):
            there = f"{parts[1]}{THE_HOST}{parts[3] or ''}{parts[4] or ''}"
            yield Finding(
                code="LLM335",
                path=server.path,
                severity=Severity.WARNING,
                message=f"{server.asked_by} runs in a container, where {shown(parts[2])} is the container",
                hint=f"write {there} and let that server listen on all addresses, or use placement: host",
            )


def without_version(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Servers of one's own answer OpenAI's API below ``/v1`` (LLM336); an address is taken as it is."""
    for server in _servers(spec, choices):
        parts = re.fullmatch(_URL, server.url) if server.is_openai else None
        if parts and parts[3] and parts[4] in (None, "/"):
            yield Finding(
                code="LLM336",
                path=server.path,
                severity=Severity.WARNING,
                message=f"{server.asked_by} asks {shown(server.url)} as it stands, without '/v1'",
                hint=f"write {server.url.rstrip('/')}/v1",
            )


RULES = (loopback, without_version)
