"""What the person wrote, typed: data that passed the schema becomes frozen records.

Every record is complete: what was not written has its default from the schema. ``written`` says
which fields were, in the spelling that was used, so that a choice can tell 900 from 900.
"""

from __future__ import annotations

from chezmoi_llm.spec.build import build, without
from chezmoi_llm.spec.records import (
    DATA,
    DEFAULTS,
    SERVICES,
    UNITS,
    Caddy,
    CloudModel,
    Desktop,
    Group,
    Kubernetes,
    LiteLLM,
    LlamaSwap,
    LocalModel,
    Model,
    Network,
    OpenWebUI,
    Pairs,
    Provider,
    Ramalama,
    Scalar,
    Sections,
    Service,
    Services,
    Spec,
    Stack,
    Unit,
    Written,
)

__all__ = [
    "DATA",
    "DEFAULTS",
    "SERVICES",
    "UNITS",
    "Caddy",
    "CloudModel",
    "Desktop",
    "Group",
    "Kubernetes",
    "LiteLLM",
    "LlamaSwap",
    "LocalModel",
    "Model",
    "Network",
    "OpenWebUI",
    "Pairs",
    "Provider",
    "Ramalama",
    "Scalar",
    "Sections",
    "Service",
    "Services",
    "Spec",
    "Stack",
    "Unit",
    "Written",
    "build",
    "without",
]
