"""The whole input: the models, and under ``llm_stack`` everything that is not a model."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.records import record
from chezmoi_llm.spec.models import CloudModel, LocalModel, Model
from chezmoi_llm.spec.services import Services
from chezmoi_llm.spec.written import Written
from chezmoi_llm.store import NO_STOCK, Stock


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

    ``is_open``: rendering the template may add models that are not seen here; ``is_named_later``: only
    that tells the name on the tailnet.
    """

    local_models: tuple[LocalModel, ...]
    cloud_models: tuple[CloudModel, ...]
    stack: Stack
    published_ports: Mapping[str, int]
    hostname: str
    tailnet: str
    stock: Stock = NO_STOCK
    is_open: bool = False
    is_named_later: bool = False

    @property
    def models(self) -> tuple[Model, ...]:
        """All models, local ones first."""
        return (*self.local_models, *self.cloud_models)
