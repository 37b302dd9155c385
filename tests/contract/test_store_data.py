"""The store that is shipped: its entries are right, and the file that the program reads has all of them."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from chezmoi_llm import resources
from chezmoi_llm.choices import choose
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import expand, judge
from chezmoi_llm.store.kinds import kind_of
from chezmoi_llm.world import store_index
from chezmoi_llm.world.model_store import look_up, shipped

FOLDER = Path(resources.STORE)


@cache
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
    kinds = {entry.get("kind", "chat") for entry in small}
    assert kinds == {"chat", "embedding", "rerank", "transcription"}


def test_the_quantization_is_the_one_of_the_file():
    tagged = {
        name: entry["model"].rpartition(":")[2]
        for name, entry in entries("local").items()
        if entry["model"].startswith("hf://") and entry["model"].count(":") > 1
    }
    said = {name: entries("local")[name].get("quantization") for name in tagged}
    assert said == tagged


@pytest.mark.parametrize("placement", ["host", "embedded"])
def test_every_entry_gives_a_model_without_an_error(placement):
    """What whisper-server reads has to be downloaded by hand, so its entries get a path here."""
    local = [
        {"id": name, "model": f"/srv/models/{name}.bin"} if entry.get("kind") == "transcription" else name
        for name, entry in entries("local").items()
    ]
    swap = {"placement": placement, "models_dir": "/srv/models"}
    cloud = list(entries("cloud"))
    data = {"local_models": local, "cloud_models": cloud, "llm_stack": {"services": {"llama_swap": swap}}}
    stock = look_up({"data": data}, "/no/such/folder")
    expansion = expand({"data": data}, stock=stock)
    assert [one for one in expansion.findings if one.severity is Severity.ERROR] == []
    document = expansion.document
    assert {model["name"] for model in document["local_models"]} == set(entries("local"))
    assert {model["name"] for model in document["cloud_models"]} == set(cloud)


def test_the_kinds_are_those_that_the_program_tells_from_an_entry():
    """Who asks for an entry in a list gets a model for the same as the table of entries says."""
    data = {"data": {"local_models": list(entries("local"))}}
    chosen = choose(judge(data, stock=look_up(data, "/no/such/folder")).spec).models
    listed = {entry.id: kind_of(entry) for entry in shipped() if entry.folder == "local"}
    assert {one.model.name: one.kind.value for one in chosen} == listed
