"""Looks at the machine that a stack is to run on, as far as the stack needs it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator

from chezmoi_llm.health.facts import Machine, Podman, Unit
from chezmoi_llm.health.services import PODMAN_SOCKET
from chezmoi_llm.health.stack import Stack
from chezmoi_llm.resolve.secrets import KEY_FILE
from chezmoi_llm.world import files, queries
from chezmoi_llm.world.health.programs import SECONDS

UNIT_PATH = ("~/.local/bin", "/home/linuxbrew/.linuxbrew/bin", "/usr/local/bin", "/usr/bin", "/bin")
"""Where llama-swap on the host finds other programs: PATH in its unit."""

CADDYFILES = ("~/.config/caddy/Caddyfile", "/etc/caddy/Caddyfile")
"""What a Caddy of the person's reads, and that of the system."""

_LISTENING = re.compile(r"^ *\d+: (?:0+|0100007F|0+1000000):([0-9A-F]{4}) \S+ 0A ", re.MULTILINE)
"""The port of a line of /proc/net/tcp that listens on every address, or on the loopback."""


def machine(stack: Stack, home: str) -> Machine:
    """Return what there is; each program that is asked has five seconds to answer."""
    if sys.platform != "linux":
        return Machine(is_linux=False, found=frozenset(_found(os.environ.get("PATH", os.defpath))))
    return Machine(
        podman=_podman() if stack.needs_podman else None,
        units=_units(stack) if stack.services else None,
        lingers=_lingers() if stack.services else None,
        deployed=frozenset(
            one.file for one in stack.services if os.path.isfile(os.path.join(home, one.file))
        ),
        keys=frozenset(re.findall(r"^(\w+)=.", _text(os.path.join(home, KEY_FILE)), re.MULTILINE)),
        listening=listening(),
        caddyfiles={path: text for path in CADDYFILES if (text := _text(os.path.expanduser(path)))},
        found=frozenset(_found(os.pathsep.join(map(os.path.expanduser, UNIT_PATH)))),
        llama_swap=shutil.which("llama-swap") or "",
        is_selinux_enforcing=_text("/sys/fs/selinux/enforce").strip() == "1",
    )


def _found(path: str) -> Iterator[str]:
    """Yield the programs that are where somebody looks for them; ``path`` is that of llama-swap."""
    if shutil.which("ramalama", path=path):
        yield "ramalama"
    if os.access(os.path.expanduser("~/.local/bin/llama-swap"), os.X_OK):
        yield "llama-swap"
    if shutil.which("caddy"):
        yield "caddy"


def _podman() -> Podman | None:
    if shutil.which("podman") is None:
        return None
    says = queries.answer("podman", "--version", seconds=SECONDS) or ""
    return Podman(says=says, secrets=queries.podman_secrets(SECONDS) if says else None)


def _units(stack: Stack) -> dict[str, Unit] | None:
    """Ask systemd about all units at once; None where this person has no systemd to talk to."""
    names = [PODMAN_SOCKET, *(service.name for service in stack.services)]
    properties = "--property=Id,LoadState,ActiveState,SubState"
    says = queries.answer("systemctl", "--user", "show", properties, *names, seconds=SECONDS)
    if says is None:
        return None
    blocks = (dict(re.findall(r"^(\w+)=(.*)$", block, re.MULTILINE)) for block in says.split("\n\n"))
    return {
        block["Id"]: Unit(load=block["LoadState"], active=block["ActiveState"], sub=block["SubState"])
        for block in blocks
        if {"Id", "LoadState", "ActiveState", "SubState"} <= block.keys()
    }


def _lingers() -> bool | None:
    asked = ("loginctl", "show-user", str(os.getuid()), "--property=Linger")
    says = queries.answer(*asked, seconds=SECONDS)
    return {"Linger=yes": True, "Linger=no": False}.get(says or "")


def listening() -> frozenset[int]:
    """Return the ports on which something listens, on every address or on the loopback."""
    tables = "".join(_text(f"/proc/net/{name}") for name in ("tcp", "tcp6"))
    return frozenset(int(port, 16) for port in _LISTENING.findall(tables))


def _text(path: str) -> str:
    """Return the text of a file, empty where there is none that may be read."""
    try:
        return (files.read(path) or b"").decode(errors="replace")
    except OSError:
        return ""
