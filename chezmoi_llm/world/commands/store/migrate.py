"""``chezmoi-llm store migrate``: what replaces deprecated models, put in their place."""

from __future__ import annotations

from typing import Any

import click

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.editing import migrating
from chezmoi_llm.world.editing import (
    asked,
    carry_out,
    complete_names,
    editing_options,
    for_each,
    read_page,
)


@click.command("migrate")
@click.argument("names", nargs=-1, shell_complete=complete_names)
@click.option("--keep-name", is_flag=True, help="Keep the old name as an alias of the new model.")
@editing_options
def migrate(names: tuple[str, ...], *, keep_name: bool, **options: Any) -> int:
    """Put what replaces deprecated models in their place.

    All of them where NAMES are left out. Roles, groups, preload lists and fallbacks follow.

    Example: chezmoi-llm store migrate --dry-run
    """
    what = asked(options)
    wanted = names or migrating.outdated(read_page(what))
    if not wanted:
        click.echo("nothing in the list is to be replaced", err=True)
        return Exit.FINE
    return carry_out(what, for_each(wanted, migrating.migrate, keep_name=keep_name))
