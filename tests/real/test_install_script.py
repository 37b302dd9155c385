"""The script that installs RamaLama, run by the real chezmoi; what installs is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import standins
from realprograms.scripts import RecordedMachine, recorded_machine, written

pytestmark = pytest.mark.real("chezmoi")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[RecordedMachine]:
    with recorded_machine(tmp_path) as made:
        yield made


INSTALL = written(ramalama={"install": True})
WAYS = [
    "install-ramalama: RamaLama is not installed; one of these does it:",
    "install-ramalama:   uv tool install ramalama",
    "install-ramalama:   pipx install ramalama",
]


def installation(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("install-ramalama")]


def installers(machine: RecordedMachine, *names: str, **answers: tuple[int, str]) -> None:
    standins.record(machine.home.bin, machine.log, *names, answers=answers)


def test_ramalama_is_installed_only_where_the_person_says_so(machine):
    installers(machine, "uv", "sudo", "dnf")
    assert installation(machine.apply(written())) == []
    assert machine.calls("uv") == machine.calls("sudo") == []


def test_where_it_is_there_nothing_is_said(machine):
    installers(machine, "ramalama", "uv")
    assert installation(machine.apply(INSTALL)) == []
    assert machine.calls("uv") == []


def test_where_it_is_there_for_this_person_alone_nothing_is_said(machine):
    own = machine.home.path / ".local/bin"
    own.mkdir(parents=True)
    standins.record(own, machine.log, "ramalama")
    assert installation(machine.apply(INSTALL)) == []


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
def test_the_first_program_that_can_install_it_does(machine, present, ran):
    installers(machine, *present)
    assert installation(machine.apply(INSTALL)) == [f"install-ramalama: installing RamaLama: {ran}"]
    calls = [f"{call.program} {' '.join(call.args)}" for call in standins.calls(machine.log)]
    assert [call for call in calls if call.split()[0] in ("dnf", "brew", "uv", "pipx")] == [ran]


def test_the_package_of_the_system_comes_first_where_no_password_is_asked(machine):
    installers(machine, "sudo", "dnf", "uv")
    machine.apply(INSTALL)
    assert machine.calls("sudo") == ["-n test -w /usr", "-n dnf install -y ramalama"]
    assert machine.calls("uv") == []


ATOMIC = [
    "install-ramalama: RamaLama is not installed; one of these does it:",
    "install-ramalama:   rpm-ostree install ramalama    # from the next start of the machine on",
    *WAYS[1:],
]


@pytest.mark.parametrize("password", [True, False], ids=["sudo asks", "/usr cannot be written"])
def test_where_the_system_cannot_be_changed_it_is_not(machine, password):
    answer = (1, "sudo: a password is required\n" if password else "")
    installers(machine, "sudo", "dnf", "rpm-ostree", test=answer)
    assert installation(machine.apply(INSTALL)) == ATOMIC
    assert machine.calls("sudo") == ["-n test -w /usr"]
    assert machine.calls("rpm-ostree") == []


def test_what_fails_is_told_and_the_next_is_tried(machine):
    installers(machine, "sudo", "dnf", test=(0, ""), dnf=(1, ""))
    installers(machine, "uv", **{"tool install ramalama": (1, "")})
    assert installation(machine.apply(INSTALL)) == [
        "install-ramalama: installing RamaLama: sudo -n dnf install -y ramalama",
        "install-ramalama: sudo could not install RamaLama",
        "install-ramalama: installing RamaLama: uv tool install ramalama",
        "install-ramalama: uv could not install RamaLama",
        WAYS[0],
        "install-ramalama:   sudo dnf install ramalama",
        *WAYS[1:],
    ]


def test_a_program_that_could_install_it_appears_later(machine):
    assert installation(machine.apply(INSTALL)) == WAYS
    assert installation(machine.apply(INSTALL)) == []
    installers(machine, "uv")
    machine.apply(INSTALL)
    assert machine.calls("uv") == ["tool install ramalama"]
