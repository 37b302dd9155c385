"""The reference of the docs: what a person writes and what templates read, page by page."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.reference.input_page import INPUT
from chezmoi_llm.reference.markdown import Page, Table, text_of
from chezmoi_llm.reference.output_page import OUTPUT
from chezmoi_llm.reference.store_page import STORE

PAGES: Mapping[str, Page] = {"input.md": INPUT, "output.md": OUTPUT, "store.md": STORE}
"""Every page by its name in ``docs/reference``."""

__all__ = ["PAGES", "Page", "Table", "text_of"]
