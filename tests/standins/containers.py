"""The containers of the podman stand-in: one file each, and a process of this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

Container: TypeAlias = dict[str, Any]

STATE = Path(os.environ["PODMAN_STATE"])


def fail(message: str, code: int = 125) -> NoReturn:
    """End as podman does when it cannot do what was asked."""
    sys.stderr.write(f"Error: {message}\n")
    sys.exit(code)


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def record(name: str) -> Path:
    """Return the file that describes a container."""
    return STATE / "containers" / f"{name}.json"


def load(name: str) -> Container | None:
    """Return a container, or None where there is none of that name."""
    try:
        found: Container = json.loads(record(name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def save(container: Container) -> None:
    """Write a container's record in one step: others read it at any time."""
    file = record(container["Name"])
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(container), encoding="utf-8")
    draft.replace(file)


def remove(name: str) -> None:
    """Forget a container."""
    record(name).unlink(missing_ok=True)


def running(container: Container) -> bool:
    """Tell whether a container's process lives; a zombie does not."""
    try:
        status = Path(f"/proc/{container['Pid']}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def containers() -> Iterator[Container]:
    """Yield every container; one with ``--rm`` is gone when its process is."""
    for file in sorted((STATE / "containers").glob("*.json")):
        container = load(file.stem)
        if container and container["Rm"] and not running(container):
            remove(container["Name"])
        elif container:
            yield container


def present(name: str) -> Container | None:
    """Return a container that is still there."""
    return next((container for container in containers() if container["Name"] == name), None)


def end(container: Container, seconds: float) -> None:
    """Terminate a container's process, and kill it when the time is over."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError):
        os.kill(container["Pid"], signal.SIGTERM)
        while running(container) and time.monotonic() < deadline:
            time.sleep(0.02)
        if running(container):
            os.kill(container["Pid"], signal.SIGKILL)
    if container["Rm"]:
        remove(container["Name"])
