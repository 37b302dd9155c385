"""Changes the list of models in a person's config template, and leaves every other byte as it is.

In goes the text with what is wanted, out comes the new text or a reason why not. A change is first
made in the data, then looked for in the text, written there as the neighbours are written, and
believed only if the new text, read again, says exactly the changed data, and nothing is wrong in it
that was not wrong before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.editing.changes import Change
from chezmoi_llm.editing.page import Page
from chezmoi_llm.editing.pasting import Surroundings, by_hand
from chezmoi_llm.editing.refusal import RefusedError, UncertainError, Wrong
from chezmoi_llm.editing.spans import is_in_brackets, rewritten
from chezmoi_llm.expand import judge
from chezmoi_llm.review.findings import review
from chezmoi_llm.source import formats
from chezmoi_llm.store import LookUp, no_store

Intent: TypeAlias = Callable[[Page], Iterable[Change]]
"""What a person wants, as changes of the list that is there."""


def edited(data: bytes, file: str, intents: Iterable[Intent], look_up: LookUp = no_store) -> bytes:
    """Return the bytes of a config template with what is wanted done, one after the other.

    ``look_up`` looks into the model store. Raises RefusedError where one of them cannot be done with
    certainty, or would make the file wrong.
    """
    text = _decoded(data, file)
    new = text
    for intent in intents:
        new = _done(new, file, intent, look_up)
    if new != text:
        _refuse_errors(data, new.encode(), file, look_up)
    return new.encode()


def _decoded(data: bytes, file: str) -> str:
    reading = source.parse(data, file)
    if reading.document is None:
        wrong = Wrong(text=data.decode(errors="replace"), found=reading.findings)
        raise RefusedError("the file cannot be read", wrong=wrong)
    return data.decode()


def page(text: str, file: str, look_up: LookUp = no_store) -> Page:
    """Return what can be read of a text; of the values in several branches, the first of each."""
    document = source.parse(text.encode(), file).document
    if document is None:
        raise RefusedError("the file cannot be read")
    spec = judge(document.data, stock=look_up(document.data)).spec
    return Page(text=text, document=document, spec=spec, look_up=look_up)


def _done(text: str, file: str, intent: Intent, look_up: LookUp) -> str:
    there = page(text, file, look_up)
    changes: list[Change] = []
    try:
        changes.extend(intent(there))
        return rewritten(text, file, changes) if changes else text
    except UncertainError as problem:
        line = text.count("\n", 0, problem.start) + 1 if problem.start >= 0 else problem.line
        line = line or next((there.line(change.path) for change in changes), 0)
        paste = by_hand(changes, _surroundings(there, file))
        raise RefusedError(problem.why, line=line, paste=paste) from problem


def _surroundings(page: Page, file: str) -> Surroundings:
    return Surroundings(
        form=formats.of(file).name,
        is_there=lambda path: page.at(path) is not None,
        in_brackets=lambda path: is_in_brackets(page.text, file, path),
    )


def _refuse_errors(before: bytes, after: bytes, file: str, look_up: LookUp) -> None:
    """Refuse a text with an error that was not there before."""
    known = Counter(map(_essence, _errors(before, file, look_up)))
    new: list[Diagnostic] = []
    for one in _errors(after, file, look_up):
        known[_essence(one)] -= 1
        if known[_essence(one)] < 0:
            new.append(one)
    if new:
        raise RefusedError(
            "the file would be wrong then", wrong=Wrong(text=after.decode(), found=tuple(new))
        )


def _errors(data: bytes, file: str, look_up: LookUp) -> list[Diagnostic]:
    found = review(data, file, look_up=look_up)
    return [one for one in found if one.severity is Severity.ERROR]


def _essence(one: Diagnostic) -> tuple[str, str]:
    """Return what stays the same of a diagnostic when lines are added or taken out above it."""
    return one.code, re.sub(r"\b(line|item) \d+", r"\1", one.message)
