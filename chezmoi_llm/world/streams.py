"""Reading files and writing to the terminal."""

from __future__ import annotations

import errno
import os
import sys
from typing import TextIO

from chezmoi_llm.showing.words import visible
from chezmoi_llm.world import files
from chezmoi_llm.world.failures import CouldNotRunError, explaining


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``.

    Raises CouldNotRunError, without waiting, for what is no file or too large.
    """
    if path == "-":
        return _from_stdin()
    with explaining(path):
        data = files.read(path)
    if data is None:
        raise CouldNotRunError(f"{path}: {os.strerror(errno.ENOENT)}")
    return data


def _from_stdin() -> bytes:
    data = sys.stdin.buffer.read(files.LARGEST + 1)
    if len(data) > files.LARGEST:
        raise CouldNotRunError(f"standard input: it has more bytes than the limit of {files.LARGEST}")
    return data


def is_coloured(stream: TextIO) -> bool:
    """Say whether to colour: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(words: str) -> None:
    """Write a sentence of this program to standard error, where it disturbs no output."""
    sys.stderr.write(f"chezmoi-llm: {visible(words)}\n")
