"""llama-swap: starts, stops and swaps the models. Source of every key: its config-schema.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chezmoi_llm.choices import Choices
from chezmoi_llm.formats import quadlet_volume, systemd_text
from chezmoi_llm.resolve import House, ServedModel, images, units
from chezmoi_llm.resolve.programs import server_image
from chezmoi_llm.resolve.secrets import LLAMA_SWAP_API_KEY
from chezmoi_llm.spec import UNITS, Group, LlamaSwap, LocalModel, Spec
from chezmoi_llm.targets.base import QUADLETS, SECRETS, File, Target, Variable, on


def emit(house: House) -> dict[str, Any]:
    """Return the whole configuration, and what its unit needs."""
    return {"config": config(house), "unit": _unit(house)}


def config(house: House) -> dict[str, Any]:
    """Return llama-swap's configuration as its YAML says it."""
    settings = house.settings.services.llama_swap
    preload = [one.model.name for one in house.swapped_models if one.model.preload]
    written = {
        "healthCheckTimeout": settings.health_check_timeout,
        "unloadTimeout": settings.unload_timeout,
        "globalTTL": settings.global_ttl,
        "startPort": settings.start_port,
        "logLevel": settings.log_level,
        **_given(settings),
        "macros": dict(settings.macros),
        "apiKeys": [f"${{env.{LLAMA_SWAP_API_KEY}}}"] if settings.api_key else [],
        "models": {one.model.name: model(one) for one in house.swapped_models},
        "groups": {group.name: _group(group) for group in house.groups},
        "hooks": {"on_startup": {"preload": preload}} if preload else {},
    }
    always = {"healthCheckTimeout", "unloadTimeout", "globalTTL", "startPort", "logLevel", "models"}
    always |= {*_OWN_DEFAULTS.values()}
    return {key: value for key, value in written.items() if value or key in always}


_OWN_DEFAULTS: Mapping[str, str] = {
    "log_to_stdout": "logToStdout",
    "log_time_format": "logTimeFormat",
    "include_aliases_in_list": "includeAliasesInList",
    "send_loading_state": "sendLoadingState",
    "metrics_max_in_memory": "metricsMaxInMemory",
    "capture_buffer": "captureBuffer",
}
"""Settings whose default is llama-swap's own: they are there where they are written."""


def _given(settings: LlamaSwap) -> dict[str, Any]:
    return {
        key: getattr(settings, field) for field, key in _OWN_DEFAULTS.items() if settings.is_given(field)
    }


def model(one: ServedModel) -> dict[str, Any]:
    """Return one entry of ``models``; keys without a value are left out."""
    settings = one.model
    written = {
        "cmd": one.cmd,
        "cmdStop": one.cmd_stop,
        "proxy": one.proxy,
        "ttl": settings.ttl,
        "name": settings.display_name if settings.display_name != settings.name else "",
        "description": settings.description,
        "checkEndpoint": settings.check_endpoint,
        "aliases": list(settings.aliases),
        "env": list(one.process_env),
        "unlisted": settings.unlisted,
        "useModelName": settings.use_model_name,
        "concurrencyLimit": settings.concurrency_limit,
        "filters": filters(settings),
        "metadata": dict(settings.metadata),
        "capabilities": capabilities(one),
    }
    return {key: value for key, value in written.items() if value or key == "ttl"}


def filters(model: LocalModel) -> dict[str, Any]:
    """Return what is changed in a request before the server has it; parts without a value are left out."""
    written = {
        "stripParams": ", ".join(model.strip_params),
        "setParams": dict(model.set_params),
        "setParamsByID": {name: dict(parameters) for name, parameters in model.variants.items()},
    }
    return {key: value for key, value in written.items() if value}


def capabilities(one: ServedModel) -> dict[str, Any]:
    """Return what a model can do in llama-swap's words; it has none for embeddings."""
    able = set(one.model.capabilities)
    takes = {
        "text": not able & {"transcription"},
        "audio": "transcription" in able,
        "image": "vision" in able,
    }
    gives = {
        "text": bool(able & {"chat", "transcription"}),
        "audio": one.model.kind == "speech",
        "image": one.model.kind == "image",
    }
    said = {
        "in": [word for word, is_so in takes.items() if is_so],
        "out": [word for word, is_so in gives.items() if is_so],
        "tools": "tools" in able,
        "reranker": "rerank" in able,
        "context": one.model.ctx_size or one.model.context_window,
    }
    return {key: value for key, value in said.items() if value}


def _group(group: Group) -> dict[str, Any]:
    return {
        "swap": group.swap,
        "exclusive": group.exclusive,
        "persistent": group.persistent,
        "members": list(group.members),
    }


def _unit(house: House) -> Mapping[str, Any]:
    embedded = server_image(house.settings)
    return units.additions(house, "llama_swap") | {
        "devices": list(images.DEVICES[house.settings.accelerator]),
        # The images differ in it, and some add -watch-config.
        "entrypoint": f"{embedded.folder if embedded else ''}llama-swap",
        "models_dir": _path(house.settings.services.llama_swap.models_dir, house),
        "store": _store(house),
    }


def _store(house: House) -> str:
    """Return the folder of RamaLama's models; on the host RamaLama knows its own."""
    written = _path(house.settings.services.ramalama.store, house)
    return written or ("" if house.placement == "host" else "%h/.local/share/ramalama")


def _path(path: str, house: House) -> str:
    """Return a path, without spaces or quotes by the schema, for a quadlet or for a service."""
    text = systemd_text(path)
    return text if units.is_service(house, "llama_swap") else quadlet_volume(text)


def _in(*placements: str) -> Callable[[House], bool]:
    """Return the question whether llama-swap runs in one of the placements."""
    return lambda house: house.is_on("llama_swap") and house.placement in placements


def _is_built(house: House) -> bool:
    built = house.programs["llama_swap"].image == images.LLAMA_SWAP_BUILT
    return house.is_on("llama_swap") and built


def _has_network(house: House) -> bool:
    has_models = house.settings.enabled and bool(house.unit_models)
    return house.placement != "host" and (any(map(house.is_on, UNITS)) or has_models)


def _downloads(spec: Spec, _: Choices) -> bool:
    """Say whether the model servers inside its container keep what they download."""
    return spec.stack.services.llama_swap.placement == "embedded"


LLAMA_SWAP = Target(
    key="llama_swap",
    emit=emit,
    files={
        "llama_swap_config": File(path=".config/llama-swap/config.yaml", is_there=on("llama_swap")),
        "llama_swap_readme": File(path=".config/llama-swap/README.md", is_there=on("llama_swap")),
        "llm_network": File(path=f"{QUADLETS}/llm.network", is_there=_has_network),
        "llama_swap_container": File(
            path=f"{QUADLETS}/llama-swap.container",
            is_there=_in("container", "embedded"),
        ),
        "llama_swap_volume": File(path=f"{QUADLETS}/llama-swap.volume", is_there=_in("embedded")),
        "llama_swap_build": File(path=f"{QUADLETS}/llama-swap.build", is_there=_is_built),
        "llama_swap_containerfile": File(path=f"{QUADLETS}/Containerfile", is_there=_is_built),
        "llama_swap_service": File(path=".config/systemd/user/llama-swap.service", is_there=_in("host")),
    },
    variables={
        LLAMA_SWAP_API_KEY: Variable(instead=SECRETS),
        "CONTAINER_HOST": Variable(instead=""),
        "RAMALAMA_STORE": Variable(instead="services: ramalama: store"),
        "LLAMA_CACHE": Variable(instead="", when=_downloads),
    },
)
