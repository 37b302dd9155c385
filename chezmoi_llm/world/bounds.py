"""Bounds for what runs a template of anybody's: it may loop for ever, or fill the memory."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from chezmoi_llm.world.failures import CouldNotRunError

SECONDS = 30
"""How long it may take; a folder of dotfiles takes one or two."""

BYTES = 2**30
"""How much memory it may take, beside what the program has already."""


class _TimeIsUp(BaseException):  # passes through whoever catches exceptions
    pass


@contextlib.contextmanager
def bounded(what: str) -> Iterator[None]:
    """Run what is inside, and raise CouldNotRunError where it takes too long or too much memory.

    Only Linux bounds the memory, and Windows not even the time.
    """
    try:
        with _in_time(), _in_memory():
            yield
    except _TimeIsUp:
        raise CouldNotRunError(f"{what} takes more than {SECONDS} s") from None
    except MemoryError:
        raise CouldNotRunError(f"{what} takes more than {BYTES >> 20} MiB of memory") from None


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    import signal  # noqa: PLC0415  other systems alone have what is needed of it

    def give_up(*_: object) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _in_memory() -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415  other systems do not have it

    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * os.sysconf("SC_PAGESIZE") + BYTES
    if soft == resource.RLIM_INFINITY or limit < soft:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
