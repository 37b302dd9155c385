"""Puts stand-ins, and programs that only write down how they were called, on a PATH."""

from __future__ import annotations

import itertools
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Answer: TypeAlias = tuple[int, str]
"""An exit code and what is printed."""

SCRIPTS = Path(__file__).resolve().parent.parent / "standins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """How a program was called."""

    pid: int
    program: str
    args: tuple[str, ...]


def install(folder: Path, name: str, *first: str, called: str = "", **settings: str) -> Path:
    """Put a stand-in into a folder of PATH, as ``called`` where it takes another program's place.

    ``settings`` are the variables that it reads; they are fixed here, since the programs between a
    test and its stand-in need not hand on their environment. ``first`` are lines of sh: what they
    can do without the stand-in, which is Python, takes a thirtieth of the time.
    """
    exports = [f"export {key}={shlex.quote(value)}" for key, value in settings.items()]
    return _write(folder / (called or name), *exports, *first, f'exec {_interpreted(name)} "$@"')


def _interpreted(name: str) -> str:
    return shlex.join([sys.executable, str(SCRIPTS / name)])


def _write(program: Path, *lines: str) -> Path:
    program.unlink(missing_ok=True)
    program.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    program.chmod(0o755)
    return program


def writing_down(name: str, log: Path) -> str:
    """Return the line of sh that appends a call to a log, in one write: calls at a time do not mix."""
    return f"""printf '%s\\0' "$$" {shlex.quote(name)} "$#" "$@" >>{shlex.quote(str(log))}"""


_ANSWERING = """\
words=
for word; do case $word in -*) ;; *) words="$words $word" ;; esac; done
case "$words " in
{answers}
esac
case " $* " in
*' --port '* | ' stop '*) exec {runner} {log} "$@" ;;
esac"""


def record(folder: Path, log: Path, *names: str, answers: Mapping[str, Answer] | None = None) -> None:
    """Put a program that writes its calls to ``log`` in the place of each named program.

    ``answers`` has exit code and output for calls that begin with those words, options left out.
    Another call that names a ``--port`` serves there until it is terminated, which ``stop`` does; yet
    another succeeds and prints nothing.
    """
    longest_first = sorted((answers or {}).items(), key=lambda pair: -len(pair[0]))
    answering = _ANSWERING.format(
        answers="\n".join(_answer(words, answer) for words, answer in longest_first),
        runner=_interpreted("runner"),
        log=shlex.quote(str(log)),
    )
    for name in names:
        _write(folder / name, writing_down(name, log), answering)


def _answer(words: str, answer: Answer) -> str:
    code, output = answer
    return f"{shlex.quote(f' {words} ')}*) printf %s {shlex.quote(output)}; exit {code} ;;"


def record_systemd(
    folder: Path,
    log: Path,
    *,
    linger: bool = True,
    running: Mapping[str, str] | None = None,
    **answers: Answer,
) -> None:
    """Put recording ``systemctl`` and ``loginctl`` in place.

    ``running`` maps the services that run to the files that systemd has them from. ``answers`` are to
    other questions and orders.
    """
    services = running or {}
    listed = "".join(f"{service} loaded active running x\n" for service in services)
    systemctl: dict[str, Answer] = {"list-units": (0, listed), "is-active": (3, ""), "is-enabled": (1, "")}
    systemctl |= {f"is-active {service}": (0, "") for service in services}
    systemctl |= {f"show {service}": (0, f"{file}\n") for service, file in services.items()}
    record(folder, log, "systemctl", answers=systemctl | answers)
    record(folder, log, "loginctl", answers={"show-user": (0, f"Linger={'yes' if linger else 'no'}\n")})


def orders(log: Path) -> list[str]:
    """Return what systemctl was told to do, oldest first; questions are left out."""
    questions = ("is-active", "is-enabled", "list-units", "show ", "cat ")
    calls_ = (" ".join(call.args) for call in calls(log, "systemctl"))
    return [call for call in calls_ if not any(word in call for word in questions)]


def calls(log: Path, program: str = "") -> list[Call]:
    """Return the calls that a log holds, oldest first, of one program or of all."""
    written = log.read_bytes() if log.exists() else b""
    words = iter(written.decode("utf-8", "surrogateescape").split("\0"))
    found = (_call(pid, words) for pid in words if pid)
    return [call for call in found if program in ("", call.program)]


def _call(pid: str, words: Iterator[str]) -> Call:
    program, count = next(words), int(next(words))
    return Call(pid=int(pid), program=program, args=tuple(itertools.islice(words, count)))


def environment(log: Path, call: Call) -> dict[str, str]:
    """Return the variables of a call that serves."""
    variables = log.with_name(f"{log.name}.{call.pid}").read_bytes().decode().rstrip("\0").split("\0")
    return dict(variable.partition("=")[::2] for variable in variables)
