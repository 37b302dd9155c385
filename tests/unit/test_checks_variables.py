from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge


def said(data: dict[str, Any], *codes: str) -> list[tuple[str, str, str]]:
    """Return code, message and hint of each finding with one of the codes."""
    findings = judge({"data": data}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.code in codes]


def model(**fields: Any) -> dict[str, Any]:
    return {"local_models": [{"name": "chat", "model": "hf://org/chat", **fields}]}


def service(key: str, **fields: Any) -> dict[str, Any]:
    return {**model(), "llm_stack": {"services": {key: fields}}}


def taken(name: str, hint: str) -> tuple[str, str, str]:
    return "LLM320", f"'{name}' is set by chezmoi-llm already", hint


VARIABLES = [
    ("open_webui", "OPENAI_API_BASE_URLS", "use connections"),
    ("open_webui", "OLLAMA_BASE_URL", "use ollama_url"),
    ("open_webui", "ENABLE_PERSISTENT_CONFIG", "use persistent_config"),
    ("open_webui", "TASK_MODEL_EXTERNAL", "use llm_stack: task_model"),
    ("open_webui", "PORT", "use published_port"),
    ("open_webui", "WEBUI_URL", "use data: tailscale: or services: caddy: domain"),
    ("open_webui", "ENABLE_OPENAI_API", "remove it"),
    ("litellm", "LLAMA_SWAP_API_KEY", "use secrets"),
    ("llama_swap", "RAMALAMA_STORE", "use services: ramalama: store"),
]


@pytest.mark.parametrize(("key", "name", "hint"), VARIABLES)
def test_a_variable_that_follows_from_something_else_names_that(key, name, hint):
    assert said(service(key, env={name: "1"}), "LLM320") == [taken(name, hint)]


def test_a_secret_fills_a_key_and_nothing_else_of_ours():
    secrets = {"OPENAI_API_KEYS": "keys", "DEFAULT_MODELS": "models", "MINE": "mine"}
    expected = [taken("DEFAULT_MODELS", "use llm_stack: chat_model")]
    assert said(service("open_webui", secrets=secrets), "LLM320") == expected


def test_a_variable_of_a_role_is_free_until_a_model_has_the_role():
    data = service("open_webui", env={"RAG_EMBEDDING_ENGINE": "ollama"})
    assert said(data, "LLM320") == []
    data["local_models"].append({"name": "embed", "model": "hf://org/embed"})
    assert said(data, "LLM320") == [taken("RAG_EMBEDDING_ENGINE", "use llm_stack: embedding_model")]


@pytest.mark.parametrize(
    ("placement", "is_ours"), [("embedded", True), ("host", False), ("container", False)]
)
def test_downloads_go_to_the_volume_in_placement_embedded(placement, is_ours):
    data = service("llama_swap", placement=placement, env={"LLAMA_CACHE": "/x"})
    assert said(data, "LLM320") == ([taken("LLAMA_CACHE", "remove it")] if is_ours else [])


def test_a_variable_of_a_model():
    assert said(model(env={"AMD_VULKAN_ICD": "RADV", "LLAMA_CACHE": "/x"}), "LLM320") == []
    driven = model(env={"AMD_VULKAN_ICD": "RADV"}, vulkan_driver="AMDVLK")
    assert said(driven, "LLM320") == [taken("AMD_VULKAN_ICD", "use vulkan_driver")]


def test_a_variable_of_a_model_with_a_unit_of_its_own():
    data = model(env={"LLAMA_CACHE": "/x"}) | {"llm_stack": {"services": {"ramalama": {"units": True}}}}
    assert said(data, "LLM320") == [taken("LLAMA_CACHE", "remove it")]


@pytest.mark.parametrize("env", [["A=1", "B=2", "A=3"], ["A=1", "A=1"]])
def test_a_variable_that_stands_twice(env):
    expected = [("LLM103", "'A' stands twice in 'env'", "")]
    assert said(model(env=env), "LLM103") == expected
    assert said(service("litellm", env=env), "LLM103") == expected


def test_a_variable_with_a_value_and_a_secret():
    data = service("litellm", env={"A": "1", "B": "2"}, secrets={"A": "a"})
    expected = [("LLM320", "'A' is filled from a secret already", "keep one of the two lines")]
    assert said(data, "LLM320") == expected


LOADERS = ("LD_PRELOAD", "PATH", "BASH_ENV", "PYTHONSTARTUP", "NODE_OPTIONS", "DYLD_INSERT_LIBRARIES")
PLACES = {
    "model": lambda name: model(env={name: "x"}),
    "service": lambda name: service("llama_swap", env={name: "x"}),
    "list": lambda name: service("open_webui", env=[f"{name}=x"]),
    "secret": lambda name: service("litellm", secrets={name: "x"}),
    "cloud": lambda name: {"cloud_models": [{"name": "a", "model": "openai/a", "api_key_env": name}]},
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("name", LOADERS)
def test_a_variable_that_runs_other_code(name, place):
    message = f"{name} makes the program run other code"
    assert said(place(name), "LLM406") == [("LLM406", message, "remove it, unless that is what you mean")]


@pytest.mark.parametrize("name", ["LD_BIND_NOW", "MY_PATH", "PYTHONUNBUFFERED", "ENVIRONMENT"])
def test_a_variable_that_runs_nothing(name):
    assert said(service("litellm", env={name: "x"}), "LLM406") == []


@pytest.mark.parametrize(
    ("value", "enabled", "is_open"),
    [("False", True, True), ("0", True, True), ("True", True, False), ("False", False, False)],
)
def test_open_webui_without_a_login(value, enabled, is_open):
    data = service("open_webui", env={"WEBUI_AUTH": value}, enabled=enabled)
    expected = (
        "LLM408",
        "without a login whoever reaches the port is the administrator of Open WebUI",
        "remove the line, unless nobody else reaches it",
    )
    assert said(data, "LLM408") == ([expected] if is_open else [])
