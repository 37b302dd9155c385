"""URIs whose form tells that nothing will be found there."""

from __future__ import annotations

import pytest

from chezmoi_llm.expand import judge


def hints(uri):
    findings = judge({"data": {"local_models": [{"name": "a", "model": uri}]}}).findings
    return [one.hint for one in findings if one.code == "LLM329"]


@pytest.mark.parametrize(
    ("uri", "meant"),
    [
        ("ollama://qwen3-32b", "ollama://qwen3:32b"),
        ("ollama://smollm-135m", "ollama://smollm:135m"),
        ("ollama://llama3.2-1B", "ollama://llama3.2:1b"),
        ("ollama://qwen2.5-coder-1.5b", "ollama://qwen2.5-coder:1.5b"),
        ("ollama://library/gpt-oss-20b", "ollama://library/gpt-oss:20b"),
    ],
)
def test_a_size_behind_a_dash_is_no_name_of_ollama(uri, meant):
    assert hints(uri) == [f"did you mean {meant!r}?"]


@pytest.mark.parametrize(
    "uri",
    [
        "ollama://qwen3:32b",
        "ollama://qwen3",
        "ollama://command-r7b",
        "ollama://llama2-uncensored",
        "ollama://llama3.1:8b-instruct-q4_K_M",
        "ollama://somebody/tuned-7b",
        "ollama://hf.co/org/model-7b",
        "hf://org/model-7b",
        "ms://org/model-7b/model-7b.gguf",
    ],
)
def test_other_names_may_be_right(uri):
    assert hints(uri) == []
