"""``chezmoi-llm pull``: fetches models and images before somebody has to wait for them."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence

import click

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.resolve import House
from chezmoi_llm.showing.words import did_you_mean, listed
from chezmoi_llm.views import pulling
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.failures import CouldNotRunError, sentence
from chezmoi_llm.world.reading import read
from chezmoi_llm.world.streams import say


@click.command("pull")
@click.argument("models", nargs=-1)
@click.option("--images", "with_images", is_flag=True, help="Fetch the images of the stack as well.")
@click.option("--dry-run", "how", flag_value="dry", help="Show what would be fetched, and fetch nothing.")
@click.option("--yes", "how", flag_value="yes", help="Use the network without asking.")
@input_options
def command(models: tuple[str, ...], how: str | None, data: str, source: str, *, with_images: bool) -> int:
    """Fetch MODELS, or all of them, so that no first request has to wait for a download.

    RamaLama fetches what it does not have yet, and goes on where an earlier try was cut off.

    Example: chezmoi-llm pull qwen3-8b
    """
    stack = read(data=data, folder=source)
    house, stock = stack.house, stack.spec.stock
    _refuse_unknown(models, house)
    remote = pulling.plan(house, models, (), stock)
    ramalama = _ramalama(house) if remote.missing else ()
    plan = pulling.plan(house, models, _kept(ramalama), stock) if ramalama else remote
    images = pulling.stack_images(house) if with_images else ()
    _tell(plan, images)
    steps = tuple(_steps(plan, images, ramalama))
    if how == "dry" or not steps:
        for step in steps:
            click.echo(f"  {shlex.join(step)}")
        return Exit.FINE
    if how is None:
        _ask()
    failed = [step for step in steps if _run(step)]
    for step in failed:
        say(f"this failed; run it again to go on with it: {shlex.join(step)}")
    return Exit.PROBLEMS if failed else Exit.FINE


def _ramalama(house: House) -> tuple[str, ...]:
    """Return how RamaLama is called: on this machine, or in llama-swap's container, which has it too."""
    if shutil.which("ramalama"):
        return ("ramalama",)
    if house.placement == "container" and house.is_on("llama_swap") and shutil.which("podman"):
        return ("podman", "exec", house.programs["llama_swap"].container_name, "ramalama")
    programs = "neither ramalama nor podman is" if house.placement == "container" else "ramalama is not"
    raise CouldNotRunError(f"{programs} on PATH; install one, for example with: pipx install ramalama")


def _kept(ramalama: Sequence[str]) -> frozenset[str]:
    """Return the names of the models that RamaLama has whole."""
    asked = subprocess.run(
        [*ramalama, "list", "--json"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    try:
        return frozenset(entry["name"] for entry in json.loads(asked.stdout))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        why = " ".join(asked.stderr.decode(errors="replace").split()) or "it printed no list"
        raise CouldNotRunError(f"{shlex.join(ramalama)} list --json failed: {why}") from error


def _tell(plan: pulling.Plan, images: Sequence[str]) -> None:
    for fetch in plan.present:
        click.echo(f"there already: {fetch.name} ({fetch.uri})")
    for fetch in plan.missing:
        size = f", {fetch.gigabytes:g} GB" if fetch.gigabytes else ""
        click.echo(f"to fetch: {fetch.name} ({fetch.uri}{size})")
    for image in images:
        click.echo(f"{'to build' if image.startswith(pulling.BUILT) else 'to fetch'}: image {image}")
    if plan.by_themselves:
        names = listed(plan.by_themselves, last="and")
        click.echo(f"fetched by the model's own server when it first starts: {names}")
    if not (plan.missing or images):
        click.echo("nothing to fetch")


def _steps(plan: pulling.Plan, images: Sequence[str], ramalama: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the commands to run; systemd builds what is built here."""
    for fetch in plan.missing:
        yield (*ramalama, "pull", fetch.uri)
    for image in images:
        is_built = image.startswith(pulling.BUILT)
        yield BUILD if is_built else ("podman", "pull", image)


BUILD = ("systemctl", "--user", "start", "llama-swap-build.service")
"""What builds the image of llama-swap and RamaLama; quadlet names the service after its file."""


def _ask() -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("this uses the network, and nobody is here to be asked; add --yes")
    click.confirm("Use the network for this?", abort=True)


def _run(step: Sequence[str]) -> int:
    """Run one command with its own progress on the terminal, and return its exit code."""
    click.echo(f"$ {shlex.join(step)}")
    try:
        return subprocess.run(step, check=False, stdin=subprocess.DEVNULL).returncode
    except OSError as error:
        say(sentence(error, step[0]))
        return Exit.COULD_NOT_RUN


def _refuse_unknown(names: Sequence[str], house: House) -> None:
    known = [name for one in house.local_models for name in one.model.names]
    for name in names:
        if name not in known:
            near = did_you_mean(name, known) or "see chezmoi-llm list"
            raise click.ClickException(f"there is no enabled local model {name!r}; {near}")
