"""Every setting of a local model reaches the command, is refused, or is said to be a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from chezmoi_llm import schema
from chezmoi_llm.expand import Expansion, expand
from chezmoi_llm.runners import RUNNERS, scheme_of

BASES: Mapping[str, Mapping[str, Any]] = {
    "ramalama": {"name": "a", "model": "hf://owner/a", "runner": "ramalama"},
    "llama-server": {"name": "a", "model": "hf://owner/a", "runner": "llama-server"},
    "whisper-server": {"name": "a", "model": "/srv/a.bin", "runner": "whisper-server"},
    "command": {"name": "a", "runner": "command", "command": ["serve", "${PORT}"]},
}
"""A model for each runner."""

SECOND: Mapping[str, str] = {"name": "second", "model": "ollama://second"}
SECOND_OF = {"whisper-server": {"name": "second", "model": "/srv/b.bin", "runner": "whisper-server"}}
"""The second model of the list, for the same: there to be swapped with, or to stand in."""

VALUES: Mapping[str, Any] = {
    "name": "b",
    "model": "hf://owner/b",
    "display_name": "The model",
    "description": "One line",
    "kind": "embedding",
    "roles": ["task"],
    "enabled": False,
    "ctx_size": 4096,
    "ngl": 7,
    "flash_attn": True,
    "threads": 3,
    "batch_size": 64,
    "ubatch_size": 32,
    "parallel": 2,
    "cache_type_k": "q8_0",
    "cache_type_v": "q4_0",
    "pooling": "mean",
    "temp": 0.7,
    "top_p": 0.9,
    "top_k": 40,
    "min_p": 0.05,
    "cache_reuse": 256,
    "vulkan_driver": "RADV",
    "force_cpu": True,
    "ttl": 60,
    "port": 5900,
    "aliases": ["other"],
    "group": "big",
    "preload": True,
    "unlisted": True,
    "check_endpoint": "/ready",
    "shortname": "short",
    "command": ["other", "${PORT}"],
    "stop_command": ["stop", "it"],
    "args": ["--verbose"],
    "runner_args": ["--quiet"],
    "env": {"THREADS": "1"},
    "proxy": "http://other:8000",
    "strip_params": ["temperature"],
    "set_params": {"max_tokens": 10},
    "variants": {"a:quick": {"max_tokens": 10}},
    "use_model_name": "org/a",
    "concurrency_limit": 4,
    "capabilities": ["tools"],
    "metadata": {"author": "me"},
    "context_window": 2048,
    "dimensions": 768,
    "fallback": ["second"],
    "replaced_by": "second",
}
"""Another value for each field than the one that a base has."""

FACTS = {"id", "quantization", "ram_required_gb", "deprecated", "until"}
"""Fields that say something about the model, and change nothing of how it is served."""

FACTS_OF = {"command": {"model"}}
"""Fields that are facts for one runner: the person's own command says what it serves."""


HOST = {"llama_swap": {"placement": "host"}}


def emitted(model: Mapping[str, Any], **stack: Any) -> Expansion:
    models = [model, SECOND_OF.get(model.get("runner", ""), SECOND)]
    return expand({"data": {"local_models": models, "llm_stack": {"services": HOST, **stack}}})


def told(model: Mapping[str, Any], **stack: Any) -> dict[str, Any]:
    """Return what the programs are told that serve a model."""
    document = emitted(model, **stack).document
    assert document is not None
    return {key: document[key] for key in ("llama_swap", "litellm", "ramalama", "open_webui")}


SETTINGS = [field for field in schema.properties("local_model") if field not in FACTS | {"runner"}]
EVERY_SETTING = [
    pytest.param(field, runner, id=f"{field}-{runner}") for field in SETTINGS for runner in RUNNERS
]


def refusal(field: str, runner: str) -> str:
    """Return the code of the error that a setting is for a runner, or nothing."""
    needs_chat = field == "roles" and "chat" not in RUNNERS[runner].kinds
    is_no_kind = field == "kind" and VALUES[field] not in RUNNERS[runner].kinds
    is_refused = field in RUNNERS[runner].cannot
    no_scheme = field == "model" and scheme_of(VALUES[field]) not in RUNNERS[runner].schemes
    asked = {"LLM303": is_refused, "LLM302": is_no_kind, "LLM301": no_scheme, "LLM214": needs_chat}
    return next((code for code, is_so in asked.items() if is_so), "")


def test_there_is_a_value_for_every_setting() -> None:
    assert set(VALUES) == set(SETTINGS)


@pytest.mark.parametrize(("field", "runner"), EVERY_SETTING)
def test_a_setting_is_told_or_refused(field: str, runner: str) -> None:
    base = BASES[runner]
    changed = {**base, field: VALUES[field]}
    if code := refusal(field, runner):
        assert code in {one.code for one in emitted(changed).findings}
        assert emitted(changed).document is None
    else:
        is_fact = field in FACTS_OF.get(runner, set())
        assert (told(changed) == told(base)) is is_fact


STARTED_WITH = {
    *("ctx_size", "ngl", "flash_attn", "threads", "batch_size", "ubatch_size", "parallel", "cache_type_k"),
    *("cache_type_v", "pooling", "temp", "top_p", "top_k", "min_p", "cache_reuse", "vulkan_driver"),
    *("force_cpu", "port", "args", "runner_args", "env", "command"),
}
"""Settings of the server: they have to be in the command, or in its environment."""


def started_with(model: Mapping[str, Any]) -> tuple[Any, Any]:
    entry = told(model)["llama_swap"]["config"]["models"]["a"]
    return entry["cmd"], entry.get("env")


STARTING = [
    case
    for case in EVERY_SETTING
    if case.values[0] in STARTED_WITH
    and case.values[0] not in RUNNERS[str(case.values[1])].cannot
    and case.id != "port-command"
]
"""A fixed port is in the person's own command already; llama-swap is told where to look for it."""


@pytest.mark.parametrize(("field", "runner"), STARTING)
def test_a_setting_of_the_server_is_in_its_command_or_environment(field: str, runner: str) -> None:
    base = BASES[runner]
    assert started_with({**base, field: VALUES[field]}) != started_with(base)


FACT_VALUES: Mapping[str, Any] = {
    "quantization": "Q4_K_M",
    "ram_required_gb": 4,
    "deprecated": True,
    "until": "2027-01-31",
}


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("field", FACT_VALUES)
def test_a_fact_changes_nothing_that_is_told(field: str, runner: str) -> None:
    assert told({**BASES[runner], field: FACT_VALUES[field]}) == told(BASES[runner])


OF_ONE = {"name", "model", "enabled", "aliases", "variants", "port", "command", "stop_command", "proxy"}
"""Settings that only one model can have, or that the runner of the two has no words for."""

FOR_ALL = sorted(set(SETTINGS) - OF_ONE)


@pytest.mark.parametrize("field", FOR_ALL)
def test_a_default_counts_as_if_every_model_wrote_it(field: str) -> None:
    value = VALUES[field]
    models = [{"name": "a", "model": "hf://owner/a"}, {"name": "b", "model": "hf://owner/b"}]
    inherited = expand({"data": {"local_models": models, "llm_stack": {"defaults": {field: value}}}})
    written = expand({"data": {"local_models": [{**model, field: value} for model in models]}})
    assert inherited.document == written.document
