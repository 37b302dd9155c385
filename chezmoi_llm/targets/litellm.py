"""LiteLLM: one API over the local and the cloud models. Source of every key: docs.litellm.ai."""

from __future__ import annotations

from typing import Any

from chezmoi_llm.resolve import House, ServedModel, units
from chezmoi_llm.resolve.providers import OPENAI
from chezmoi_llm.resolve.secrets import LITELLM_MASTER_KEY, LLAMA_SWAP_API_KEY
from chezmoi_llm.spec import CloudModel, LocalModel, Model
from chezmoi_llm.targets.base import QUADLETS, SECRETS, File, Target, Variable, on

ANSWER_SECONDS = 600
"""Longest wait for an answer, or for its next piece, once the model runs."""

NO_KEY = "none"
"""What a server without a key is sent: OpenAI's client refuses to send nothing."""

_MODES = {
    "chat": "chat",
    "embedding": "embedding",
    "rerank": "rerank",
    "transcription": "audio_transcription",
    "image": "image_generation",
    "speech": "audio_speech",
}


def emit(house: House) -> dict[str, Any]:
    """Return the whole configuration, and what its unit needs."""
    return {"config": config(house), "unit": units.additions(house, "litellm")}


def config(house: House) -> dict[str, Any]:
    """Return LiteLLM's configuration as its YAML says it."""
    return {
        "model_list": [
            *(_local(one, name, house) for one in _served(house) for name in _asked_by(one.model)),
            *(_cloud(model, house) for model in house.cloud_models),
        ],
        "litellm_settings": {
            "drop_params": True,
            "request_timeout": _longest_wait(house),
            "num_retries": house.settings.services.litellm.num_retries,
            **house.settings.services.litellm.litellm_settings,
        },
        "router_settings": _router(house),
        "general_settings": {"master_key": f"os.environ/{LITELLM_MASTER_KEY}"},
    }


def _served(house: House) -> tuple[ServedModel, ...]:
    """Return the local models that somebody answers for."""
    return house.local_models if house.is_on("llama_swap") else house.unit_models


def _longest_wait(house: House) -> int:
    """Return the seconds that a request may take: llama-swap holds it while the model starts."""
    return house.settings.services.llama_swap.health_check_timeout + ANSWER_SECONDS


def _waits(seconds: int) -> dict[str, int]:
    return {"timeout": seconds, "stream_timeout": seconds}


def _asked_by(model: LocalModel) -> tuple[str, ...]:
    """Return the names that have to reach llama-swap as they are: there each variant is another request."""
    return (model.name, *model.variants)


def _local(one: ServedModel, name: str, house: House) -> dict[str, Any]:
    base = one.internal_url
    # LiteLLM's openai/ knows no rerank; hosted_vllm/ posts to /rerank, which all of them have.
    is_rerank = one.model.kind == "rerank"
    key = house.settings.services.llama_swap.api_key
    return {
        "model_name": name,
        "litellm_params": {
            "model": f"hosted_vllm/{name}" if is_rerank else f"openai/{name}",
            "api_base": base if is_rerank else f"{base}/v1",
            "api_key": f"os.environ/{LLAMA_SWAP_API_KEY}" if key else NO_KEY,
            # the first piece of a stream comes no sooner than the model has started, too
            **_waits(_longest_wait(house)),
        },
        "model_info": _local_info(one),
    }


def _local_info(one: ServedModel) -> dict[str, Any]:
    model = one.model
    context = model.ctx_size or model.context_window
    info: dict[str, Any] = {"mode": _MODES[model.kind]}
    if context:
        info["max_input_tokens"] = context
    if model.dimensions:
        info["output_vector_size"] = model.dimensions
    return info | _abilities(model.capabilities) | {"input_cost_per_token": 0, "output_cost_per_token": 0}


def _cloud(model: CloudModel, house: House) -> dict[str, Any]:
    info: dict[str, Any] = {"mode": _MODES[house.cloud_kinds[model.name]]}
    if model.context_window:
        info["max_input_tokens"] = model.context_window
    if model.max_output:
        info["max_output_tokens"] = model.max_output
    info |= {said: _per_token(model.pricing[key]) for key, said in _PRICES.items() if model.pricing[key]}
    return {
        "model_name": model.name,
        "litellm_params": {
            **model.params,
            "model": model.model,
            **_address(model),
            # a provider that hangs is given up before a model that is loading, for its fallback
            **_waits(ANSWER_SECONDS),
            **_limits(model.provider, house),
        },
        "model_info": info | _abilities(model.capabilities),
    }


