"""Entries of a store as people look at them: a table, the words they are found by, all that is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chezmoi_llm.store.kinds import kind_of
from chezmoi_llm.store.records import Entry

COLUMNS = ("ID", "FOR", "SIZE", "PARAMETERS", "CONTEXT", "DOWNLOAD", "PRICE", "LICENSE", "FROM")
NARROW = ("ID", "FOR", "SIZE", "CONTEXT")
"""Columns where the terminal is too narrow for all of them."""

_SEARCHED = (
    *("display_name", "description", "model", "provider", "kind", "size", "family", "license"),
    "also",
)


def is_about(entry: Entry, words: Iterable[str]) -> bool:
    """Say whether every word stands somewhere in an entry, whatever its case."""
    values = {**entry.fields, **entry.facts}
    said = [entry.id, entry.folder, kind_of(entry), *entry.fields.get("capabilities", ())]
    for field in _SEARCHED:
        value = values.get(field, "")
        said += value if isinstance(value, list) else [str(value)]
    text = "\n".join(said).lower()
    return all(word.lower() in text for word in words)


def lines(entries: Sequence[Entry], width: int) -> tuple[str, ...]:
    """Return the table of some entries; a column that nobody fills is left out.

    ``width`` is that of the terminal, 0 where there is none; where not all columns fit, the less needed
    ones are left out.
    """
    table = _lines(entries, COLUMNS)
    is_too_wide = 0 < width < max(map(len, table), default=0)
    return _lines(entries, NARROW) if is_too_wide else table


def _lines(entries: Sequence[Entry], columns: Sequence[str]) -> tuple[str, ...]:
    rows = [_cells(entry) for entry in entries]
    used = [name for name in columns if any(row[name] for row in rows)]
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in used}
    heads = [dict(zip(used, used, strict=True)), *rows] if used else []
    return tuple("  ".join(row[name].ljust(widths[name]) for name in used).rstrip() for row in heads)


def _cells(entry: Entry) -> dict[str, str]:
    fields, facts = entry.fields, entry.facts
    return {
        "ID": entry.id,
        "FOR": kind_of(entry) if entry.folder == "local" else f"{kind_of(entry)}, {provider_of(entry)}",
        "SIZE": facts.get("size", ""),
        "PARAMETERS": _parameters(facts.get("parameters_b", 0), facts.get("active_parameters_b", 0)),
        "CONTEXT": str(fields.get("context_window") or ""),
        "DOWNLOAD": f"{facts['file_size_gb']:g} GB" if facts.get("file_size_gb") else "",
        "PRICE": _price(fields.get("pricing", {})),
        "LICENSE": facts.get("license", ""),
        "FROM": "chezmoi-llm" if entry.is_shipped else entry.file,
    }


def _parameters(billions: float, active: float) -> str:
    if not billions:
        return ""
    return f"{billions:g}B" + (f", {active:g}B active" if active else "")


def _price(pricing: Mapping[str, float]) -> str:
    """Return what a million tokens cost, sent and answered; ``?`` is unknown."""
    prices = [pricing.get(key) for key in ("input_per_1m", "output_per_1m")]
    return (
        " / ".join(f"${price:g}" if price is not None else "?" for price in prices) if any(prices) else ""
    )


def provider_of(entry: Entry) -> str:
    """Return the provider of a cloud model, nothing for a local one."""
    provider: str = entry.fields.get("provider") or entry.fields.get("model", "").partition("/")[0]
    return provider if entry.folder == "cloud" else ""


def as_json(entry: Entry) -> dict[str, Any]:
    """Return all that is known of an entry, in the spelling of a file of the store."""
    renamed = {"display_name": "name"}
    fields = {renamed.get(key, key): value for key, value in entry.fields.items()}
    return {"id": entry.id, "folder": entry.folder, **fields, **entry.facts, "file": entry.file}
