"""Keys of ours in the wrong place, and keys that are nearly ours: both would be passed over silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm import schema
from chezmoi_llm.chezmoi.truth import OURS_ALONE, OWNED
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.document import is_known
from chezmoi_llm.records import replace
from chezmoi_llm.showing.words import did_you_mean, only_near, shown
from chezmoi_llm.spec.lists import are_both
from chezmoi_llm.store import FOLDERS

_SOUGHT = (*OURS_ALONE, "published_ports")
"""Keys of ours that a person may have meant by a mistyped one."""

NEAR = 0.82
"""Likeness from which a key at the top counts as a typo; below it, it is the person's own."""

_SHARED = ("published_ports", "tailscale")
"""Mappings of the person's in which a few keys are ours."""

_DEEPEST = 8
"""Levels of the person's own keys that are looked through."""


def findings(data: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield near misses of our own keys, ours in the wrong place, and lists in both spellings."""
    own = data.get("data")
    ours = own if isinstance(own, dict) else {}
    absent = tuple(key for key in _SOUGHT if key not in ours and key not in data)
    mistyped = () if "data" in data else tuple(_near(data, ("data",), ())) or tuple(_in_place_of_data(data))
    yield from mistyped
    yield from _near(data, absent, (), " under data:")
    yield from _near(ours, absent, ("data",))
    yield from _beside(ours, tuple(key for key in _SOUGHT if key in ours))
    for key in _SHARED:
        yield from _shared(ours.get(key), key)
    lists = tuple(key for key in OURS_ALONE if key in absent)
    if lists and not mistyped and not ours.get("models"):
        yield from _astray(data, lists)
    yield from _both(ours)
    yield from _almost_lists(ours)


def one_model(data: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield ``local_models`` that hold the fields of one model, whose dash was forgotten."""
    own = data.get("data")
    models = own.get("local_models") if isinstance(own, dict) else None
    if not isinstance(models, dict):
        return
    name = models.get("name")
    if isinstance(name, str) and not name.startswith("/") and "://" not in name:
        yield Finding(
            code="LLM102",
            path=("data", "local_models"),
            message="'local_models' is one model, but must be a list of models",
            hint=f"write '- ' before {next(iter(models))!r}, and indent the lines below it alike",
        )


def _in_place_of_data(data: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield the key that holds our lists where ``data`` should, however unlike it is."""
    mappings = {key: held for key, held in data.items() if isinstance(held, dict)}
    holders = [key for key, held in mappings.items() if any(map(held.get, OURS_ALONE))]
    for key in holders:
        yield Finding(
            code="LLM107",
            path=(key,),
            at_key=True,
            message=f"{shown(key)} is not read by chezmoi-llm",
            hint="did you mean 'data'?",
            mend="data" if len(holders) == 1 else "",
        )


def _near(
    mapping: Mapping[Any, Any], wanted: tuple[str, ...], path: Path, where: str = ""
) -> Iterator[Finding]:
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
                hint=f"{hint.removesuffix('?')}{where}?",
                mend="" if where else only_near(key, wanted, cutoff=NEAR),
            )


def _beside(ours: Mapping[Any, Any], there: tuple[str, ...]) -> Iterator[Finding]:
    """Yield keys that are ours but for a dash or a capital, where ours is there as well.

    So it is with ``[data.llm-stack]`` in TOML, above tables of ``llm_stack`` that are spelled right.
    """
    for key in ours:
        meant = key.lower().replace("-", "_") if isinstance(key, str) else ""
        if meant in there and meant != key:
            yield Finding(
                code="LLM107",
                path=("data", key),
                related=("data", meant),
                at_key=True,
                severity=Severity.WARNING,
                message=f"{shown(key)} is not read by chezmoi-llm, as {meant!r} is",
                hint=f"move it to {meant}",
            )


def _shared(mapping: Any, name: str) -> Iterator[Finding]:
    """Yield near misses in a mapping in which all other keys are the person's."""
    if not isinstance(mapping, dict):
        return
    known = {*schema.properties(name), *schema.synonyms(name)}
    others = {key: value for key, value in mapping.items() if key not in known}
    absent = tuple(key for key in schema.properties(name) if key not in mapping)
    for finding in _near(others, absent, ("data", name)):
        yield replace(finding, severity=Severity.WARNING)


def _astray(data: Mapping[Any, Any], lists: tuple[str, ...]) -> Iterator[Finding]:
    """Yield keys of ours that are indented too far, or stand below another key of chezmoi's config."""
    for path in _places(data, lists, ()):
        is_dropped = path[0] != "data"
        said = "cannot stand here: chezmoi drops it here without a word"
        yield Finding(
            code="LLM105" if is_dropped else "LLM107",
            path=path,
            at_key=True,
            severity=Severity.ERROR if is_dropped else Severity.WARNING,
            message=f"{shown(path[-1])} {said if is_dropped else 'is not read here by chezmoi-llm'}",
            hint="move it under data:",
        )


def _places(mapping: Mapping[Any, Any], lists: tuple[str, ...], path: Path) -> Iterator[Path]:
    """Yield where one of the keys stands, in mappings that are not ours."""
    for key, value in mapping.items():
        if not isinstance(key, str) or key.startswith("x-"):
            continue
        if key in lists:  # those at the root and right under data: are not looked for
            yield (*path, key)
        elif isinstance(value, dict) and len(path) < _DEEPEST and (*path, key) not in _OURS:
            yield from _places(value, lists, (*path, key))


_OURS = {("data", key) for key in OWNED}


def _almost_lists(own: Mapping[Any, Any]) -> Iterator[Finding]:
    """Yield why ``models`` is not read, where it holds a list of ours and nothing else does."""
    models = own.get("models")
    if not isinstance(models, dict) or {"local_models", "cloud_models"} & own.keys():
        return
    others = [key for key in models if key not in FOLDERS]
    is_ours = any(isinstance(models.get(kind), list) for kind in FOLDERS)
    if not is_ours or not all(isinstance(key, str) and is_known(key) for key in others):
        return
    absent = tuple(kind for kind in FOLDERS if kind not in models)
    for key in others:
        meant = only_near(key, absent)
        yield Finding(
            code="LLM107",
            path=("data", "models", key),
            at_key=True,
            severity=Severity.ERROR if meant else Severity.WARNING,
            message=f"'models' is not read by chezmoi-llm, as it holds {shown(key)}",
            hint=f"did you mean {meant!r}?"
            if meant
            else "take it out, or write local_models, cloud_models",
            mend=meant,
        )


def _both(own: Mapping[Any, Any]) -> Iterator[Finding]:
    if not are_both(own.get("models")):
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
