from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import choices, expand
from chezmoi_llm.resolve import resolve
from chezmoi_llm.targets import open_webui

CHAT = {"name": "chat", "model": "hf://org/chat"}
BASE = "http://litellm:4000/v1"


def emit(*models: dict[str, Any], cloud: tuple[dict, ...] = (), **services: Any) -> dict[str, Any]:
    data = {"local_models": list(models), "cloud_models": list(cloud), "llm_stack": {"services": services}}
    written = expand.judge({"data": data}).spec
    return open_webui.emit(resolve(written, choices.choose(written)))


def test_the_least_that_it_is_told():
    assert emit(CHAT)["env"] == {
        "WEBUI_URL": "http://127.0.0.1:3000",
        "ENABLE_PERSISTENT_CONFIG": "false",
        "ENABLE_OPENAI_API": "true",
        "OPENAI_API_BASE_URLS": BASE,
        "ENABLE_OLLAMA_API": "false",
        "OLLAMA_BASE_URL": "http://127.0.0.1:11434",
        "DEFAULT_MODELS": "chat",
        "RAG_OPENAI_API_BASE_URL": BASE,
        "AUDIO_STT_OPENAI_API_BASE_URL": BASE,
        "AUDIO_TTS_OPENAI_API_BASE_URL": BASE,
        "AUDIO_REALTIME_OPENAI_API_BASE_URL": BASE,
        "IMAGES_OPENAI_API_BASE_URL": BASE,
        "IMAGES_EDIT_OPENAI_API_BASE_URL": BASE,
        "ENABLE_VERSION_UPDATE_CHECK": "false",
        "RAG_EMBEDDING_MODEL_AUTO_UPDATE": "false",
        "ENABLE_EVALUATION_ARENA_MODELS": "false",
    }


def test_the_persons_own_variables_come_last_and_win():
    env = {"IMAGES_OPENAI_API_BASE_URL": "http://box/v1", "A": "", "ENABLE_VERSION_UPDATE_CHECK": "true"}
    told = emit(CHAT, open_webui={"env": env})["env"]
    assert {name: told[name] for name in env} == env


def test_models_are_pinned_in_the_order_that_the_person_gives():
    far = {"name": "far", "model": "openai/gpt-5"}
    made = emit(CHAT, cloud=(far,), open_webui={"pinned_models": ["far", "chat"]})
    assert made["env"]["DEFAULT_PINNED_MODELS"] == "far,chat"


def test_a_cloud_model_chats_where_no_local_one_does():
    assert emit(cloud=({"name": "gpt-5", "model": "openai/gpt-5"},))["env"]["DEFAULT_MODELS"] == "gpt-5"


ROLES = [
    pytest.param(
        {"name": "m", "model": "hf://org/embed"},
        {"RAG_EMBEDDING_ENGINE": "openai", "RAG_EMBEDDING_MODEL": "m"},
        {"RAG_OPENAI_API_KEY"},
        id="embedding",
    ),
    pytest.param(
        {"name": "m", "model": "hf://org/reranker"},
        {
            "ENABLE_RAG_HYBRID_SEARCH": "true",
            "RAG_RERANKING_ENGINE": "external",
            "RAG_RERANKING_MODEL": "m",
            "RAG_EXTERNAL_RERANKER_URL": f"{BASE}/rerank",
        },
        {"RAG_EXTERNAL_RERANKER_API_KEY"},
        id="rerank",
    ),
    pytest.param(
        {"name": "m", "model": "/m/ear.bin", "kind": "transcription"},
        {"AUDIO_STT_ENGINE": "openai", "AUDIO_STT_MODEL": "m"},
        {"AUDIO_STT_OPENAI_API_KEY"},
        id="transcription",
    ),
    pytest.param(
        {"name": "m", "model": "hf://org/m", "roles": ["task"]},
        {"TASK_MODEL": "m", "TASK_MODEL_EXTERNAL": "m"},
        set(),
        id="task",
    ),
]


def keys(unit: dict[str, Any]) -> set[str]:
    return {line.rpartition("target=")[2] for line in unit["secrets"]}


@pytest.mark.parametrize(("model", "variables", "secrets"), ROLES)
def test_a_role_brings_its_variables_and_its_key(model, variables, secrets):
    without, with_ = emit(CHAT), emit(CHAT, model)
    added = {name: value for name, value in with_["env"].items() if name not in without["env"]}
    assert added == variables
    assert keys(with_["unit"]) - keys(without["unit"]) == secrets


@pytest.mark.parametrize(
    ("services", "name"),
    [
        ({}, "litellm_master_key"),
        ({"litellm": {"enabled": False}}, "llama_swap_api_key"),
        ({"litellm": {"secrets": {"LITELLM_MASTER_KEY": "mine"}}}, "mine"),
    ],
    ids=["litellm", "llama-swap", "a key of the person's own"],
)
def test_the_key_is_that_of_the_backend(services, name):
    assert emit(CHAT, **services)["unit"]["secrets"] == [
        f"{name},type=env,target=OPENAI_API_KEYS",
        "webui_secret_key,type=env,target=WEBUI_SECRET_KEY",
    ]


def test_a_backend_without_a_key_gets_none():
    services = {"litellm": {"enabled": False}, "llama_swap": {"api_key": False}}
    assert keys(emit(CHAT, **services)["unit"]) == {"WEBUI_SECRET_KEY"}


OFF = {"enabled": False}
GPT = {"name": "gpt-5", "model": "openai/gpt-5"}
EMBED = {"name": "embed", "model": "hf://org/embed"}


def test_without_llama_swap_the_cloud_chats_and_documents_are_read_by_its_own_model():
    told = emit(CHAT, EMBED, cloud=(GPT,), llama_swap=OFF)
    assert told["env"]["DEFAULT_MODELS"] == "gpt-5"
    assert {"RAG_EMBEDDING_ENGINE", "RAG_EMBEDDING_MODEL"} & set(told["env"]) == set()
    assert keys(told["unit"]) == {"OPENAI_API_KEYS", "WEBUI_SECRET_KEY"}


@pytest.mark.parametrize(
    ("connections", "enabled", "urls"),
    [
        (["http://box:1/v1"], "true", {"OPENAI_API_BASE_URLS": "http://box:1/v1"}),
        ([], "false", {}),
    ],
)
def test_where_nothing_of_ours_answers_only_the_servers_of_the_person_are_asked(connections, enabled, urls):
    webui = {"connections": connections}
    env = emit(CHAT, EMBED, cloud=(GPT,), llama_swap=OFF, litellm=OFF, open_webui=webui)["env"]
    assert env["ENABLE_OPENAI_API"] == enabled
    assert {name: env[name] for name in env if name == "OPENAI_API_BASE_URLS"} == urls
    assert {url for name, url in env.items() if name.endswith("_OPENAI_API_BASE_URL")} == {
        "http://llama-swap:8080/v1"
    }
    assert "DEFAULT_MODELS" not in env


@pytest.mark.parametrize(
    ("volumes", "data"),
    [
        ([], "open-webui:/app/backend/data"),
        (["/srv/x:/x"], "open-webui:/app/backend/data"),
        (["/srv/webui:/app/backend/data/:Z"], ""),
    ],
    ids=["its own", "another", "the person's"],
)
def test_the_data_are_in_one_volume(volumes, data):
    unit = emit(CHAT, open_webui={"volumes": volumes})["unit"]
    assert (unit["data_volume"], unit["volumes"]) == (data, volumes)
