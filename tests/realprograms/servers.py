"""Ports that nobody listens on, and programs that serve on them until a test is done."""

from __future__ import annotations

import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 40
"""How long a program may take to stop: llama-swap, with its models, gives up by itself after 35 s."""


class Refused(Exception):  # noqa: N818 - the program's verdict, not a fault of the test
    """A program ended instead of serving; the text is what it wrote."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int) -> int:
    """Return the first of so many free ports in a row, for ``startPort``.

    They lie below the range from which systems pick ports for outgoing connections.
    """
    while True:
        first = random.randrange(20_000, 32_000 - count)  # noqa: S311 - any will do
        if all(map(_is_free, range(first, first + count))):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def until(ready: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until ``ready`` is true; raises TimeoutError, which says ``what`` was waited for."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds} s: {what}")
        time.sleep(0.02)


@contextmanager
def serving(
    command: Sequence[str | Path],
    *,
    is_ready: Callable[[], bool],
    env: Mapping[str, str],
    log: Path,
    start_seconds: float,
) -> Iterator[None]:
    """Run a program until the block ends, which begins when it ``is_ready``; stop it by its own pid.

    ``log`` gets what it writes; it works in that folder. An OSError of ``is_ready`` means that it does
    not listen yet. Raises Refused where the program ends before it is ready.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(map(str, command)),
            env=dict(env),
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def answers() -> bool:
        if process.poll() is not None:
            raise Refused(log.read_text(encoding="utf-8", errors="replace"))
        try:
            return is_ready()
        except OSError:
            return False

    try:
        until(answers, seconds=start_seconds, what=f"{Path(command[0]).name} answers")
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
