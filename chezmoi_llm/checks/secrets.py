"""Secrets in clear text, wherever they stand: also in a disabled model, or in what breaks the schema.

The data is looked at as it is, before anything else judges it. What is found here is taken out of it,
so that no other message can repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.document import is_known
from chezmoi_llm.schema import at, place
from chezmoi_llm.showing.secrecy import is_named, is_secret, tells_secret
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import DATA

OWNED = ("local_models", "cloud_models", "llm_stack")

_PROSE = frozenset({"description", "display_name"})
_NAMES_NEXT = re.compile(r"[^\w-]*(--?[A-Za-z][\w.-]*|[A-Z_][A-Z0-9_]*)\W*")
"""An item of a list that names the next one: a flag, or a variable."""
_VARIABLE = re.compile(r"\W*(\w+)\W+(.*)", re.DOTALL)
"""A variable in ``env`` with its value, whatever stands between them."""


def findings(data: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield every value, and every key, that is a secret (LLM401, LLM402)."""
    own = data.get("data")
    if not isinstance(own, dict):
        return
    for key in OWNED:
        yield from _walk(own.get(key), (*DATA, key), "")
    both = own.get("models")
    if isinstance(both, dict) and set(both) <= {"local", "cloud"}:
        yield from _walk(both, (*DATA, "models"), "")


def _walk(value: Any, path: Path, name: str) -> Iterator[Finding]:
    """Yield what is secret in a value; ``name`` is the nearest key around it that calls it a secret."""
    if isinstance(value, dict):
        for key, item in value.items():
            if is_known(key) and not _is_passed_over(str(key), path):
                yield from _of_key(str(key), item, (*path, key), name)
    elif isinstance(value, list):
        before = ""
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index), name or before)
            before = (
                item if isinstance(item, str) and _NAMES_NEXT.fullmatch(item) and is_named(item) else ""
            )
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield from _of_scalar(str(value), path, name)


def _names_next(item: str) -> bool:
    return _NAMES_NEXT.fullmatch(item) is not None and is_named(item)


def _is_passed_over(key: str, path: Path) -> bool:
    """Say whether nobody reads a key, or the schema judges it and shows nothing of its value."""
    is_cloud = "cloud_models" in path[1:2] or "cloud" in path[2:3]
    fields = at("#/$defs/cloud_model")["properties"]
    return key.startswith("x-") or (is_cloud and fields.get(key, {}).get("x-secret", False))


def _of_key(key: str, item: Any, path: Path, name: str) -> Iterator[Finding]:
    if tells_secret(key):
        yield _finding("LLM401", path, f"a key in {place(path[:-1])}", at_key=True)
        return
    calls = is_named(key) and not _is_free(path)
    yield from _walk(item, path, key if calls else name)


def _is_free(path: Path) -> bool:
    """Say whether a key is a name of the person's own choice: of a model, a group, or a secret.

    Nobody calls a model ``api_key``: that is a field whose model has lost its dash.
    """
    return path[-2] in {"local_models", "local", "groups", "secrets"} and path[-1] != "api_key"


def _of_scalar(text: str, path: Path, name: str) -> Iterator[Finding]:
    variable = _VARIABLE.fullmatch(text) if path[-2] == "env" or path[-1] == "env" else None
    if name and is_secret(name, text):
        yield _finding("LLM401", path, shown(name))
    elif variable and is_secret(variable[1], variable[2]):
        yield _finding("LLM401", path, shown(variable[1]))
    elif tells_secret(text, is_prose=path[-1] in _PROSE):
        yield _finding("LLM402" if "://" in text else "LLM401", path, place(path))


def _finding(code: str, path: Path, what: str, *, at_key: bool = False) -> Finding:
    message, hint = _SAID[code]
    return Finding(
        code=code, path=path, message=message.format(what), hint=hint, at_key=at_key, is_secret=True
    )


_SAID = {
    "LLM401": (
        "{} looks like a secret in clear text",
        "name a Podman secret under secrets: of the service instead",
    ),
    "LLM402": (
        "the url in {} carries a user name or a token",
        "take it out, and log in with the tool that downloads",
    ),
}
