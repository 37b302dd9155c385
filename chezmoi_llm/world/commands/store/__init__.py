"""``chezmoi-llm store``: the entries that a model can be asked for by ID."""

from __future__ import annotations

import click

from chezmoi_llm.world.commands.store.browse import list_, path, search, show
from chezmoi_llm.world.commands.store.check import check
from chezmoi_llm.world.commands.store.migrate import migrate


@click.group("store", commands=(list_, search, show, path, migrate, check))
def command() -> None:
    """Look at the model store: entries of your own folders, and those that come with chezmoi-llm.

    A model of your list may be just the ID of an entry: local_models: [qwen3-4b].

    Example: chezmoi-llm store search coder small
    """
