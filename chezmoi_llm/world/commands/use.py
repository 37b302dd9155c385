"""``chezmoi-llm use``: which model plays a role."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from chezmoi_llm.choices import CHOSEN_ROLES
from chezmoi_llm.editing.roles import use
from chezmoi_llm.world.editing import asked, carry_out, complete_names, editing_options


@click.command("use")
@click.argument("role", type=click.Choice(CHOSEN_ROLES))
@click.argument("name", shell_complete=complete_names)
@editing_options
def command(role: str, name: str, **options: Any) -> int:
    """Let the model NAME play ROLE: it becomes task_model, embedding_model and so on of llm_stack.

    A model that says itself that it plays the role no longer does.

    Example: chezmoi-llm use task qwen3-0.6b
    """
    return carry_out(asked(options), [partial(use, role=role, name=name)])
