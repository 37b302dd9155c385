"""``chezmoi-llm list``: the models and where they run."""

from __future__ import annotations

import json
import shutil
import sys

import click

from chezmoi_llm.views import listing
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.reading import read
from chezmoi_llm.world.streams import is_coloured


@click.command("list")
@input_options
@click.option("--all", "all_", is_flag=True, help="Show disabled models as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(data: str, source: str, *, all_: bool, as_json: bool) -> None:
    """Show every model: what it is for, its context and memory, and where it runs.

    On a narrow terminal the columns that matter least are left out.

    Example: chezmoi-llm list --all
    """
    stack = read(data=data, folder=source)
    rows = listing.rows(stack.spec, stack.house, with_disabled=all_)
    if as_json:
        click.echo(json.dumps([listing.as_data(row) for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("no models; to add one: chezmoi-llm add qwen3-8b ollama://qwen3:8b")
        return
    if not stack.house.settings.enabled:
        click.echo("llm_stack is switched off (enabled: false): nothing of this runs\n")
    grey = is_coloured(sys.stdout)
    for line, is_enabled in listing.table(rows, shutil.get_terminal_size((0, 0)).columns):
        click.echo(line if is_enabled or not grey else click.style(line, dim=True))
    if any(row.chosen for row in rows):
        click.echo(f"\n  {listing.LEGEND}")
    steps = tuple(listing.next_steps(stack.house))
    if steps:
        click.echo()
    for line in steps:
        click.echo(f"  {line}")
