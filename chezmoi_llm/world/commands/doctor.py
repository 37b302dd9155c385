"""``chezmoi-llm doctor``: what to look at when it does not work, and the one thing to do about each."""

from __future__ import annotations

import json

import click

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.health import Result, examine, table
from chezmoi_llm.world import health
from chezmoi_llm.world.commands.options import source_option


@click.command("doctor")
@source_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(source: str, *, as_json: bool) -> int:
    """Look for what keeps the stack from working, and say what to do about it.

    Looks at this program, chezmoi, the source folder, Podman, systemd and the services. It changes
    nothing, renders no template, and uses no network.

    Example: chezmoi-llm doctor
    """
    rows = examine(health.facts(source))
    if as_json:
        click.echo(json.dumps(table.as_data(rows), ensure_ascii=False, indent=2))
    else:
        for line in table.lines(rows):
            click.echo(line)
    is_sick = any(row.result is Result.ERROR for row in rows)
    return Exit.PROBLEMS if is_sick else Exit.FINE
