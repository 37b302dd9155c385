"""The model store: entries by ID, read from folders of the person's and from the one that is shipped."""

from __future__ import annotations

from chezmoi_llm.store.records import (
    ENDINGS,
    EXAMPLES,
    FOLDERS,
    NO_STOCK,
    SHIPPED,
    Entry,
    Key,
    LookUp,
    Read,
    Stock,
    no_store,
)

__all__ = [
    "ENDINGS",
    "EXAMPLES",
    "FOLDERS",
    "NO_STOCK",
    "SHIPPED",
    "Entry",
    "Key",
    "LookUp",
    "Read",
    "Stock",
    "no_store",
]
