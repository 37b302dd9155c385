"""Keys at the top of the file that are nearly ours: they would be passed over without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.document import is_known
from chezmoi_llm.words import did_you_mean, shown

OWNED = ("local_models", "cloud_models", "llm_stack", "published_ports")
NEAR = 0.82
"""Likeness from which a key at the top counts as a typo; below it, it is the person's own."""


def findings(data: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield near misses of our own keys, and lists that are there in both spellings."""
    own = data.get("data")
    if "data" not in data:
        yield from _near(data, ("data",), ())
    if isinstance(own, dict):
        yield from _near(own, tuple(key for key in OWNED if key not in own), ("data",))
        yield from _both(own)


def _near(mapping: Mapping[Any, Any], wanted: tuple[str, ...], path: Path) -> Iterator[Finding]:
    for key in mapping:
        if not is_known(key) or not isinstance(key, str) or key.startswith("x-"):
            continue
        hint = did_you_mean(key, wanted, cutoff=NEAR)
        if hint:
            yield Finding(
                code="LLM107",
                path=(*path, key),
                at_key=True,
                message=f"{shown(key)} is not read by chezmoi-llm",
                hint=hint,
            )


def _both(own: Mapping[Any, Any]) -> Iterator[Finding]:
    models = own.get("models")
    if not isinstance(models, dict) or not models or not set(models) <= {"local", "cloud"}:
        return
    for key, other in (("local_models", "local"), ("cloud_models", "cloud")):
        if key in own:
            yield Finding(
                code="LLM106",
                path=("data", key),
                related=("data", "models"),
                at_key=True,
                message=f"{key!r} and 'models' are both there, but only one of them is read",
                hint=f"move the list to models: {other}:, or the other way round",
            )
