"""Entries of a model store: what is made of a file, what is wrong with it, and what an unknown ID means."""

from __future__ import annotations

import json

import pytest

from chezmoi_llm.store import Entry, near
from chezmoi_llm.store.reading import read

SEED_LOCAL = {
    "id": "qwen3-4b",
    "name": "Qwen3 4B",
    "model_uri": "huggingface://Qwen/Qwen3-4B-GGUF/qwen3-4b-q4_k_m.gguf",
    "quantization": "Q4_K_M",
    "ram_required_gb": 3,
    "context_window": 32768,
    "group": "task",
    "description": "Balanced task model",
    "ctx_size": 8192,
    "ttl": 0,
    "vulkan_driver": "RADV",
    "flash_attn": True,
    "enabled": True,
}
SEED_CLOUD = {
    "id": "gpt-5",
    "name": "GPT-5",
    "provider": "openai",
    "litellm_model_name": "openai/gpt-5-2025-08-07",
    "context_window": 400000,
    "max_output": 128000,
    "requires_api_key": "OPENAI_API_KEY",
    "description": "OpenAI's flagship model",
    "capabilities": ["chat", "reasoning", "multimodal"],
    "enabled": True,
}


def entry_of(data, folder="local", name="a", ending="json"):
    read_one = read(json.dumps(data).encode(), folder, name, f"{folder}/{name}.{ending}")
    assert read_one.faults == ()
    return read_one.entry


def said(text, folder="local", file="a.yaml"):
    name, _, _ = file.rpartition(".")
    faults = read(text.encode(), folder, name, file).faults
    return [f"{one.file}:{one.line}:{one.col}: {one.code} {one.severity} {one.message}" for one in faults]


def test_the_shape_of_a_local_entry_is_read_as_it_is():
    entry = entry_of(SEED_LOCAL, name="qwen3-4b")
    renamed = {"model_uri": "model", "name": "display_name"}
    expected = {renamed.get(key, key): value for key, value in SEED_LOCAL.items() if key != "id"}
    assert entry == Entry(folder="local", id="qwen3-4b", file="local/qwen3-4b.json", fields=expected)


def test_the_shape_of_a_cloud_entry_is_read_as_it_is():
    entry = entry_of(SEED_CLOUD, "cloud", "gpt-5")
    renamed = {"litellm_model_name": "model", "name": "display_name", "requires_api_key": "api_key_env"}
    expected = {renamed.get(key, key): value for key, value in SEED_CLOUD.items() if key != "id"}
    expected["capabilities"] = ["chat", "reasoning", "vision"]
    assert entry == Entry(folder="cloud", id="gpt-5", file="cloud/gpt-5.json", fields=expected)


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        pytest.param(["embeddings"], ["embedding"], id="plural"),
        pytest.param(["tool_calling", "function_execution"], ["tools"], id="two-words-for-one"),
        pytest.param(["multimodal", "vision"], ["vision"], id="each-once"),
        pytest.param(["code", "long-context"], [], id="nobody-is-told"),
        pytest.param(["chat", "rerank", "reasoning"], ["chat", "rerank", "reasoning"], id="ours"),
    ],
)
def test_capabilities_are_translated(words, ours):
    assert entry_of({"model": "ollama://a", "capabilities": words}).fields["capabilities"] == ours


@pytest.mark.parametrize(
    ("price", "read_as"),
    [
        pytest.param("$1.25", {"input_per_1m": 1.25}, id="dollars"),
        pytest.param("0.5", {"input_per_1m": 0.5}, id="digits"),
        pytest.param(3, {"input_per_1m": 3}, id="number"),
        pytest.param("FREE (limited time)", {}, id="words"),
        pytest.param("1,000", {}, id="commas"),
        pytest.param("٣", {}, id="digits-of-another-script"),
    ],
)
def test_prices_are_numbers_or_dollars(price, read_as):
    data = {"model": "openai/a", "pricing": {"input_per_1m": price, "tier": "standard"}}
    assert entry_of(data, "cloud").fields["pricing"] == read_as


