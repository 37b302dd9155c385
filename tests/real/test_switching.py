"""Any service switched off, on, or moved to another placement by a plain ``chezmoi apply``."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import container, shipped
from realprograms.chezmoi import Home
from realprograms.scripts import UNITS, Person, house, machine

from chezmoi_llm.targets import TARGETS

pytestmark = pytest.mark.real("chezmoi")

PLACEMENTS = ("container", "host", "embedded")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with machine(tmp_path) as made:
        yield made


FILES = {
    "llama_swap": {
        "container": {"llama-swap.container", "llama-swap.build", "Containerfile"},
        "embedded": {"llama-swap.container", "llama-swap.volume"},
        "host": {"llama-swap.service"},
    },
    "litellm": {key: {"litellm.container"} for key in PLACEMENTS},
    "open_webui": {key: {"open-webui.container"} for key in PLACEMENTS},
}


def expected(placement: str, on: tuple[str, ...]) -> set[str]:
    units = {file for service in on for file in FILES[service][placement]}
    return units | ({"llm.network"} if on and placement != "host" else set())


ONS = (
    ("llama_swap", "litellm", "open_webui"),
    ("llama_swap", "open_webui"),
    ("llama_swap", "litellm"),
    ("llama_swap",),
    ("litellm", "open_webui"),
    (),
)
STATES = list(itertools.product(PLACEMENTS, ONS))
WALK = [*((placement, on) for on in ONS for placement in PLACEMENTS), *STATES[::-4]]
"""Through every state, with a step to another placement each time, or to other services, or both."""


def test_from_any_state_to_any_other_nothing_is_left_behind(person):
    running: set[str] = set()
    for placement, on in WALK:
        off = {service: {"enabled": False} for service in UNITS if service not in on}
        data = house(placement=placement, **off)
        data["llm_stack"]["services"]["llama_swap"] = {
            "placement": placement,
            "enabled": "llama_swap" in on,
        }
        person.systemd(*sorted(running))
        person.forget()
        person.apply(data)
        assert container.units(person.home) == expected(placement, on), (placement, on)
        wanted = {f"{UNITS[service]}.service" for service in on}
        orders = [order.split() for order in person.asked()]
        stopped = {word for order in orders if "stop" in order for word in order if word in running}
        started = {
            word for order in orders if "restart" in order for word in order if word.endswith(".service")
        }
        assert stopped == running - wanted, (placement, on)
        assert started >= wanted - running, (placement, on)
        running = (running - stopped | started) & {f"{name}.service" for name in UNITS.values()}
        assert running == wanted
        config = person.home.path / ".config"
        folders = {"llama_swap": "llama-swap", "litellm": "litellm", "open_webui": "open-webui"}
        there = {service for service, name in folders.items() if any((config / name).glob("*"))}
        assert there == set(on)


def texts(home: Home) -> dict[str, str]:
    """Return what chezmoi has written, but for its own files."""
    files = (path for folder in (".config", ".local") for path in (home.path / folder).rglob("*"))
    names = (path.relative_to(home.path) for path in files if path.is_file())
    own = {".config/chezmoi", ".local/share/chezmoi"}
    return {str(name): home.read(str(name)) for name in names if not own & set(map(str, name.parents))}


SERVICES = ("llama_swap", "ramalama", "litellm", "open_webui", "caddy", "desktop")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_the_files_of_a_service_go_with_it_and_come_back(tmp_path, placement, service):
    home = Home.make(tmp_path)
    on = house(placement=placement, ramalama={"enabled": True})
    off = house(placement=placement, ramalama={"enabled": service != "ramalama"})
    off["llm_stack"]["services"].setdefault(service, {})["enabled"] = False
    there = {target.key: {file.path for file in target.files.values()} for target in TARGETS}[service]
    shipped.deploy(home, on)
    before = texts(home)
    assert there & set(before)
    shipped.deploy(home, off)
    left = {name for name in texts(home) if name in there}
    assert left <= {".config/containers/systemd/llm/llm.network"}  # the others still share it
    shipped.deploy(home, on)
    assert texts(home) == before
