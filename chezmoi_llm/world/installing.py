"""Says how an optional package is installed where this program runs from."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.metadata import requires


def command(package: str) -> str:
    """Return the command line that adds an optional package of ours to the environment in use.

    pipx and uv leave a file at the root of the environments that they make; in these, pip is not to be
    called, or not even there.
    """
    wanted = shlex.quote(_requirement(package))
    if _has("pipx_metadata.json"):
        return f"pipx inject chezmoi-llm {wanted}"
    if _has("uv-receipt.toml"):
        return f"uv pip install --python {shlex.quote(sys.prefix)} {wanted}"
    return f"{shlex.quote(sys.executable)} -m pip install {wanted}"


def _has(name: str) -> bool:
    return os.path.isfile(os.path.join(sys.prefix, name))


def _requirement(package: str) -> str:
    """Return the package with the versions that go together with this release."""
    ours = requires("chezmoi-llm") or []
    return next((one.partition(";")[0].strip() for one in ours if one.startswith(package)), package)
