"""``chezmoi-llm enable``: models that were disabled come back."""

from __future__ import annotations

from typing import Any

import click

from chezmoi_llm.editing.assigning import switch
from chezmoi_llm.world.editing import asked, carry_out, complete_names, editing_options, for_each


@click.command("enable")
@click.argument("names", nargs=-1, required=True, shell_complete=complete_names)
@editing_options
def command(names: tuple[str, ...], **options: Any) -> int:
    """Enable the models NAMES, which were disabled.

    Example: chezmoi-llm enable qwen3-8b
    """
    return carry_out(asked(options), for_each(names, switch, on=True))
