"""Asks the real RamaLama what it would run, and what it reads in its configuration files."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
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


class Refused(Exception):  # noqa: N818 - RamaLama's verdict, not a fault of the test
    """RamaLama ended with an error; the text is its message."""


def dry_run(args: Sequence[str], *, folder: Path, **env: str) -> list[str]:
    """Return the ``podman run`` that RamaLama would run for its arguments, such as ``serve ... URI``.

    Neither the model nor podman has to be there. ``folder`` is scratch space; ``env`` adds variables.
    """
    output = _ran([sys.executable, "-c", _DRY_RUN, *args], folder, env)
    argv: list[str] = json.loads(output.splitlines()[-1])
    return argv


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
    standins.record(path, folder / "calls.jsonl", "podman", answers={"info": (0, "{}")})
    done = programs.run(argv, env=programs.environment(folder, path=path) | env, cwd=folder)
    if done.returncode:
        raise Refused(done.stderr)
    return done.stdout
