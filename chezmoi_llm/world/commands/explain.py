"""``chezmoi-llm explain``: where each value of a model comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

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
    found = _reasons(model, stack.house)
    if not found and any(one.name == model for one in stack.spec.models):
        raise click.ClickException(f"{model!r} is disabled, so that nothing follows from it")
    if not found:
        near = did_you_mean(model, _names(stack.house)) or "see chezmoi-llm list"
        raise click.ClickException(f"there is no enabled model {model!r}; {near}")
    for index, told in enumerate(found):
        if index:
            click.echo()
        _show([reason for reason in told if all_ or _is_telling(reason)])


def _show(reasons: Sequence[Reason]) -> None:
    width = max(len(reason.field) for reason in reasons)
    for reason in reasons:
        said = f"{reason.source}: {reason.why}" if reason.why else reason.source
        click.echo(visible(f"{reason.field.ljust(width)}  {_value(reason)}  ({said})"))


def _reasons(name: str, house: House) -> list[Iterator[Reason]]:
    """Return what is to be said of each model of a name, which several servers may have."""
    local = [reasons(one, house) for one in house.local_models if name in one.model.names]
    cloud = [cloud_reasons(model, house) for model in house.cloud_models if name in model.names]
    return [*local, *cloud]


def _names(house: House) -> list[str]:
    return [*(one.model.name for one in house.local_models), *(one.name for one in house.cloud_models)]


def _is_telling(reason: Reason) -> bool:
    """Say whether a value is more than a default that means nothing."""
    return reason.source != "default" or bool(reason.why) or reason.value not in ("", 0, False, (), {})


def _value(reason: Reason) -> str:
    value = list(reason.value) if isinstance(reason.value, tuple) else reason.value
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
