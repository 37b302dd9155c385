from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import choices, expand
from chezmoi_llm.resolve import resolve
from chezmoi_llm.targets import litellm


def config(local: tuple[dict, ...] = (), cloud: tuple[dict, ...] = (), **stack: Any) -> dict[str, Any]:
    data = {"local_models": [*local], "cloud_models": [*cloud], "llm_stack": stack}
    written = expand.judge({"data": data}).spec
    return litellm.config(resolve(written, choices.choose(written)))


def swap(placement: str, **more: Any) -> dict[str, Any]:
    return {"llama_swap": {"placement": placement, **more}}


A = {"name": "a:8b", "model": "hf://org/a"}
WAIT = {"timeout": 4200, "stream_timeout": 4200}
FAR_WAIT = {"timeout": 600, "stream_timeout": 600}


def test_nothing_in_the_list():
    assert config() == {
        "model_list": [],
        "litellm_settings": {"drop_params": True, "request_timeout": 1200, "num_retries": 0},
        "router_settings": {"model_group_alias": {}, "fallbacks": []},
        "general_settings": {"master_key": "os.environ/LITELLM_MASTER_KEY"},
    }


@pytest.mark.parametrize(
    ("placement", "base"),
    [
        ("container", "http://llama-swap:8080"),
        ("embedded", "http://llama-swap:8080"),
        ("host", "http://127.0.0.1:9292"),
    ],
)
def test_a_local_model_is_asked_of_llama_swap(placement, base):
    (entry,) = config((A,), services=swap(placement))["model_list"]
    key = "os.environ/LLAMA_SWAP_API_KEY"
    assert entry == {
        "model_name": "a:8b",
        "litellm_params": {"model": "openai/a:8b", "api_base": f"{base}/v1", "api_key": key, **WAIT},
        "model_info": {
            "mode": "chat",
            "max_input_tokens": 8192,
            "input_cost_per_token": 0,
            "output_cost_per_token": 0,
        },
    }


KINDS = [
    pytest.param({"kind": "chat"}, "openai/m", "chat", "/v1", id="chat"),
    pytest.param({"kind": "embedding"}, "openai/m", "embedding", "/v1", id="embedding"),
    pytest.param({"kind": "rerank"}, "hosted_vllm/m", "rerank", "", id="rerank"),
    pytest.param({"kind": "transcription"}, "openai/m", "audio_transcription", "/v1", id="transcription"),
]


@pytest.mark.parametrize(("fields", "model", "mode", "end"), KINDS)
def test_each_kind_has_its_own_form(fields, model, mode, end):
    (entry,) = config(({"name": "m", "model": "/m/m.gguf", **fields},), services=swap("host"))["model_list"]
    assert entry["litellm_params"]["model"] == model
    assert entry["litellm_params"]["api_base"] == f"http://127.0.0.1:9292{end}"
    assert entry["model_info"]["mode"] == mode


def test_without_a_key_llama_swap_is_asked_with_a_word():
    (entry,) = config((A,), services=swap("host", api_key=False))["model_list"]
    assert entry["litellm_params"]["api_key"] == "none"


@pytest.mark.parametrize(
    ("model", "swap_", "seconds"),
    [
        ("hf://org/a", {}, 4200),
        ("/m/a.gguf", {}, 1200),
        ("/m/a.gguf", {"health_check_timeout": 100}, 700),
    ],
    ids=["a download", "a file", "as written"],
)
def test_a_request_waits_for_the_start_and_for_the_answer(model, swap_, seconds):
    told = config(({"name": "a", "model": model},), services=swap("host", **swap_))
    params = told["model_list"][0]["litellm_params"]
    waits = (params["timeout"], params["stream_timeout"], told["litellm_settings"]["request_timeout"])
    assert waits == (seconds,) * 3


def test_facts_are_told_in_the_words_of_litellm():
    model = {
        **A,
        "capabilities": ["chat", "tools", "vision", "reasoning"],
        "ctx_size": 0,
        "context_window": 9,
    }
    embed = {"name": "embed", "model": "hf://org/embed", "dimensions": 768}
    chat, vectors = (entry["model_info"] for entry in config((model, embed))["model_list"])
    assert chat["max_input_tokens"] == 9
    assert {name for name, is_so in chat.items() if is_so is True} == {
        "supports_function_calling",
        "supports_vision",
        "supports_reasoning",
    }
    assert vectors["output_vector_size"] == 768


