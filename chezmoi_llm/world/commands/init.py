"""``chezmoi-llm init``: adds the stack to a folder of dotfiles, or takes it away again."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from chezmoi_llm.engine.errors import NameProblemError
from chezmoi_llm.scaffold import groups, report
from chezmoi_llm.scaffold.accelerator import accelerator
from chezmoi_llm.scaffold.block import block, missing
from chezmoi_llm.scaffold.changes import Plan
from chezmoi_llm.scaffold.clashes import Clashes
from chezmoi_llm.scaffold.config import SLOT, Config, config, declares_hook, names_taken
from chezmoi_llm.scaffold.paste import Paste, pastes
from chezmoi_llm.scaffold.plan import Wish, plan
from chezmoi_llm.scaffold.starter import Mode, starter
from chezmoi_llm.scaffold.tree import CONFIG, Tree
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.places import source_folder
from chezmoi_llm.world.scaffolding import apply, look, machine, shipped_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What stands on the command line."""

    source: str
    with_: tuple[str, ...]
    mode: str | None
    dry_run: bool
    yes: bool
    print_config: bool

    @property
    def is_asking(self) -> bool:
        """Whether there is a person to be asked."""
        is_silent = self.yes or self.dry_run or self.print_config
        return not is_silent and sys.stdin.isatty() and sys.stdout.isatty()


@click.command("init")
@click.option("--source", default="", metavar="DIR", help="Source folder of chezmoi.")
@click.option(
    "--with",
    "with_",
    multiple=True,
    type=click.Choice(groups.GROUPS),
    help="Service to add files for; may be given several times. Left out: all that this release has in a "
    f"new folder, {' and '.join(groups.DEFAULT)} in one that is in use.",
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    help="How templates get the list: a hook (default), a call of chezmoi-llm, or a committed file.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--print-config", is_flag=True, help="Print only the lines for the config template you have.")
def command(**options: Any) -> None:
    """Add the stack to your dotfiles: a config template, the hook, and the templates of the services.

    Only what is missing is added, each file in the folder that maps to its target already. Nothing is
    overwritten; a config template of yours is not touched, and the lines for it are printed.

    Example: chezmoi-llm init --dry-run
    """
    asked = Options(**options)
    folder = _folder(asked.source)
    shipped = shipped_files()
    try:
        tree = look(folder, os.path.expanduser("~"), shipped)
        wish = _wish(tree, shipped, asked)
        found = config(tree)
        if asked.print_config:
            _print_config(found, tree, shipped, wish)
            return
        planned = plan(tree, shipped, wish, Clashes.of(tree, shipped, names_taken(found)))
    except NameProblemError as error:
        raise CouldNotRunError(f"chezmoi cannot use {folder}: {error}") from error
    click.echo(f"source folder: {folder}")
    _echo(report.lines(planned))
    _carry_out(planned, folder, asked)
    _echo(_steps_for_config(found, tree, wish))
    if not asked.dry_run:
        _echo(_next(found, tree, wish, asked.source))


def _folder(source: str) -> str:
    """Return the source folder; the one that is named may be new."""
    if source and not os.path.lexists(source):
        return os.path.abspath(source)
    return os.path.abspath(source_folder(source))


def _echo(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _wish(tree: Tree, shipped: Mapping[str, bytes], asked: Options) -> Wish:
    """Return what is wanted; a folder in use is asked about its services, where there is a person."""
    usual = groups.usual(shipped, tree)
    wanted = asked.with_ or usual
    if asked.is_asking and tree.is_in_use and not asked.with_:
        wanted = _answered(groups.available(shipped), usual)
    default = Mode.COMMIT if tree.is_document_tracked else Mode.HOOK
    mode = Mode(asked.mode) if asked.mode else default
    return Wish(groups=wanted, mode=mode, accelerator=accelerator(machine()))


def _answered(available: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    def known(text: str) -> tuple[str, ...]:
        words = tuple(text.replace(",", " ").split())
        if unknown := set(words) - set(available):
            raise click.UsageError(f"{min(unknown)!r} is none of {', '.join(available)}")
        return words

    question = f"Services ({', '.join(available)})"
    answer: tuple[str, ...] = click.prompt(question, default=" ".join(usual), value_proc=known)
    return answer


def _pastes(found: Config, wish: Wish) -> tuple[Paste, ...]:
    wanted = block(accelerator=wish.accelerator, mode=wish.mode)
    return pastes(tuple(missing(wanted, found)), found)


def _is_set_up(found: Config, tree: Tree, wish: Wish) -> bool:
    """Say whether the config template needs nothing more: with our hook in it, it had the rest."""
    return (
        declares_hook(found, tree)
        if wish.mode is Mode.HOOK
        else found.at(("data", "local_models")) is not None
    )


def _print_config(found: Config | None, tree: Tree, shipped: Mapping[str, bytes], wish: Wish) -> None:
    if found is None:
        click.echo(starter(shipped[CONFIG], accelerator=wish.accelerator, mode=wish.mode), nl=False)
    elif _is_set_up(found, tree, wish):
        click.echo(f"{found.file} has all that is needed", err=True)
    else:
        _echo(report.block_alone(found, _pastes(found, wish)))


def _carry_out(planned: Plan, folder: str, asked: Options) -> None:
    if asked.dry_run:
        click.echo("dry run: nothing was changed")
    elif planned.changes:
        if asked.is_asking:
            click.confirm("Go on?", default=True, abort=True)
        apply(planned.changes, folder)


def _steps_for_config(found: Config | None, tree: Tree, wish: Wish) -> Iterator[str]:
    """Yield what a person has to do in their own config template."""
    if found is None:
        return
    yield ""
    if _is_set_up(found, tree, wish):
        yield f"{found.file} has all that is needed"
        return
    if not found.is_readable:
        yield f"{found.file} could not be read: see for yourself whether one of these keys is there already"
    yield from report.to_paste(found, _pastes(found, wish))
    if wish.mode is Mode.HOOK and found.at(SLOT) is not None:
        yield from report.slot_taken(found)


def _next(found: Config | None, tree: Tree, wish: Wish, source: str) -> Iterator[str]:
    """Yield the commands that come next."""
    at = f" --source {source}" if source else ""
    is_new = found is None or not _is_set_up(found, tree, wish)
    first = "add the lines above, then " if found and is_new else ""
    yield ""
    if not shutil.which("chezmoi"):
        yield "chezmoi is not on PATH; https://www.chezmoi.io/install tells how to get it"
    if wish.mode is Mode.HOOK and not _is_found_by_hook():
        yield "chezmoi-llm is not on PATH, where the hook looks for it; run: uv tool install chezmoi-llm"
    if wish.mode is Mode.COMMIT:
        yield f"next: {first}chezmoi-llm expand --write{at}, and commit .chezmoidata/llm.json; then"
    else:
        yield f"next: {first}run"
    yield f"  chezmoi {'init --apply' if is_new else 'apply'}{at}"


def _is_found_by_hook() -> bool:
    return bool(shutil.which("chezmoi-llm")) or os.access(
        os.path.expanduser("~/.local/bin/chezmoi-llm"), os.X_OK
    )
