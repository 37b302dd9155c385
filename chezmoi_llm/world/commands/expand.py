"""``chezmoi-llm expand``: the document that templates read as ``.llm``."""

from __future__ import annotations

import sys

import click

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.expand import parts
from chezmoi_llm.formats import json_chunks
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.reading import input_options, read


class NeedsFilesError(CouldNotRunError):
    """The list asks for source files, and a template that runs this program cannot write any."""

    exit_code = Exit.PROBLEMS


@click.command("expand")
@input_options
@click.option("--pretty", is_flag=True, help="Indent the document, for people.")
@click.option("--write", is_flag=True, help="Write llm.json to be committed, for machines without Python.")
def command(data: str, folder: str, *, pretty: bool, write: bool) -> None:
    """Print the document that templates read as .llm, on one line.

    Nothing else reaches standard output, and nothing at all where the list has an error.

    Example: chezmoi-llm expand | jq '.local_models[].cmd'
    """
    if write:
        from chezmoi_llm.world.frozen import write_frozen  # noqa: PLC0415  only for this option

        write_frozen(folder)
        return
    stack = read(data=data, folder=folder)
    if stack.is_for_output and stack.house.unit_models:
        raise NeedsFilesError(
            "services.ramalama.units needs a file for each model, which no template can make; let the hook "
            "make them (chezmoi-llm init --mode hook), or commit them (chezmoi-llm init --mode commit)"
        )
    if pretty:
        import json  # noqa: PLC0415  only for this option

        click.echo(json.dumps(stack.document, ensure_ascii=False, indent=2))
        return
    output = sys.stdout.buffer
    for chunk in json_chunks(parts(stack.house)):
        output.write(chunk.encode())
    output.flush()
