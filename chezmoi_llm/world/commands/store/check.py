"""``chezmoi-llm store check``: the files of store folders, held to what an entry may say."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence

import click

from chezmoi_llm import report
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.store import Key
from chezmoi_llm.store.review import review
from chezmoi_llm.world import places, reporting
from chezmoi_llm.world.commands.options import report_options, source_option
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.model_store import Store, in_use, is_store, open_store, shipped, text_of


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[FOLDER]...", type=click.Path())
@source_option
@report_options
def check(paths: tuple[str, ...], source: str, form: str, *, strict: bool) -> int:
    """Check the entries of store folders.

    Without FOLDER it checks those that your list looks into. A file stands for the whole store that it
    lies in, so that pre-commit may name what has changed.

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
