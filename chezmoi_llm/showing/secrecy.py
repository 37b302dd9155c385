"""What in a text is a secret: by its form, or by the name that it is given. It is decided here alone.

Patterns that not every list needs are compiled when they are first used: the hook, which runs in every
``chezmoi status``, looks at each text of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from chezmoi_llm.records import record

FORM: Final = (
    r"\b(?:hf_[A-Za-z0-9]{20,}|sk[-_][A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}"
    r"|xox[abeprs]-[A-Za-z0-9-]{10,}|A[KS]IA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}|glpat-[\w-]{16,}"
    r"|gsk_[A-Za-z0-9]{20,}|r8_[A-Za-z0-9]{20,}|nvapi-[\w-]{20,}|pplx-[A-Za-z0-9]{20,}"
    r"|xai-[A-Za-z0-9]{20,}|tskey-[\w-]{16,}|npm_[A-Za-z0-9]{20,}|pypi-[\w-]{20,}|ya29\.[\w-]{20,}"
    r"|eyJ[\w-]{10,999}\.[\w-]{10,999}\.[\w-]{10,}|AGE-SECRET-KEY-[0-9A-Z]{20,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
)
"""Keys and tokens that are known by their form."""

_BEGINNINGS: Final = (
    *("hf_", "sk-", "sk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "AKIA", "ASIA"),
    *("AIza", "glpat-", "gsk_", "r8_", "nvapi-", "pplx-", "xai-", "tskey-", "npm_", "pypi-", "ya29."),
    *("eyJ", "AGE-SECRET-KEY-", "PRIVATE KEY-----"),
)
"""How these begin: a look for them is quicker than the pattern."""

IN_URL: Final = r"(?<=://)[^/\s\"']+(?=@)"
"""A user name and password; they end at the last ``@`` before the path."""

_MAYBE: Final = re.compile(r"pass|pw|secret|token|key|auth|credential|bearer", re.IGNORECASE)
"""A text without any of these names no secret; this is quick, and so looked for first."""

_SURE: Final = (
    r"\w*(?:(?<!BY)(?<!COM)(?<!SUR)PASS|PASSWORDS?|PASSWD|PASSPHRASE|PWD|SECRETS?|CREDENTIALS?|TOKEN)"
    r"|\w*(?:API|AI|ACCESS|SECRET|PRIVATE|MASTER|SIGNING|ENCRYPTION)KEYS?|AUTHORIZATION|BEARER"
)
_LIKELY: Final = frozenset(("KEY", "KEYS", "TOKENS", "AUTH", "PW"))
"""Parts of a name, split at underscores, dashes and humps, that say secret; the likely ones not always."""

_TOKENS_OF_MODELS: Final = frozenset(
    (
        *("BOS", "EOS", "PAD", "UNK", "SEP", "CLS", "MASK", "STOP", "SPECIAL", "START", "END", "FIRST"),
        *("IMAGE", "AUDIO", "VIDEO", "MAX", "MIN", "NUM", "N", "PER", "INPUT", "OUTPUT", "PROMPT", "COST"),
        *("COMPLETION", "CONTEXT", "THINKING", "REASONING", "NEW", "NEXT", "LAST", "TOTAL", "BATCH"),
    )
)
"""What stands before ``token`` where that is a piece of text."""

_ABOUT: Final = frozenset(
    (
        *("ALG", "ALGORITHM", "BUDGET", "CLAIM", "COUNT", "DAYS", "DIR", "ENABLED", "ENDPOINT", "ENV"),
        *("EXPIRE", "EXPIRES", "EXPIRY", "FILE", "FORMAT", "HEADER", "HINT", "ID", "IDS", "IN", "INDEX"),
        *("LENGTH", "LIMIT", "MECHANISM", "METHOD", "MINUTES", "MODE", "NAME", "NAMES", "PATH", "POLICY"),
        *("PREFIX", "PROVIDER", "REQUIRED", "SCOPE", "SCOPES", "SECOND", "SECONDS", "SECURE", "SITE"),
        *("SIZE", "STORE", "SUFFIX", "TIMEOUT", "TTL", "TYPE", "URI", "URL", "VERSION"),
    )
)
"""What stands last in a name that tells something about a secret, and not the secret."""

_OUR_FIELD: Final = "secrets"
"""Names secrets, and holds none."""

_HUMP: Final = r"(?<=[a-z0-9])(?=[A-Z])"

_PLAIN: Final = (
    r"(?i)true|false|yes|no|on|off|null|none|auto|default|dummy|empty|unused|required|optional|enabled|disabled"
    r"|basic|digest|bearer|oauth2?|oidc|ldap|\*+"
    r"|(?:~|\.{1,2}|%[a-z]|\$home)?/[\w.@%/-]*|file:\S*|os\.environ/\w+|\$\{[^}]*\}|\{\{.*"
)
"""Values that no secret is: a word, a file, or where the secret is found."""

_NUMBER: Final = r"(?i)[+-]?[\d.,_]+ ?[kmgtb%]{0,2}"
_SPOKEN: Final = r"(?i)PASS|PW|SECRET|CREDENTIAL"
_SHORTEST_CODE: Final = 4
"""Digits from which on a number may be a password."""


def is_named(name: str, *, surely: bool = False) -> bool:
    """Say whether a name, such as ``DB_PASSWORD``, ``--api-key`` or ``hfToken``, is that of a secret.

    ``surely`` leaves out ``key`` and the like, which have other meanings.
    """
    if not _MAYBE.search(name) or name == _OUR_FIELD:
        return False
    parts = re.findall("[A-Z]+", re.sub(_HUMP, "_", name).upper())
    if parts[-1] in _ABOUT:
        return False
    return any(
        _says_secret(part, before, surely=surely) for part, before in zip(parts, ["", *parts], strict=False)
    )


def _says_secret(part: str, before: str, *, surely: bool) -> bool:
    if part in {"TOKEN", "TOKENS"} and before in _TOKENS_OF_MODELS:
        return False
    if part in {"KEY", "KEYS"} and re.fullmatch(_SURE, f"{before}{part}"):
        return True
    return bool(re.fullmatch(_SURE, part)) or (not surely and part in _LIKELY)


def is_plain(name: str, value: str) -> bool:
    """Say whether a value is surely no secret, whatever it is called."""
    if re.fullmatch(_NUMBER, value):
        return len(value) < _SHORTEST_CODE or not re.search(_SPOKEN, name)
    return not value or re.fullmatch(_PLAIN, value) is not None


def is_secret(name: str, value: str) -> bool:
    """Say whether a value that has a name is a secret."""
    return is_named(name) and not is_plain(name, value)


def tells_secret(text: str, *, is_prose: bool = False) -> bool:
    """Say whether there is a secret in a text: a known form, a password in a url, ``--api-key x``.

    Of prose, which may well speak of keys, only what is sure counts.
    """
    if any(beginning in text for beginning in _BEGINNINGS) and re.search(FORM, text):
        return True
    if "@" in text and re.search(IN_URL, text):
        return True
    return any(
        is_secret(said.name, said.word) and (not is_prose or _is_sure(said)) for said in assigned(text)
    )


@record
class Assigned:
    """A value that is assigned to the name of a secret in a line; ``start`` is where it begins.

    ``at`` is where the name begins, ``mark`` what joins the two.
    """

    name: str
    at: int
    mark: str
    value: str
    start: int

    @property
    def word(self) -> str:
        """The first word of the value, without quotes."""
        return _beginning(_WORD, self.value.lstrip("\"'")).rstrip("\"'")

    @property
    def end(self) -> int:
        """Where the value ends."""
        return self.start + len(self.value)


_ASSIGNED: Final = (
    r"(?<![\w.-])(?P<dash>--?)?(?P<name>[A-Za-z_][\w.-]*)[\"']?"
    r"(?P<mark>[ \t]*=[ \t]*|[ \t]*:(?=[ \t\"'\[{]|$)[ \t]*|(?(dash)(?:[ \t]*,[ \t]*|[ \t]+)|(?!)))"
)
_QUOTED: Final = r"(\"\"\"|''').*|\"(?:[^\"\\]|\\.)*\"?|'(?:[^']|'')*'?"
_WORD: Final = r"(?:\$\{[^}\s]{0,128}\}|[^\s,;&\]}])*"
_IN_BRACES: Final = r"[^,\]}]*"
_TO_THE_END: Final = r"(?:(?![ \t]#).)*"
_BRACKET: Final = r"[\[\]{}]"
_OPENED: Final = r"(?<!\{)\{(?!\{)|\["
"""Two braces begin an action of a template."""


def assigned(line: str) -> Iterator[Assigned]:
    """Yield what is assigned to the name of a secret in a line: behind ``=``, a colon, or a flag.

    A value is passed over at once, so that a line of any length takes time in proportion to it.
    """
    if not _MAYBE.search(line):
        return
    opened = re.search(_OPENED, line)
    inside = opened.end() if opened else len(line)
    at = 0
    while found := _compiled(_ASSIGNED).search(line, at):
        at = found.end()
        if is_named(found["name"]):
            mark = found["mark"].strip()
            value = _value(line, at, mark, is_inside=inside <= at)
            yield Assigned(name=found["name"], at=found.start(), mark=mark, value=value, start=at)
            at += len(value)


def _value(line: str, start: int, mark: str, *, is_inside: bool) -> str:
    """Return a value: in quotes, a word behind a flag, a list to its end, else as YAML reads it."""
    quoted = _beginning(_QUOTED, line, start)
    if quoted or mark not in ("=", ":"):
        return quoted or _beginning(_WORD, line, start)
    if line.startswith(("[", "{"), start):
        return _in_brackets(line, start)
    return _beginning(_IN_BRACES if is_inside else _TO_THE_END, line, start).rstrip()


def _in_brackets(line: str, start: int) -> str:
    """Return the text from a bracket to the one that closes it, or to the end."""
    depth = 0
    for found in _compiled(_BRACKET).finditer(line, start):
        depth += 1 if found[0] in "[{" else -1
        if depth == 0:
            return line[start : found.end()]
    return line[start:]


def _beginning(pattern: str, text: str, start: int = 0) -> str:
    found = _compiled(pattern).match(text, start)
    return found[0] if found else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_LOOKS_MADE: Final = r"(?=.*\d)(?=.*[A-Za-z]).{6,}"
"""A value behind a colon in prose that is no word of a language."""


def _is_sure(said: Assigned) -> bool:
    return is_named(said.name, surely=True) and (said.mark == "=" or bool(re.match(_LOOKS_MADE, said.word)))
