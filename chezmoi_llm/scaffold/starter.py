"""The config template of a new folder: the shipped one, made fit for a machine and a mode."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Mode(StrEnum):
    """How the document reaches the templates."""

    HOOK = "hook"
    OUTPUT = "output"
    COMMIT = "commit"


_ACCELERATOR: Final = re.compile(rb"^( *accelerator: )\w+( *)(?=#|$)", re.MULTILINE)
_HOOK: Final = re.compile(rb"\n# Runs before chezmoi reads .*?# \{\{ end \}\}\n", re.DOTALL)


def starter(shipped: bytes, *, accelerator: str, mode: Mode) -> bytes:
    """Return the starter; the hook is declared in the mode of that name only."""
    text = _ACCELERATOR.sub(lambda line: _aligned(line, accelerator.encode()), shipped, count=1)
    return text if mode is Mode.HOOK else _HOOK.sub(b"", text)


def _aligned(line: re.Match[bytes], word: bytes) -> bytes:
    """Return the line with another word, and its comment where it was."""
    return line[1] + word.ljust(len(line[0]) - len(line[1]))
