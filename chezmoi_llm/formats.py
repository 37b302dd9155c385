"""Quoting: one function for each format that text goes into, and the reason for each rule."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

PORT = "${PORT}"
"""llama-swap's placeholder for the port that it allots to a model."""


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as one line of JSON with a final newline: the same bytes everywhere."""
    return "".join(json_chunks(document.items()))


def json_chunks(parts: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield the text of :func:`json_text` item by item, so that a long list stays small in memory.

    ``parts`` are the keys of the document with their values; each is asked for when it is needed.
    """
    yield "{"
    for number, (key, value) in enumerate(parts):
        yield f"{', ' if number else ''}{_json(key)}: "
        yield from _chunks(value)
    yield "}\n"


def _chunks(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            yield f"{', ' if number else ''}{_json(item)}"
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{', ' if number else ''}{_json(key)}: {_json(item)}"
        yield "}"
    else:
        yield _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def llama_swap_line(argv: Iterable[str], placeholders: Collection[str] = ("PORT",)) -> str:
    """Return an argument list as the line that llama-swap splits into exactly that list.

    llama-swap splits ``cmd`` as a POSIX shell would and runs it without a shell. Before that it
    replaces ``${NAME}`` even inside single quotes, and refuses the whole file where it does not
    know the name; ``$''{`` is the one way to write a literal ``${``. ``placeholders`` are the
    names that are meant to be replaced.
    """
    return " ".join(_llama_swap_word(word, placeholders) for word in argv)


def _llama_swap_word(word: str, placeholders: Collection[str]) -> str:
    if "${" not in word:
        return _quoted(word)
    names = "|".join(map(re.escape, sorted(placeholders))) or "(?!)"
    parts = re.split(rf"(\$\{{(?:{names})\}})", word)
    return "".join(part if index % 2 else _literal(part) for index, part in enumerate(parts))


def _literal(text: str) -> str:
    return shlex.quote(text).replace("${", "$''{") if text else ""


def _quoted(word: str) -> str:
    """Quote a word for POSIX splitting; in double quotes where that is easier to read."""
    if "'" in word and not re.search(r'["\\$`]', word):
        return f'"{word}"'
    return shlex.quote(word)


def systemd_text(text: str) -> str:
    """Return one line of free text for a unit key such as ``Description=``.

    systemd replaces ``%x`` there, and a final backslash would swallow the next line.
    """
    doubled = text.replace("%", "%%")
    return doubled + " " if doubled.endswith("\\") else doubled


_SYSTEMD_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"})


def systemd_word(word: str) -> str:
    """Return one word for ``Exec=`` or ``Environment=``: quoted, and literal for ``%`` and ``$``.

    Source: systemd.service(5), "Command lines". Quadlet hands both characters through to systemd.
    """
    if re.fullmatch(r"[A-Za-z0-9_@+=:,./-]+", word):
        return word
    return f'"{word.translate(_SYSTEMD_ESCAPES)}"'


_UNSPEAKABLE: Mapping[str, tuple[str, str]] = {"": ("LLM_NOTHING", ""), ";": ("LLM_SEMICOLON", ";")}
"""Words that ``Exec=`` of a quadlet cannot hold, each with the variable that stands for it."""


def quadlet_exec(argv: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return an argument list for ``Exec=``, and the variables that its service needs for it.

    Quadlet drops an empty argument with all that follow, and hands a lone ``;`` on without its
    quotes, which begins another command in systemd. systemd replaces a word ``${NAME}`` by exactly
    one argument.
    """
    words = tuple(argv)
    needed = [_UNSPEAKABLE[word] for word in dict.fromkeys(words) if word in _UNSPEAKABLE]
    line = " ".join(
        f"${{{_UNSPEAKABLE[word][0]}}}" if word in _UNSPEAKABLE else systemd_word(word) for word in words
    )
    return line, tuple(f"{name}={value}" for name, value in needed)


def systemd_assignment(assignment: str) -> str:
    """Return one ``NAME=value`` for ``Environment=`` of a service, where ``$`` means nothing.

    Source: systemd.exec(5), "Environment=".
    """
    return systemd_word(assignment).replace("$$", "$")


def quadlet_volume(volume: str) -> str:
    """Return a ``Volume=`` of a quadlet: without quotes, and with specifiers such as ``%h`` meant.

    Quadlet makes an argument of it, in which systemd would replace ``$NAME``.
    """
    return volume.replace("$", "$$")


def ramalama_string(text: str) -> str:
    """Return a string for ramalama.conf, whose parser has quotes but no escapes."""
    return f'"{text}"'


def shortnames_value(text: str) -> str:
    """Return a value for shortnames.conf, which RamaLama reads with Python's configparser.

    configparser replaces ``%(name)s``; ``%%`` is a percent sign.
    """
    return '"' + text.replace("%", "%%") + '"'
