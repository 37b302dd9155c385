"""Commit mode: ``llm.json`` is tracked in git, and machines that apply it need no Python.

That is right only if every machine would make the same document. So it is made from the text of
the template alone, and refused where an action of the template has a say in it.
"""

from __future__ import annotations

import os

from chezmoi_llm import source
from chezmoi_llm.chezmoi import truth
from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.diagnostics import Exit, Finding, Severity
from chezmoi_llm.document import Document
from chezmoi_llm.expand import Expansion, expand
from chezmoi_llm.formats import json_text
from chezmoi_llm.store import Stock
from chezmoi_llm.world import files, places, source_files
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.model_store import look_up
from chezmoi_llm.world.source_files import Folder
from chezmoi_llm.world.streams import say


class NotFrozenError(CouldNotRunError):
    """There is no document that is the same on every machine, or the committed one is another."""

    exit_code = Exit.PROBLEMS


def write_frozen(folder: str = "") -> bool:
    """Write what is to be committed in a source folder, and return whether anything changed.

    That is the document, and the files that come without a template. ``folder`` is as in
    ``places.source_folder``. Raises NotFrozenError where the list has errors or depends on the
    machine.
    """
    source_dir = places.source_folder(folder)
    expansion = _expansion(source_dir)
    made = _folders(source_dir, expansion)
    written = [made_in.path for made_in in made if source_files.update(made_in, for_git=True)]
    path = os.path.join(source_dir, DOCUMENT)
    if files.replace(path, _document(expansion), inside=source_dir):
        written.insert(0, path)
    if written:
        names = " ".join(os.path.relpath(path, source_dir) for path in written)
        say(f"wrote {names}; commit it: git add --force {names}")
    return bool(written)


def check_frozen(folder: str = "") -> None:
    """Raise NotFrozenError where what is committed is not what the list makes."""
    source_dir = places.source_folder(folder)
    committed = files.read(os.path.join(source_dir, DOCUMENT))
    if committed is None:
        raise NotFrozenError(f"{DOCUMENT} is not there; run chezmoi-llm expand --write, and commit it")
    expansion = _expansion(source_dir)
    outdated = [] if committed == _document(expansion) else [DOCUMENT]
    outdated += [
        os.path.relpath(made.path, source_dir)
        for made in _folders(source_dir, expansion)
        if not made.is_current
    ]
    if outdated:
        raise NotFrozenError(f"{outdated[0]} is out of date; run chezmoi-llm expand --write, and commit it")


def _folders(source_dir: str, expansion: Expansion) -> tuple[Folder, ...]:
    return tuple(
        source_files.look(source_dir, target, texts) for target, texts in expansion.sources.items()
    )


def _document(expansion: Expansion) -> bytes:
    return json_text({"llm": expansion.document}).encode()


def _expansion(source_dir: str) -> Expansion:
    """Return what the template's text makes on every machine."""
    path = places.required_template(source_dir)
    reading = source.parse(files.read(path) or b"", path)
    if reading.document is None or any(one.severity is Severity.ERROR for one in reading.findings):
        raise NotFrozenError(f"{path} cannot be read; run chezmoi-llm check {path}")
    for document in reading.documents:
        _refuse_templated(document)
    data = truth.in_order(reading.document.data)
    stock = look_up(data, source_dir)
    _refuse_other_machines(stock, source_dir)
    expansion = expand(data, stock=stock, is_config=True)
    if expansion.document is None or stock.has_errors:
        raise NotFrozenError(f"{path} has errors; run chezmoi-llm check {path}")
    return expansion


def _refuse_other_machines(stock: Stock, source_dir: str) -> None:
    """Raise NotFrozenError where an entry comes from a store that git does not carry along."""
    border = os.path.realpath(source_dir)
    for entry in stock.entries.values():
        is_here = os.path.realpath(entry.file).startswith(f"{border}{os.sep}")
        if not is_here and not entry.is_shipped:
            raise NotFrozenError(
                f"{entry.file} is outside of {source_dir}, so other machines may have another model "
                f"{entry.id!r} there; keep that store in the source folder, or use the hook"
            )


def _refuse_templated(document: Document) -> None:
    for path in truth.templated(document):
        place = document.locate(Finding(code="", path=path, message=""))
        raise NotFrozenError(
            f"{place.file}:{place.line}:{place.col}: what stands here may differ between machines, so the "
            "document cannot be committed; write it without template actions, or use the hook"
        )
