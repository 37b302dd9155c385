"""Turns the text of a config file or template into a document that knows its places.

Three doors: ``parse`` reads what a person writes, with the actions of a template in it,
``parse_rendered`` what such a template came to, ``parse_plain`` a document that a program hands over.
All take bytes and return a ``Reading``; none opens a file, runs an action, or raises for what the
bytes hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from chezmoi_llm.chezmoi import directives
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.document import Document
from chezmoi_llm.source import attempts, formats, json_text, remarks, syntax
from chezmoi_llm.source.actions import scan
from chezmoi_llm.source.assemble import assemble
from chezmoi_llm.source.formats import Format
from chezmoi_llm.source.nodes import Node
from chezmoi_llm.source.remarks import Remark
from chezmoi_llm.source.rendered import Rendered, verbatim
from chezmoi_llm.source.rendering import Template
from chezmoi_llm.source.text import MAX_BYTES, MAX_DATA_BYTES, Lines, Unreadable, decode
from chezmoi_llm.source.traced import traced

MOST_IN_ACTIONS: Final = 50
"""Mistakes inside of actions that are told."""
SAMPLE: Final = 1024
"""Bytes that tell JSON from other formats where the name does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What could be read of a text, and what could not.

    ``document`` is None only if nothing could be read. ``others`` are the same document with other
    values: where the branches of a template give one key several values, each of them is in one.
    ``remarks`` are the comments that speak to this program.
    """

    document: Document | None
    findings: tuple[Diagnostic, ...] = ()
    others: tuple[Document, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the document and the others: all that must hold to the schema."""
        return () if self.document is None else (self.document, *self.others)


def parse(data: bytes, file: str) -> Reading:
    """Read a config file or its template: YAML, TOML or JSON by the name of the file.

    Actions between ``{{`` and ``}}`` are never run. What they decide is UNKNOWN in the data.
    """
    text = decode(data, file)
    if isinstance(text, Diagnostic):
        return Reading(document=None, findings=(text,))
    reading = _reading(text, file, formats.of(file), lambda: taken_apart(text, file))
    wrong = _in_actions(text, file)
    if not wrong:
        return reading
    readable = reading.findings if reading.document else ()
    return replace(reading, findings=(*wrong, *readable))


def _in_actions(text: str, file: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong inside of actions; a text whose actions cannot be told apart has nothing."""
    if "{{" not in text and directives.SIGN not in text:
        return ()
    lines = Lines(text)
    try:
        wrong = islice(syntax.problems(text, scan(text)), MOST_IN_ACTIONS)
        return tuple(lines.diagnostic(problem, file) for problem in wrong)
    except Unreadable:
        return ()


def taken_apart(text: str, file: str) -> tuple[Rendered, Node | None]:
    """Return what a template stands for as one text, and the nodes of that, for whoever edits it.

    Raises Unreadable, with offsets in the template, where it cannot be read.
    """
    return attempts.read(Template(text), formats.of(file))


def parse_rendered(data: bytes, output: bytes, file: str) -> Reading:
    """Read what a template, given in ``data``, rendered to; places are those of the template.

    ``output`` is what came of the template that ``traced.marked`` makes of it.
    """
    text = decode(data, file)
    if isinstance(text, Diagnostic):
        return Reading(document=None, findings=(text,))
    form = formats.of(file)
    return _reading(text, file, form, lambda: _placed(traced(text, output.decode(errors="replace")), form))


def _placed(rendered: Rendered, form: Format) -> tuple[Rendered, Node | None]:
    """Read a rendered text; a failure is placed in the template that it came from."""
    try:
        return rendered, form.read(rendered)
    except Unreadable as failure:
        failure.start, failure.end = rendered.span(failure.start, failure.end)
        raise


def parse_plain(data: bytes, file: str, *, with_places: bool = False, first_key: str = "data") -> Reading:
    """Read a document that holds no actions, so that braces are text; it could start with ``first_key``.

    Where the name of the file tells no format, the text does. Places of JSON are kept only if asked
    for: without them it is read twenty times as fast.
    """
    form = formats.of(file, data[:SAMPLE].decode(errors="replace"))
    text = decode(data, file, MAX_DATA_BYTES if form is formats.JSON else MAX_BYTES)
    if isinstance(text, Diagnostic):
        return Reading(document=None, findings=(text,))
    is_quick = form is formats.JSON and not with_places
    quick = json_text.load(text) if is_quick else None
    if quick is not None:
        return Reading(document=Document(file=file, data=quick))
    rendered = verbatim(text)
    return _reading(text, file, form, lambda: (rendered, form.read(rendered)), first_key)


def _reading(
    text: str,
    file: str,
    form: Format,
    read: Callable[[], tuple[Rendered, Node | None]],
    first_key: str = "data",
) -> Reading:
    lines = Lines(text)
    try:
        rendered, root = read()
        assembled = assemble(root, rendered, lines, file, first_key)
    except Unreadable as problem:
        return Reading(document=None, findings=(lines.diagnostic(problem, file),))
    first, *others = assembled.documents
    findings = tuple(lines.diagnostic(problem, file) for problem in assembled.problems)
    found = tuple(remarks.find(text, rendered, root, form.comment))
    return Reading(document=first, findings=findings, others=tuple(others), remarks=found)
