"""Reads what ``check`` is to look at: config templates, and the person's other templates beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import click

from chezmoi_llm import source
from chezmoi_llm.chezmoi import naming
from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.document import UNKNOWN, Document
from chezmoi_llm.edits import Edit
from chezmoi_llm.records import EMPTY, record, replace
from chezmoi_llm.review import own_templates
from chezmoi_llm.review.findings import review
from chezmoi_llm.review.mending import edits, fixed
from chezmoi_llm.scaffold.tree import HOOK
from chezmoi_llm.world import datafiles, faults, files, one_file, reporting
from chezmoi_llm.world.model_store import look_up, texts_of
from chezmoi_llm.world.one_file import Consent
from chezmoi_llm.world.streams import read_bytes

Judge: TypeAlias = Callable[[bytes], Sequence[Diagnostic]]


@record
class Checked:
    """A file by the name that it is shown with, its bytes, and what is wrong.

    ``judge`` tells what would be wrong with other bytes in their place.
    """

    path: str
    data: bytes
    judge: Judge
    found: tuple[Diagnostic, ...]

    @property
    def mends(self) -> tuple[Edit, ...]:
        """What ``mend`` would change first; entries of a store, which may be wrong too, are left alone."""
        return edits(self.data, self.own(self.found))

    def own(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return those findings that are about the file itself."""
        return [one for one in found if one.file == self.path]


def look(path: str) -> Checked:
    """Look at a config template; raises CouldNotRunError where it cannot be read."""
    return _checked(path, read_bytes(path), _reviewer(path))


def _reviewer(path: str) -> Callable[..., tuple[Diagnostic, ...]]:
    """Return ``review`` for a config template, with what lies in its source folder."""
    folder = os.path.dirname(path)
    before = datafiles.good_document(folder) or EMPTY
    return partial(review, file=path, before=before, look_up=partial(look_up, source_dir=folder))


def rendered(checked: Checked) -> tuple[Checked, str]:
    """Look at what chezmoi renders a config template to as well.

    Returns it with all that is wrong, and a sentence where there was nothing to look at. Raises
    CouldNotRunError as rendering.render does.
    """
    from chezmoi_llm.world.rendering import render  # noqa: PLC0415  only where it is asked for

    renders = render(checked.path, checked.data)
    found = _reviewer(checked.path)(checked.data, renders=renders.outputs)
    return replace(checked, found=tuple(dict.fromkeys((*found, *renders.faults)))), renders.notice


def look_beside(template: Checked) -> tuple[Checked, ...]:
    """Look at the person's data files and other templates in the source folder of a config template.

    Those in which nothing is wrong are left out.
    """
    if os.path.basename(template.path) not in naming.CONFIG_TEMPLATES:
        return ()
    folder = os.path.dirname(template.path)
    data_files = datafiles.others(folder or ".")
    config = _with_keys_of(data_files, source.parse(template.data, template.path).document)
    has_document = _has_document(template, folder)
    own = (_look_at_own(path, config, has_document=has_document) for path in _own_templates(folder))
    return (*_look_at_data(data_files), *(one for one in own if one.found))


def _has_document(template: Checked, folder: str) -> bool:
    """Say whether templates find ``.llm``: it was made, or there is a hook that makes it."""
    runs_hook = b"read-source-state" in template.data and os.path.exists(os.path.join(folder, HOOK))
    return runs_hook or datafiles.written_document(folder) is not None


def in_the_way(config: str, folder: str) -> tuple[Checked, ...]:
    """Return the files with errors for which our templates would stop chezmoi, and those errors alone.

    ``config`` is the config template, or the config file, empty for none. A text that cannot be read
    is not among them: chezmoi says so itself.
    """
    data_files = datafiles.others(folder) if os.path.isdir(folder) else ()
    looked = (*((look(config),) if config else ()), *_look_at_data(data_files))
    errors = (replace(one, found=tuple(filter(_stops_templates, one.found))) for one in looked)
    return tuple(one for one in errors if one.found)


def _stops_templates(one: Diagnostic) -> bool:
    return one.severity is Severity.ERROR and not one.code.startswith("LLM0")


def texts(checked: Sequence[Checked]) -> dict[str, str]:
    """Return the text of each file in which something was found, by its name."""
    data = {one.path: one.data for one in checked}
    found = (one for file in checked for one in file.found)
    of_stores = texts_of(one for one in found if one.file not in data)
    return reporting.decoded(data | of_stores)


def mend(checked: Checked, consent: Consent) -> Checked:
    """Mend what is certain in a file, if the person agrees; return it as it is afterwards.

    The change is shown first, with a blank line behind it. Raises CouldNotRunError where the file
    cannot be changed.
    """

    def propose(data: bytes) -> bytes:
        return fixed(data, lambda text: checked.own(checked.judge(text)))

    if propose(checked.data) == checked.data:
        return checked
    was_changed = one_file.edit(checked.path, propose, consent)
    click.echo()
    if was_changed:
        data = read_bytes(checked.path)
        return replace(checked, data=data, found=tuple(checked.judge(data)))
    return checked


def _checked(path: str, data: bytes, judge: Judge) -> Checked:
    return Checked(path=path, data=data, judge=judge, found=tuple(judge(data)))


def _with_keys_of(paths: Iterable[str], document: Document | None) -> Mapping[str, Any]:
    """Return what a config template says, with the keys that templates find in data files besides."""
    config = document.data if document and isinstance(document.data, dict) else {}
    besides = {key for path in paths for key in datafiles.keys(path, files.read(path) or b"")}
    data = config.get("data")
    if not besides or not isinstance(data, dict | None):
        return config
    return {**config, "data": {**dict.fromkeys(besides, UNKNOWN), **(data or {})}}


def _look_at_data(paths: tuple[str, ...]) -> tuple[Checked, ...]:
    """Look at data files; those that have no root key ``llm`` are left out."""

    def look_at(path: str) -> Checked:
        def judge(data: bytes) -> tuple[Diagnostic, ...]:
            return (faults.hides_ours(path),) if datafiles.has_llm(path, data) else ()

        return _checked(path, read_bytes(path), judge)

    return tuple(look_at(os.path.normpath(path)) for path in datafiles.with_llm(paths))


def _look_at_own(path: str, config: Mapping[str, Any], *, has_document: bool) -> Checked:
    def judge(data: bytes) -> tuple[Diagnostic, ...]:
        text = data.decode(errors="surrogateescape")
        return own_templates.findings(text, path, config, has_document=has_document)

    return _checked(path, files.read(path) or b"", judge)


def _own_templates(folder: str) -> Iterator[str]:
    """Yield the paths of the templates in a source folder that are not chezmoi's own, in order."""
    for entry in sorted(os.scandir(folder or "."), key=lambda entry: entry.name):
        path = os.path.join(folder, entry.name)
        if entry.is_dir(follow_symlinks=False):
            is_walked = not entry.name.startswith((".", "external_")) or entry.name == naming.SCRIPTS_FOLDER
            yield from _own_templates(path) if is_walked else ()
        elif (
            entry.name.endswith(naming.TEMPLATE_SUFFIX)
            and not entry.name.startswith(".")
            and entry.is_file()
        ):
            yield path
