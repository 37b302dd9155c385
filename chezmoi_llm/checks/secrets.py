"""Secrets in clear text, wherever they stand: also in a disabled model, or in what breaks the schema.

The data is looked at as it is, before anything else judges it. What is found here is taken out of it,
so that no other message can repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi.truth import OURS_ALONE
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.document import UNKNOWN, is_known
from chezmoi_llm.resolve.providers import PROVIDERS, key_of
from chezmoi_llm.schema import at, merged, place
from chezmoi_llm.showing.secrecy import is_named, is_secret, tells_secret
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import DATA
from chezmoi_llm.spec.lists import are_both, lists

_PROSE = frozenset({"description", "display_name"})
_NAMES_NEXT = re.compile(r"[^\w-]*(--?[A-Za-z][\w.-]*|[A-Z_][A-Z0-9_]*)\W*")
"""An item of a list that names the next one: a flag, or a variable."""
_OF_NAMES = frozenset({"aliases", "fallback", "members", "strip_params"})
"""Lists of names, of which none is the value of the one before."""
_VARIABLE = re.compile(r"\W*(\w+)\W+(.*)", re.DOTALL)
"""A variable in ``env`` with its value, whatever stands between them."""
_VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_PARAMETER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

_READERS = {
    "local_models": "llama_swap",
    "local": "llama_swap",
    "defaults": "llama_swap",
    "cloud_models": "litellm",
    "cloud": "litellm",
}
"""The service that reads secrets for what stands under a key."""


def findings(data: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield every value, and every key, that is a secret (LLM401, LLM402)."""
    own = data.get("data")
    if not isinstance(own, dict):
        return
    yield from _provider_keys(own)
    for key in OURS_ALONE:
        yield from _walk(own.get(key), (*DATA, key), "")
    both = own.get("models")
    if are_both(both):
        yield from _walk(both, (*DATA, "models"), "")


def _provider_keys(own: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield keys of providers that stand on cloud models, with the secret to make of each (LLM105)."""
    key = at("#/$defs/cloud_model")["properties"]["api_key"]
    path, models = lists(own)["cloud"]
    for index, raw in enumerate(models if isinstance(models, list) else ()):
        if isinstance(raw, dict) and is_known(raw.get("api_key", UNKNOWN)):
            yield Finding(
                code="LLM105",
                path=(*path, index, "api_key"),
                message=f"'api_key' cannot stand here: {key['x-expects']}",
                hint=_as_secret(raw) or key["x-hint"],
                is_secret=True,
            )


def _as_secret(raw: Mapping[Any, Any]) -> str:
    """Return how the key of a cloud model becomes a secret, if its provider can be told."""
    written = (raw.get(field) for field in ("model", "litellm_model_name", "provider"))
    asked = [word.partition("/")[0] for word in written if isinstance(word, str)]
    variable = next((key_of(provider) for provider in asked if provider in PROVIDERS), "")
    ask = f"systemd-ask-password -n {variable}: | podman secret create {variable.lower()} -"
    return f"take the line out, and run: {ask}" if variable else ""


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
            before = item if path[-1] not in _OF_NAMES and _names_next(item) else ""
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield from _of_scalar(str(value), path, name)


def _names_next(item: Any) -> bool:
    return isinstance(item, str) and _NAMES_NEXT.fullmatch(item) is not None and is_named(item)


def _is_passed_over(key: str, path: Path) -> bool:
    """Say whether nobody reads a key, or the schema judges it and shows nothing of its value."""
    is_cloud = "cloud_models" in path[1:2] or "cloud" in path[2:3]
    fields = at("#/$defs/cloud_model")["properties"]
    return key.startswith("x-") or (is_cloud and fields.get(key, {}).get("x-secret", False))


def _of_key(key: str, item: Any, path: Path, name: str) -> Iterator[Finding]:
    if tells_secret(key):
        yield _clear_text(path, f"a key in {place(path[:-1])}", at_key=True)
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
        yield _clear_text(path, shown(name), name)
    elif variable and is_secret(variable[1], variable[2]):
        yield _clear_text(path, shown(variable[1]), variable[1])
    elif tells_secret(text, is_prose=path[-1] in _PROSE):
        yield _in_url(path) if "://" in text else _clear_text(path, place(path), str(path[-1]))


def _clear_text(path: Path, what: str, name: str = "", *, at_key: bool = False) -> Finding:
    return Finding(
        code="LLM401",
        path=path,
        message=f"{what} looks like a secret in clear text",
        hint=_instead(path, name),
        at_key=at_key,
        is_secret=True,
    )


def _instead(path: Path, name: str) -> str:
    """Return where a Podman secret is named in the place of a value; ``name`` may be its variable."""
    reader = next((_READERS[str(key)] for key in path[1:3] if key in _READERS), "")
    if path[1:3] == ("llm_stack", "services"):
        reader = next((str(key) for key in path[3:4] if _has_secrets(str(key))), "")
    if not reader:
        return "take it out"
    there = f"services: {reader}: secrets"
    if "params" in path and _PARAMETER_NAME.fullmatch(name):  # LiteLLM fills in variables there
        variable = name.replace("-", "_").upper()
        return f"write os.environ/{variable} there, and {there}: {{{variable}: {variable.lower()}}}"
    if _VARIABLE_NAME.fullmatch(name):
        return f"make it a Podman secret, and write {there}: {{{name}: {name.lower()}}}"
    return f"take it out, and name a Podman secret under {there}"


def _has_secrets(service: str) -> bool:
    services = at("#/$defs/services")["properties"]
    return service in services and "secrets" in merged(services[service])["properties"]


_WITHOUT_LOGIN = {
    "api_base": "take it out, and name the variable of a key in api_key_env",
    "ollama_url": "take it out",
    "connections": "take it out",
}
"""What to do instead with the login in a url that no model is downloaded from."""


def _in_url(path: Path) -> Finding:
    return Finding(
        code="LLM402",
        path=path,
        message=f"the url in {place(path)} carries a user name or a token",
        hint=_without_login(path),
        is_secret=True,
    )


def _without_login(path: Path) -> str:
    """Return what to do instead; a variable can come from a secret as a whole."""
    if path[-2] == "env" or "params" in path:
        return _instead(path, str(path[-1]))
    return _WITHOUT_LOGIN.get(str(path[-1]), "take it out, and log in with the tool that downloads")
