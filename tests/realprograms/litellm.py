"""Runs the real LiteLLM proxy on a configuration."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from realprograms import programs, servers

START_SECONDS = 120
"""How long LiteLLM may take to import itself and listen; it needs some 15 s on an idle machine."""


def validate(config: Path, env: Mapping[str, str]) -> str:
    """Return what LiteLLM says about a configuration that it only loads."""
    command = [programs.located("litellm"), "--config", config, "--validate_config"]
    done = programs.run(command, env=_offline(env), timeout=START_SECONDS)
    if done.returncode:
        raise servers.Refused(done.stdout + done.stderr)
    return done.stdout + done.stderr


@contextmanager
def serving(config: Path, *, env: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve a configuration on a free port and yield the url; it is stopped by its own pid."""
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    with servers.serving(
        [programs.located("litellm"), "--config", config, "--host", "127.0.0.1", "--port", str(port)],
        is_ready=lambda: _answers(f"{url}/health/liveliness"),
        env=_offline(env),
        log=log,
        start_seconds=START_SECONDS,
    ):
        yield url


def _offline(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with what the unit sets, so that nothing is fetched from GitHub."""
    return {**env, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "*"}


def _answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=5) as got:  # noqa: S310 - always http
        return bool(got.status == HTTPStatus.OK)
