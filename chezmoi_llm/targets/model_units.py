"""Models with units of their own: a Podman quadlet for each, in which RamaLama's image serves it.

Podman reads these files, RamaLama only lends its image. They are made here and not by a template,
since one template makes one file; so every value is quoted here, for the key that it stands in.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from chezmoi_llm.choices.own_units import PORT
from chezmoi_llm.formats import (
    quadlet_exec,
    quadlet_volume,
    systemd_assignment,
    systemd_text,
    systemd_word,
)
from chezmoi_llm.resolve import DOWNLOAD_SECONDS, START_SECONDS, House, ServedModel, images, units
from chezmoi_llm.runners import environment, files_in, folder_of, scheme_of
from chezmoi_llm.runners.base import PATH_SCHEME
from chezmoi_llm.targets.base import QUADLETS, Sources, Target

Lines: TypeAlias = Iterable[tuple[str, str]]
"""Keys of a section with their values; a key without a value is left out."""

API_KEY = "LLAMA_API_KEY"
"""What llama-server calls the key that it asks for. Source: llama.cpp, tools/server/README.md."""

LABEL = "chezmoi-llm.unit"
"""Holds the checksum of the unit; by it the reload script knows a container that need not start anew."""

CACHE = "/models"
"""Where the volume with downloaded models is mounted."""


def emit(house: House) -> dict[str, Any]:
    """Return the services that Podman makes of the units, and the secrets that those need."""
    served = {f"{one.container_name}.service": one for one in _served(house)}
    return {
        "services": list(served),
        "checksums": {service: _checksum(one, house) for service, one in served.items()},
        "secrets": [secret.name for secret in house.secrets_of("ramalama")],
    }


def texts(house: House) -> dict[str, str]:
    """Return the text of each unit by its file name."""
    return {
        f"{one.container_name}.container": _text(one, house, ("Label", f"{LABEL}={_checksum(one, house)}"))
        for one in _served(house)
    }


def _checksum(one: ServedModel, house: House) -> str:
    """Return what tells a unit from any other: it follows from all the rest of its text."""
    return hashlib.sha256(_text(one, house).encode()).hexdigest()[:16]


def _served(house: House) -> tuple[ServedModel, ...]:
    return house.unit_models if house.settings.enabled else ()


def _text(one: ServedModel, house: House, *labels: tuple[str, str]) -> str:
    command, variables = quadlet_exec(one.cmd_argv)
    sections: Mapping[str, Lines] = {
        "Unit": (
            ("Description", _description(one)),
            # A model that llama-swap has served until now has to be stopped first.
            ("After", "llama-swap.service" if house.is_on("llama_swap") else ""),
        ),
        "Container": (*_container(one, house, command), *labels),
        "Service": (
            *(("Environment", systemd_assignment(variable)) for variable in variables),
            ("Slice", house.settings.slice),
            # The image may have to be pulled first.
            ("TimeoutStartSec", str(DOWNLOAD_SECONDS)),
            ("Restart", "on-failure"),
            ("RestartSec", "5"),
        ),
        "Install": [("WantedBy", house.settings.wanted_by)],
    }
    head = (
        f"# chezmoi-llm: {one.container_name}.container 1\n"
        "# One model, served all the time. Made from the list of models: change it there, not here.\n"
    )
    return head + "".join(_section(name, lines) for name, lines in sections.items())


def _section(name: str, lines: Lines) -> str:
    return f"\n[{name}]\n" + "".join(f"{key}={value}\n" for key, value in lines if value)


def _description(one: ServedModel) -> str:
    """Return what the unit is; Podman would read a backslash at its end as one more line."""
    return systemd_text(f"{one.model.display_name} ({one.model.description or 'language model'})")


def _container(one: ServedModel, house: House, command: str) -> Lines:
    image = house.programs["ramalama"].image
    return (
        ("Image", image),
        ("ContainerName", one.container_name),
        ("AutoUpdate", units.auto_update(image)),
        ("Network", "" if house.placement == "host" else "llm.network"),
        ("PublishPort", f"127.0.0.1:{one.model.port}:{PORT}" if one.model.port else ""),
        ("Exec", command),
        # Passes the signal to stop on even while the server still downloads.
        ("RunInit", "true"),
        *_storage(one),
        # Without capabilities root cannot write to /root, as drivers would for their caches.
        ("Environment", "HOME=/tmp"),
        *(("Environment", systemd_word(variable)) for variable in environment(one.model)),
        *(("Secret", f"{s.name},type=env,target={API_KEY}") for s in house.secrets_of("ramalama")),
        *_devices(one, house),
        ("NoNewPrivileges", "true"),
        ("DropCapability", "all"),
        *_health(one, house),
    )


def _storage(one: ServedModel) -> Lines:
    """Return the folder of a model file or the volume of downloads, and the files that arguments name."""
    files = files_in(one.model.args)
    if not _is_here(one):
        downloads = ("Volume", f"ramalama-models:{CACHE}"), ("Environment", f"LLAMA_CACHE={CACHE}")
        return (*downloads, *map(_read_only, files))
    folder = folder_of(one.model.model)
    return map(_read_only, (folder, *(path for path in files if not path.startswith(f"{folder}/"))))


def _read_only(path: str) -> tuple[str, str]:
    quoted = quadlet_volume(systemd_text(path))
    return "Volume", f"{quoted}:{quoted}:ro"


def _is_here(one: ServedModel) -> bool:
    return scheme_of(one.model.model) == PATH_SCHEME


def _devices(one: ServedModel, house: House) -> Lines:
    """Return the GPU, and the person's own groups, such as video and render, which open it."""
    devices = () if one.model.force_cpu else images.DEVICES[house.settings.accelerator]
    return (
        *(("AddDevice", device) for device in devices),
        ("GroupAdd", "keep-groups" if devices else ""),
    )


def _health(one: ServedModel, house: House) -> Lines:
    """Return how Podman asks whether the server is ready; while it downloads, it does not answer."""
    path = one.model.check_endpoint or "/health"
    if path == "none":
        return ()
    url = f"http://127.0.0.1:{PORT}{path}"
    command = f"curl -fsS {shlex.quote(url)}"
    if house.settings.accelerator in images.WITHOUT_CURL:
        command = f"python3 -c {shlex.quote(f'import urllib.request as u; u.urlopen({url!r})')}"
    return (
        ("HealthCmd", quadlet_volume(systemd_text(command))),
        ("HealthInterval", "30s"),
        ("HealthStartPeriod", f"{START_SECONDS if _is_here(one) else DOWNLOAD_SECONDS}s"),
    )


MODEL_UNITS = Target(
    key="model_units",
    emit=emit,
    sources=Sources(folder=f"{QUADLETS}/models", texts=texts),
)
