"""What a person may have meant by an ID that no store has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chezmoi_llm.showing.words import listed, shown
from chezmoi_llm.showing.words import nearest as alike
from chezmoi_llm.store.records import EXAMPLES, Entry

MOST = 3
"""How many IDs a hint names."""

NEAR = 0.7
"""Likeness from which an ID counts as near."""


def hint(folder: str, wanted: str, known: Iterable[Entry]) -> str:
    """Return what to do about an ID that ``folder`` does not have, or neither has where it is empty.

    ``known`` are all entries.
    """
    entries = tuple(known)
    elsewhere = {entry.folder for entry in entries if entry.id == wanted}
    if elsewhere:
        (other,) = elsewhere
        return f"it is a {other} model: move it to {other}_models"
    near = nearest(wanted, [entry for entry in entries if folder in ("", entry.folder)])
    if near:
        return f"did you mean {listed(map(repr, near), last='or')}?"
    if "://" in wanted:
        return f"write the model out: {{name: {_as_id(wanted)}, model: {shown(wanted)}}}"
    written = f"{{name: NAME, model: {EXAMPLES[folder or 'local']}}}"
    return f"choose one of chezmoi-llm store list, or write the model out: {written}"


def nearest(wanted: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the IDs that a word may mean: those that it is a known wrong name of, else those like it."""
    words = {wanted.strip().lower(), _as_id(wanted)}
    meant = [entry.id for entry in entries if words & {_as_id(entry.id), *map(str.lower, entry.also)}]
    if meant or "://" in wanted:
        return tuple(meant[:MOST])
    return _like(_as_id(wanted), [entry.id for entry in entries])


def _as_id(word: str) -> str:
    """Return a word as an ID would be written: Qwen/Qwen3-4B-GGUF and ollama://qwen3:4b are qwen3-4b."""
    last = word.strip().rpartition("/")[2].lower()[:128]
    return re.sub(r"[\s:_-]+", "-", last).removesuffix("-gguf")


def _like(word: str, ids: Sequence[str]) -> tuple[str, ...]:
    by_lower = {one.lower(): one for one in ids}
    return tuple(by_lower[near] for near in alike(word, by_lower, most=MOST, cutoff=NEAR))
