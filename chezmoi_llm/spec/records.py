"""The records of what a person wrote; each is complete, with defaults where nothing was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, get_type_hints

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.records import EMPTY, record
from chezmoi_llm.store import NO_STOCK, Stock

DATA: Path = ("data",)
DEFAULTS: Path = (*DATA, "llm_stack", "defaults")

Scalar: TypeAlias = str | int | float | bool
Pairs: TypeAlias = tuple[tuple[str, str], ...]
Sections: TypeAlias = tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


@record
class Written:
    """Where a record stands, and which of its fields were written.

    ``inherited`` fields stand under ``llm_stack.defaults``, ``stored`` ones in the file ``entry`` of
    the model store; ``rows`` says which item of a list a variable of ``env`` is. ``unknown`` fields
    have a value, or a list with an item, that only rendering can tell.
    """

    at: Path
    written: Mapping[str, str]
    inherited: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    entry: str = ""
    unknown: frozenset[str] = frozenset()
    rows: Mapping[str, int] = EMPTY

    def path(self, field: str) -> Path:
        """Return the path of a field, in the spelling that the person used."""
        at = DEFAULTS if field in self.inherited else self.at
        return (*at, self.written.get(field, field))

    def variable(self, name: str) -> Path:
        """Return the path of a variable of ``env``."""
        return (*self.path("env"), self.rows.get(name, name))

    def is_given(self, field: str) -> bool:
        """Say whether somebody chose the value: the person, here or in the defaults, or the store."""
        return field in self.written or field in self.inherited or field in self.stored


@record
class LocalModel(Written):
    """A model that runs on this machine; fields as in ``$defs.local_model`` of the schema."""

    name: str
    id: str
    display_name: str
    description: str
    model: str
    kind: str
    roles: tuple[str, ...]
    enabled: bool
    ctx_size: int
    context_window: int
    ngl: str
    flash_attn: str
    threads: int
    batch_size: int
    ubatch_size: int
    parallel: int
    cache_type_k: str
    cache_type_v: str
    pooling: str
    temp: str
    top_p: str
    top_k: str
    min_p: str
    cache_reuse: int
    vulkan_driver: str
    force_cpu: bool
    ttl: int
    port: int
    aliases: tuple[str, ...]
    group: str
    preload: bool
    unlisted: bool
    check_endpoint: str
    shortname: str
    runner: str
    command: tuple[str, ...]
    stop_command: tuple[str, ...]
    args: tuple[str, ...]
    runner_args: tuple[str, ...]
    env: Pairs
    quantization: str
    ram_required_gb: int | float
    dimensions: int
    fallback: tuple[str, ...]
    capabilities: tuple[str, ...]
    metadata: Mapping[str, Scalar]
    deprecated: bool
    replaced_by: str
    until: str

    @property
    def folder(self) -> str:
        """The folder of a model store that has entries for such models."""
        return "local"

    @property
    def names(self) -> tuple[str, ...]:
        """What a request may call it: its name, then its aliases."""
        return (self.name, *self.aliases)


@record
class CloudModel(Written):
    """A model of a provider; fields as in ``$defs.cloud_model`` of the schema."""

    name: str
    id: str
    display_name: str
    description: str
    model: str
    provider: str
    enabled: bool
    context_window: int
    max_output: int
    api_key_env: str
    aliases: tuple[str, ...]
    fallback: tuple[str, ...]
    capabilities: tuple[str, ...]
    pricing: Mapping[str, int | float]
    metadata: Mapping[str, Scalar]
    deprecated: bool
    replaced_by: str
    until: str

    @property
    def folder(self) -> str:
        """The folder of a model store that has entries for such models."""
        return "cloud"

    @property
    def names(self) -> tuple[str, ...]:
        """What a request may call it: its name, then its aliases."""
        return (self.name, *self.aliases)


Model: TypeAlias = LocalModel | CloudModel
"""A model of either list."""


@record
class Group(Written):
    """A group of llama-swap as written under ``llm_stack.groups``."""

    name: str
    swap: bool
    exclusive: bool
    persistent: bool
    members: tuple[str, ...]
    description: str


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


SERVICES: Mapping[str, type[Service]] = get_type_hints(Services)
"""The record of each program of the stack, by its key."""

UNITS = tuple(key for key, kind in SERVICES.items() if issubclass(kind, Unit))
"""The keys of the programs that run as systemd units."""


@record
class Network(Written):
    """``llm_stack.network``."""

    name: str
    subnet: str
    gateway: str


@record
class Stack(Written):
    """``llm_stack``: everything that is not a model."""

    enabled: bool
    chat_model: str
    task_model: str
    embedding_model: str
    rerank_model: str
    transcription_model: str
    groups: tuple[Group, ...]
    accelerator: str
    memory_gb: int | float
    store: tuple[str, ...]
    network: Network
    slice: str
    wanted_by: str
    images: str
    services: Services
    on_error: str


@record
class Spec:
    """The whole input, and what its models have from the store.

    ``is_open``: rendering the template may add models that are not seen here.
    """

    local_models: tuple[LocalModel, ...]
    cloud_models: tuple[CloudModel, ...]
    stack: Stack
    published_ports: Mapping[str, int]
    hostname: str
    tailnet: str
    stock: Stock = NO_STOCK
    is_open: bool = False

    @property
    def models(self) -> tuple[Model, ...]:
        """All models, local ones first."""
        return (*self.local_models, *self.cloud_models)
