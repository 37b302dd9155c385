"""What ``doctor`` has found on a machine, before anybody judges it.

Paths of files are as a person names them, with ``~`` for the home.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from chezmoi_llm.health.stack import Stack
from chezmoi_llm.scaffold.changes import Skip
from chezmoi_llm.scaffold.starter import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """The program that chezmoi would start; ``version`` is empty where it does not say."""

    path: str
    is_this: bool
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The program that is asked, the one that chezmoi would start, and chezmoi.

    ``path`` is empty where it was not started by a file of its own. ``chezmoi`` is a path, and
    ``chezmoi_says`` what that prints of its version; both may be empty.
    """

    version: str
    python: str
    path: str = ""
    helper: Helper | None = None
    chezmoi: str = ""
    chezmoi_says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Our hook: where it is declared, and its script.

    ``in_config`` is None where nobody knows what the config file says. ``changed`` are the files that
    are not as in the last full run without an error, which was at ``last_run``: empty for never, None
    where there is no place to look.
    """

    in_template: bool = True
    in_config: bool | None = True
    has_script: bool = True
    is_edited: bool = False
    last_run: str | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Our data file. ``error`` is what it says instead of a list, ``outdated`` why it is not the list's.

    ``is_exposed``: git does not track it, and would take it with all else.
    """

    is_there: bool = True
    error: str = ""
    outdated: str = ""
    is_tracked: bool = False
    is_exposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What ``check`` finds, as numbers; ``unreadable`` is why it could not look."""

    errors: int = 0
    warnings: int = 0
    unreadable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dotfiles:
    """A source folder, and what chezmoi says of it.

    ``template`` is the path of the config template and ``config_file`` that of the config file, empty
    for none. ``trouble`` is what keeps chezmoi from reading either, ``disorder`` what it has against
    the names in the folder. ``mode`` is None where nothing of ours is there. ``files`` is the number of
    our files, ``older`` that of those from an older release; ``targets`` are the paths below the home
    that the folder makes.
    """

    folder: str
    is_there: bool = True
    template: str = ""
    config_file: str = ""
    trouble: str = ""
    disorder: str = ""
    mode: Mode | None = None
    hook: Hook = field(default_factory=Hook)
    document: Document = field(default_factory=Document)
    findings: Findings = field(default_factory=Findings)
    files: int = 0
    older: int = 0
    clashes: tuple[Skip, ...] = ()
    targets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What systemd says of a unit, in its own words: LoadState, ActiveState and SubState."""

    load: str
    active: str
    sub: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Podman:
    """Podman: what it says of its version, and the names of its secrets, None where it does not answer."""

    says: str
    secrets: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine that the stack is to run on, as far as the stack needs it.

    ``units`` is None where this person has no systemd to talk to, ``lingers`` where nobody can tell.
    ``deployed`` are the unit files that are there, by path below the home. ``keys`` are the names in
    the file that llama-swap on the host reads its keys from. ``listening`` are ports of this machine.
    ``caddyfiles`` holds what Caddy may read, by path. ``found`` are the programs that are where they
    are looked for. ``llama_swap`` is where PATH has llama-swap, empty where it has none.
    """

    is_linux: bool = True
    podman: Podman | None = None
    units: Mapping[str, Unit] | None = None
    lingers: bool | None = None
    deployed: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    listening: frozenset[int] = frozenset()
    caddyfiles: Mapping[str, str] = field(default_factory=dict)
    found: frozenset[str] = frozenset()
    llama_swap: str = ""
    is_selinux_enforcing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it; ``named`` is the source folder that the command line names, if it does.

    ``stack`` is None where no list without errors is known, and then nobody looks at the machine.
    """

    programs: Programs
    dotfiles: Dotfiles
    stack: Stack | None = None
    machine: Machine = field(default_factory=Machine)
    named: str = ""

    def at(self, command: str) -> str:
        """Return a command line with the source folder that it is for."""
        return f"{command} --source {shlex.quote(self.named)}" if self.named else command
