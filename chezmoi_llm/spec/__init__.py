"""What the person wrote, typed: data that passed the schema becomes frozen records.

Every record is complete: what was not written has its default from the schema. ``written`` says
which fields were, in the spelling that was used, so that a choice can tell 900 from 900.
"""

from __future__ import annotations

from chezmoi_llm.spec.build import build
from chezmoi_llm.spec.models import CloudModel, LocalModel, Model
from chezmoi_llm.spec.order import ordered_fields
from chezmoi_llm.spec.services import (
    SERVICES,
    UNITS,
    Caddy,
    Desktop,
    Kubernetes,
    LiteLLM,
    LlamaSwap,
    OpenWebUI,
    Provider,
    Ramalama,
    Service,
    Services,
    Unit,
)
from chezmoi_llm.spec.stack import Group, Network, Spec, Stack
from chezmoi_llm.spec.unknown import without
from chezmoi_llm.spec.written import DATA, DEFAULTS, Pairs, Scalar, Sections, Written

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
    "ordered_fields",
    "without",
]
