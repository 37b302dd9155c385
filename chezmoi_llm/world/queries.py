"""Asks another program a question that it may leave unanswered."""

from __future__ import annotations

import os
import subprocess

PATIENCE_SECONDS = 20
"""How long an answer may take."""


def answer(*argv: str, seconds: float = PATIENCE_SECONDS) -> str | None:
    """Return what a program prints, without blanks around it; None where it is missing, slow or fails."""
    try:
        asked = subprocess.run(
            argv,
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return os.fsdecode(asked.stdout).strip()


def podman_secrets(seconds: float = PATIENCE_SECONDS) -> frozenset[str] | None:
    """Return the names of Podman's secrets, or None where there is no Podman to ask."""
    names = answer("podman", "secret", "ls", "--format", "{{.Name}}", seconds=seconds)
    return None if names is None else frozenset(names.split())
