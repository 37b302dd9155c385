from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge


def said(data: dict[str, Any], code: str) -> list[tuple[str, str]]:
    """Return message and hint of each finding with a code."""
    findings = judge({"data": data}).findings
    return [(one.message, one.hint) for one in findings if one.code == code]


def model(**fields: Any) -> dict[str, Any]:
    return {"local_models": [{"name": "a", "model": "ollama://a", **fields}]}


def service(**fields: Any) -> dict[str, Any]:
    return {"llm_stack": {"services": {"litellm": fields}}}


LONG = [
    pytest.param(model(args=["'" * 30_000]), 150_017, id="quotes double it"),
    pytest.param(model(args=["🙂" * 32_768]), 131_089, id="bytes count"),
    pytest.param(model(runner_args=["--logfile", "🙂" * 32_768]), 131_072, id="runner_args"),
    pytest.param(
        {"llm_stack": {"services": {"litellm": {"args": ["🙂" * 32_768]}}}}, 131_072, id="service"
    ),
]


@pytest.mark.parametrize(("data", "length"), LONG)
def test_an_argument_that_linux_would_not_take(data, length):
    message = f"an argument has {length} bytes with its quotes, Linux takes 131071"
    assert said(data, "LLM003") == [(message, "write it into a file, and name that")]


@pytest.mark.parametrize("word", ["x" * 32_768, "'" * 26_000], ids=["plain", "quotes"])
def test_an_argument_that_linux_takes(word):
    assert said(model(args=[word]), "LLM003") == []


def test_a_command_that_is_too_long():
    (message, _), *more = said(model(args=["x" * 30_000] * 4), "LLM003")
    assert message == "the command is 120016 characters long, the limit is 100000"
    assert more == []


WINDOWS = {
    "as made": ({"ctx_size": 4096, "context_window": 4096}, []),
    "unknown": ({"ctx_size": 4096}, []),
    "more": ({"ctx_size": 8192, "context_window": 4096}, ["LLM334"]),
    "stretched": ({"ctx_size": 8192, "context_window": 4096, "args": ["--rope-scaling", "yarn"]}, []),
    "lowered by itself": ({"context_window": 4096}, []),
}


@pytest.mark.parametrize(("fields", "codes"), WINDOWS.values(), ids=WINDOWS)
def test_a_context_is_no_larger_than_the_model_was_made_for(fields, codes):
    model = {"name": "a", "model": "ollama://a", **fields}
    found = judge({"data": {"local_models": [model]}}).findings
    assert [one.code for one in found if one.code != "LLM405"] == codes
