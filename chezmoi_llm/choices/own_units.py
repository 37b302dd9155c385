"""Models with units of their own: llama-server in RamaLama's image, started by systemd.

RamaLama's images have no entry point, and llama-server on PATH; so neither RamaLama nor Podman's
socket is needed, and the server downloads what is not here.
"""

from __future__ import annotations

from chezmoi_llm.records import replace
from chezmoi_llm.runners import RUNNERS
from chezmoi_llm.runners.base import ALL_PLACEMENTS
from chezmoi_llm.spec import Stack

HOST, PORT = "0.0.0.0", 8080  # noqa: S104  inside the container; what is published is on 127.0.0.1
"""Where the server listens inside its container."""

SWAPPING = frozenset({"ttl", "group", "preload", "unlisted"})
"""Fields for llama-swap, which has no part in such a model: it runs as long as its unit does."""

_ON_THE_WAY = frozenset({"use_model_name", "concurrency_limit", "strip_params", "set_params", "variants"})
"""Fields for llama-swap too: what it does with a request on its way to the server."""

_SERVER = RUNNERS["llama-server"]

UNIT = replace(
    _SERVER,
    key="unit",
    placements=ALL_PLACEMENTS,
    instead="use hf://, ms://, https:// or a path; or take out units: true, so that RamaLama serves it",
    cannot=_SERVER.cannot | SWAPPING | _ON_THE_WAY,
    in_container=True,
)
"""What starts a model whose runner is RamaLama where ``services.ramalama.units`` is true."""


def has_units(stack: Stack) -> bool:
    """Say whether models whose runner is RamaLama have units of their own, instead of llama-swap."""
    ramalama = stack.services.ramalama
    return ramalama.units and (ramalama.enabled or not ramalama.is_given("enabled"))


def may_have_units(stack: Stack) -> bool:
    """Say whether they have, or only rendering the template can tell."""
    ramalama = stack.services.ramalama
    is_open = "units" in ramalama.unknown or (ramalama.units and "enabled" in ramalama.unknown)
    return has_units(stack) or is_open
