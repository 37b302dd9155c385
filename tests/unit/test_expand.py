"""The whole way through the core, and what the document says of one small list."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import error_document, expand, judge

MODEL = {"name": "qwen3:8b", "model": "ollama://qwen3:8b"}


def document(*models: Any, **data: Any) -> dict[str, Any]:
    expansion = expand({"data": {"local_models": list(models), **data}})
    assert expansion.document is not None
    return expansion.document


TEXTS = (
    "id description cache_type_k cache_type_v pooling temp top_p top_k min_p vulkan_driver group "
    "check_endpoint quantization replaced_by until"
)
NUMBERS = (
    "context_window threads batch_size ubatch_size parallel port cache_reuse ram_required_gb dimensions"
)
DEFAULTS = {
    **dict.fromkeys(TEXTS.split(), ""),
    **dict.fromkeys(NUMBERS.split(), 0),
    **dict.fromkeys(("force_cpu", "preload", "unlisted", "deprecated", "resident"), False),
    **{key: [] for key in ("aliases", "command", "stop_command", "args", "runner_args", "fallback")},
    **{key: {} for key in ("env", "metadata", "set_params", "variants")},
    "strip_params": [],
    "use_model_name": "",
    "concurrency_limit": 0,
    **dict.fromkeys(("ngl", "flash_attn"), "auto"),
    "enabled": True,
    "ctx_size": 8192,
    "ttl": 900,
    "kind": "chat",
    "runner": "ramalama",
}
"""What every local model has that says nothing of it."""


def test_two_lines_become_a_complete_model() -> None:
    cmd = (
        "ramalama serve --network llm --host 127.0.0.1 --port ${PORT} --name ramalama-qwen3-8b "
        "--engine-args=--replace --pull=missing --image=quay.io/ramalama/ramalama:latest "
        "--ctx-size 8192 --ngl auto ollama://qwen3:8b"
    )
    (model,) = document(MODEL)["local_models"]
    assert model == DEFAULTS | {
        **dict.fromkeys(("name", "display_name", "shortname"), "qwen3:8b"),
        "model": "ollama://qwen3:8b",
        "roles": ["chat"],
        "capabilities": ["chat"],
        "slug": "qwen3-8b",
        "container_name": "ramalama-qwen3-8b",
        "proxy": "http://ramalama-qwen3-8b:${PORT}",
        "cmd_argv": cmd.split(),
        "cmd": cmd,
        "cmd_stop_argv": ["podman", "stop", "-t", "10", "ramalama-qwen3-8b"],
        "cmd_stop": "podman stop -t 10 ramalama-qwen3-8b",
        "url": "http://127.0.0.1:9292/v1",
    }


def test_a_model_is_reached_by_its_name_as_well() -> None:
    emitted = document(MODEL, {"name": "other", "model": "ollama://other"})
    assert list(emitted["model"].values()) == emitted["local_models"]


def test_a_cloud_model_is_complete() -> None:
    (model,) = document(cloud_models=[{"name": "gpt-5", "model": "openai/gpt-5"}])["cloud_models"]
    assert model == {
        "name": "gpt-5",
        "id": "",
        "display_name": "gpt-5",
        "description": "",
        "model": "openai/gpt-5",
        "provider": "openai",
        "enabled": True,
        "context_window": 0,
        "max_output": 0,
        "api_base": "",
        "params": {},
        "api_key_env": "OPENAI_API_KEY",
        "aliases": [],
        "fallback": [],
        "capabilities": [],
        "pricing": {"input_per_1m": 0, "output_per_1m": 0},
        "metadata": {},
        "deprecated": False,
        "replaced_by": "",
        "until": "",
    }


def test_services_urls_and_ports_say_the_same() -> None:
    emitted = document(MODEL, tailscale={"hostname": "box", "tailnet": "tail1234"})
    assert emitted["services"]["llama_swap"] == {
        "enabled": True,
        "container_name": "llama-swap",
        "image": "localhost/llama-swap-ramalama:latest",
        "port": 8080,
        "published_port": 9292,
        "bind": "127.0.0.1",
        "url": "https://box.tail1234.ts.net:9443",
        "local_url": "http://127.0.0.1:9292",
        "internal_url": "http://llama-swap:8080",
        "placement": "container",
        "api_key": True,
        "models_dir": "",
    }
    assert emitted["urls"] == {key: service["url"] for key, service in emitted["services"].items()}
    assert emitted["ports"] == {
        key: service["published_port"] for key, service in emitted["services"].items()
    }


def test_roles_and_groups_are_there_by_name() -> None:
    emitted = document(MODEL, {"name": "embed", "model": "hf://owner/nomic-embed"})
    assert (emitted["chat_model"], emitted["task_model"], emitted["embedding_model"]) == (
        "qwen3:8b",
        "",
        "embed",
    )
    assert emitted["roles"]["embedding"] == ["embed"]
    assert emitted["groups"] == {
        "resident": {
            "name": "resident",
            "swap": False,
            "exclusive": False,
            "persistent": True,
            "members": ["embed"],
            "description": "task, embedding, rerank and transcription models stay loaded beside the others",
        }
    }


def test_secrets_are_there_by_name() -> None:
    emitted = document(MODEL, llm_stack={"services": {"litellm": {"enabled": False}}})
    assert emitted["secrets"] == [
        {
            "name": "llama_swap_api_key",
            "env": "LLAMA_SWAP_API_KEY",
            "used_by": ["llama_swap", "open_webui"],
            "is_ours": True,
        },
        {"name": "webui_secret_key", "env": "WEBUI_SECRET_KEY", "used_by": ["open_webui"], "is_ours": True},
    ]


PLACEMENT_FILES = {
    "container": {"llama_swap_container", "llama_swap_build", "llama_swap_containerfile", "llm_network"},
    "host": {"llama_swap_service"},
    "embedded": {"llama_swap_container", "llama_swap_volume", "llm_network"},
}
EVERY_PLACEMENT_FILE = set().union(*PLACEMENT_FILES.values())


@pytest.mark.parametrize("placement", PLACEMENT_FILES)
def test_files_exist_where_the_placement_uses_them(placement: str) -> None:
    services = {"llama_swap": {"placement": placement}}
    model = {"name": "a", "model": "hf://owner/a"}
    files = document(model, llm_stack={"services": services})["files"]
    there = {name for name, is_there in files.items() if is_there}
    assert there & EVERY_PLACEMENT_FILE == PLACEMENT_FILES[placement]
    assert {
        "llama_swap_config",
        "llama_swap_readme",
        "litellm_config",
        "open_webui_env",
        "desktop_entry",
    } <= there


def test_a_stack_that_is_switched_off_has_no_file() -> None:
    emitted = document(MODEL, llm_stack={"enabled": False})
    assert set(emitted["files"].values()) == {False}
    assert emitted["enabled"] is False


def test_an_error_leaves_no_document_and_loses_no_finding() -> None:
    models = [{**MODEL, "ctx_sise": 1}, {**MODEL, "ttl": "x"}]
    expansion = expand({"data": {"local_models": models}})
    assert expansion.document is None
    errors = {one.code for one in expansion.findings if one.severity is Severity.ERROR}
    assert errors == {"LLM101", "LLM102", "LLM201"}


def test_a_warning_stops_nothing() -> None:
    expansion = expand({"data": {"llm_stack": {"services": {"llama_swap": {"api_key": False}}}}})
    assert {one.severity for one in expansion.findings} == {Severity.WARNING}
    assert expansion.document is not None


def test_a_key_that_is_nearly_ours_leaves_the_default() -> None:
    made = document(published_ports={"llama-swap": 9393}, tailscale={"hostnme": "box"})
    assert made["ports"]["llama_swap"] == 9292
    assert made["tailscale_name"] == ""


def test_what_nothing_is_written_below_is_empty() -> None:
    made = document(
        {"name": "a", "model": "ollama://a", "aliases": None, "env": None, "description": "two\nlines\n"},
        cloud_models=None,
        published_ports=None,
        llm_stack={"groups": None, "services": None},
    )
    (model,) = made["local_models"]
    assert (model["aliases"], model["env"], model["description"]) == ([], {}, "two lines")
    assert (made["cloud_models"], made["groups"], made["ports"]["litellm"]) == ([], {}, 4000)


def test_a_value_that_breaks_the_schema_is_judged_once() -> None:
    findings = judge({"data": {"local_models": [{"name": 5, "model": "ollama://a"}]}}).findings
    assert [one.code for one in findings if one.severity is Severity.ERROR] == ["LLM102"]


def test_the_document_of_an_error_differs_from_an_empty_one_in_two_keys() -> None:
    empty, wrong = document(), error_document("line 3: wrong")
    assert {key for key in empty if empty[key] != wrong[key]} == {"error", "files"}
    assert wrong["error"] == "line 3: wrong"
