from __future__ import annotations

import contextlib
import resource
import signal
import sys
import time

import pytest

from chezmoi_llm.world import bounds
from chezmoi_llm.world.bounds import bounded
from chezmoi_llm.world.failures import CouldNotRunError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory")


def settings() -> tuple[object, tuple[float, float], tuple[int, int]]:
    return (
        signal.getsignal(signal.SIGALRM),
        signal.getitimer(signal.ITIMER_REAL),
        resource.getrlimit(resource.RLIMIT_AS),
    )


def wait_whatever_comes() -> None:
    """Wait as a template engine does, which takes every exception for the template's own."""
    with contextlib.suppress(Exception):
        time.sleep(10)


def test_what_ends_in_time_is_left_alone():
    before = settings()
    with bounded("it"):
        assert settings() != before
    assert settings() == before


def test_what_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(bounds, "SECONDS", 0.05)
    before = settings()
    with pytest.raises(CouldNotRunError, match=r"^it takes more than 0\.05 s$"), bounded("it"):
        wait_whatever_comes()
    assert settings() == before


@LINUX
def test_what_takes_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(bounds, "BYTES", 64 * 2**20)
    before = settings()
    with pytest.raises(CouldNotRunError, match=r"^it takes more than 64 MiB of memory$"), bounded("it"):
        bytes(2**30)
    assert settings() == before
    assert len(bytes(2**27)) == 2**27
