"""What the commands that edit the list share: options, names to complete, and how it is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import click
from click.shell_completion import CompletionItem

from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.editing import Intent, edited, page
from chezmoi_llm.editing.changes import Change
from chezmoi_llm.editing.handovers import handovers
from chezmoi_llm.editing.page import Page, name_of
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.records import record
from chezmoi_llm.scaffold.tree import HOOK
from chezmoi_llm.showing.veil import veiled
from chezmoi_llm.store import LookUp
from chezmoi_llm.world import reporting
from chezmoi_llm.world.commands.options import Command, consent_options, source_option
from chezmoi_llm.world.datafiles import is_tracked
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.model_store import look_up
from chezmoi_llm.world.one_file import Consent, edit
from chezmoi_llm.world.places import list_file, source_folder
from chezmoi_llm.world.streams import read_bytes, say


@record
class Asked:
    """The options that every editing command has."""

    source: str
    file: str
    consent: Consent

    @property
    def path(self) -> str:
        """The file to edit."""
        return self.file or list_file(source_folder(self.source))


def _look_up(path: str) -> LookUp:
    """Return what looks into the model store for the list in a file; its folders are seen from there."""
    return partial(look_up, source_dir=os.path.dirname(os.path.abspath(path)))


def editing_options(command: Command) -> Command:
    """Add the options of Asked, which the command takes as keywords."""
    add_file = click.option("--file", default="", metavar="FILE", help="Edit this file.")
    return source_option(add_file(consent_options(command)))


def asked(options: dict[str, Any]) -> Asked:
    """Take the options of every editing command out of all options of one."""
    consent = Consent(yes=options.pop("yes"), dry_run=options.pop("dry_run"))
    return Asked(source=options.pop("source"), file=options.pop("file"), consent=consent)


def read_page(what: Asked) -> Page:
    """Return what the person's file says, with what the model store knows of it."""
    path = what.path
    try:
        return page(read_bytes(path).decode(errors="replace"), path, _look_up(path))
    except RefusedError as refused:
        raise CouldNotRunError(f"{path}: {refused.why}") from refused


def carry_out(what: Asked, intents: Sequence[Intent]) -> Exit:
    """Edit the person's file as is wanted, say what comes next, and return the exit code.

    All of it is done, or nothing.
    """
    path = what.path
    look_up_here = _look_up(path)

    def remarks(*both: bytes) -> Iterator[str]:
        return handovers(*(page(data.decode(), path, look_up_here) for data in both))

    try:
        is_changed = edit(
            path, lambda data: edited(data, path, intents, look_up_here), what.consent, remarks
        )
    except RefusedError as refused:
        _say(refused, path)
        return Exit.PROBLEMS
    if is_changed:
        click.echo(f"next: {_next(path)}", err=True)
    elif not what.consent.dry_run:
        click.echo("it is so already; nothing was changed", err=True)
    return Exit.FINE


def for_each(names: Sequence[str], intent: Callable[..., Iterable[Change]], **given: Any) -> list[Intent]:
    """Return the same intent for each of the names; one that is given twice counts once."""
    return [partial(intent, name=name, **given) for name in dict.fromkeys(names)]


def _say(refused: RefusedError, path: str) -> None:
    place = f"{path}:{refused.line}" if refused.line else path
    say(f"{place}: {refused.why}; nothing was changed")
    if refused.hint:
        click.echo(f"  = hint: {refused.hint}", err=True)
    if refused.wrong:
        reporting.to_stderr(refused.wrong.found, {path: refused.wrong.text})
    if refused.paste:
        by_hand = "\n".join(("by hand:", *map(veiled, refused.paste)))
        click.echo(by_hand.rstrip(), err=True)


def _next(path: str) -> str:
    """Return the command that takes the edit up."""
    folder = os.path.dirname(os.path.abspath(path))
    is_committed = is_tracked(folder) or _is_left_alone(folder)
    return "chezmoi-llm expand --write, then chezmoi apply" if is_committed else "chezmoi apply"


def _is_left_alone(folder: str) -> bool:
    """Say whether there is a document, and no hook that makes it: that of mode commit, not yet in git."""
    return os.path.exists(os.path.join(folder, DOCUMENT)) and not os.path.exists(os.path.join(folder, HOOK))


def assignments(words: Sequence[str]) -> dict[str, str]:
    """Return words such as ``ttl=300`` as fields with texts; raises click.UsageError for others."""
    fields = {}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise click.UsageError(f"{word!r} is not KEY=VALUE, such as ttl=300")
        fields[key] = text
    return fields


def complete_names(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the models that a shell offers; none where the file cannot be read."""
    return [CompletionItem(name) for name in _names(ctx) if name.startswith(incomplete)]


def _names(ctx: click.Context) -> Iterator[str]:
    try:
        what = ctx.params.get("file") or list_file(source_folder(ctx.params.get("source") or ""))
        there = page(read_bytes(what).decode(errors="replace"), what)
    except (CouldNotRunError, RefusedError):
        return
    yield from filter(None, map(name_of, there.models))
