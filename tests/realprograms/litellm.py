"""Runs the real LiteLLM proxy on a configuration."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from realprograms import llama_swap, programs

START_SECONDS = 120
"""How long LiteLLM may take to import itself and listen; it needs some 15 s on an idle machine."""


class Refused(Exception):  # noqa: N818 - LiteLLM's verdict, not a fault of the test
    """LiteLLM ended instead of serving; the text is what it wrote."""


def validate(config: Path, env: Mapping[str, str]) -> str:
    """Return what LiteLLM says about a configuration that it only loads."""
    command = [programs.located("litellm"), "--config", config, "--validate_config"]
    done = programs.run(command, env=_offline(env), timeout=START_SECONDS)
    if done.returncode:
        raise Refused(done.stdout + done.stderr)
    return done.stdout + done.stderr


@contextmanager
def serving(config: Path, *, env: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve a configuration on a free port and yield the url; it is stopped by its own pid."""
    port = llama_swap.free_port()
    command = [programs.located("litellm"), "--config", config, "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=_offline(env),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"

        def is_ready() -> bool:
            if process.poll() is not None:
                raise Refused(log.read_text(errors="replace"))
            return _answers(f"{url}/health/liveliness")

        try:
            llama_swap.until(is_ready, seconds=START_SECONDS, what="LiteLLM listens")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=30)


def _offline(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with what the unit sets, so that nothing is fetched from GitHub."""
    return {**env, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "*"}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as got:  # noqa: S310 - always http
            return bool(got.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False
