"""``chezmoi-llm hook``: brings ``.chezmoidata/llm.json`` up to date inside chezmoi's own run.

Wrong input locks nobody out: a good document stays as it was and stops only the commands that
write; without one, a document whose ``error`` is set stops only the templates that read it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from chezmoi_llm.chezmoi.naming import DATA_FOLDER, DOCUMENT
from chezmoi_llm.diagnostics import Diagnostic, Exit, Finding, Severity
from chezmoi_llm.document import Document, diagnostics
from chezmoi_llm.expand import Expansion, error_document, expand
from chezmoi_llm.formats import json_text
from chezmoi_llm.records import EMPTY, record, replace
from chezmoi_llm.store import NO_STOCK, Stock
from chezmoi_llm.world import datafiles, faults, files, renamed, reporting, source_files
from chezmoi_llm.world.chezmoi import RENDERING, STOPPING, Chezmoi
from chezmoi_llm.world.failures import CouldNotRunError, sentence
from chezmoi_llm.world.intake import Intake, take_in
from chezmoi_llm.world.model_store import look_up, texts_of
from chezmoi_llm.world.source_files import Folder
from chezmoi_llm.world.stamp import Memory, Shelf, with_checksum, with_folder
from chezmoi_llm.world.streams import say
from chezmoi_llm.world.texts import as_document

MOST_SHOWN = 5
"""Diagnostics that one run prints."""

LISTS = ("local_models", "cloud_models")
"""The lists of the document, of which neither is emptied without a word."""


def run(arguments: Sequence[str]) -> int:
    """Bring the document up to date and return the exit code; all that is said goes to stderr.

    With ``-`` among the arguments, standard input tells what ``.chezmoi-llm-hook.sh`` saw before
    it started this program; that becomes the stamp by which it need not start it again. The script
    has also made sure that the document is not tracked by git, which leaves nothing to do here.
    """
    if RENDERING in os.environ:
        return Exit.FINE
    chezmoi = Chezmoi.from_environment(os.environ)
    if chezmoi is None:
        say("chezmoi runs the hook by itself; to see the document, run: chezmoi-llm expand")
        return Exit.USAGE
    seen = os.fsdecode(sys.stdin.buffer.read()).rstrip("\n") if "-" in arguments else ""
    try:
        is_committed = not seen and datafiles.is_tracked(chezmoi.source_dir)
        return Exit.FINE if is_committed else _update(chezmoi, seen)
    except OSError as error:
        problem = sentence(error)
    except CouldNotRunError as error:
        problem = str(error)
    say(f"{problem}; the models stay as they were; mend that, then run: chezmoi apply")
    return Exit.COULD_NOT_RUN if chezmoi.command in STOPPING else Exit.FINE


@record
class _Run:
    """What one run has found.

    The input, what it asks of the model store, what came of both, and the document of the last good run.
    """

    chezmoi: Chezmoi
    intake: Intake
    stock: Stock
    expansion: Expansion
    faults: tuple[Diagnostic, ...]
    before: Mapping[str, Any] | None

    @property
    def path(self) -> str:
        return os.path.join(self.chezmoi.source_dir, DOCUMENT)

    @property
    def mend(self) -> str:
        """What the person does next."""
        place = self.intake.file.path if self.intake.file else "the config file"
        return f"mend {place}, then run: {self.intake.apply}"


def _update(chezmoi: Chezmoi, seen: str) -> int:
    shelf = Shelf(cache_dir=chezmoi.cache_dir, source_dir=chezmoi.source_dir)
    memory = shelf.recall()
    intake = take_in(chezmoi, memory.pair)
    others = datafiles.others(chezmoi.source_dir)
    found = _found(chezmoi, intake, others)
    if found.faults or found.expansion.document is None:
        shelf.unstamp()
        return _refuse(found)
    folders = _write_sources(found)
    data = _write(found, found.expansion.document)
    _tell(found, memory.shown)
    shelf.remember(Memory(pair=intake.settled or memory.pair, shown=_marks(_warnings(found))))
    if intake.is_sure:
        watched = (*_watched(found, others), *(folder.path for folder in folders if folder.texts))
        shelf.stamp(_seen_now(seen, folders, found.path, data), watched)
    return Exit.FINE


def _found(chezmoi: Chezmoi, intake: Intake, others: tuple[str, ...]) -> _Run:
    """Return what comes of the input; ``others`` are the paths of the other data files."""
    before = datafiles.good_document(chezmoi.source_dir)
    stock, expansion = NO_STOCK, Expansion(document=None, findings=())
    if not intake.faults:
        stock = look_up(intake.data, chezmoi.source_dir)
        expansion = expand(intake.data, before or EMPTY, stock=stock, is_config=True)
    found = _Run(
        chezmoi=chezmoi,
        intake=intake,
        stock=stock,
        expansion=expansion,
        faults=(*intake.faults, *map(faults.hides_ours, datafiles.with_llm(others)), *_errors(stock)),
        before=before,
    )
    is_emptied = expansion.document is not None and bool(_lost(found))
    return replace(found, faults=_errors_of_text(found)) if is_emptied else found


def _write_sources(found: _Run) -> tuple[Folder, ...]:
    """Bring the files that come without a template up to date; only Linux has units to start them by."""
    is_linux = sys.platform == "linux"
    folders = tuple(
        source_files.look(found.chezmoi.source_dir, target, texts if is_linux else {})
        for target, texts in found.expansion.sources.items()
    )
    for folder in folders:
        source_files.update(folder)
    return folders


def _seen_now(seen: str, folders: Sequence[Folder], path: str, data: bytes) -> str:
    """Return what the script would see after this run, so that the next one need not be a full one."""
    if not seen:
        return ""
    for folder in folders:
        if not folder.is_current:
            seen = with_folder(seen, folder.path, folder.texts)
    return with_checksum(seen, path, data)


def _write(found: _Run, document: Mapping[str, Any]) -> bytes:
    data = json_text({"llm": document}).encode()
    files.replace(found.path, data, inside=found.chezmoi.source_dir)
    return data


def _lost(found: _Run) -> tuple[str, ...]:
    """Return the lists that held models, and hold none now."""
    document = found.expansion.document or {}
    return tuple(name for name in LISTS if (found.before or {}).get(name) and not document.get(name))


def _errors_of_text(found: _Run) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the person's text; chezmoi drops keys in the wrong place without a word."""
    from chezmoi_llm.review.findings import review  # noqa: PLC0415  only where all models of a list have gone

    text = found.intake.file
    look = partial(look_up, source_dir=found.chezmoi.source_dir)
    findings = review(text.data, text.path, look_up=look) if text else ()
    return tuple(one for one in findings if one.severity is Severity.ERROR)


