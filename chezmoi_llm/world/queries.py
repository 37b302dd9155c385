"""Asks another program a question that it may leave unanswered."""

from __future__ import annotations

import subprocess

PATIENCE_SECONDS = 20
"""How long an answer may take."""


def answer(*argv: str) -> str | None:
    """Return what a program prints, without blanks around it; None where it is missing or fails."""
    try:
        asked = subprocess.run(
            argv,
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return asked.stdout.strip()
