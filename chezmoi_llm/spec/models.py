"""The models that a person wrote, local and cloud, each complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from chezmoi_llm.records import record
from chezmoi_llm.spec.written import Pairs, Scalar, Written

Parameters: TypeAlias = Mapping[str, Any]
"""Parameters of a request, by name."""


@record
class Named(Written):
    """What models of both lists have."""

    name: str
    id: str
    display_name: str
    description: str
    model: str
    enabled: bool
    context_window: int
    aliases: tuple[str, ...]
    fallback: tuple[str, ...]
    capabilities: tuple[str, ...]
    metadata: Mapping[str, Scalar]
    deprecated: bool
    replaced_by: str
    until: str

    @property
    def names(self) -> tuple[str, ...]:
        """What a request may call it: its name, then its aliases."""
        return (self.name, *self.aliases)


@record
class LocalModel(Named):
    """A model that runs on this machine; fields as in ``$defs.local_model`` of the schema."""

    kind: str
    roles: tuple[str, ...]
    ctx_size: int
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
    group: str
    preload: bool
    unlisted: bool
    check_endpoint: str
    proxy: str
    use_model_name: str
    concurrency_limit: int
    strip_params: tuple[str, ...]
    set_params: Parameters
    variants: Mapping[str, Parameters]
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

    @property
    def names(self) -> tuple[str, ...]:
        """What a request may call it: its name, its aliases, and its variants."""
        return (self.name, *self.aliases, *self.variants)

    @property
    def folder(self) -> str:
        """The folder of a model store that has entries for such models."""
        return "local"

    @property
    def server(self) -> str:
        """Nothing: the model is served by this machine."""
        return ""

    def is_on_cpu(self, accelerator: str) -> bool:
        """Say whether the model uses no GPU: it was asked for, or the machine has none."""
        return self.force_cpu or accelerator == "cpu"


@record
class CloudModel(Named):
    """A model of a provider; fields as in ``$defs.cloud_model`` of the schema."""

    provider: str
    max_output: int
    api_base: str
    api_key_env: str
    pricing: Mapping[str, int | float]
    params: Parameters

    @property
    def folder(self) -> str:
        """The folder of a model store that has entries for such models."""
        return "cloud"

    @property
    def server(self) -> str:
        """The address of the server that has the model; nothing for the provider itself."""
        return self.api_base

    @property
    def is_pattern(self) -> bool:
        """Say whether it is many models: what a request says for the ``*`` of its name is put in."""
        return self.name.endswith("*")


Model: TypeAlias = LocalModel | CloudModel
"""A model of either list."""