def _address(model: CloudModel) -> dict[str, str]:
    """Return where a model is asked, and with which key.

    LiteLLM takes OpenAI's own key for a server that has none, hence the word in its place.
    """
    base = {"api_base": model.api_base} if model.api_base else {}
    if model.api_key_env:
        return base | {"api_key": f"os.environ/{model.api_key_env}"}
    return base | ({"api_key": NO_KEY} if base and model.provider in OPENAI else {})


def _limits(name: str, house: House) -> dict[str, int]:
    """Return what may be asked of a model of that provider in a minute."""
    found = (one for one in house.settings.services.litellm.providers if one.name == name)
    return {key: limit for one in found for key, limit in (("rpm", one.rpm), ("tpm", one.tpm)) if limit}


_PRICES = {"input_per_1m": "input_cost_per_token", "output_per_1m": "output_cost_per_token"}


def _per_token(price: float) -> float:
    """Return the price of one token; rounded, since a float is a little off behind the last digit."""
    return round(price / 1_000_000, 12)


def _abilities(capabilities: tuple[str, ...]) -> dict[str, bool]:
    words = {
        "tools": "supports_function_calling",
        "vision": "supports_vision",
        "reasoning": "supports_reasoning",
    }
    return {said: True for word, said in words.items() if word in capabilities}


def _router(house: House) -> dict[str, Any]:
    local = {alias: one.model.name for one in _served(house) for alias in one.model.aliases}
    cloud = {alias: model.name for model in house.cloud_models for alias in model.aliases}
    # LiteLLM looks fallbacks up by the name that was asked for, before it resolves an alias.
    models: tuple[Model, ...] = (
        *(one.model for one in _served(house)),
        *house.cloud_models,
    )
    known = {name for model in models for name in model.names}
    fallbacks: dict[str, dict[str, None]] = {}
    for model in models:
        there = dict.fromkeys(other for other in _fallback(model, house) if other in known)
        for name in model.names:  # several servers may have the name, each with fallbacks of its own
            fallbacks.setdefault(name, {}).update(there)
    settings = house.settings.services.litellm.router_settings
    return {
        "model_group_alias": local | cloud,
        "fallbacks": [{name: [*there]} for name, there in fallbacks.items() if there],
        **settings,
        **_restraints(house),
    }


def _restraints(house: House) -> dict[str, Any]:
    """Return what makes LiteLLM keep to the limits; ``rpm`` and ``tpm`` alone only guide its choice.

    Source: LiteLLM 1.106, router_utils/pre_call_checks/model_rate_limit_check.py and
    router_strategy/budget_limiter.py.
    """
    providers = house.settings.services.litellm.providers
    restraints: dict[str, Any] = {}
    if any(one.rpm or one.tpm for one in providers):
        restraints["optional_pre_call_checks"] = ["enforce_model_rate_limits"]
    budgets = {
        one.name: {"budget_limit": one.budget, "time_period": one.budget_period}
        for one in providers
        if one.budget
    }
    return restraints | ({"provider_budget_config": budgets} if budgets else {})


def _fallback(model: Model, house: House) -> tuple[str, ...]:
    """Return who answers where a model cannot: what is written, and what replaces it.

    A deprecated model that is written gives its place to the one that replaces it. An embedding model
    has no other to stand in for it: vectors of two models cannot be compared.
    """
    kind = model.kind if isinstance(model, LocalModel) else house.cloud_kinds[model.name]
    own = house.replaced.get(model.name) if kind != "embedding" else None
    names = [*(house.replaced.get(name, name) for name in model.fallback), *([own] if own else [])]
    return tuple(dict.fromkeys(name for name in names if name != model.name))


LITELLM = Target(
    key="litellm",
    emit=emit,
    files={
        "litellm_config": File(path=".config/litellm/config.yaml", is_there=on("litellm")),
        "litellm_container": File(path=f"{QUADLETS}/litellm.container", is_there=on("litellm")),
    },
    variables={
        LITELLM_MASTER_KEY: Variable(instead=SECRETS),
        LLAMA_SWAP_API_KEY: Variable(instead=SECRETS),
    },
)
