"""What belongs into a config template that a person has already, and the places that it goes to.

The template is theirs and may be computed, so that it is never edited: the lines to add are shown,
each piece with the place where it must stand for no key to be there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.scaffold.config import SERVICES, SLOT, STACK, Config
from chezmoi_llm.scaffold.starter import Mode
from chezmoi_llm.scaffold.tree import HOOK

CALL: Final = f'f=$CHEZMOI_SOURCE_DIR/{HOOK}; [ ! -f "$f" ] || exec sh "$f"'
"""The hook's command line; where the script is missing, as in an older commit, nothing happens."""

_MODELS: Final = (
    {"name": "qwen3-4b", "model": "hf://Qwen/Qwen3-4B-GGUF:Q4_K_M"},
    {
        "name": "nomic-embed-text",
        "model": "hf://nomic-ai/nomic-embed-text-v1.5-GGUF:Q8_0",
        "kind": "embedding",
    },
)
"""Of Hugging Face, where every placement can fetch them; the entries of the store name the same files."""

WARNING: Final = ("warnings", "configFileTemplateHasChanged")

_BRANCHES: Final[frozenset[Path]] = frozenset(
    {("data",), STACK, SERVICES, ("warnings",), *(SLOT[:end] for end in (1, 2))}
)
"""Mappings that a person may have keys of their own in; any other value is theirs or ours as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Keys that are missing under ``anchor``, the nearest mapping around them that is there."""

    anchor: Path
    values: Mapping[str, Any]

    @property
    def is_hook(self) -> bool:
        """Whether it declares the hook, which must not run on Windows."""
        return (*self.anchor, *self.values)[:1] == SLOT[:1]


def block(*, accelerator: str, mode: Mode, off: Iterable[str] = ()) -> dict[str, Any]:
    """Return all that the starter of a new folder says, as data; ``off`` are the services left out."""
    hook = {"command": "sh", "args": ["-c", CALL]}
    values: dict[str, Any] = {
        "data": {
            "local_models": list(_MODELS),
            "llm_stack": {
                "accelerator": accelerator,
                "services": {"llama_swap": {"placement": "container"}} | switched_off(off),
            },
        },
        WARNING[0]: {WARNING[1]: False},
    }
    return values | ({"hooks": {"read-source-state": {"pre": hook}}} if mode is Mode.HOOK else {})


def switched_off(services: Iterable[str]) -> dict[str, Any]:
    """Return what ``llm_stack.services`` says of services that nobody has files for."""
    return {key: {"enabled": False} for key in services}


def missing(wanted: Mapping[str, Any], found: Config, anchor: Path = ()) -> Iterator[Piece]:
    """Yield what of ``wanted`` is not there, each piece under the mapping that it goes into."""
    here = found.at(anchor)
    there = here if isinstance(here, Mapping) else {}
    absent: dict[str, Any] = {}
    for key, value in wanted.items():
        path = (*anchor, key)
        if key not in there:
            absent[key] = value
        elif path in _BRANCHES:
            yield from missing(value, found, path)
    if "models" in there:  # the other spelling of the lists, which stands instead of them
        absent.pop("local_models", None)
    if "openwebui" in there:
        absent.pop("open_webui", None)
    if absent:
        yield from _pieces(anchor, absent)


def _pieces(anchor: Path, absent: Mapping[str, Any]) -> Iterator[Piece]:
    """Keep the hook apart from the rest: it stands inside a condition."""
    plain = {key: value for key, value in absent.items() if key != "hooks"}
    if plain:
        yield Piece(anchor=anchor, values=plain)
    if "hooks" in absent:
        yield Piece(anchor=anchor, values={"hooks": absent["hooks"]})
