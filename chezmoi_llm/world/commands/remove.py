"""``chezmoi-llm remove``: models leave the list."""

from __future__ import annotations

from typing import Any

import click

from chezmoi_llm.editing.removing import remove
from chezmoi_llm.world.editing import asked, carry_out, complete_names, editing_options, for_each


@click.command("remove")
@click.argument("names", nargs=-1, required=True, shell_complete=complete_names)
@editing_options
def command(names: tuple[str, ...], **options: Any) -> int:
    """Remove the models NAMES, with the roles, groups and fallbacks that name them.

    Example: chezmoi-llm remove qwen3-8b
    """
    return carry_out(asked(options), for_each(names, remove))
