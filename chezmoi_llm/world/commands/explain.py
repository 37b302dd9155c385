"""``chezmoi-llm explain``: where each value of a model comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from chezmoi_llm.resolve import House
from chezmoi_llm.showing.words import did_you_mean, visible
from chezmoi_llm.views.explanation import Reason, cloud_reasons, reasons
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.reading import read


@click.command("explain")
@click.argument("model")
@input_options
@click.option("--all", "all_", is_flag=True, help="Show the plain defaults as well.")
def command(model: str, data: str, source: str, *, all_: bool) -> None:
    """Say where each value of MODEL comes from, and why.

    A value is written, from the model store, from llm_stack.defaults, a default, or follows from a role
    or another value.

    Example: chezmoi-llm explain qwen3-8b
    """
    stack = read(data=data, folder=source)
    if any(one.name == model and not one.enabled for one in stack.spec.models):
        raise click.ClickException(f"{model!r} is disabled, so that nothing follows from it")
    shown = [reason for reason in _reasons(model, stack.house) if all_ or _is_telling(reason)]
    width = max(len(reason.field) for reason in shown)
    for reason in shown:
        said = f"{reason.source}: {reason.why}" if reason.why else reason.source
        click.echo(visible(f"{reason.field.ljust(width)}  {_value(reason)}  ({said})"))


def _reasons(name: str, house: House) -> Iterator[Reason]:
    for one in house.local_models:
        if name in one.model.names:
            return reasons(one, house)
    for model in house.cloud_models:
        if name in model.names:
            return cloud_reasons(model, house)
    known = [*(one.model.name for one in house.local_models), *(one.name for one in house.cloud_models)]
    near = did_you_mean(name, known) or "see chezmoi-llm list"
    raise click.ClickException(f"there is no enabled model {name!r}; {near}")


def _is_telling(reason: Reason) -> bool:
    """Say whether a value is more than a default that means nothing."""
    return reason.source != "default" or bool(reason.why) or reason.value not in ("", 0, False, (), {})


def _value(reason: Reason) -> str:
    value = list(reason.value) if isinstance(reason.value, tuple) else reason.value
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
