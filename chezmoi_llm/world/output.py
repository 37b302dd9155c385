"""``chezmoi-llm expand`` as templates run it: the document on standard output, and nothing else.

In mode output chezmoi starts it once for each template, so that it goes past the command line, as
the hook does: that takes half the time.
"""

from __future__ import annotations

import sys

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.expand import parts
from chezmoi_llm.formats import json_chunks
from chezmoi_llm.resolve import House
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.reading import Read, read
from chezmoi_llm.world.streams import say


class NeedsFilesError(CouldNotRunError):
    """The list asks for source files, and a template that runs this program cannot write any."""

    exit_code = Exit.PROBLEMS


def run() -> int:
    """Print the document and return the exit code; nothing is printed where the list has an error."""
    try:
        write(required(read(data="", folder="")).house)
    except CouldNotRunError as error:
        say(str(error))
        return error.exit_code
    return Exit.FINE


def required(stack: Read) -> Read:
    """Return a stack that templates can have in mode output; raises NeedsFilesError for another."""
    if stack.is_for_output and stack.house.unit_models:
        raise NeedsFilesError(
            "services.ramalama.units needs a file for each model, which no template can make; let the hook "
            "make them (chezmoi-llm init --mode hook), or commit them (chezmoi-llm init --mode commit)"
        )
    return stack


def write(house: House) -> None:
    """Write the document to standard output, on one line."""
    output = sys.stdout.buffer
    for chunk in json_chunks(parts(house)):
        output.write(chunk.encode())
    output.flush()
