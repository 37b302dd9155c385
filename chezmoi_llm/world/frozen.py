"""Commit mode: ``llm.json`` is tracked in git, and machines that apply it need no Python.

That is right only if every machine would make the same document. So it is made from the text of
the template alone, and refused where an action of the template has a say in it.
"""

from __future__ import annotations

import os
import sys

from chezmoi_llm import source, truth
from chezmoi_llm.diagnostics import Exit, Finding, Severity
from chezmoi_llm.document import Document
from chezmoi_llm.expand import expand
from chezmoi_llm.formats import json_text
from chezmoi_llm.world import files, places
from chezmoi_llm.world.datafiles import DOCUMENT
from chezmoi_llm.world.failures import CouldNotRunError


class NotFrozenError(CouldNotRunError):
    """There is no document that is the same on every machine, or the committed one is another."""

    exit_code = Exit.PROBLEMS


def write_frozen(folder: str = "") -> bool:
    """Write the document of a source folder to be committed, and return whether it changed.

    ``folder`` is as in ``places.source_folder``. Raises NotFrozenError where the list has errors
    or depends on the machine.
    """
    source_dir = places.source_folder(folder)
    changed = files.replace(os.path.join(source_dir, DOCUMENT), _document(source_dir), inside=source_dir)
    if changed:
        sys.stderr.write(f"chezmoi-llm: wrote {DOCUMENT}; commit it: git add --force {DOCUMENT}\n")
    return changed


def check_frozen(folder: str = "") -> None:
    """Raise NotFrozenError where the committed document is not the one that the list makes."""
    source_dir = places.source_folder(folder)
    committed = files.read(os.path.join(source_dir, DOCUMENT))
    if committed is None:
        raise NotFrozenError(f"{DOCUMENT} is not there; run chezmoi-llm expand --write, and commit it")
    if committed != _document(source_dir):
        raise NotFrozenError(f"{DOCUMENT} is out of date; run chezmoi-llm expand --write, and commit it")


def _document(source_dir: str) -> bytes:
    """Return the bytes of the document that the template's text makes on every machine."""
    path = places.required_template(source_dir)
    reading = source.parse(files.read(path) or b"", path)
    if reading.document is None or any(one.severity is Severity.ERROR for one in reading.findings):
        raise NotFrozenError(f"{path} cannot be read; run chezmoi-llm check {path}")
    for document in reading.documents:
        _refuse_templated(document)
    expansion = expand(truth.in_order(reading.document.data))
    if expansion.document is None:
        raise NotFrozenError(f"{path} has errors; run chezmoi-llm check {path}")
    return json_text({"llm": expansion.document}).encode()


def _refuse_templated(document: Document) -> None:
    for path in truth.templated(document):
        place = document.locate(Finding(code="", path=path, message=""))
        raise NotFrozenError(
            f"{place.file}:{place.line}:{place.col}: what stands here may differ between machines, so the "
            "document cannot be committed; write it without template actions, or use the hook"
        )
