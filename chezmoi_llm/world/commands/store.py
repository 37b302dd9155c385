"""``chezmoi-llm store``: the entries that a model can be asked for by ID."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from chezmoi_llm import report, resources
from chezmoi_llm.diagnostics import Diagnostic, Exit
from chezmoi_llm.editing.migrating import migrate, outdated
from chezmoi_llm.showing.words import listed, shown
from chezmoi_llm.store import FOLDERS, Entry, Key, kinds, near, table
from chezmoi_llm.store.review import review
from chezmoi_llm.world import places, reporting
from chezmoi_llm.world.commands.options import report_options, source_option
from chezmoi_llm.world.editing import (
    asked,
    carry_out,
    complete_names,
    editing_options,
    for_each,
    read_page,
)
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.model_store import Store, everything, in_use, is_store, open_store, shipped, text_of

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("store")
def command() -> None:
    """Look at the model store: entries of your own folders, and those that come with chezmoi-llm.

    A model of your list may be just the ID of an entry: local_models: [qwen3-4b].

    Example: chezmoi-llm store search coder small
    """


def _options(command: Command) -> Command:
    """Add the options that the commands about entries share."""
    add_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    add_local = click.option("--local", "folder", flag_value="local", help="Only models of this machine.")
    add_cloud = click.option("--cloud", "folder", flag_value="cloud", help="Only models of providers.")
    return add_local(add_cloud(add_json(source_option(command))))


@command.command("list")
@_options
@click.option("--size", type=click.Choice(["small", "balanced", "large"]), help="Only models of that size.")
@click.option("--kind", type=click.Choice(kinds.KINDS), help="Only models for that.")
def list_(source: str, folder: str | None, size: str | None, kind: str | None, *, as_json: bool) -> None:
    """List the entries, local ones first.

    Example: chezmoi-llm store list --local --size small
    """
    entries = [
        entry
        for entry in _entries(source, folder)
        if size in {None, entry.facts.get("size")} and kind in {None, kinds.kind_of(entry)}
    ]
    _print(entries, as_json=as_json, otherwise="leave out --size, --kind, --local or --cloud")


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@_options
def search(words: tuple[str, ...], source: str, folder: str | None, *, as_json: bool) -> int:
    """List the entries in which all WORDS stand: in the ID, the name, the family, the URI, ...

    Example: chezmoi-llm store search qwen embedding
    """
    known = _entries(source, folder)
    entries = [entry for entry in known if table.is_about(entry, words)]
    absent = [word for word in words if not any(table.is_about(entry, [word]) for entry in known)]
    fewer = f"leave out {listed(map(shown, absent), last='and')}" if absent else "use fewer words"
    _print(entries, as_json=as_json, otherwise=f"{fewer}, or see chezmoi-llm store list")
    return Exit.FINE if entries else Exit.PROBLEMS


@command.command("show")
@click.argument("name", metavar="ID")
@_options
def show(name: str, source: str, folder: str | None, *, as_json: bool) -> None:
    """Show all that is known of an entry, and where it stands.

    Example: chezmoi-llm store show qwen3-4b
    """
    entries = _entries(source, folder)
    found = [table.as_json(entry) for entry in entries if entry.id == name]
    if not found:
        raise _no_entry(name, folder or "", entries)
    if as_json:
        click.echo(_json(found[0] if len(found) == 1 else found))
        return
    for number, fields in enumerate(found):
        if number:
            click.echo()
        width = max(map(len, fields))
        for field, value in fields.items():
            click.echo(
                f"{field.ljust(width)}  {value if isinstance(value, str) else _json(value, indent=None)}"
            )


@command.command("path")
@click.argument("name", metavar="[ID]", default="")
@source_option
def path(name: str, source: str) -> None:
    """Print the store folders, in the order in which they are searched; or the file of an entry.

    Example: cat $(chezmoi-llm store path qwen3-4b)
    """
    stores = (*in_use(source), open_store(resources.STORE))
    if not name:
        for store in stores:
            if is_store(store.path):
                click.echo(store.path)
        return
    for store in stores:
        files = [file for folder in FOLDERS for file in store.files.get((folder, name), ())]
        if files:
            click.echo("\n".join(files))
            return
    raise _no_entry(name, "", everything(stores))


@command.command("migrate")
@click.argument("names", nargs=-1, shell_complete=complete_names)
@click.option("--keep-name", is_flag=True, help="Keep the old name as an alias of the new model.")
@editing_options
def migrate_(names: tuple[str, ...], *, keep_name: bool, **options: Any) -> int:
    """Put what replaces the deprecated models NAMES in their place; all of them where none is named.

    Roles, groups, preload lists and fallbacks follow.

    Example: chezmoi-llm store migrate --dry-run
    """
    what = asked(options)
    wanted = names or outdated(read_page(what))
    return carry_out(what, for_each(wanted, migrate, keep_name=keep_name))


@command.command("check")
@click.argument("paths", nargs=-1, metavar="[FOLDER]...", type=click.Path())
@source_option
@report_options
def check(paths: tuple[str, ...], source: str, form: str, *, strict: bool) -> int:
    """Check the entries of store folders: of those that your list looks into, where none is named.

    A file stands for the whole store that it lies in, so that pre-commit may name what has changed.

    Example: chezmoi-llm store check .llm/models
    """
    stores = _named(paths) if paths else tuple(store for store in in_use(source) if is_store(store.path))
    if not stores:
        raise CouldNotRunError(
            "there is no store folder to check; name one that has local/ or cloud/ in it"
        )
    others = {entry.key for entry in shipped()} | {key for store in stores for key in store.files}
    texts: dict[str, bytes] = {}
    found: list[Diagnostic] = []
    for store in stores:
        opened = {file: text_of(file) for files in store.files.values() for file in files}
        readable = {file: text for file, text in opened.items() if isinstance(text, bytes)}
        found += [text for text in opened.values() if isinstance(text, Diagnostic)]
        found += review(_by_entry(store, readable), others)
        texts |= readable
    number = sum(len(store.files) for store in stores)
    entries = "1 entry" if number == 1 else f"{number} entries"
    reporting.to_stdout(
        found, reporting.decoded(texts), form, lambda: f"{entries}: {report.summary(found)}"
    )
    return reporting.exit_code(found, strict=strict)


def _by_entry(store: Store, texts: Mapping[str, bytes]) -> dict[Key, dict[str, bytes]]:
    """Return the texts of a store for each entry that has one."""
    held = ((key, [file for file in files if file in texts]) for key, files in store.files.items())
    return {key: {file: texts[file] for file in files} for key, files in held if files}


def _named(paths: Sequence[str]) -> tuple[Store, ...]:
    """Return the stores that are named, or that the files that are named lie in; each once."""
    absolute = [os.path.abspath(path) for path in paths]
    for given, path in zip(paths, absolute, strict=True):
        if not os.path.lexists(path):
            raise CouldNotRunError(f"{given}: {os.strerror(errno.ENOENT)}")
    folders = dict.fromkeys(
        path if os.path.isdir(path) else os.path.dirname(os.path.dirname(path)) for path in absolute
    )
    for folder in folders:
        if not is_store(folder):
            raise CouldNotRunError(f"{folder} is no model store: it has neither local/ nor cloud/ in it")
    return tuple(open_store(places.near(folder)) for folder in folders)


def _no_entry(name: str, folder: str, entries: Iterable[Entry]) -> click.ClickException:
    hint = near.hint(folder, name, entries)
    return click.ClickException(f"there is no entry {name!r} in the model store; {hint}")


def _entries(source: str, folder: str | None) -> list[Entry]:
    return [entry for entry in everything(in_use(source)) if folder in {None, entry.folder}]


def _print(
    entries: Sequence[Entry], *, as_json: bool, otherwise: str = "see chezmoi-llm store list"
) -> None:
    """Print the entries; where there are none, people read what to do ``otherwise``."""
    if as_json:
        click.echo(_json([table.as_json(entry) for entry in entries]))
        return
    for line in table.lines(entries, shutil.get_terminal_size((0, 0)).columns):
        click.echo(line)
    if not entries:
        click.echo(f"no entry is like that; {otherwise}", err=True)


def _json(value: Any, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
