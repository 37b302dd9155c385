"""Reads the person's list for the commands that show what becomes of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

from chezmoi_llm import spec
from chezmoi_llm.chezmoi import truth
from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.diagnostics import Diagnostic, Exit, Severity
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.expand import document, if_asked, judge
from chezmoi_llm.records import record, replace
from chezmoi_llm.resolve import House, resolve
from chezmoi_llm.spec import Spec
from chezmoi_llm.world import reporting
from chezmoi_llm.world.chezmoi import RENDERING, Chezmoi
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.intake import has_hook, take_in, take_in_for_output
from chezmoi_llm.world.model_store import look_up, texts_of
from chezmoi_llm.world.places import required_template, source_folder
from chezmoi_llm.world.streams import read_bytes, say
from chezmoi_llm.world.texts import as_document


@record
class Input:
    """Data as chezmoi would read it, and the text in which a finding is shown.

    ``places`` parses that text: it takes as long as all the rest, and only a finding needs it.
    ``source_dir`` is what folders in the data are relative to.
    ``is_for_output``: a template asks for it, and nobody has written or will write files for it.
    """

    data: Mapping[str, Any]
    places: Callable[[], Document]
    text: bytes
    source_dir: str
    is_for_output: bool = False


@record
class Read:
    """An input without errors, and the stack that it makes; ``data`` is all that stands in ``data:``.

    ``is_for_output`` is as in Input.
    """

    data: Mapping[str, Any]
    spec: Spec
    house: House
    is_for_output: bool

    @property
    def document(self) -> dict[str, Any]:
        """The expanded document."""
        return document(self.house)


def read(*, data: str, folder: str) -> Read:
    """Return the stack of a list without errors.

    Warnings go to standard error. Where there is an error, all of them are shown and the process
    ends with exit code 1: nothing has reached standard output then.
    """
    given = _from_file(data, folder) if data else _from_chezmoi(folder)
    stock = look_up(given.data, given.source_dir)
    judged = judge(given.data, stock=stock)
    told = [one for one in judged.findings if one.severity is not Severity.NOTE]
    found = (*(diagnostics(given.places(), told) if told else ()), *stock.faults)
    if found:
        texts = {one.file: given.text for one in found} | texts_of(stock.faults)
        reporting.to_stderr(found, reporting.decoded(texts))
    if any(one.severity is Severity.ERROR for one in found):
        raise SystemExit(Exit.PROBLEMS)
    written = judged.spec if data else if_asked(judged.spec)
    return Read(
        data=given.data.get("data") or {},
        spec=written,
        house=resolve(written, judged.choices),
        is_for_output=given.is_for_output,
    )


def _from_file(path: str, folder: str) -> Input:
    """Return a document that a program hands over: a config file, or what stands under its data.

    Folders in it are relative to ``folder``, else to its own.
    """
    from chezmoi_llm import source  # noqa: PLC0415  a parser of YAML, only where there is some

    source_dir = folder or os.path.dirname(path)
    text = read_bytes(path)
    reading = source.parse_plain(text, "standard input" if path == "-" else path)
    if reading.document is None or reading.findings:
        _refuse(reading.findings, text)
    whole = reading.document
    data = truth.in_order(whole.data)
    if isinstance(data, dict) and "data" in data:
        return Input(data=data, places=lambda: whole, text=text, source_dir=source_dir)
    return Input(data={"data": data}, places=lambda: _below_data(whole), text=text, source_dir=source_dir)


def _below_data(inner: Document) -> Document:
    """Return the document with its places where they would be in a whole config file."""
    keys = {(*spec.DATA, *path): pos for path, pos in inner.keys.items()}
    values = {(*spec.DATA, *path): pos for path, pos in inner.values.items()}
    return replace(inner, keys=keys, values=values)


def _from_chezmoi(given: str) -> Input:
    """Return what chezmoi would read, or the text of the template where there is no chezmoi."""
    if os.environ.get(RENDERING):
        raise CouldNotRunError("cannot be called from the config template, which it reads itself")
    folder = source_folder(given)
    caller = Chezmoi.from_environment(os.environ)
    chezmoi = caller or Chezmoi.on_path(folder)
    if chezmoi is None:
        return _from_text(required_template(folder), folder)
    intake = take_in_for_output(chezmoi) if caller else take_in(chezmoi, None)
    if intake.file is None:
        raise CouldNotRunError(f"{folder} has no config template; run chezmoi-llm init")
    if intake.faults:
        _refuse(intake.faults, intake.file.data)
    for notice in intake.notices:
        say(notice)
    is_there = os.path.exists(os.path.join(folder, DOCUMENT))
    return Input(
        data=intake.data,
        places=partial(as_document, intake.file),
        text=intake.file.data,
        source_dir=folder,
        is_for_output=caller is not None and not is_there and not has_hook(intake.data),
    )


def _from_text(path: str, folder: str) -> Input:
    """Return the list of a template that says all of it without being rendered."""
    from chezmoi_llm import source  # noqa: PLC0415  a parser of YAML, only where no chezmoi is

    text = read_bytes(path)
    reading = source.parse(text, path)
    if reading.document is None or reading.findings:
        _refuse(reading.findings, text)
    if any(truth.templated(reading.document)):
        raise CouldNotRunError(
            f"chezmoi is not on PATH, and {path} has values that only chezmoi can tell; "
            "install chezmoi, or hand the list over with --data"
        )
    whole = reading.document
    return Input(data=truth.in_order(whole.data), places=lambda: whole, text=text, source_dir=folder)


def _refuse(found: tuple[Diagnostic, ...], text: bytes) -> NoReturn:
    reporting.to_stderr(found, reporting.decoded(dict.fromkeys((one.file for one in found), text)))
    raise SystemExit(Exit.PROBLEMS)
