"""What RamaLama on the host is told, and which models it fetches under which names."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import expand
from chezmoi_llm.targets.ramalama import listed_as


def told(*models: dict[str, Any], **settings: Any) -> dict[str, Any]:
    stack = {"services": {"llama_swap": {"placement": "host"}, "ramalama": settings}}
    expansion = expand({"data": {"local_models": list(models), "llm_stack": stack}})
    assert expansion.document is not None, expansion.findings
    target: dict[str, Any] = expansion.document["ramalama"]
    return target


def test_settings_are_quoted_and_a_store_is_there_if_written() -> None:
    image = '"quay.io/ramalama/ramalama:latest"'
    assert told()["config"] == {"engine": '"podman"', "image": image, "store": ""}
    assert told(store="/srv/models")["config"]["store"] == '"/srv/models"'


def test_of_two_models_with_one_short_name_the_first_has_it() -> None:
    first = {"name": "Qwen", "model": "ollama://qwen3:8b"}
    second = {"name": "other", "model": "/srv/a.gguf", "shortname": "QWEN"}
    assert told(first, second)["shortnames"] == [{"name": '"qwen"', "target": '"ollama://qwen3:8b"'}]


def test_a_file_has_a_short_name_and_is_not_fetched() -> None:
    settings = told({"name": "a", "model": "/srv/a.gguf"})
    assert settings["downloads"] == []
    assert settings["shortnames"] == [{"name": '"a"', "target": '"file:///srv/a.gguf"'}]


LISTED = {
    "ollama://qwen3:8b": "ollama://library/qwen3:8b",
    "ollama://qwen3": "ollama://library/qwen3:latest",
    "hf://org/repo:q4_k_m": "hf://org/repo:Q4_K_M",
    "hf://org/repo": "hf://org/repo",
    "hf://org/repo/file.gguf": "hf://org/repo/file.gguf",
    "ms://org/repo/file.gguf": "modelscope://org/repo/file.gguf",
    "oci://localhost:5000/model": "oci://localhost:5000/model:latest",
    "rlcr://gemma": "oci://rlcr.io/ramalama/gemma:latest",
}


@pytest.mark.parametrize(("uri", "name"), LISTED.items())
def test_a_model_has_the_name_that_ramalama_lists(uri: str, name: str) -> None:
    assert listed_as(uri) == name
