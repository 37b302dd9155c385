"""``chezmoi-llm disable``: models stay in the list, and are absent from everything that follows from it."""

from __future__ import annotations

from typing import Any

import click

from chezmoi_llm.editing.assigning import switch
from chezmoi_llm.world.editing import asked, carry_out, complete_names, editing_options, for_each


@click.command("disable")
@click.argument("names", nargs=-1, required=True, shell_complete=complete_names)
@editing_options
def command(names: tuple[str, ...], **options: Any) -> int:
    """Disable the models NAMES: they stay in the list, and nothing is made of them.

    Example: chezmoi-llm disable qwen3-8b
    """
    return carry_out(asked(options), for_each(names, switch, on=False))
