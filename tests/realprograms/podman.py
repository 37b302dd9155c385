"""The stand-in for podman as a test sees it: what runs, what was asked, what was stored."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realprograms import standins

OWN_NETWORKS = ("bridge", "host", "none", "pasta", "podman", "private", "slirp4netns")

_ASKING = """\
case "$# $1 $2" in
'3 secret exists') [ -e "$PODMAN_STATE/secrets/$3.json" ]; exit ;;
'3 network exists') case " $PODMAN_NETWORKS " in *" $3 "*) exit 0 ;; *) exit 1 ;; esac ;;
esac"""
"""What scripts ask most often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Podman:
    """A stand-in with its records."""

    state: Path

    def container(self, name: str) -> dict[str, Any] | None:
        """Return the record of a container, or None where there is none."""
        try:
            found: dict[str, Any] = json.loads(self._record(name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found

    def containers(self) -> list[str]:
        """Return the names of all containers, running or not."""
        return sorted(file.stem for file in (self.state / "containers").glob("*.json"))

    def port(self, host: str, port: int) -> int | None:
        """Resolve the name of a container on a network, for ``podnet.serving``."""
        container = self.container(host)
        if container is None or not container["Networks"]:
            return None
        leads: int | None = container["Ports"].get(str(port))
        return leads

    def calls(self) -> list[tuple[str, ...]]:
        """Return the arguments of every call, oldest first."""
        return [call.args for call in standins.calls(self.state / "calls")]

    def kill(self, name: str) -> None:
        """Kill the process of a container, as the kernel does when memory is short."""
        os.kill(self._known(name)["Pid"], signal.SIGKILL)

    def cut_power(self, name: str) -> None:
        """End a container and its client with nobody left to remove it: its name stays taken."""
        container = self._known(name)
        self._record(name).write_text(json.dumps({**container, "Rm": False}), encoding="utf-8")
        for pid in (container["Client"], container["Pid"]):
            os.kill(pid, signal.SIGKILL)

    def keep(self, *names: str) -> None:
        """Have secrets of those names, whose values nobody asks for."""
        for name in names:
            kept = json.dumps({"Id": name, "sha256": ""})
            (self.state / "secrets" / f"{name}.json").write_text(kept, encoding="utf-8")

    def has_secret(self, name: str, value: bytes | None = None) -> bool:
        """Tell whether a secret is stored, with that value where one is given."""
        file = self.state / "secrets" / f"{name}.json"
        if not file.exists():
            return False
        stored = json.loads(file.read_text(encoding="utf-8"))
        return value is None or stored["sha256"] == hashlib.sha256(value).hexdigest()

    def _record(self, name: str) -> Path:
        return self.state / "containers" / f"{name}.json"

    def _known(self, name: str) -> dict[str, Any]:
        container = self.container(name)
        if container is None:
            raise LookupError(f"no container {name}, only {self.containers()}")
        return container


@contextlib.contextmanager
def standing_in(folder: Path, state: Path, *networks: str) -> Iterator[Podman]:
    """Put the stand-in into a folder of PATH; the containers that are left at the end are killed."""
    server = json.dumps([sys.executable, str(standins.SCRIPTS / "llama-server")])
    known = " ".join([*OWN_NETWORKS, *networks])
    settings = {"PODMAN_STATE": str(state), "PODMAN_SERVER": server, "PODMAN_NETWORKS": known}
    for records in ("containers", "secrets", "logs"):
        (state / records).mkdir(parents=True, exist_ok=True)
    (state / "images").touch()
    note = standins.writing_down("podman", state / "calls")
    standins.install(folder, "podman", note, _ASKING, **settings)
    podman = Podman(state=state)
    try:
        yield podman
    finally:
        for name in podman.containers():
            with contextlib.suppress(ProcessLookupError):
                podman.kill(name)
