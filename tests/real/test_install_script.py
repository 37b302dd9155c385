"""The script that installs RamaLama, run by the real chezmoi; what installs is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import standins
from realprograms.scripts import Person, house, machine

pytestmark = pytest.mark.real("chezmoi")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with machine(tmp_path) as made:
        yield made


INSTALL = house(ramalama={"install": True})
WAYS = [
    "install-ramalama: RamaLama is not installed; one of these does it:",
    "install-ramalama:   uv tool install ramalama",
    "install-ramalama:   pipx install ramalama",
]


def installation(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("install-ramalama")]


def installers(person: Person, *names: str, **answers: tuple[int, str]) -> None:
    standins.record(person.home.bin, person.log, *names, answers=answers)


def test_ramalama_is_installed_only_where_the_person_says_so(person):
    installers(person, "uv", "sudo", "dnf")
    assert installation(person.apply(house())) == []
    assert person.calls("uv") == person.calls("sudo") == []


def test_where_it_is_there_nothing_is_said(person):
    installers(person, "ramalama", "uv")
    assert installation(person.apply(INSTALL)) == []
    assert person.calls("uv") == []


def test_where_it_is_there_for_this_person_alone_nothing_is_said(person):
    own = person.home.path / ".local/bin"
    own.mkdir(parents=True)
    standins.record(own, person.log, "ramalama")
    assert installation(person.apply(INSTALL)) == []


@pytest.mark.parametrize(
    ("present", "ran"),
    [
        (("brew", "uv", "pipx"), "brew install ramalama"),
        (("uv", "pipx"), "uv tool install ramalama"),
        (("pipx",), "pipx install ramalama"),
        (("dnf", "uv"), "uv tool install ramalama"),
    ],
    ids=["brew", "uv", "pipx", "dnf without sudo"],
)
def test_the_first_program_that_can_install_it_does(person, present, ran):
    installers(person, *present)
    assert installation(person.apply(INSTALL)) == [f"install-ramalama: installing RamaLama: {ran}"]
    calls = [f"{call.program} {' '.join(call.args)}" for call in standins.calls(person.log)]
    assert [call for call in calls if call.split()[0] in ("dnf", "brew", "uv", "pipx")] == [ran]


def test_the_package_of_the_system_comes_first_where_no_password_is_asked(person):
    installers(person, "sudo", "dnf", "uv")
    person.apply(INSTALL)
    assert person.calls("sudo") == ["-n test -w /usr", "-n dnf install -y ramalama"]
    assert person.calls("uv") == []


ATOMIC = [
    "install-ramalama: RamaLama is not installed; one of these does it:",
    "install-ramalama:   rpm-ostree install ramalama    # from the next start of the machine on",
    *WAYS[1:],
]


@pytest.mark.parametrize("password", [True, False], ids=["sudo asks", "/usr cannot be written"])
def test_where_the_system_cannot_be_changed_it_is_not(person, password):
    answer = (1, "sudo: a password is required\n" if password else "")
    installers(person, "sudo", "dnf", "rpm-ostree", test=answer)
    assert installation(person.apply(INSTALL)) == ATOMIC
    assert person.calls("sudo") == ["-n test -w /usr"]
    assert person.calls("rpm-ostree") == []


def test_what_fails_is_told_and_the_next_is_tried(person):
    installers(person, "sudo", "dnf", test=(0, ""), dnf=(1, ""))
    installers(person, "uv", **{"tool install ramalama": (1, "")})
    assert installation(person.apply(INSTALL)) == [
        "install-ramalama: installing RamaLama: sudo -n dnf install -y ramalama",
        "install-ramalama: sudo could not install RamaLama",
        "install-ramalama: installing RamaLama: uv tool install ramalama",
        "install-ramalama: uv could not install RamaLama",
        WAYS[0],
        "install-ramalama:   sudo dnf install ramalama",
        *WAYS[1:],
    ]


def test_a_program_that_could_install_it_appears_later(person):
    assert installation(person.apply(INSTALL)) == WAYS
    assert installation(person.apply(INSTALL)) == []
    installers(person, "uv")
    person.apply(INSTALL)
    assert person.calls("uv") == ["tool install ramalama"]