def test_facts_stand_apart_from_fields():
    data = {"model": "ollama://a", "size": "small", "parameters_b": 0.6, "licence": "apache-2.0"}
    entry = entry_of({**data, "also": ["a-b"], "notes": "slow", "x-mine": 1})
    assert entry.fields == {"model": "ollama://a"}
    facts = {
        "size": "small",
        "parameters_b": 0.6,
        "license": "apache-2.0",
        "also": ["a-b"],
        "notes": "slow",
    }
    assert entry.facts == facts
    assert entry.also == ("a-b",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("model: ollama://a\n", [], id="two-words"),
        pytest.param("model_uri: ollama://a\n", [], id="other-spelling"),
        pytest.param("name: A\n", ["a.yaml:0:0: LLM104 error this entry has no 'model'"], id="no-model"),
        pytest.param("", ["a.yaml:0:0: LLM104 error this entry has no 'model'"], id="empty"),
        pytest.param(
            "model: ollama://a\nid: b\n",
            ["a.yaml:2:5: LLM208 error 'id' is 'b', but the file's name says 'a'"],
            id="other-id",
        ),
        pytest.param(
            "model: ollama://a\nwheels: 4\n",
            ["a.yaml:2:1: LLM101 warning unknown key 'wheels' in this entry"],
            id="unknown-key",
        ),
        pytest.param(
            "model: ollama://a\nmodel_uri: ollama://b\n",
            ["a.yaml:2:1: LLM106 error 'model_uri' and 'model' are two spellings of one field"],
            id="two-spellings",
        ),
        pytest.param(
            "model: ollama://a\nmodel: ollama://b\n",
            ["a.yaml:2:1: LLM005 error the key 'model' is already written on line 1"],
            id="key-twice",
        ),
        pytest.param(
            "- ollama://a\n",
            ["a.yaml:1:1: LLM001 error the file is a list, but must be keys with values"],
            id="list",
        ),
    ],
)
def test_a_fault_has_its_place(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"model": "ollama://a", "model": "ollama://b"}', ["LLM005"], id="key-twice"),
        pytest.param('{"model": "ollama://a", "ttl": NaN}', ["LLM001"], id="nan"),
        pytest.param('{"model": "ollama://a", "description": "\\ud800"}', ["LLM002"], id="half-a-pair"),
        pytest.param('{"model": "ollama://a", "description": "\\u00e9"}', [], id="escape"),
        pytest.param('\ufeff{"model": "ollama://a"}', ["LLM002"], id="byte-order-mark"),
        pytest.param('{"model": "ollama://a", "ttl": 1e3}', ["LLM102"], id="float"),
        pytest.param('{"model": "ollama://a", "notes": ' + "[" * 10**4 + "}", ["LLM003"], id="deeper"),
        pytest.param('["model"]', ["LLM001"], id="list"),
    ],
)
def test_json_that_python_would_take_is_held_to_what_is_right(text, expected):
    assert [one.code for one in read(text.encode(), "local", "a", "a.json").faults] == expected


def test_a_file_whose_name_is_no_id_says_so():
    assert said("model: ollama://a\n", file="a b.yaml") == [
        "a b.yaml:0:0: LLM208 error the file's name, 'a b', is no ID"
    ]


YOURS = ("command", "stop_command", "runner_args", "env", "port", "roles", "preload", "unlisted", "hosts")


@pytest.mark.parametrize("key", YOURS)
def test_an_entry_does_not_say_what_runs_on_the_machine(key):
    one = read(json.dumps({"model": "ollama://a", key: ["x"]}).encode(), "local", "a", "a.json")
    assert [(fault.code, str(fault.severity)) for fault in one.faults] == [("LLM105", "error")]
    assert one.entry.fields == {"model": "ollama://a"}


def test_a_broken_value_is_not_used():
    one = read(b'{"model": "ollama://a", "ctx_size": "many"}', "local", "a", "a.json")
    assert [(fault.line, fault.col, fault.code) for fault in one.faults] == [(1, 37, "LLM102")]
    assert one.entry.fields == {"model": "ollama://a"}


def test_a_key_in_an_entry_is_not_repeated():
    one = read(b'{"model": "openai/a", "api_key": "hunter2"}', "cloud", "a", "a.json")
    assert [(fault.code, fault.is_secret) for fault in one.faults] == [("LLM105", True)]
    assert "hunter2" not in str(one)


# --- what was meant -------------------------------------------------------------------------------


def known(*ids, folder="local", **also):
    return [
        Entry(
            folder=folder, id=one, file="", fields={}, facts={"also": also.get(one.replace("-", "_"), [])}
        )
        for one in ids
    ]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        pytest.param("qwen3-4", "did you mean 'qwen3-4b', 'qwen3-14b' or 'qwen3-8b'?", id="several"),
        pytest.param("QWEN3_4B", "did you mean 'qwen3-4b'?", id="case-and-dash"),
        pytest.param("qwen3:4b", "did you mean 'qwen3-4b'?", id="ollamas-name"),
        pytest.param("ollama://qwen3:4b", "did you mean 'qwen3-4b'?", id="uri"),
        pytest.param("Qwen/Qwen3-4B-GGUF", "did you mean 'qwen3-4b'?", id="hugging-face"),
        pytest.param("ollama://qwen3-small", "did you mean 'qwen3-4b'?", id="known-wrong-name"),
        pytest.param(
            "ollama://zephyr:7b",
            "write the model out: {name: zephyr-7b, model: 'ollama://zephyr:7b'}",
            id="other-uri",
        ),
        pytest.param("quen3-14b", "did you mean 'qwen3-14b', 'qwen3-4b' or 'qwen3-8b'?", id="typo"),
        pytest.param("gpt-5", "it is a cloud model: move it to cloud_models", id="other-list"),
        pytest.param(
            "zephyr",
            "choose one of chezmoi-llm store list, or write the model out: "
            "{name: NAME, model: ollama://qwen3:8b}",
            id="nothing-near",
        ),
    ],
)
def test_an_unknown_id_is_answered_with_what_was_meant(wanted, meant):
    entries = known("qwen3-4b", "qwen3-8b", "qwen3-14b", qwen3_4b=["ollama://qwen3-small"])
    assert near.hint("local", wanted, [*entries, *known("gpt-5", folder="cloud")]) == meant
