"""What a generated unit asks Podman for: the arguments of its ``podman run``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from realprograms import quadlet
from realprograms.chezmoi import Home

UNITS = ".config/containers/systemd"


def generated(home: Home) -> quadlet.Generated:
    """Run the generator on the deployed units; it must find nothing to complain about."""
    done = quadlet.generate(home.path / UNITS)
    assert (done.returncode, done.stderr) == (0, "")
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The arguments of a ``podman run`` as systemd hands them over."""

    argv: Sequence[str]
    image: str

    def values(self, *options: str) -> list[str]:
        """Return the values of an option, given after it or with ``=``, under any of its names."""
        after = [value for name, value in itertools.pairwise(self.argv) if name in options]
        joined = [word.partition("=") for word in self.argv]
        return after + [value for name, equals, value in joined if equals and name in options]

    def env(self) -> dict[str, str]:
        """Return the variables that are given one by one."""
        return {name: value for name, _, value in (word.partition("=") for word in self.values("--env"))}

    def command(self) -> list[str]:
        """Return what the container runs: everything after its image."""
        return list(self.argv[self.argv.index(self.image) + 1 :])


def run_of(home: Home, service: str, image: str) -> Run:
    """Return what the unit of a deployed service asks for."""
    return Run(argv=generated(home).exec_start(service), image=image)


def units(home: Home) -> set[str]:
    """Return the names of the unit files that are there, with those of plain services."""
    folders = (home.path / UNITS, home.path / ".config/systemd/user")
    return {file.name for folder in folders for file in Path(folder).rglob("*") if file.is_file()}
