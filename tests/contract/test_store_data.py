"""The store that is shipped: its entries are right, and the file that the program reads has all of them."""

from __future__ import annotations

from pathlib import Path

from chezmoi_llm import resources
from chezmoi_llm.world import store_index

FOLDER = Path(resources.STORE)


def test_the_file_that_is_read_has_every_entry() -> None:
    written = (FOLDER / "index.json").read_text(encoding="utf-8")
    assert written == store_index.index_text(), "run make store"
