"""What stops a command that is not the fault of the input."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from chezmoi_llm.diagnostics import Exit


class CouldNotRunError(Exception):
    """A file or program that the command needs is missing or refuses; one sentence says which."""

    exit_code = Exit.COULD_NOT_RUN


def sentence(error: OSError, path: str = "") -> str:
    """Return what the system says against a file, which ``path`` may name as a person knows it."""
    name = path or error.filename
    return f"{name}: {error.strerror}" if name else str(error)


@contextlib.contextmanager
def explaining(path: str = "", *, then: str = "") -> Iterator[None]:
    """Raise CouldNotRunError for what the system says against a file; ``then`` ends the sentence."""
    try:
        yield
    except OSError as error:
        raise CouldNotRunError(f"{sentence(error, path)}{then}") from error
