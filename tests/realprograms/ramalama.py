"""Asks the real RamaLama what it would run, and what it reads in its configuration files."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realprograms import programs, standins

_DRY_RUN = """
import json, sys
import ramalama.engine
from ramalama.cli import main
ramalama.engine.dry_run = lambda argv: print(json.dumps([str(word) for word in argv]))
sys.argv = ["ramalama", "--dryrun", *sys.argv[1:]]
sys.exit(main())
"""
"""RamaLama's own printing leaves out empty arguments and does not escape quotes."""

_SHORTNAMES = """
import json
from ramalama.shortnames import Shortnames
known = Shortnames()
print(json.dumps([known.shortnames, known.config_sources]))
"""


URI = "the-uri"
"""Stands for the model's, behind the arguments that :func:`parsed` is asked about."""

_PARSED = """
import argparse, contextlib, io, json, sys
lists = json.loads(sys.argv[1])
sys.argv = ["ramalama"]
from ramalama.cli import get_parser

commands = next(one for one in get_parser()._actions if isinstance(one, argparse._SubParsersAction))
serve = commands.choices["serve"]

def models(words):
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            read = serve.parse_args([*words, "the-uri"]).MODEL
        except (SystemExit, ValueError):
            return None
    return [read] if isinstance(read, str) else read

options = {flag: one for one in serve._actions for flag in one.option_strings if flag.startswith("--")}
switches = [flag for flag, one in options.items() if one.nargs == 0]
print(json.dumps({"flags": [*options], "switches": switches, "models": [models(words) for words in lists]}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What RamaLama's parser of ``serve`` knows, and the models that it read in each argument list.

    None stands for a list that it refused.
    """

    flags: set[str]
    switches: set[str]
    models: list[list[str] | None]


class Refused(Exception):  # noqa: N818 - RamaLama's verdict, not a fault of the test
    """RamaLama ended with an error; the text is its message."""


def dry_run(args: Sequence[str], *, folder: Path, **env: str) -> list[str]:
    """Return the ``podman run`` that RamaLama would run for its arguments, such as ``serve ... URI``.

    Neither the model nor podman has to be there. ``folder`` is scratch space; ``env`` adds variables.
    """
    output = _ran([sys.executable, "-c", _DRY_RUN, *args], folder, env)
    argv: list[str] = json.loads(output.splitlines()[-1])
    return argv


def quadlet(file: str, *args: str, folder: Path) -> str:
    """Return the unit that RamaLama writes for a model file and arguments of ``serve``."""
    store = ["--store", str(folder / "store")]
    program = [programs.located("ramalama"), *store]
    _ran([*program, "pull", f"file://{file}"], folder, {})
    _ran([*program, "serve", *args, "--generate", "quadlet", f"file://{file}"], folder, {})
    (unit,) = folder.glob("*.container")
    return unit.read_text(encoding="utf-8")


def parsed(lists: Sequence[Sequence[str]], *, folder: Path) -> Parsed:
    """Have RamaLama's own parser read argument lists of ``serve``, each with a model's URI behind it."""
    told = json.loads(_ran([sys.executable, "-c", _PARSED, json.dumps(lists)], folder, {}))
    return Parsed(flags=set(told["flags"]), switches=set(told["switches"]), models=told["models"])


def config(file: Path, *, folder: Path) -> dict[str, Any]:
    """Return the keys that RamaLama reads in a ramalama.conf; ``settings`` names the file it took."""
    output = _ran([programs.located("ramalama"), "info"], folder, {"RAMALAMA_CONFIG": str(file)})
    read: dict[str, Any] = json.loads(output)["Config"]
    return read


def shortnames(home: Path, *, folder: Path) -> dict[str, str]:
    """Return the short names that RamaLama reads in ``.config/ramalama/shortnames.conf`` of a home."""
    output = _ran(
        [sys.executable, "-c", _SHORTNAMES], folder, programs.private_folders(home) | {"HOME": str(home)}
    )
    names, sources = json.loads(output)
    own = (home / ".config/ramalama/shortnames.conf").resolve()
    return {name: names[name] for name, source in sources.items() if Path(source) == own}


def _ran(argv: Sequence[str], folder: Path, env: dict[str, str]) -> str:
    """Run with a podman that does nothing: without one on PATH RamaLama takes another engine, or none."""
    path = programs.toolbox(folder / "bin")
    standins.record(path, folder / "calls", "podman", answers={"info": (0, "{}")})
    done = programs.run(argv, env=programs.environment(folder, path=path) | env, cwd=folder)
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout
