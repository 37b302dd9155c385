from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge


def found(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return code, message and hint of what is said of flags."""
    findings = judge({"data": data}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.code in {"LLM304", "LLM326"}]


def model(*args: str, **fields: Any) -> dict[str, Any]:
    return {"local_models": [{"name": "a", "model": "ollama://a", "args": list(args), **fields}]}


def service(key: str, *args: str) -> dict[str, Any]:
    return {"llm_stack": {"services": {key: {"args": list(args)}}}}


def taken(word: str, field: str = "") -> tuple[str, str, str]:
    return "LLM304", f"'{word}' is set by chezmoi-llm already", f"use the {field}" if field else "remove it"


MODEL_FLAGS = [
    ("--port", "field 'port'"),
    ("--port=1", "field 'port'"),
    ("--host", ""),
    ("--ctx-size", "field 'ctx_size'"),
    ("--ctx_size", "field 'ctx_size'"),
    ("-c", "field 'ctx_size'"),
    ("-ngl", "field 'ngl'"),
    ("--gpu_layers", "field 'ngl'"),
    ("-m", "field 'model'"),
    ("-hfr", "field 'model'"),
    ("--docker-repo", "field 'model'"),
]


@pytest.mark.parametrize(("word", "field"), MODEL_FLAGS)
def test_a_flag_that_every_model_server_has(word, field):
    assert found(model(word)) == [taken(word.partition("=")[0], field)]


FIELDS = [
    ({"threads": 4}, "-t", "threads"),
    ({"temp": 0.5}, "--temperature", "temp"),
    ({"flash_attn": True}, "-fa", "flash_attn"),
    ({"cache_type_k": "q8_0"}, "--cache_type_k", "cache_type_k"),
    ({"force_cpu": True}, "-dev", "force_cpu"),
    ({"kind": "embedding"}, "--embeddings", "kind"),
]


@pytest.mark.parametrize(("fields", "word", "field"), FIELDS)
def test_a_flag_of_a_field_that_was_written(fields, word, field):
    assert found(model(word)) == []
    assert found(model(word, **fields)) == [taken(word, f"field '{field}'")]


@pytest.mark.parametrize("word", ["-cb", "--jinja", "-n", "--ctx-checkpoints", "port", "-tb", "--host-x"])
def test_a_flag_that_is_free(word):
    assert found(model(word)) == []


WHISPER = {"model": "/srv/a.bin", "kind": "transcription", "runner": "whisper-server"}


@pytest.mark.parametrize(("word", "field"), [("-m", "field 'model'"), ("--inference-path", "")])
def test_a_flag_that_whisper_server_has(word, field):
    assert found(model(word, **WHISPER)) == [taken(word, field)]


def test_whisper_server_has_other_flags():
    assert found(model("-c", "--ctx-size", "-ng", **WHISPER)) == []
    assert found(model("-ng", force_cpu=True, **WHISPER)) == [taken("-ng", "field 'force_cpu'")]


SERVICE_FLAGS = [
    ("llama_swap", "-listen", "fields 'bind' and 'published_port'"),
    ("llama_swap", "--listen", "fields 'bind' and 'published_port'"),
    ("llama_swap", "-listen=0.0.0.0:1", "fields 'bind' and 'published_port'"),
    ("llama_swap", "--config=x", ""),
    ("litellm", "--host", "field 'bind'"),
    ("litellm", "--port=1", "field 'published_port'"),
    ("litellm", "-c", ""),
    ("litellm", "-c/etc/x.yaml", ""),
    ("open_webui", "--port", "field 'published_port'"),
    ("open_webui", "--host=0.0.0.0", "field 'bind'"),
]


@pytest.mark.parametrize(("key", "word", "field"), SERVICE_FLAGS)
def test_a_flag_that_a_service_has(key, word, field):
    assert found(service(key, word)) == [taken(word.partition("=")[0], field)]


HTTP = "the other programs speak http to it"
FOUND = "the other programs would not find it there"
UNFIT = [
    (service("llama_swap", "-tls-cert-file", "x"), "-tls-cert-file", HTTP),
    (
        service("llama_swap", "-watch-config"),
        "-watch-config",
        "it would restart every model; chezmoi restarts it when its file changes",
    ),
    (service("litellm", "--ssl_keyfile_path=x"), "--ssl_keyfile_path", HTTP),
    (service("open_webui", "--uds", "x"), "--uds", FOUND),
    (model("--ssl-key-file", "x"), "--ssl-key-file", HTTP),
    (model("--api_prefix=/x"), "--api_prefix", FOUND),
]


@pytest.mark.parametrize(("data", "word", "why"), UNFIT, ids=lambda value: value if "-" in value else None)
def test_a_flag_that_would_cut_a_program_off(data, word, why):
    assert found(data) == [("LLM326", f"'{word}' does not fit here: {why}", "remove it")]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("llama_swap", ["-config-dir", "/etc/more"]),
        ("litellm", ["--num_workers", "2", "--detailed_debug", "-m"]),
        ("open_webui", ["--workers", "2", "--root-path=/x"]),
    ],
)
def test_flags_of_a_service_that_are_free(key, words):
    assert found(service(key, *words)) == []
