"""``chezmoi-llm set``: fields of a model, and its name."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from chezmoi_llm.editing.assigning import assign
from chezmoi_llm.world.editing import asked, assignments, carry_out, complete_names, editing_options


@click.command("set")
@click.argument("name", shell_complete=complete_names)
@click.argument("words", nargs=-1, required=True, metavar="KEY=VALUE...")
@editing_options
def command(name: str, words: tuple[str, ...], **options: Any) -> int:
    """Set fields of the model NAME. KEY= takes a field out, so that it has its default again.

    Lists have commas between their words, command lines are split as a shell would. name=NEW renames
    the model everywhere: in roles, groups, preload lists and fallbacks.

    \b
    Examples:
      chezmoi-llm set qwen3-8b ctx_size=32768 ttl=
      chezmoi-llm set qwen3-8b name=qwen aliases=default,chat
      chezmoi-llm set qwen3-8b env.GGML_VK_VISIBLE_DEVICES=1
    """  # noqa: D301  click reads the escape: these lines are not to be joined
    fields = assignments(words)
    return carry_out(asked(options), [partial(assign, name=name, fields=fields)])
