"""``chezmoi-llm store list``, ``search``, ``show`` and ``path``: what entries there are, and where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from typing import Any

import click

from chezmoi_llm import resources
from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.showing.words import listed, shown, visible
from chezmoi_llm.store import FOLDERS, Entry, kinds, near, table
from chezmoi_llm.world.commands.options import Command, source_option
from chezmoi_llm.world.model_store import everything, in_use, is_store, open_store


def _options(command: Command) -> Command:
    """Add the options that the commands about entries share."""
    add_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    add_local = click.option("--local", "folder", flag_value="local", help="Only models of this machine.")
    add_cloud = click.option("--cloud", "folder", flag_value="cloud", help="Only models of providers.")
    return add_local(add_cloud(add_json(source_option(command))))


@click.command("list")
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


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@_options
def search(words: tuple[str, ...], source: str, folder: str | None, *, as_json: bool) -> int:
    """List the entries in which all WORDS stand.

    They may stand in the ID, the name, the family, the URI ...

    Example: chezmoi-llm store search qwen embedding
    """
    known = _entries(source, folder)
    entries = [entry for entry in known if table.is_about(entry, words)]
    absent = [word for word in words if not any(table.is_about(entry, [word]) for entry in known)]
    fewer = f"leave out {listed(map(shown, absent), last='and')}" if absent else "use fewer words"
    _print(entries, as_json=as_json, otherwise=f"{fewer}, or see chezmoi-llm store list")
    return Exit.FINE if entries else Exit.PROBLEMS


@click.command("show")
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
            text = value if isinstance(value, str) else _json(value, indent=None)
            click.echo(visible(f"{field.ljust(width)}  {text}"))


@click.command("path")
@click.argument("name", metavar="[ID]", default="")
@source_option
def path(name: str, source: str) -> None:
    """Print the store folders, or the file of an entry.

    The folders come in the order in which they are searched.

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
