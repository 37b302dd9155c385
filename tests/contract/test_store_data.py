"""The store that is shipped: its entries are right, and the file that the program reads has all of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from chezmoi_llm import resources
from chezmoi_llm.world import store_index

FOLDER = Path(resources.STORE)


def entries(folder):
    """Return the entries of a folder by ID, as their files have them."""
    files = sorted((FOLDER / folder).glob("*.yaml"))
    return {
        file.name.removesuffix(".yaml"): yaml.safe_load(file.read_text(encoding="utf-8")) for file in files
    }


def test_the_file_that_is_read_has_every_entry() -> None:
    written = (FOLDER / "index.json").read_text(encoding="utf-8")
    assert written == store_index.index_text(), "run make store"


@pytest.mark.parametrize("folder", ["local", "cloud"])
def test_every_entry_says_where_its_facts_are_from(folder):
    assert [name for name, entry in entries(folder).items() if not entry.get("source")] == []


@pytest.mark.parametrize("folder", ["local", "cloud"])
def test_a_name_that_people_type_means_one_entry(folder):
    found = entries(folder)
    names = Counter([*found, *(wrong for entry in found.values() for wrong in entry.get("also", []))])
    assert [name for name, times in names.items() if times > 1] == []


def test_each_kind_of_local_model_has_a_small_one():
    small = [entry for entry in entries("local").values() if entry["size"] == "small"]
    assert {entry.get("kind", "chat") for entry in small} == {"chat", "embedding", "rerank"}
