"""``chezmoi-llm init``: adds the stack to a folder of dotfiles, or takes it away again."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.records import record
from chezmoi_llm.scaffold import report, services, steps
from chezmoi_llm.scaffold.accelerator import guess
from chezmoi_llm.scaffold.changes import Plan
from chezmoi_llm.scaffold.clashes import Clashes
from chezmoi_llm.scaffold.config import Config, config, names_taken
from chezmoi_llm.scaffold.plan import Wish, plan
from chezmoi_llm.scaffold.remaining import Remaining
from chezmoi_llm.scaffold.removal import removal
from chezmoi_llm.scaffold.starter import Mode, starter, usual_mode
from chezmoi_llm.scaffold.tree import CONFIG, Tree
from chezmoi_llm.scaffold.upgrade import upgrade
from chezmoi_llm.showing.words import visible
from chezmoi_llm.world import checking, reporting
from chezmoi_llm.world.commands.options import source_option
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.places import near, source_folder
from chezmoi_llm.world.released import releases
from chezmoi_llm.world.scaffolding import apply, forget, look, machine, shipped_files
from chezmoi_llm.world.streams import say


@record
class Options:
    """What stands on the command line."""

    source: str
    with_: tuple[str, ...]
    mode: str | None
    dry_run: bool
    yes: bool
    print_config: bool
    upgrade: bool
    remove: bool

    @property
    def is_asking(self) -> bool:
        """Whether there is a person to be asked."""
        is_silent = self.yes or self.dry_run or self.print_config
        return not is_silent and sys.stdin.isatty() and sys.stdout.isatty()


@record
class Found:
    """A source folder, what is in it, and what this release would bring."""

    folder: str
    tree: Tree
    config: Config | None
    shipped: Mapping[str, bytes]


@click.command("init")
@source_option
@click.option(
    "--with",
    "with_",
    multiple=True,
    type=click.Choice((*services.ALL, services.NONE)),
    help="Service to add files for; may be given several times. Left out: all in a new folder, "
    f"{' and '.join(services.DEFAULT)} in one that is in use. With {services.NONE} only the hook is added, "
    "for templates of your own.",
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    help="How templates get the list: a hook (default), a call of chezmoi-llm, or a committed file.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--print-config", is_flag=True, help="Print only the lines for the config template you have.")
@click.option(
    "--upgrade", is_flag=True, help="Replace the files of an older release that you have not edited."
)
@click.option(
    "--remove", is_flag=True, help="Take the stack away again; without a terminal only with --yes."
)
def command(**options: Any) -> None:
    """Add the stack to your dotfiles: a config template, the hook, and the templates of the services.

    Only what is missing is added, each file in the folder that maps to its target already. Nothing is
    overwritten; a config template of yours is not touched, and the lines for it are printed.

    Example: chezmoi-llm init --dry-run
    """
    asked = Options(**options)
    if asked.print_config + asked.upgrade + asked.remove > 1:
        raise click.UsageError("--print-config, --upgrade and --remove exclude each other")
    try:
        _run(asked, _found(asked))
    except NameProblemError as error:
        raise CouldNotRunError(f"chezmoi cannot use the source folder: {error}") from error


def _found(asked: Options) -> Found:
    shipped = shipped_files()
    folder = _folder(asked.source)
    tree = look(folder, os.path.expanduser("~"), shipped)
    return Found(folder=folder, tree=tree, config=config(tree), shipped=shipped)


def _folder(source: str) -> str:
    """Return the source folder; the one that is named may be new."""
    is_new = source and not os.path.lexists(source)
    return os.path.abspath(source if is_new else source_folder(source))


def _run(asked: Options, found: Found) -> None:
    around = _surroundings(asked)
    if asked.print_config:
        _print_config(found, _wish(asked, found))
    elif asked.upgrade:
        planned = upgrade(found.tree, found.shipped, releases(found.shipped))
        _carry_out(planned, asked, found, steps.after_upgrade(planned, around))
    elif asked.remove:
        planned = removal(found.tree, releases(found.shipped), found.config)
        if _carry_out(planned, asked, found, steps.after_removal(planned, found.config, around)):
            forget(found.folder)
    else:
        _add(asked, found, around)


def _add(asked: Options, found: Found, around: steps.Surroundings) -> None:
    if not found.tree.is_set_up:
        _refuse_what_is_wrong(found)
    wish = _wish(asked, found)
    clashes = Clashes.of(found.tree, found.shipped, names_taken(found.config))
    planned = plan(found.tree, found.shipped, wish, clashes)
    remaining = _remaining(found, wish)
    after = steps.after_adding(remaining, found.tree, wish.mode, around)
    _carry_out(planned, asked, found, after, steps.for_config(remaining, wish.accelerator))


def _refuse_what_is_wrong(found: Found) -> None:
    """End where a person's own data have errors for us: with our templates they would stop chezmoi."""
    template, file = found.tree.config_template, found.tree.config_file
    config = os.path.join(found.folder, template) if template else os.path.expanduser(file)
    wrong = checking.in_the_way(near(config), near(found.folder))
    if not wrong:
        return
    diagnostics = [one for file in wrong for one in file.found]
    reporting.to_stderr(diagnostics, checking.texts(wrong))
    click.echo(err=True)
    say("nothing was changed; mend what is there first, then run chezmoi-llm init again")
    raise SystemExit(Exit.PROBLEMS)


