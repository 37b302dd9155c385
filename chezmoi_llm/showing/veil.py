"""Stars out what is secret in a text before it is shown; all of it still stands in the person's file.

So it does no harm to star out too much, unlike an error about what is none (see ``checks.secrets``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from chezmoi_llm.showing.secrecy import FORM, IN_URL, Assigned, assigned, is_named, is_plain

Span: TypeAlias = tuple[int, int]

_NAME_OF_ONE: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*_(key|token|secret|password)", re.IGNORECASE)
"""A value that itself is called a secret is a name: of a variable, or of a Podman secret."""

_NAMES_NEXT: Final = re.compile(r"(?:[-?][ \t]+)?[\"']?(?P<dash>--?)?(?P<name>[A-Za-z_][\w.-]*)[\"']?,?")
"""An item of a list that names the next one: a flag, or a variable."""

_PRIVATE_KEY_ENDS: Final = re.compile(r"-----END [A-Z ]*PRIVATE KEY-----")


def veiled(text: str, *, is_broken: bool = False) -> str:
    """Return a text of the same length in which no secret can be read, on whichever lines it stands.

    In one that ``is_broken``, where nobody knows what belongs to what, all is starred out from the name
    of a secret to the next line with a key.
    """
    return "\n".join((_veiled_broken if is_broken else _veiled)(text.split("\n")))


_A_WORD: Final = re.compile(r"[A-Za-z_][\w.-]*")
_A_KEY: Final = re.compile(r"[ \t]*(?:- +)?[\"']?[\w.-]+[\"']?[ \t]*(?:=|:(?=\s|$))")


def _veiled_broken(lines: Iterable[str]) -> Iterator[str]:
    goes_on = False
    for line in _veiled(lines):
        names = (found.end() for found in _A_WORD.finditer(line) if is_named(found[0]))
        start = 0 if goes_on and not _A_KEY.match(line) else next(names, len(line))
        if line.strip():
            goes_on = start < len(line)
        yield line[:start] + "*" * len(line[start:].rstrip()) + line[len(line.rstrip()) :]


def _veiled(lines: Iterable[str]) -> Iterator[str]:
    """Yield each line with what is secret in it, or goes on in it from above, starred out."""
    column, is_next, until = _FAR_RIGHT, False, None
    for line in lines:
        body = line.strip()
        whole = (len(line) - len(line.lstrip()), len(line.rstrip()))
        if until or (body and (is_next or _is_below(column, whole[0], body))):
            yield starred(line, [whole])
            is_next = False
            until = None if until and until.search(line) else until
            continue
        said = list(assigned(line))
        yield starred(
            line, [*_spans(line), *((one.start, one.end) for one in said if not _is_harmless(one))]
        )
        if body:
            column = said[-1].at if said else _FAR_RIGHT
            is_next = _names_next(body) or bool(said and _is_next(line, said[-1]))
            until = _end(line, said)


_FAR_RIGHT: Final = 1 << 30
"""A column that no line reaches."""


def _is_below(column: int, indent: int, body: str) -> bool:
    return indent > column or (indent == column and body.startswith("-"))


def _names_next(body: str) -> bool:
    found = _NAMES_NEXT.fullmatch(body)
    if not found or not is_named(found["name"]):
        return False
    return bool(found["dash"]) or body.startswith("?") or found["name"].isupper()


def _is_next(line: str, said: Assigned) -> bool:
    """Say whether a value is on the next line however that is indented: of a flag, or in braces."""
    is_in_braces = line.rfind("{", 0, said.at) > line.rfind("}", 0, said.at)
    return not said.value and (is_in_braces or said.mark in ("", ","))


def _end(line: str, said: Sequence[Assigned]) -> re.Pattern[str] | None:
    """Return what ends a secret that goes on in the next lines however they are indented."""
    if "PRIVATE KEY-----" in line and not _PRIVATE_KEY_ENDS.search(line):
        return _PRIVATE_KEY_ENDS
    value = said[-1].value if said else ""
    opening = next((mark for mark in _CLOSING if value.startswith(mark)), "")
    closing = _CLOSING.get(opening)
    return closing if closing and not closing.search(value, len(opening)) else None


_CLOSING: Final = {
    '"""': re.compile('"""'),
    "'''": re.compile("'''"),
    "[": re.compile(r"\]"),
    "{": re.compile(r"\}"),
}


def _is_harmless(said: Assigned) -> bool:
    value = said.value.strip("\"'")
    return is_plain(said.name, value) or _NAME_OF_ONE.fullmatch(value) is not None


def _spans(line: str) -> Iterator[Span]:
    for pattern in (FORM, IN_URL):
        yield from (found.span() for found in re.finditer(pattern, line))


def starred(line: str, spans: Iterable[Span]) -> str:
    """Return a line with stars in the place of the spans, which may overlap."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        parts += [line[done:start], "*" * (end - max(done, start))]
        done = max(done, end)
    return "".join([*parts, line[done:]])