ADDRESSES = {
    "OpenAI's own": ({"model": "openai/a"}, {"api_key": "os.environ/OPENAI_API_KEY"}),
    "a server without a key": (
        {"model": "openai/a", "api_base": "http://box:9292/v1"},
        {"api_base": "http://box:9292/v1", "api_key": "none"},
    ),
    "another company": (
        {"model": "openai/a", "api_base": "https://api.example.org/v1", "api_key_env": "THEIR_KEY"},
        {"api_base": "https://api.example.org/v1", "api_key": "os.environ/THEIR_KEY"},
    ),
    "a deployment of one's own": (
        {"model": "azure/a", "api_base": "https://mine.openai.azure.com"},
        {"api_base": "https://mine.openai.azure.com", "api_key": "os.environ/AZURE_API_KEY"},
    ),
    "a provider without keys": (
        {"model": "ollama_chat/a", "api_base": "http://192.168.1.20:11434"},
        {"api_base": "http://192.168.1.20:11434"},
    ),
}


@pytest.mark.parametrize(("model", "meant"), ADDRESSES.values(), ids=ADDRESSES)
def test_the_key_of_a_provider_goes_to_its_own_address_alone(model, meant):
    params = config((), ({"name": "far", **model},))["model_list"][0]["litellm_params"]
    assert params == {"model": model["model"], **meant, **FAR_WAIT}


def test_a_cloud_model_names_its_key_and_its_limits():
    model = {
        "name": "far",
        "model": "gemini/g",
        "context_window": 9,
        "max_output": 3,
        "capabilities": ["vision"],
    }
    assert config((), (model,))["model_list"] == [
        {
            "model_name": "far",
            "litellm_params": {"model": "gemini/g", "api_key": "os.environ/GEMINI_API_KEY", **FAR_WAIT},
            "model_info": {
                "mode": "chat",
                "max_input_tokens": 9,
                "max_output_tokens": 3,
                "supports_vision": True,
            },
        }
    ]


def test_a_provider_without_a_key_is_sent_none():
    model = {"name": "far", "model": "ollama_chat/x"}
    (row,) = config((), (model,))["model_list"]
    assert row["litellm_params"] == {"model": "ollama_chat/x", **FAR_WAIT}
    (row,) = config((), (model | {"api_key_env": "MINE"},))["model_list"]
    assert row["litellm_params"]["api_key"] == "os.environ/MINE"


@pytest.mark.parametrize(
    ("capabilities", "mode"),
    [([], "chat"), (["embedding"], "embedding"), (["transcription"], "audio_transcription")],
    ids=["none", "embedding", "transcription"],
)
def test_the_mode_of_a_cloud_model_follows_from_what_it_can_do(capabilities, mode):
    model = {"name": "far", "model": "openai/x", "capabilities": capabilities}
    assert config((), (model,))["model_list"][0]["model_info"]["mode"] == mode


def test_aliases_and_fallbacks_of_both_lists():
    local = {**A, "aliases": ["default"]}
    cloud = {"name": "far", "model": "openai/x", "aliases": ["gpt", "x"], "fallback": ["farther", "a:8b"]}
    told = config((local,), (cloud, {"name": "farther", "model": "xai/y"}))["router_settings"]
    assert told["model_group_alias"] == {"default": "a:8b", "gpt": "far", "x": "far"}
    assert told["fallbacks"] == [{name: ["farther", "a:8b"]} for name in ("far", "gpt", "x")]


def test_without_llama_swap_no_local_model_is_offered():
    local = {**A, "aliases": ["default"]}
    told = config(
        (local,), ({"name": "far", "model": "openai/x"},), services={"llama_swap": {"enabled": False}}
    )
    assert [entry["model_name"] for entry in told["model_list"]] == ["far"]
    assert told["router_settings"]["model_group_alias"] == {}


def test_a_local_model_falls_back_under_each_of_its_names():
    local = ({**A, "aliases": ["small"], "fallback": ["far"]},)
    assert config(local, (FAR,))["router_settings"]["fallbacks"] == [{"a:8b": ["far"]}, {"small": ["far"]}]


FAR = {"name": "far", "model": "openai/gpt-5"}
FARTHER = {"name": "farther", "model": "anthropic/claude"}

LIMITS = {
    "requests": ({"rpm": 60}, {"rpm": 60}, {"optional_pre_call_checks": ["enforce_model_rate_limits"]}),
    "tokens": ({"tpm": 9000}, {"tpm": 9000}, {"optional_pre_call_checks": ["enforce_model_rate_limits"]}),
    "budget": (
        {"budget": 20, "budget_period": "7d"},
        {},
        {"provider_budget_config": {"openai": {"budget_limit": 20, "time_period": "7d"}}},
    ),
    "none": ({}, {}, {}),
}


