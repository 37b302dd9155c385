"""What llama-swap is told: its own configuration, and what its unit needs."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import expand

MODEL = {"name": "qwen3:8b", "model": "ollama://qwen3:8b"}


def told(*models: dict[str, Any], **services: dict[str, Any]) -> dict[str, Any]:
    expansion = expand({"data": {"local_models": list(models), "llm_stack": {"services": services}}})
    assert expansion.document is not None, expansion.findings
    target: dict[str, Any] = expansion.document["llama_swap"]
    return target


def test_a_model_of_two_lines_has_no_key_without_a_value() -> None:
    assert list(told(MODEL)["config"]["models"]["qwen3:8b"]) == [
        *("cmd", "cmdStop", "proxy", "ttl", "capabilities")
    ]


def test_an_empty_list_still_makes_a_whole_configuration() -> None:
    assert told()["config"] == {
        "healthCheckTimeout": 600,
        "unloadTimeout": 30,
        "globalTTL": 0,
        "startPort": 5800,
        "logLevel": "info",
        "apiKeys": ["${env.LLAMA_SWAP_API_KEY}"],
        "models": {},
    }


def test_what_is_written_comes_in_the_words_of_llama_swap() -> None:
    model = {
        **MODEL,
        "display_name": "Qwen",
        "description": "chats",
        "ttl": 0,
        "aliases": ["q"],
        "unlisted": True,
        "check_endpoint": "/ready",
        "metadata": {"a": 1},
        "preload": True,
    }
    config = told(model, llama_swap={"macros": {"m": "1"}})["config"]
    entry = config["models"]["qwen3:8b"]
    assert (config["macros"], config["hooks"]) == ({"m": "1"}, {"on_startup": {"preload": ["qwen3:8b"]}})
    assert (entry["name"], entry["description"], entry["ttl"], entry["aliases"]) == (
        "Qwen",
        "chats",
        0,
        ["q"],
    )
    assert (entry["unlisted"], entry["checkEndpoint"], entry["metadata"]) == (True, "/ready", {"a": 1})


CAPABILITIES = {
    "chat": ({}, {"in": ["text"], "out": ["text"], "context": 8192}),
    "chat with more": (
        {"capabilities": ["vision", "tools"]},
        {"in": ["text", "image"], "out": ["text"], "tools": True, "context": 8192},
    ),
    "embedding": ({"kind": "embedding"}, {"in": ["text"], "context": 8192}),
    "rerank": ({"kind": "rerank"}, {"in": ["text"], "reranker": True, "context": 8192}),
}


@pytest.mark.parametrize(("fields", "said"), CAPABILITIES.values(), ids=CAPABILITIES)
def test_capabilities_follow_from_the_kind(fields: dict[str, Any], said: dict[str, Any]) -> None:
    assert told({**MODEL, **fields})["config"]["models"]["qwen3:8b"]["capabilities"] == said


STORES = {
    "container": ("container", "", "%h/.local/share/ramalama"),
    "host": ("host", "", ""),
    "written": ("host", "/srv/models", "/srv/models"),
}


@pytest.mark.parametrize(("placement", "store", "said"), STORES.values(), ids=STORES)
def test_the_store_is_where_ramalama_has_it(placement: str, store: str, said: str) -> None:
    unit = told(MODEL, llama_swap={"placement": placement}, ramalama={"store": store})["unit"]
    assert unit["store"] == said


ENTRYPOINTS = {"container": "llama-swap", "embedded": "/usr/local/bin/llama-swap"}


@pytest.mark.parametrize(("placement", "program"), ENTRYPOINTS.items())
def test_the_entrypoint_is_where_the_image_has_it(placement: str, program: str) -> None:
    model = {"name": "a", "model": "hf://owner/a"}
    assert told(model, llama_swap={"placement": placement})["unit"]["entrypoint"] == program


def test_what_is_changed_in_a_request_is_a_filter() -> None:
    model = {
        **MODEL,
        "strip_params": ["temperature", "top_p"],
        "set_params": {"seed": 1},
        "variants": {"qwen3:think": {"reasoning": {"effort": "high"}}},
        "use_model_name": "org/qwen3",
        "concurrency_limit": 4,
    }
    entry = told(model)["config"]["models"]["qwen3:8b"]
    assert entry["filters"] == {
        "stripParams": "temperature, top_p",
        "setParams": {"seed": 1},
        "setParamsByID": {"qwen3:think": {"reasoning": {"effort": "high"}}},
    }
    assert (entry["useModelName"], entry["concurrencyLimit"]) == ("org/qwen3", 4)


def test_what_has_a_default_of_llama_swaps_own_is_there_where_it_is_written() -> None:
    written = {"send_loading_state": False, "capture_buffer": 0, "log_to_stdout": "none"}
    config = told(llama_swap=written)["config"]
    assert (config["sendLoadingState"], config["captureBuffer"], config["logToStdout"]) == (
        False,
        0,
        "none",
    )
    assert not {"logTimeFormat", "includeAliasesInList", "metricsMaxInMemory"} & set(config)
