"""Looking up what a list asks for: folders in their order, then the store that is shipped."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import expand, judge
from chezmoi_llm.store import NO_STOCK
from chezmoi_llm.world.model_store import everything, look_up, shipped, stores_of, texts_of


@pytest.fixture
def folder(tmp_path):
    """Return a function that puts entries into a store folder of a source folder, and returns that."""

    def put(files, store=".llm/models"):
        for path, content in files.items():
            file = tmp_path / store / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(tmp_path)

    return put


def local(uri, **more):
    return {"model": uri, **more}


def data(*ids, store=None, cloud=(), **stack):
    stack |= {"store": store} if store is not None else {}
    return {"data": {"local_models": list(ids), "cloud_models": list(cloud), "llm_stack": stack}}


def uris(source, config):
    document = expand(config, stock=look_up(config, source)).document
    return {model["name"]: model["model"] for model in document["local_models"]}


def messages(source, config):
    stock = look_up(config, source)
    findings = judge(config, stock=stock).findings
    return [
        f"{one.code} {one.message}" for one in (*findings, *stock.faults) if one.severity < Severity.NOTE
    ]


def test_a_list_without_ids_looks_nothing_up():
    assert look_up({"data": {"local_models": [{"name": "a", "model": "ollama://a"}]}}, "/no") is NO_STOCK


@pytest.mark.parametrize(
    "broken", [None, 5, [], {"data": 5}, {"data": {"local_models": [None, 5, {1: 2}]}}]
)
def test_data_may_be_wrong_in_any_way(broken):
    assert look_up(broken, "/no") is NO_STOCK


def test_the_first_folder_that_has_an_entry_counts(folder):
    folder({"local/a.json": local("ollama://first")}, "one")
    source = folder({"local/a.json": local("ollama://second"), "local/b.yaml": "model: ollama://b"}, "two")
    assert uris(source, data("a", "b", store=["one", "two"])) == {"a": "ollama://first", "b": "ollama://b"}


def test_a_folder_counts_before_the_store_that_is_shipped(folder):
    (some, other) = [entry for entry in shipped() if entry.folder == "local"][:1] * 2
    source = folder({f"local/{some.id}.json": local("ollama://mine")})
    assert uris(source, data(some.id)) == {some.id: "ollama://mine"}
    assert uris("/no/such/folder", data(other.id)) == {other.id: other.fields["model"]}


def test_a_folder_may_be_absolute_or_below_the_home(folder, tmp_path, monkeypatch):
    folder({"local/a.toml": 'model = "ollama://a"'}, "home/team")
    folder({"local/b.yml": "model: ollama://b"}, "elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    stores = ["~/team", str(tmp_path / "elsewhere")]
    assert uris("/no", data("a", "b", store=stores)) == {"a": "ollama://a", "b": "ollama://b"}


def test_a_folder_that_is_written_has_to_be_there(folder):
    source = folder({"local/a.json": local("ollama://a")})
    missing = data(store=[".llm/models", "nowhere", ""])
    assert messages(source, missing) == [
        "LLM210 'nowhere' is no model store",
        "LLM210 '' is no model store",
    ]
    assert messages("/no/such/folder", data()) == []


def test_a_submodule_that_was_not_fetched_is_told(tmp_path):
    (tmp_path / "vendor").mkdir()
    assert messages(str(tmp_path), data(store=["vendor"])) == ["LLM210 'vendor' is an empty folder"]


def test_an_entry_that_cannot_be_read_stops_only_who_asks_for_it(folder):
    source = folder({"local/a.json": local("ollama://a")})
    entries = Path(source) / ".llm/models/local"
    (entries / "gone.json").symlink_to("/no/such/file")
    (entries / "round.json").symlink_to("round.json")
    os.mkfifo(entries / "pipe.json")
    assert messages(source, data("a")) == []
    assert messages(source, data("nobody"))[0] == "LLM209 there is no entry 'nobody' in the model store"
    stock = look_up(data("gone", "round", "pipe"), source)
    assert [(Path(one.file).name, one.code, one.message) for one in stock.faults] == [
        ("gone.json", "LLM001", "the file cannot be read: No such file or directory"),
        ("round.json", "LLM001", "the file cannot be read: Too many levels of symbolic links"),
        ("pipe.json", "LLM001", "the file cannot be read: it is no regular file"),
    ]
    assert texts_of(stock.faults) == {}


def test_only_files_with_a_known_ending_are_entries(folder):
    files = {"local/a.json~": "", "local/.a.json": "", "local/README.md": "", "local/a/b.json": ""}
    source = folder({**files, "a.json": local("ollama://a")})
    assert messages(source, data("a"))[0] == "LLM209 there is no entry 'a' in the model store"


def test_a_file_that_nobody_can_ask_for_is_not_listed(folder):
    source = folder({"local/a.json": local("ollama://a"), "local/\x1b[31mred.json": local("ollama://b")})
    own = [entry.id for entry in everything(stores_of([".llm/models"], source)) if not entry.is_shipped]
    assert own == ["a"]


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "a/../../x", ".hidden", "a\x00b", ""])
def test_an_id_leads_nowhere_else(folder, name):
    source = folder({"local/a.json": local("ollama://a"), "../secret.json": local("ollama://b")})
    assert any(said.startswith("LLM209") or "LLM1" in said for said in messages(source, data(name, "a")))


def test_the_path_of_an_entry_is_that_of_its_file(folder):
    source = folder({"local/a.json": "{"})
    (fault,) = look_up(data("a"), source).faults
    assert fault.file == f"{source}/.llm/models/local/a.json"
    assert (fault.line, fault.col, fault.code) == (1, 1, "LLM001")


def test_two_files_of_one_entry_are_a_fault(folder):
    source = folder({"local/a.json": local("ollama://a"), "local/a.yaml": "model: ollama://b"})
    said = "LLM208 there is a.json too, and the file's name is the ID of an entry"
    assert messages(source, data("a")) == [said]


def test_a_fault_in_an_entry_that_nobody_asks_for_stops_nobody(folder):
    source = folder({"local/a.json": local("ollama://a"), "local/b.json": "{"})
    assert messages(source, data("a")) == []


def test_what_is_wrong_in_an_entry_that_was_read_is_told_with_its_file(folder):
    source = folder({"local/a.json": local("ollama://a", args=["--host", "::"], aliases=["b"])})
    file = f"{source}/.llm/models/local/a.json"
    assert messages(source, data("a", {"name": "b", "model": "ollama://b"})) == [
        f"LLM204 alias 'b' of 'a' is the name of another model ({file})",
        f"LLM304 '--host' is set by chezmoi-llm already ({file})",
    ]
    assert messages(source, data({"id": "a", "aliases": [], "args": ["--host", "::"]})) == [
        "LLM304 '--host' is set by chezmoi-llm already"
    ]


def test_a_role_for_an_entry_that_is_not_in_the_list(folder):
    source = folder({"local/a.json": local("ollama://a"), "local/b.json": local("ollama://b")})
    found = judge(data("a", task_model="b"), stock=look_up(data("a", task_model="b"), source)).findings
    assert ("LLM211", "add it to local_models") in [(one.code, one.hint) for one in found]


def test_what_is_written_counts_before_the_entry_and_that_before_the_defaults(folder):
    source = folder({"local/a.json": local("ollama://a", ctx_size=1000, ttl=50, threads=2)})
    config = data({"id": "a", "ttl": 60, "name": "b"}, defaults={"threads": 8, "ngl": 5})
    (model,) = expand(config, stock=look_up(config, source)).document["local_models"]
    fields = ("name", "id", "model", "ctx_size", "ttl", "threads", "ngl")
    assert [model[field] for field in fields] == ["b", "a", "ollama://a", 1000, 60, 2, "5"]


@pytest.mark.parametrize(("groups", "home"), [({}, ""), ({"task": {"swap": False}}, "task")])
def test_the_group_of_an_entry_counts_where_the_list_has_it(folder, groups, home):
    source = folder({"local/a.json": local("ollama://a", group="task")})
    config = data("a", groups=groups)
    (model,) = expand(config, stock=look_up(config, source)).document["local_models"]
    assert model["group"] == home


def test_an_entry_that_is_switched_off_gives_no_model(folder):
    source = folder({"local/a.json": local("ollama://a", enabled=False)})
    assert uris(source, data("a")) == {}
    file = f"{source}/.llm/models/local/a.json"
    assert messages(source, data("a")) == [f"LLM207 'a' is switched off in the model store ({file})"]
    assert uris(source, data({"id": "a", "enabled": True})) == {"a": "ollama://a"}


def test_a_list_that_is_a_mapping_names_entries_too(folder):
    source = folder({"local/a.json": local("ollama://a")})
    config = {"data": {"local_models": {"mine": {"id": "a"}}}}
    assert uris(source, config) == {"mine": "ollama://a"}


def test_the_folders_that_the_answer_depends_on_are_told(folder):
    source = folder({"local/a.json": local("ollama://a")})
    assert look_up(data("a"), source).looked_into == (
        f"{source}/.llm/models/local",
        f"{source}/.llm/models/cloud",
    )
    assert look_up(data(), source).looked_into == ()


def test_prices_reach_litellm_for_one_token(folder):
    entry = {"model": "openai/a", "pricing": {"input_per_1m": 0.3, "output_per_1m": "$2.50"}}
    source = folder({"cloud/a.json": entry})
    config = data(cloud=["a"])
    document = expand(config, stock=look_up(config, source)).document
    info = document["litellm"]["config"]["model_list"][0]["model_info"]
    assert (info["input_cost_per_token"], info["output_cost_per_token"]) == (0.0000003, 0.0000025)