@pytest.mark.parametrize(("limits", "params", "router"), LIMITS.values(), ids=LIMITS)
def test_limits_are_those_of_one_provider(limits, params, router):
    told = config((), (FAR, FARTHER), services={"litellm": {"providers": {"openai": limits}}})
    keys = {"model": "openai/gpt-5", "api_key": "os.environ/OPENAI_API_KEY", **FAR_WAIT}
    far, farther = (entry["litellm_params"] for entry in told["model_list"])
    assert far == {**keys, **params}
    key = "os.environ/ANTHROPIC_API_KEY"
    assert farther == {"model": "anthropic/claude", "api_key": key, **FAR_WAIT}
    assert told["router_settings"] == {"model_group_alias": {}, "fallbacks": [], **router}


def test_settings_of_the_person_reach_the_router():
    own = {"allowed_fails": 3, "routing_strategy": "least-busy"}
    told = config(services={"litellm": {"num_retries": 2, "router_settings": own}})
    assert told["litellm_settings"]["num_retries"] == 2
    assert told["router_settings"] == {"model_group_alias": {}, "fallbacks": [], **own}


def test_a_fallback_that_nobody_serves_is_left_out():
    far = {"name": "far", "model": "openai/x", "fallback": ["a:8b", "near"], "aliases": ["f"]}
    near = {"name": "near", "model": "anthropic/y", "fallback": ["a:8b"]}
    off = config((A,), (far, near), services={"llama_swap": {"enabled": False}})
    assert off["router_settings"]["fallbacks"] == [{"far": ["near"]}, {"f": ["near"]}]
    on = config((A,), (far, near))
    assert on["router_settings"]["fallbacks"][0] == {"far": ["a:8b", "near"]}


def test_each_variant_is_a_model_of_its_own():
    variants = {"a:think": {"seed": 1}}
    told = config(({**A, "aliases": ["a"], "variants": variants, "fallback": ["b"]}, {**A, "name": "b"}))
    asked = [(entry["model_name"], entry["litellm_params"]["model"]) for entry in told["model_list"]]
    assert asked == [("a:8b", "openai/a:8b"), ("a:think", "openai/a:think"), ("b", "openai/b")]
    assert told["router_settings"]["model_group_alias"] == {"a": "a:8b"}
    assert told["router_settings"]["fallbacks"] == [{name: ["b"]} for name in ("a:8b", "a", "a:think")]


def test_settings_of_the_persons_stand_beside_ours():
    own = {"cache": True, "cache_params": {"type": "local", "ttl": 60}, "drop_params": False}
    told = config(services={"litellm": {"litellm_settings": {**own, "success_callback": ["langfuse"]}}})
    assert told["litellm_settings"] == {
        **own,
        "success_callback": ["langfuse"],
        "request_timeout": 1200,
        "num_retries": 0,
    }


def test_parameters_of_the_persons_stand_beside_ours():
    params = {"api_version": "2025", "extra_headers": {"X-Title": "home"}, "stop": ["a"]}
    model = {"name": "w", "model": "azure/gpt-5", "api_base": "https://w.example.org", "params": params}
    (entry,) = config((), (model,))["model_list"]
    assert entry["litellm_params"] == {
        **params,
        "model": "azure/gpt-5",
        "api_base": "https://w.example.org",
        "api_key": "os.environ/AZURE_API_KEY",
        **FAR_WAIT,
    }


def test_a_name_for_many_models_is_nobodys_chat_model():
    written = {"data": {"cloud_models": [{"name": "gemini/*", "model": "gemini/*"}]}}
    document = expand.expand(written).document
    assert document["chat_model"] == ""
    (entry,) = document["litellm"]["config"]["model_list"]
    assert (entry["model_name"], entry["litellm_params"]["model"]) == ("gemini/*", "gemini/*")


def test_what_makes_images_or_speech_is_no_chat_model():
    made = [
        {"name": kind, "kind": kind, "command": ["serve", "${PORT}"], "aliases": [f"{kind}-1"]}
        for kind in ("image", "speech")
    ]
    document = expand.expand({"data": {"local_models": [*made, A]}}).document
    modes = [entry["model_info"]["mode"] for entry in document["litellm"]["config"]["model_list"]]
    assert (modes, document["chat_model"]) == (["image_generation", "audio_speech", "chat"], "a:8b")
    swap = document["llama_swap"]["config"]["models"]
    assert [swap[kind]["capabilities"] for kind in ("image", "speech")] == [
        {"in": ["text"], "out": ["image"]},
        {"in": ["text"], "out": ["audio"]},
    ]
