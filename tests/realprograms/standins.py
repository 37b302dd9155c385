"""Puts stand-ins, and programs that only write down how they were called, on a PATH."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Answer: TypeAlias = tuple[int, str]
"""An exit code and what is printed."""

WORKING = ("running", "degraded")
"""States of a service manager that takes orders."""

SCRIPTS = Path(__file__).resolve().parent.parent / "standins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a program was called."""

    program: str
    args: tuple[str, ...]
    env: Mapping[str, str]


def install(folder: Path, name: str, *, called: str = "", **settings: str) -> Path:
    """Put a stand-in into a folder of PATH, as ``called`` where it takes another program's place.

    ``settings`` are the variables that it reads; they are fixed here, since the programs between a
    test and its stand-in need not hand on their environment.
    """
    lines = [f"export {key}={shlex.quote(value)}" for key, value in settings.items()]
    words = shlex.join([sys.executable, str(SCRIPTS / name)])
    program = folder / (called or name)
    program.unlink(missing_ok=True)
    program.write_text("\n".join(["#!/bin/sh", *lines, f'exec {words} "$@"', ""]), encoding="utf-8")
    program.chmod(0o755)
    return program


def record(folder: Path, log: Path, *names: str, answers: Mapping[str, Answer] | None = None) -> None:
    """Put a program that writes its calls to ``log`` in the place of each named program.

    ``answers`` has exit code and output for calls that begin with those words, options left out;
    another call succeeds and prints nothing.
    """
    settings = {"RECORDER_LOG": str(log), "RECORDER_ANSWERS": json.dumps(answers or {})}
    for name in names:
        install(folder, "recorder", called=name, RECORDER_NAME=name, **settings)


def record_systemd(
    folder: Path, log: Path, *, manager: str = "running", linger: bool = True, active: Sequence[str] = ()
) -> None:
    """Put recording ``systemctl`` and ``loginctl`` in place, for a user manager in that state.

    ``active`` are the units that run.
    """
    systemctl: dict[str, Answer] = {f"is-active {unit}": (0, "active\n") for unit in active}
    systemctl["is-active"] = (3, "inactive\n")
    systemctl["is-system-running"] = (0 if manager in WORKING else 1, f"{manager}\n")
    record(folder, log, "systemctl", answers=systemctl)
    record(folder, log, "loginctl", answers={"show-user": (0, f"Linger={'yes' if linger else 'no'}\n")})


def calls(log: Path, program: str = "") -> list[Call]:
    """Return the calls that a log holds, oldest first, of one program or of all."""
    if not log.exists():
        return []
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    found = [Call(program=e["program"], args=tuple(e["args"]), env=e.get("env", {})) for e in entries]
    return [call for call in found if program in ("", call.program)]
