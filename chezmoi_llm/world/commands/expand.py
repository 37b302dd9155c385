"""``chezmoi-llm expand``: the document that templates read as ``.llm``."""

from __future__ import annotations

import click

from chezmoi_llm.world import output
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.reading import read


@click.command("expand")
@input_options
@click.option("--pretty", is_flag=True, help="Indent the document, for people.")
@click.option("--write", is_flag=True, help="Write llm.json to be committed, for machines without Python.")
def command(data: str, source: str, *, pretty: bool, write: bool) -> None:
    """Print the document that templates read as .llm, on one line.

    Nothing else reaches standard output, and nothing at all where the list has an error.

    Example: chezmoi-llm expand | jq '.local_models[].cmd'
    """
    if write:
        from chezmoi_llm.world.frozen import write_frozen  # noqa: PLC0415  only for this option

        write_frozen(source)
        return
    stack = output.required(read(data=data, folder=source))
    if pretty:
        import json  # noqa: PLC0415  only for this option

        click.echo(json.dumps(stack.document, ensure_ascii=False, indent=2))
        return
    output.write(stack.house)