# --- wrong input ----------------------------------------------------------------------------------


def _refuse(found: _Run) -> int:
    """Say what is wrong; keep the good document, or leave one that says it too."""
    errors = (*found.faults, *_located(found, Severity.ERROR))
    _print(found, errors[:MOST_SHOWN])
    if len(errors) > MOST_SHOWN:
        say(f"{len(errors) - MOST_SHOWN} more: chezmoi-llm check")
    if found.before is not None:
        say(f"the models stay as they were; {found.mend}")
        stops = found.chezmoi.command in STOPPING and not _keeps(found.intake.data)
        return Exit.PROBLEMS if stops else Exit.FINE
    _write(found, error_document(f"{_in_one_line(errors)}; {found.mend}"))
    say(f"only files of chezmoi-llm wait for it, chezmoi apply --keep-going does the rest; {found.mend}")
    return Exit.FINE


def _keeps(config: Mapping[str, Any]) -> bool:
    """Say whether the person would rather go on with the old list than stop; anything may be wrong here."""
    stack = (config.get("data") or {}).get("llm_stack")
    return isinstance(stack, dict) and stack.get("on_error") == "keep"


def _in_one_line(errors: Sequence[Diagnostic]) -> str:
    first = errors[0]
    place = f"{first.file}:{first.line}:{first.col}" if first.line else first.file
    more = f" ({len(errors) - 1} more: chezmoi-llm check)" if len(errors) > 1 else ""
    return f"{place}: {first.code} {first.message}{more}"


# --- what is said ---------------------------------------------------------------------------------


def _tell(found: _Run, shown: frozenset[str]) -> None:
    """Say what the person should know of a good run: each warning once, not in every ``status``."""
    for notice in (*found.intake.notices, *renamed.notices(found.chezmoi.source_dir)):
        say(notice)
    if not _marks(_warnings(found)) <= shown:
        located = (one for one in _located(found, Severity.WARNING) if _mark(one) not in shown)
        stored = (one for one in _warnings_of(found.stock) if _mark(one) not in shown)
        _print(found, (*_heeded(found, tuple(located)), *stored))
    for name in _lost(found):
        number = len((found.before or {}).get(name, ()))
        say(f"{name} is empty now and held {number} before; if that is not meant, {found.mend}")


def _warnings(found: _Run) -> tuple[Finding | Diagnostic, ...]:
    own = (one for one in found.expansion.findings if one.severity is Severity.WARNING)
    return (*own, *_warnings_of(found.stock))


def _warnings_of(stock: Stock) -> tuple[Diagnostic, ...]:
    return tuple(one for one in stock.faults if one.severity is Severity.WARNING)


def _errors(stock: Stock) -> tuple[Diagnostic, ...]:
    return tuple(one for one in stock.faults if one.severity is Severity.ERROR)


def _marks(findings: Sequence[Finding | Diagnostic]) -> frozenset[str]:
    return frozenset(map(_mark, findings))


def _mark(one: Finding | Diagnostic) -> str:
    """Return what stays the same of a warning when it moves to another line."""
    return hashlib.sha256(f"{one.code} {one.message}".encode()).hexdigest()[:16]


def _located(found: _Run, severity: Severity) -> tuple[Diagnostic, ...]:
    """Return the findings of one severity at their places in the person's file."""
    text = found.intake.file
    document = as_document(text) if text else Document(file="config", data={})
    return diagnostics(document, (one for one in found.expansion.findings if one.severity is severity))


def _heeded(found: _Run, warnings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the warnings that no comment in the person's file says to ignore."""
    from chezmoi_llm import source  # noqa: PLC0415  only where there are warnings
    from chezmoi_llm.review import ignores  # noqa: PLC0415  only where there are warnings

    text = found.intake.file
    remarks = source.parse(text.data, text.path).remarks if text else ()
    return tuple(one for one in warnings if not ignores.is_ignored(one, remarks))


def _print(found: _Run, shown: Sequence[Diagnostic]) -> None:
    file = found.intake.file
    texts = texts_of(found.stock.faults) | ({file.path: file.data} if file else {})
    reporting.to_stderr(shown, reporting.decoded(texts))


# --- what the script is to watch ------------------------------------------------------------------

_SEEN_ANYWAY = (".", DATA_FOLDER)
"""Folders, relative to the source folder, whose files the script looks at by itself."""


def _watched(found: _Run, others: Sequence[str]) -> tuple[str, ...]:
    """Return what else the document depends on: included files, data files further down, the store."""
    source_dir = found.chezmoi.source_dir
    included = found.intake.file.included if found.intake.file else ()
    further = (
        path for path in others if os.path.relpath(os.path.dirname(path), source_dir) not in _SEEN_ANYWAY
    )
    return (*included, *further, *found.stock.looked_into)
