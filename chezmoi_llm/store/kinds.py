"""What the facts about a model say that it is for, where only one kind can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chezmoi_llm.store.records import Entry

KINDS = ("chat", "embedding", "rerank", "transcription", "image", "speech")

MAKERS = ("image", "speech")
"""Kinds that answer with no text; no capability is called like them, and no role is theirs."""

_ONLY_CHAT = ("tools", "reasoning")
"""Capabilities that no other kind has; some embedding models see."""

_NAME_SAYS = (
    ("embedding", "embed", re.compile(r"embed(?!ded)", re.IGNORECASE)),
    ("rerank", "rerank", re.compile(r"rerank", re.IGNORECASE)),
    ("transcription", "whisper", re.compile(r"whisper", re.IGNORECASE)),
)
"""A word of a name, and what it says; who builds embedded systems has no embedding model."""


def of_capabilities(words: Iterable[str]) -> str:
    """Return the one kind that has these capabilities, or nothing."""
    told = {"chat" if word in _ONLY_CHAT else word for word in words} & set(KINDS)
    return told.pop() if len(told) == 1 else ""


def of_facts(facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind that settings and names of a model tell, with the reason; both may be empty.

    Model families carry it in the last words of the URI.
    """
    if facts.get("pooling") == "rank":
        return "rerank", "pooling rank is for reranking"
    if facts.get("dimensions"):
        return "embedding", "only embedding models have dimensions"
    last = re.split(r"[/\\]", facts.get("model", "").rstrip("/"))[-2:]
    for kind, word, says in _NAME_SAYS:
        if any(says.search(part) for part in (*last, facts.get("name", ""))):
            return kind, f"the name says {word}"
    return "", ""


def kind_of(entry: Entry) -> str:
    """Return what a model is for: as the entry says, else what its facts say, else chat."""
    facts = {**entry.fields, "name": entry.id}
    told = facts.get("kind") or of_capabilities(facts.get("capabilities", ()))
    return told or of_facts(facts)[0] or "chat"
