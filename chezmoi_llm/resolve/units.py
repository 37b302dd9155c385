"""The part of a unit file that the data decides, each line quoted as Podman and systemd read it."""

from __future__ import annotations

import posixpath
from typing import Any

from chezmoi_llm.formats import quadlet_volume, systemd_assignment, systemd_word
from chezmoi_llm.resolve import House
from chezmoi_llm.spec import Unit

MANAGED: dict[str, dict[str, str]] = {
    "Unit": {"Description": "", "Requires": "requires"},
    "Container": {
        "Image": "image",
        "ContainerName": "container_name",
        "AutoUpdate": "llm_stack.images",
        "Entrypoint": "",
        "Exec": "args",
        "Environment": "env",
        "EnvironmentFile": "env",
        "Network": "llm_stack.network",
        "PublishPort": "bind and published_port",
        "Volume": "volumes",
        "Secret": "secrets",
        "HealthCmd": "",
        "HealthInterval": "",
        "HealthStartPeriod": "",
        "StopTimeout": "",
        "Rootfs": "image",
        "Pod": "",
        "ServiceName": "",
        "GlobalArgs": "",
    },
    "Service": {
        "ExecStart": "args",
        "ExecStop": "",
        "Environment": "env",
        "EnvironmentFile": "env",
        "Slice": "llm_stack.slice",
        "TimeoutStartSec": "timeout_start_sec",
        "TimeoutStopSec": "",
        "KillMode": "",
        "Type": "",
        "Restart": "",
        "RestartSec": "",
    },
    "Install": {"WantedBy": "llm_stack.wanted_by"},
}
"""Keys of each section that ``extra`` may not touch, and the setting to use instead, if there is one."""


def destination(volume: str) -> str:
    """Return the folder in the container at which a volume is mounted."""
    return posixpath.normpath(volume.split(":")[1])


def additions(house: House, key: str, secrets: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """Return what goes into the unit of a program, as ready lines.

    ``secrets`` are pairs of variable and secret name beside those that the program itself needs.
    """
    unit = house.settings.services.units[key]
    program = house.programs[key]
    assignment = systemd_assignment if is_service(house, key) else systemd_word
    named = dict(secrets) | {s.env: s.name for s in house.secrets_of(key)}
    return {
        "auto_update": auto_update(program.image),
        # On the host's network a program listens where this machine reaches it.
        "own_url": program.local_url if house.placement == "host" else f"http://127.0.0.1:{program.port}",
        "publish_port": f"{program.bind}:{program.published_port}:{program.port}",
        "environment": [assignment(f"{name}={value}") for name, value in unit.env],
        "volumes": [quadlet_volume(volume) for volume in unit.volumes],
        "secrets": [f"{name},type=env,target={env}" for env, name in sorted(named.items())],
        "requires": list(unit.requires),
        "args": "".join(f" {systemd_word(word)}" for word in unit.args),
        "timeout_start_sec": unit.timeout_start_sec,
        "extra": {section: _lines(unit, section) for section in MANAGED},
    }


def auto_update(image: str) -> str:
    """Return how Podman looks for a newer image, unless the digest says which one: where it is from."""
    if "@sha256:" in image:
        return ""
    return "local" if image.startswith("localhost/") else "registry"


def is_service(house: House, key: str) -> bool:
    """Say whether a program runs as a plain service; the others are containers of Podman's."""
    return key == "llama_swap" and house.placement == "host"


def _lines(unit: Unit, section: str) -> list[str]:
    keys = dict(unit.extra).get(section, ())
    return [f"{key}={value}" for key, values in keys for value in values]
