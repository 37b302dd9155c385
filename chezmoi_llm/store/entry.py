"""Makes an entry of the data of its file: the fields of a model in the list, and the facts beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any

from chezmoi_llm import schema
from chezmoi_llm.document import is_known
from chezmoi_llm.store.records import Entry

_LISTS = {"local": "local_model", "cloud": "cloud_model"}
"""For each folder, the definition of a model in the list that asks for its entries."""

_CAPABILITIES = {
    **dict.fromkeys(("tool_calling", "function_calling", "function_execution", "tool_use"), "tools"),
    **dict.fromkeys(("multimodal", "image", "images"), "vision"),
    **dict.fromkeys(("embeddings", "embed"), "embedding"),
    **dict.fromkeys(("reranking", "reranker"), "rerank"),
    **dict.fromkeys(("audio_transcription", "speech-to-text", "stt"), "transcription"),
    "completion": "chat",
    "thinking": "reasoning",
}
"""Words of other stores and programs for what a model can do."""

_DOLLARS = re.compile(r"\$?[ ]*([0-9]{1,6}(?:\.[0-9]{1,9})?)")


def entry(data: Mapping[str, Any], folder: str, name: str, file: str, broken: frozenset[Any]) -> Entry:
    """Return the entry that data describe; ``broken`` are keys whose values are not to be used."""
    wanted = schema.properties(_LISTS[folder]).keys() - {"name"}
    values = dict(_values({key: data[key] for key in data if key not in broken}, folder))
    return Entry(
        folder=folder,
        id=name,
        file=file,
        fields={field: value for field, value in values.items() if field in wanted},
        facts={field: value for field, value in values.items() if field not in wanted},
    )


def _values(data: Mapping[str, Any], folder: str) -> Iterator[tuple[str, Any]]:
    """Yield what the schema knows, each under one spelling; the name is what people see."""
    known, other = schema.properties(f"store_{folder}"), schema.synonyms(f"store_{folder}")
    for key, value in data.items():
        field = other.get(key, key)
        if field in known and field != "id" and is_known(value):
            yield _RENAMED.get(field, field), _CONVERT.get(field, _as_it_is)(value)


_RENAMED = {"name": "display_name"}


def _as_it_is(value: Any) -> Any:
    return value


def _capabilities(words: list[str]) -> list[str]:
    """Return what the target systems know of, in our words, each once."""
    known = schema.at("#/$defs/capabilities")["items"]["enum"]
    ours = (_CAPABILITIES.get(word, word) for word in words if is_known(word))
    return [word for word in dict.fromkeys(ours) if word in known]


def _pricing(prices: Mapping[str, Any]) -> dict[str, float]:
    """Return the prices that are numbers, or dollars in words; others say nothing that counts."""
    read = {key: _dollars(prices.get(key)) for key in schema.properties("pricing")}
    return {key: price for key, price in read.items() if price is not None}


def _dollars(price: Any) -> float | None:
    if isinstance(price, int | float) and not isinstance(price, bool):
        return price if isfinite(price) else None
    said = _DOLLARS.fullmatch(price) if isinstance(price, str) else None
    return float(said[1]) if said else None


_CONVERT: Mapping[str, Callable[[Any], Any]] = {"capabilities": _capabilities, "pricing": _pricing}
"""Fields whose values other stores spell otherwise than a person does in the list."""
