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
    """A server by the parts of its url; ``is_openai``: it is asked by OpenAI's API."""

    path: Path
    asked_by: str
    is_openai: bool
    scheme: str
    host: str
    port: str
    below: str

    @property
    def lacks_version(self) -> bool:
        """Whether it is one's own, having a port, and its address ends where ``/v1`` should follow."""
        return self.is_openai and bool(self.port) and self.below in ("", "/")

    def at(self, host: str) -> str:
        """Return its url on a host, with the version that it lacks."""
        return f"{self.scheme}{host}{self.port}{'/v1' if self.lacks_version else self.below}"


def _servers(spec: Spec, choices: Choices) -> Iterator[_Server]:
    """Yield the servers whose url is written, and known."""
    for path, url, asked_by, is_openai in _asked(spec, choices):
        parts = re.fullmatch(_URL, url) if url else None
        if parts:
            scheme, host, port, below = parts.groups(default="")
            yield _Server(
                path=path,
                asked_by=asked_by,
                is_openai=is_openai,
                scheme=scheme,
                host=host,
                port=port,
                below=below,
            )


def _asked(spec: Spec, choices: Choices) -> Iterator[tuple[Path, str, str, bool]]:
    """Yield where each url is written, the url, who asks there, and whether by OpenAI's API."""
    for model in choices.cloud_models:
        yield model.path("api_base"), model.api_base, "LiteLLM", model.model.partition("/")[0] in OPENAI
    webui = spec.stack.services.open_webui
    for index, url in enumerate(webui.connections):
        yield (*webui.path("connections"), index), url, "Open WebUI", True
    yield webui.path("ollama_url"), webui.ollama_url, "Open WebUI", False


def loopback(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """In a container 127.0.0.1 is the container itself (LLM335); in placement host there is none around."""
    llama_swap = spec.stack.services.llama_swap
    if llama_swap.placement == "host" or "placement" in llama_swap.unknown:
        return
    for server in _servers(spec, choices):
        host = server.host
        if re.fullmatch(_LOOPBACK, host):
            yield Finding(
                code="LLM335",
                path=server.path,
                severity=Severity.WARNING,
                message=f"{server.asked_by} runs in a container, where {shown(host)} is the container",
                hint=(
                    f"write {server.at(THE_HOST)} and let that server listen on all addresses, "
                    "or use placement: host"
                ),
            )


def without_version(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Servers of one's own answer OpenAI's API below ``/v1`` (LLM336); an address is taken as it is."""
    for server in _servers(spec, choices):
        if server.lacks_version:
            written = f"{server.scheme}{server.host}{server.port}{server.below}"
            yield Finding(
                code="LLM336",
                path=server.path,
                severity=Severity.WARNING,
                message=f"{server.asked_by} asks {shown(written)} as it stands, without '/v1'",
                hint=f"write {server.at(server.host)}",
            )


RULES = (loopback, without_version)
