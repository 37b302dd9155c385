"""The programs of the stack, as written under ``llm_stack.services``, each complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chezmoi_llm.records import record
from chezmoi_llm.spec.written import Pairs, Scalar, Sections, Written


@record
class Service(Written):
    """What every program of the stack has."""

    enabled: bool


@record
class Unit(Service):
    """A program that runs as a systemd unit; fields as in ``$defs.service`` of the schema."""

    image: str
    bind: str
    container_name: str
    published_port: int
    timeout_start_sec: int
    volumes: tuple[str, ...]
    requires: tuple[str, ...]
    args: tuple[str, ...]
    env: Pairs
    secrets: Pairs
    extra: Sections


@record
class LlamaSwap(Unit):
    """``services.llama_swap``."""

    placement: str
    api_key: bool
    health_check_timeout: int
    unload_timeout: int
    global_ttl: int
    start_port: int
    log_level: str
    log_to_stdout: str
    log_time_format: str
    include_aliases_in_list: bool
    send_loading_state: bool
    metrics_max_in_memory: int
    capture_buffer: int
    preload: tuple[str, ...]
    models_dir: str
    macros: Mapping[str, Scalar]


@record
class Provider(Written):
    """A provider under ``services.litellm.providers``; 0 is no limit, the budget is in US dollars."""

    name: str
    rpm: int
    tpm: int
    budget: int | float
    budget_period: str


@record
class LiteLLM(Unit):
    """``services.litellm``; what ``router_settings`` leaves out is LiteLLM's own default."""

    num_retries: int
    router_settings: Mapping[str, Scalar]
    litellm_settings: Mapping[str, Any]
    providers: tuple[Provider, ...]


@record
class OpenWebUI(Unit):
    """``services.open_webui``."""

    connections: tuple[str, ...]
    ollama_url: str
    pinned_models: tuple[str, ...]
    persistent_config: bool


@record
class Ramalama(Service):
    """``services.ramalama``."""

    image: str
    install: bool
    engine: str
    store: str
    units: bool


@record
class Caddy(Service):
    """``services.caddy``; ports and names are by service."""

    mode: str
    ports: Mapping[str, int]
    names: Mapping[str, str]
    domain: str
    sites: Pairs


@record
class Desktop(Service):
    """``services.desktop``."""

    browser: str


@record
class Kubernetes(Service):
    """``services.kubernetes``."""

    image: str
    namespace: str


@record
class Services:
    """All programs of the stack: the one list of them, in the order in which the document has them."""

    llama_swap: LlamaSwap
    litellm: LiteLLM
    open_webui: OpenWebUI
    ramalama: Ramalama
    caddy: Caddy
    desktop: Desktop
    kubernetes: Kubernetes

    def of(self, key: str) -> Service:
        """Return the program of a key."""
        service: Service = getattr(self, key)
        return service

    @property
    def units(self) -> dict[str, Unit]:
        """The programs that run as systemd units, by key."""
        return {key: getattr(self, key) for key in UNITS}


SERVICES: Mapping[str, type[Service]] = {
    "llama_swap": LlamaSwap,
    "litellm": LiteLLM,
    "open_webui": OpenWebUI,
    "ramalama": Ramalama,
    "caddy": Caddy,
    "desktop": Desktop,
    "kubernetes": Kubernetes,
}
"""The record of each program, by its key; spelled out, since reading the hints of a class is slow."""

UNITS = tuple(key for key, kind in SERVICES.items() if issubclass(kind, Unit))
"""The keys of the programs that run as systemd units."""
