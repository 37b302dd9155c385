"""Reading files and writing to the terminal."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from chezmoi_llm.world.failures import CouldNotRunError

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a file that is read."""


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``."""
    if path == "-":
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CouldNotRunError(f"{path}: {error.strerror}") from error


def is_coloured(stream: TextIO) -> bool:
    """Say whether to colour: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
