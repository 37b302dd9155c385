"""Reads an environment file as ``podman run --env-file`` does. Source: Podman, pkg/env/env.go."""

from __future__ import annotations

LONGEST_LINE = 65_536
"""Go's ``bufio.Scanner`` gives up at a line of that length."""


def read(text: str) -> dict[str, str]:
    """Return the variables of a file: a value is all that follows the first ``=``, as it stands."""
    variables = {}
    for line in text.split("\n"):
        if len(line.encode()) >= LONGEST_LINE:
            raise ValueError("token too long")
        stripped = line.removesuffix("\r").lstrip(" \t")
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.partition("=")
        if not name or not equals:
            raise ValueError(f"taken from whoever runs podman: {line!r}")
        variables[name] = value
    return variables
