"""Writes down how a stand-in was called."""

from __future__ import annotations

import json
import os
from typing import Any


def write_down(log: str, program: str, args: list[str], **more: Any) -> None:
    """Append one line of JSON: program, args and what else is given.

    It is one write to a file opened for appending, so that calls at the same time do not mix.
    """
    line = json.dumps({"program": program, "args": args, **more}) + "\n"
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
