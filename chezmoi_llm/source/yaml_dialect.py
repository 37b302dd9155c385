"""Bridges what libyaml takes for YAML and what chezmoi's reader, goccy/go-yaml, takes for it.

A text is made acceptable to libyaml without moving a character: stand-ins take the place of the
characters that only chezmoi accepts, and are taken back in the values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from chezmoi_llm.source import scalars
from chezmoi_llm.source.nodes import Mapping, Node, Pair, Scalar
from chezmoi_llm.source.rendered import Marks
from chezmoi_llm.source.text import Unreadable

Table: TypeAlias = dict[int, int | str | None]

_UNACCEPTED: Final = (
    *range(0x01, 0x09), *range(0x0B, 0x0D), *range(0x0E, 0x20), *range(0x7F, 0xA0),
    0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF,
)  # fmt: skip
"""Characters that libyaml refuses or takes for line ends; to chezmoi they are characters like others."""

_UNACCEPTABLE: Final = re.compile("[" + "".join(map(chr, _UNACCEPTED)) + "]")

_PERCENT: Final = re.compile(r"(?<!^)%", re.MULTILINE)
"""``%h/models`` may start a value; only at the start of a line it is a directive."""

_DASH_TAB: Final = re.compile(r"^[ -]*-\t[ \t]*(?=#|\r?$)", re.MULTILINE)
"""A dash with nothing on its line but a tab, and perhaps a comment."""

_PAIR: Final = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)
_HALF: Final = re.compile(r"(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL)
_QUOTED: Final = re.compile(r"""(["'])([^\\]*)\1""")
_HARMFUL_TAB: Final = re.compile(r"(?<=[^\s\\])[ ]*+(\t)(?!\")(?=[ \t]*+[^ \t\r\n])")
_TAB_BEFORE_TEXT: Final = re.compile(r"\n[ ]*\t")
_ANYTHING: Final = re.compile(r"\S")
_LINE_END: Final = re.compile(r"(?<!\\)\r\n")
_COLON: Final = re.compile(r":(?!/)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """A text for libyaml, and the table that turns its values back; empty if nothing was changed.

    ``pairs`` are escapes of surrogate pairs as they were put together, which only double quotes read,
    and as they were written.
    """

    text: str
    back: Table
    pairs: dict[str, str]

    def as_written(self, text: str) -> str:
        """Return a text that stands in no double quotes with its backslashes as they were written."""
        for joined, written in self.pairs.items():
            text = text.replace(joined, written)
        return text


def adapt(text: str, marks: Marks) -> Adapted:
    """Return the text as libyaml takes it, every character where it was."""
    there: Table = {code: marks.stand_in(number) for number, code in enumerate(_UNACCEPTED)}
    back: Table = {ord(str(stand_in)): code for code, stand_in in there.items()}
    percent, nothing = marks.stand_in(len(_UNACCEPTED)), marks.stand_in(len(_UNACCEPTED) + 1)
    back |= {ord(percent): "%", ord(nothing): None}
    pairs: dict[str, str] = {}
    safe = text.translate(there) if _UNACCEPTABLE.search(text) else text
    if "%" in safe:
        safe = _PERCENT.sub(percent, safe)
    if "-\t" in safe:
        safe = _DASH_TAB.sub(_blanked, safe)
    if "\\u" in safe:
        safe = _PAIR.sub(lambda escape: _joined(escape, nothing, pairs), safe)
    return Adapted(text=safe, back=back if safe != text else {}, pairs=pairs)


def _joined(escape: re.Match[str], nothing: str, pairs: dict[str, str]) -> str:
    """Join a surrogate pair, as JSON writes it and libyaml refuses it; remember how it was written."""
    if not escape["high"]:
        return escape[0]
    code = 0x10000 + ((int(escape["high"], 16) - 0xD800) << 10) + int(escape["low"], 16) - 0xDC00
    joined = f"\\U{code:08x}" + 2 * nothing
    pairs[joined] = escape[0]
    return joined


def check_pairs(text: str, start: int, end: int) -> None:
    """Refuse half of a surrogate pair between double quotes, as libyaml does, and PyYAML without it not."""
    for escape in _HALF.finditer(text, start, end):
        if escape["half"]:
            raise half_pair(escape.start())


def half_pair(at: int) -> Unreadable:
    """Return what is wrong with half of a surrogate pair."""
    return Unreadable("LLM002", at, "half of a surrogate pair is no character", end=at + len("\\ud83d"))


def _blanked(dash: re.Match[str]) -> str:
    return dash[0].replace("\t", " ")


def check_tabs(text: str, start: int, end: int) -> None:
    """Refuse a tab between double quotes where chezmoi goes wrong: for each it skips a character behind.

    Only a blank there, or nothing but line ends up to the end of the text, is no loss.
    """
    tabs = [found.start(1) for found in _HARMFUL_TAB.finditer(text, start, end)]
    if tabs and text[end : end + len(tabs)].strip(" \t") and _ANYTHING.search(text, end):
        message = "chezmoi goes wrong behind a text in double quotes with a tab in it"
        raise Unreadable("LLM001", tabs[0], message, hint=r"write the tab as \t")


def check_indentation(text: str, start: int, end: int) -> None:
    """Refuse a tab at the start of a line between quotes, as chezmoi does, even on a blank line."""
    tab = _TAB_BEFORE_TEXT.search(text, start, end)
    if tab:
        message = "a tab cannot be used for indentation between quotes"
        raise Unreadable("LLM001", tab.end() - 1, message, hint="use spaces")


def doubled_line_ends(quoted: str) -> str:
    """Return a text in quotes as chezmoi takes it: a carriage return counts as a line end of its own."""
    return _LINE_END.sub("\n\n", quoted)


def plain_text(text: str) -> str:
    """Return what chezmoi makes of a plain scalar's text: it drops tabs."""
    return text.replace("\t", "") if "\t" in text else text


def split_key(node: Node) -> Pair | None:
    """Return key and value of ``qwen3:8b`` where chezmoi takes the colon for one: inside braces.

    There a colon needs no space behind it, unless a slash follows.
    """
    if not (isinstance(node, Scalar) and node.open and isinstance(node.raw, str)):
        return None
    colon = _COLON.search(node.raw)
    if colon is None:
        return None
    middle = node.start + colon.start()
    key, value = node.raw[: colon.start()], node.raw[colon.end() :]
    quoted = _QUOTED.fullmatch(value)
    return Pair(
        Scalar(node.start, middle, scalars.as_key(scalars.resolve(key))),
        Scalar(middle + 1, node.end, quoted[2] if quoted else scalars.resolve(value), open=True),
    )


def split_item(node: Node) -> Node:
    """Return an item of a list inside braces as chezmoi reads it: ``[qwen3:8b]`` is a mapping there."""
    pair = split_key(node)
    return node if pair is None else Mapping(node.start, node.end, [pair], flow=True)
