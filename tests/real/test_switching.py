"""Any service switched off, on, or moved to another placement by a plain ``chezmoi apply``."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import container, quadlet, shipped
from realprograms.chezmoi import Home
from realprograms.scripts import UNITS, RecordedMachine, recorded_machine, written

from chezmoi_llm.targets import TARGETS

pytestmark = pytest.mark.real("chezmoi")

PLACEMENTS = ("container", "host", "embedded")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[RecordedMachine]:
    with recorded_machine(tmp_path) as made:
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
    ("litellm",),
    ("open_webui",),
    (),
)
"""All eight combinations of three services."""

WALK = list(zip(itertools.cycle(PLACEMENTS), ONS * 2, strict=False))
"""To other services and another placement with each step, and to each combination in two placements."""


def test_from_any_state_to_any_other_nothing_is_left_behind(machine):
    running: set[str] = set()
    units: set[str] = set()
    for placement, on in WALK:
        off = {service: {"enabled": False} for service in UNITS if service not in on}
        data = written(placement=placement, **off)
        data["llm_stack"]["services"]["llama_swap"] = {
            "placement": placement,
            "enabled": "llama_swap" in on,
        }
        machine.systemd(*sorted(running))
        machine.forget()
        machine.apply(data)
        gone = {
            name for name in units - expected(placement, on) if name.endswith((".container", ".service"))
        }
        units = container.units(machine.home)
        assert units == expected(placement, on), (placement, on)
        wanted = {f"{UNITS[service]}.service" for service in on}
        orders = [order.split() for order in machine.asked()]
        stopped = {word for order in orders if "stop" in order for word in order if word in running}
        started = {
            word for order in orders if "restart" in order for word in order if word.endswith(".service")
        }
        # llama-swap may go as a container and come back as a service
        assert stopped == running & {f"{Path(unit).stem}.service" for unit in gone}, (placement, on)
        assert started >= wanted - (running - stopped), (placement, on)
        running = (running - stopped | started) & {f"{name}.service" for name in UNITS.values()}
        assert running == wanted
        config = machine.home.path / ".config"
        folders = {"llama_swap": "llama-swap", "litellm": "litellm", "open_webui": "open-webui"}
        there = {service for service, name in folders.items() if any((config / name).glob("*"))}
        assert there == set(on)


ELSEWHERE = {
    "basic.target",
    "default.target",
    "network-online.target",
    "podman-user-wait-network-online.service",
    "podman.socket",
}
"""What systemd and Podman bring."""


@pytest.mark.real("quadlet")
@pytest.mark.parametrize("units", [True, False], ids=["with units", "without"])
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_no_unit_names_one_that_is_not_there(tmp_path, placement, units):
    for number, on in enumerate(ONS):
        data = written(placement=placement, ramalama={"units": units})
        for service in UNITS:
            data["llm_stack"]["services"].setdefault(service, {})["enabled"] = service in on
        home = tmp_path / str(number)
        shipped.render(home, data, container.UNITS, ".config/systemd")
        quadlets = quadlet.generate(home / container.UNITS)
        parsed = {name: quadlet.parse(text) for name, text in quadlets.texts.items()}
        services = home / ".config/systemd/user"
        parsed |= {file.name: quadlet.parse(file.read_text("utf-8")) for file in services.glob("*")}
        if quadlets.texts:
            assert (quadlets.returncode, quadlets.stderr) == (0, "")
        assert {f"{UNITS[service]}.service" for service in on} <= set(parsed)
        keys = ("Requires", "Wants", "After", "BindsTo", "PartOf")
        named = {
            name
            for unit in parsed.values()
            for key in keys
            for line in unit["Unit"].get(key, ())
            for name in line.split()
        }
        assert named <= ELSEWHERE | set(parsed), on


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
    on = written(placement=placement, ramalama={"enabled": True})
    off = written(placement=placement, ramalama={"enabled": service != "ramalama"})
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
