"""``chezmoi-llm hook``: what the hook script in a source folder calls."""

from __future__ import annotations

import click

from chezmoi_llm.world import hook


@click.command("hook")
@click.argument("seen", nargs=-1, type=click.Choice(["-"]))
def command(seen: tuple[str, ...]) -> int:
    """Bring llm.json up to date, inside a run of chezmoi.

    chezmoi calls this through .chezmoi-llm-hook.sh; there is no need to call it yourself. With -,
    standard input has the checksums that the script took.
    """
    return hook.run(seen)
