"""Any service switched off, on, or moved to another placement by a plain ``chezmoi apply``."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import container
from realprograms.scripts import UNITS, Person, house, machine

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
