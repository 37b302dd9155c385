"""``chezmoi-llm secrets``: names of secrets, who reads them, and how to make the missing ones."""

from __future__ import annotations

import json

import click

from chezmoi_llm import __version__
from chezmoi_llm.views import secret_report
from chezmoi_llm.world import queries
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.reading import read


@click.command("secrets")
@input_options
@click.option("--json", "as_json", is_flag=True, help="Print the names as JSON, for another program.")
def command(data: str, source: str, *, as_json: bool) -> None:
    """Show which secrets the stack needs, who reads them, and which are missing.

    Only names are ever asked for and shown, never a value.

    Example: chezmoi-llm secrets
    """
    house = read(data=data, folder=source).house
    if as_json:
        click.echo(json.dumps(secret_report.required(house, __version__), indent=2))
        return
    lines = secret_report.lines(house.secrets, queries.podman_secrets())
    if not lines:
        click.echo("the stack needs no secrets")
        return
    width = max(len(line.secret.name) for line in lines)
    for line in lines:
        users = ", ".join(line.secret.used_by)
        click.echo(f"{line.secret.name.ljust(width)}  {line.state:<7}  {line.secret.env}, read by {users}")
    missing = [line.secret for line in lines if not line.is_there]
    if missing:
        click.echo("\nto make what is missing (the first chezmoi apply makes those of the stack itself):")
        for secret in missing:
            click.echo(f"  {secret_report.how_to_make(secret, house.placement)}")
        click.echo("\nthen start what waits for it:")
        click.echo(f"  systemctl --user restart {' '.join(secret_report.waiting(missing, house))}")
