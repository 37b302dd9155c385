"""The script that lets Caddy read its sites again, run by the real chezmoi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import shipped, standins
from realprograms.scripts import RecordedMachine, recorded_machine, said, written

pytestmark = pytest.mark.real("chezmoi")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[RecordedMachine]:
    with recorded_machine(tmp_path) as made:
        yield made


CADDYFILE = ".config/caddy/Caddyfile"


def caddy_lines(lines: list[str]) -> list[str]:
    return [line.removeprefix("reload-caddy: ") for line in lines if line.startswith("reload-caddy: ")]


RELOAD = ["--user reload-or-restart caddy.service"]


def test_caddy_reads_its_files_again_when_they_have_changed(machine):
    machine.systemd("caddy.service")
    assert caddy_lines(machine.apply(written())) == []
    assert machine.asked("caddy") == RELOAD
    machine.forget()
    machine.apply(written())
    assert machine.asked("caddy") == []
    machine.apply(written(caddy={"ports": {"litellm": 10443}}))
    assert machine.asked("caddy") == RELOAD


def test_a_caddy_that_serves_our_sites_alone_is_stopped_with_them_and_starts_with_them(machine):
    unit = "ExecStart=/usr/bin/caddy run --config %h/.config/caddy/Caddyfile\n"
    machine.systemd("caddy.service", **{"cat caddy.service": (0, unit)})
    machine.apply(written())
    machine.forget()
    machine.apply(written(caddy={"enabled": False}))
    assert machine.asked("caddy") == ["--user stop caddy.service"]
    machine.systemd(**{"is-enabled caddy.service": (0, "enabled\n")})
    machine.forget()
    machine.apply(written())
    assert machine.asked("caddy") == RELOAD


def test_a_caddy_with_other_sites_reads_its_files_again_without_ours(machine):
    machine.systemd("caddy.service")
    machine.home.write({"dot_config/caddy/Caddyfile": "import conf.d/*.caddy\n"})
    shipped.put(machine.home, written(), "Caddyfile.tmpl")
    said(machine.home.apply())
    machine.forget()
    shipped.put(machine.home, written(caddy={"enabled": False}), "Caddyfile.tmpl")
    said(machine.home.apply())
    assert (machine.home.path / CADDYFILE).exists()
    assert machine.asked("caddy") == RELOAD


def test_a_caddy_that_reads_another_file_is_left_alone(machine):
    machine.systemd("caddy.service", **{"cat caddy.service": (0, "ExecStart=/usr/bin/caddy run\n")})
    machine.apply(written())
    machine.forget()
    machine.apply(written(caddy={"enabled": False}))
    assert machine.asked("caddy") == []


@pytest.mark.parametrize(
    ("program", "line"),
    [
        (
            "caddy",
            "Caddy is no service of yours; where it runs: caddy reload --config ~/.config/caddy/Caddyfile",
        ),
        ("", "no caddy: the https urls work when there is one"),
    ],
    ids=["no service", "no program"],
)
def test_where_caddy_is_no_service_the_person_is_told(machine, program, line):
    if program:
        standins.record(machine.home.bin, machine.log, program)
    assert caddy_lines(machine.apply(written())) == [line]
    assert machine.asked("caddy") == []
