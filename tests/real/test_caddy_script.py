"""The script that lets Caddy read its sites again, run by the real chezmoi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import shipped, standins
from realprograms.scripts import Person, house, machine, said

pytestmark = pytest.mark.real("chezmoi")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with machine(tmp_path) as made:
        yield made


CADDYFILE = ".config/caddy/Caddyfile"


def caddy_lines(lines: list[str]) -> list[str]:
    return [line.removeprefix("reload-caddy: ") for line in lines if line.startswith("reload-caddy: ")]


RELOAD = ["--user reload-or-restart caddy.service"]


def test_caddy_reads_its_files_again_when_they_have_changed(person):
    person.systemd("caddy.service")
    assert caddy_lines(person.apply(house())) == []
    assert person.asked("caddy") == RELOAD
    person.forget()
    person.apply(house())
    assert person.asked("caddy") == []
    person.apply(house(caddy={"ports": {"litellm": 10443}}))
    assert person.asked("caddy") == RELOAD


def test_a_caddy_that_serves_our_sites_alone_is_stopped_with_them_and_starts_with_them(person):
    unit = "ExecStart=/usr/bin/caddy run --config %h/.config/caddy/Caddyfile\n"
    person.systemd("caddy.service", **{"cat caddy.service": (0, unit)})
    person.apply(house())
    person.forget()
    person.apply(house(caddy={"enabled": False}))
    assert person.asked("caddy") == ["--user stop caddy.service"]
    person.systemd(**{"is-enabled caddy.service": (0, "enabled\n")})
    person.forget()
    person.apply(house())
    assert person.asked("caddy") == RELOAD


def test_a_caddy_with_other_sites_reads_its_files_again_without_ours(person):
    person.systemd("caddy.service")
    person.home.write({"dot_config/caddy/Caddyfile": "import conf.d/*.caddy\n"})
    shipped.put(person.home, house(), "Caddyfile.tmpl")
    said(person.home.apply())
    person.forget()
    shipped.put(person.home, house(caddy={"enabled": False}), "Caddyfile.tmpl")
    said(person.home.apply())
    assert (person.home.path / CADDYFILE).exists()
    assert person.asked("caddy") == RELOAD


def test_a_caddy_that_reads_another_file_is_left_alone(person):
    person.systemd("caddy.service", **{"cat caddy.service": (0, "ExecStart=/usr/bin/caddy run\n")})
    person.apply(house())
    person.forget()
    person.apply(house(caddy={"enabled": False}))
    assert person.asked("caddy") == []


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
def test_where_caddy_is_no_service_the_person_is_told(person, program, line):
    if program:
        standins.record(person.home.bin, person.log, program)
    assert caddy_lines(person.apply(house())) == [line]
    assert person.asked("caddy") == []