def _remaining(found: Found, wish: Wish) -> Remaining | None:
    return Remaining(config=found.config, tree=found.tree, wish=wish) if found.config else None


def _wish(asked: Options, found: Found) -> Wish:
    """Return what is wanted; for a folder in use it is asked which services, where there is a person."""
    named = _named(asked, found)
    wanted = services.usual(found.shipped, found.tree) if named is None else named
    return Wish(
        services=wanted,
        named=named or (),
        mode=Mode(asked.mode) if asked.mode else usual_mode(found.tree),
        accelerator=guess(machine()),
        off=services.left_out(found.shipped, found.tree, wanted),
    )


def _named(asked: Options, found: Found) -> tuple[str, ...] | None:
    """Return the services that a person names; a folder that was set up before has had its answer."""
    if asked.with_:
        return _chosen(asked.with_)
    if asked.is_asking and found.tree.is_in_use and not found.tree.is_set_up:
        return _answered(services.available(found.shipped), services.usual(found.shipped, found.tree))
    return None


def _answered(available: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    def known(text: str) -> tuple[str, ...]:
        words = tuple(text.replace(",", " ").split())
        if unknown := set(words) - {*available, services.NONE}:
            raise click.UsageError(f"{min(unknown)!r} is none of {', '.join((*available, services.NONE))}")
        return _chosen(words)

    question = f"Services ({', '.join(available)}, or {services.NONE})"
    answer: tuple[str, ...] = click.prompt(question, default=" ".join(usual), value_proc=known)
    return answer


def _chosen(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the services that were named, in their order."""
    if services.NONE in words and len(set(words)) > 1:
        raise click.UsageError(f"{services.NONE} goes with no service")
    return tuple(key for key in services.ALL if key in words)


def _print_config(found: Found, wish: Wish) -> None:
    remaining = _remaining(found, wish)
    if remaining is None:
        word = wish.accelerator.word
        text = starter(found.shipped[CONFIG], accelerator=word, mode=wish.mode, off=wish.off)
        click.echo(text, nl=False)
    else:
        for line, is_inside in report.block_alone(remaining.config, remaining.to_add()):
            click.echo(line, err=not is_inside)
        if remaining.is_done:
            click.echo(f"{remaining.config.file} has all that is needed", err=True)
        for line in remaining.besides():
            click.echo(line, err=True)


def _carry_out(
    planned: Plan, asked: Options, found: Found, after: Iterable[str], besides: Iterable[str] = ()
) -> bool:
    """Say what a plan does, do it unless only a look was wanted, and say what comes next.

    Return whether it was done.
    """
    _echo([f"source folder: {found.folder}"])
    _echo(report.lines(planned, is_whole=asked.dry_run))
    if planned.changes and not _is_wanted(asked):
        _echo(besides)
        click.echo("nothing was changed" if asked.dry_run else "nothing was changed; to do it, add --yes")
        return False
    if not planned.changes:
        click.echo("nothing to change")
    outcome = apply(planned, found.folder)
    _echo(report.ignored([one for one in outcome.ignored if f"    ~/{one}" not in planned.notes]))
    _echo(besides)
    _echo(after)
    if outcome.complaint and not _is_for_lack_of_config(outcome.complaint, found.tree):
        say(f"before that, mend what chezmoi stopped at already: {outcome.complaint}")
    return not asked.dry_run


def _is_for_lack_of_config(complaint: str, tree: Tree) -> bool:
    """Say whether chezmoi lacks data that the config template will give it, once it is rendered."""
    return bool(tree.config_template) and not tree.config_file and "map has no entry" in complaint


def _is_wanted(asked: Options) -> bool:
    """Ask, where there is somebody; an addition needs no consent elsewhere, a removal does."""
    if asked.is_asking:
        click.confirm("Go on?", default=True, abort=True)
    return not asked.dry_run and (asked.yes or asked.is_asking or not asked.remove)


def _echo(lines: Iterable[str]) -> None:
    """Print lines, or pieces of several, in which anybody may have named a file."""
    for line in lines:
        click.echo(visible(line, besides="\n\t"))


def _surroundings(asked: Options) -> steps.Surroundings:
    own = os.path.expanduser("~/.local/bin/chezmoi-llm")
    return steps.Surroundings(
        source=asked.source,
        has_chezmoi=shutil.which("chezmoi") is not None,
        has_helper=shutil.which("chezmoi-llm") is not None or os.access(own, os.X_OK),
    )
