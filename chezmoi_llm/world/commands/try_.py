"""``chezmoi-llm try``: one small real request to each model."""

from __future__ import annotations

import click

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.resolve import House
from chezmoi_llm.showing.words import did_you_mean
from chezmoi_llm.views import trial
from chezmoi_llm.world import asking
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.reading import read

SPARE_SECONDS = 60
"""How much longer than the program that starts a model we wait for it."""


@click.command("try")
@click.argument("models", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Ask every local model.")
@click.option(
    "--via",
    type=click.Choice((trial.LLAMA_SWAP, trial.LITELLM)),
    help="Whom to ask; llama-swap where it is on.",
)
@input_options
def command(models: tuple[str, ...], via: str | None, data: str, source: str, *, all_: bool) -> int:
    """Ask MODELS one small question each, and tell how fast they answer.

    Without MODELS it asks those that a role is chosen for. Only servers on this machine are asked; a
    cloud model, which costs money, only by its name and through LiteLLM.

    Example: chezmoi-llm try qwen3-8b
    """
    house = read(data=data, folder=source).house
    if not house.settings.enabled:
        raise click.ClickException("llm_stack is switched off (enabled: false): nothing of this runs")
    asked_of = via or (trial.LLAMA_SWAP if house.is_on("llama_swap") else trial.LITELLM)
    program = asked_of.replace("-", "_")
    if not house.is_on(program):
        raise click.UsageError(f"{asked_of} is switched off in llm_stack.services.{program}")
    found = trial.trials(house, models, via=asked_of, is_all=all_)
    _refuse_unknown(models, house, asked_of)
    if not found and not house.local_models:
        raise click.UsageError("there is no local model; one of the cloud is asked by its name")
    if not found:
        raise click.UsageError("no local model plays a role; name a model, or ask --all")
    width = max(len(one.name) for one in found)
    key, seconds = asking.key_of(program, house), _patience(house)
    verdicts = []
    for one in found:
        click.echo(f"{one.name.ljust(width)}  {one.kind:<13}  ", nl=False)
        verdicts.append(_ask(one, key, seconds))
        click.echo(_line(verdicts[-1], one, width))
    return Exit.FINE if all(verdict.is_well for verdict in verdicts) else Exit.PROBLEMS


def _patience(house: House) -> int:
    """Return the longest silence in seconds: a model may have to be downloaded and loaded first."""
    return house.settings.services.llama_swap.health_check_timeout + SPARE_SECONDS


def _ask(one: trial.Trial, key: str, seconds: int) -> trial.Verdict:
    try:
        heard = asking.ask(one.url, trial.request(one), key=key, seconds=seconds)
    except asking.NobodyError as error:
        return trial.Verdict(is_well=False, said=str(error), look_at="chezmoi-llm doctor")
    except asking.SilentError as error:
        return trial.Verdict(is_well=False, said=str(error))
    return trial.judge(one, heard)


def _line(verdict: trial.Verdict, one: trial.Trial, width: int) -> str:
    if verdict.is_well:
        return verdict.said
    return f"failed: {verdict.said}\n{' ' * width}  see: {verdict.look_at or one.look_at}"


def _refuse_unknown(names: tuple[str, ...], house: House, asked_of: str) -> None:
    """Say which name is nobody's; a cloud model has one only where LiteLLM is asked."""
    local = [name for one in house.local_models for name in one.model.names]
    cloud = [name for one in house.cloud_models for name in one.names]
    many = [one.name for one in house.cloud_models if one.is_pattern]
    for name in names:
        if name in many:
            raise click.UsageError(f"{name!r} is many models, and none that could be asked")
        if name in cloud and asked_of != trial.LITELLM:
            raise click.UsageError(f"{name!r} is a cloud model; ask it with --via litellm")
        if name not in {*local, *cloud}:
            near = did_you_mean(name, [*local, *cloud]) or "see chezmoi-llm list"
            raise click.ClickException(f"there is no enabled model {name!r}; {near}")
