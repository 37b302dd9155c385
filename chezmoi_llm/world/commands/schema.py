"""``chezmoi-llm schema``: the contracts, for editors and other programs."""

from __future__ import annotations

import json

import click

from chezmoi_llm import schema
from chezmoi_llm.resources import schema_text
from chezmoi_llm.schema.lookup import ENTRIES


@click.command("schema")
@click.argument("name", type=click.Choice(["spec", "expanded", *ENTRIES]))
def command(name: str) -> None:
    """Print a JSON Schema: of what you write (spec), or of what templates read (expanded).

    And of the files in a model store: store_local and store_cloud.

    Example: chezmoi-llm schema spec > ~/.local/share/chezmoi/.llm/spec.schema.json
    """
    click.echo(bundled(name) if name in ENTRIES else schema_text(name), nl=False)


def bundled(name: str) -> str:
    """Return the text of a schema together with those that it refers to, since editors know no others.

    JSON Schema finds a schema that lies in the definitions of another by its ``$id``.
    """
    others = [other for other in ("spec", *ENTRIES) if other != name]
    whole = schema.load(name)
    definitions = {**whole.get("$defs", {}), **{other: schema.load(other) for other in others}}
    return f"{json.dumps({**whole, '$defs': definitions}, ensure_ascii=False, indent=2)}\n"
