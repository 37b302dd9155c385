"""Problems that are found only inside a run of chezmoi, as diagnostics."""

from __future__ import annotations

import os
import re

from chezmoi_llm.diagnostics import Diagnostic, Pos, Severity
from chezmoi_llm.world.texts import Text

_IN_TEMPLATE = r'template: ([^:]+):(\d+)(?::(\d+))?: (?:executing "[^"]*" at <.*?>: )?(.*)'
"""How text/template names a place; it counts lines from 1, and bytes from 0."""

_ACTION = r"\{\{.*?(?:\}\}|$)"
_NAMED = r'"(\$?\w+)"'


def of_template(complaint: str, template: Text) -> tuple[Diagnostic, ...]:
    """Return what chezmoi says about a template, at its place in the template where that is known.

    Where chezmoi cannot read what the template renders to, the places are those at which the
    template's own text breaks the rules of its format.
    """
    said = re.fullmatch(_IN_TEMPLATE, complaint, re.DOTALL)
    if said and os.path.basename(said[1]) == os.path.basename(template.path):
        line = int(said[2])
        own = tuple(one for one in _unreadable(template) if one.code == "LLM004" and one.line == line)
        if own and not said[3]:
            return own
        at = _place(template, line, said[3], said[4])
        return (Diagnostic(file=template.path, at=at, code="LLM004", message=said[4]),)
    if said:
        return (Diagnostic(file=template.path, code="LLM004", message=complaint),)
    plain = complaint.removeprefix("invalid config: ").removeprefix("/dev/stdin: ")
    message = f"chezmoi cannot read what it renders to: {plain}"
    return _unreadable(template) or (Diagnostic(file=template.path, code="LLM004", message=message),)


def _place(template: Text, line: int, offset: str | None, message: str) -> Pos:
    """Return a place in a template; without an offset, which counts bytes, it is what the message names.

    That is a word in an action on the line, or else the first action there.
    """
    lines = template.data.split(b"\n")
    data = lines[line - 1] if line <= len(lines) else b""
    if offset is not None:
        return Pos(line=line, col=len(data[: int(offset)].decode(errors="replace")) + 1)
    text = data.decode(errors="replace")
    found, named = re.search(_ACTION, text), re.search(_NAMED, message)
    if found and named:
        found = re.compile(rf"(?<!\w){re.escape(named[1])}(?!\w)").search(text, found.start()) or found
    return Pos(line=line, col=found.start() + 1, width=len(found[0])) if found else Pos(line=line, col=1)


def hides_ours(path: str) -> Diagnostic:
    """Return that a file has a root key which would replace parts of the document."""
    return Diagnostic(
        file=path,
        code="LLM105",
        message="'llm' is the root of the expanded document, a key of yours would replace parts of it",
        hint="rename the key 'llm'",
    )


def _unreadable(template: Text) -> tuple[Diagnostic, ...]:
    from chezmoi_llm import source  # noqa: PLC0415  only where something is wrong

    found = source.parse(template.data, template.path).findings
    return tuple(one for one in found if one.severity is Severity.ERROR)
