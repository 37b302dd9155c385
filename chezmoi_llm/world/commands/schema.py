"""``chezmoi-llm schema``: the contracts, for editors and other programs."""

from __future__ import annotations

import click

from chezmoi_llm.resources import schema_text


@click.command("schema")
@click.argument("name", type=click.Choice(["spec", "expanded"]))
def command(name: str) -> None:
    """Print a JSON Schema: of what you write (spec), or of what templates read (expanded).

    Example: chezmoi-llm schema spec > ~/.local/share/chezmoi/.llm/spec.schema.json
    """
    click.echo(schema_text(name), nl=False)
