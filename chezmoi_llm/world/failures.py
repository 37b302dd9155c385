"""What stops a command that is not the fault of the input."""

from __future__ import annotations

from chezmoi_llm.diagnostics import Exit


class CouldNotRunError(Exception):
    """A file or program that the command needs is missing or refuses; one sentence says which."""

    exit_code = Exit.COULD_NOT_RUN
