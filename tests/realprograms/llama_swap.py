"""Runs the real llama-swap on a config, and tells which programs it starts with which arguments."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from realprograms import podnet, programs, servers, standins

START_SECONDS = 10
"""How long llama-swap may take until it answers: it needs some milliseconds on an idle machine."""

RUNNERS = ("ramalama", "podman", "llama-server", "whisper-server")
"""The programs that a config starts and stops models with."""

_OWN = {"PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"}
"""Variables that the shell of a recording program sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response: its status and body."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class LlamaSwap:
    """A running llama-swap."""

    url: str
    log: Path
    key: str

    def request(self, path: str, body: Any = None, *, timeout: float = 30) -> Answer:
        """Send a GET, or a POST where there is a body; every status is an answer, not an exception."""
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310 - always http
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                request, timeout=timeout
            ) as got:
                return Answer(status=got.status, body=got.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(status=error.code, body=error.read())

    def models(self) -> list[dict[str, Any]]:
        """Return what clients see in /v1/models."""
        listed: list[dict[str, Any]] = self.request("/v1/models").json["data"]
        return listed

    def running(self) -> dict[str, str]:
        """Return the state of each model that is loaded or being loaded."""
        return {entry["model"]: entry["state"] for entry in self.request("/running").json["running"]}

    def chat(self, model: str, text: str = "hi", **more: Any) -> Answer:
        """Ask a model for a few tokens."""
        message = {"role": "user", "content": text}
        return self.request(
            "/v1/chat/completions", {"model": model, "messages": [message], "max_tokens": 4, **more}
        )

    def embed(self, model: str, *texts: str) -> Answer:
        """Ask a model for embeddings."""
        return self.request("/v1/embeddings", {"model": model, "input": list(texts)})

    def unload(self) -> Answer:
        """Stop every model."""
        return self.request("/unload")


@contextmanager
def serving(
    config: Path, *, env: Mapping[str, str], log: Path, key: str = "", port: int = 0
) -> Iterator[LlamaSwap]:
    """Run llama-swap on a config until the block ends, with its models.

    ``log`` gets what it and its models write; ``key`` is sent with each request; without ``port`` it
    listens on a free one. Raises servers.Refused where llama-swap does not accept the config.
    """
    listen = f"127.0.0.1:{port or servers.free_port()}"
    swap = LlamaSwap(url=f"http://{listen}", log=log, key=key)
    with servers.serving(
        [programs.located("llama-swap"), "-config", config, "-listen", listen],
        is_ready=lambda: swap.request("/health").status == HTTPStatus.OK,
        env=env,
        log=log,
        start_seconds=START_SECONDS,
    ):
        yield swap


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What llama-swap ran for a model: program and arguments, to start and to stop it; added variables."""

    start: tuple[str, ...]
    stop: tuple[str, ...]
    env: Mapping[str, str]


def launches(
    config: Path, *models: str, folder: Path, key: str = "", also: Sequence[str] = (), **env: str
) -> dict[str, Launch]:
    """Have llama-swap start and stop each model, and return the commands that it ran.

    No shell and no model is involved: RUNNERS, and the programs in ``also``, write down how they were
    called and answer health checks on their ``--port``. Names of containers lead to 127.0.0.1. The
    config must not preload a model. ``folder`` is scratch space; ``env`` adds variables to llama-swap's.
    """
    log = folder / "calls"
    path = programs.toolbox(folder / "bin")
    standins.record(path, log, *RUNNERS, *also)
    with podnet.serving(podnet.loopback) as proxy:
        base = programs.environment(folder, path=path, HTTP_PROXY=proxy, **env)
        with serving(config, env=base, log=folder / "llama-swap.log", key=key) as swap:
            return {model: _launch(swap, model, log, base) for model in models}


def _launch(swap: LlamaSwap, model: str, log: Path, base: Mapping[str, str]) -> Launch:
    before = len(standins.calls(log))
    answer = swap.request(f"/upstream/{urllib.parse.quote(model)}/health")
    if answer.status != HTTPStatus.OK:
        raise servers.Refused(f"{model}: {answer.body!r}\n{swap.log.read_text(encoding='utf-8')}")
    (start,) = standins.calls(log)[before:]
    variables = standins.environment(log, start)
    swap.unload()
    stops = standins.calls(log)[before + 1 :]
    return Launch(
        start=(start.program, *start.args),
        stop=(stops[0].program, *stops[0].args) if stops else (),
        env={
            name: value for name, value in variables.items() if base.get(name) != value and name not in _OWN
        },
    )
