"""Caddy: https for each app, on the machine's tailnet name or on names of its own."""

from __future__ import annotations

from typing import Any

from chezmoi_llm.resolve import House
from chezmoi_llm.targets.base import File, Target, on

_APPS = ("open_webui", "litellm", "llama_swap")


def emit(house: House) -> dict[str, Any]:
    """Return the sites, each an address and what it leads to."""
    caddy = house.settings.services.caddy
    ours = [_site(house, key) for key in _APPS if house.is_on(key)]
    theirs = [{"address": address, "upstream": upstream} for address, upstream in caddy.sites]
    return {"mode": caddy.mode, "sites": [site for site in ours if site["address"]] + theirs}


def _site(house: House, key: str) -> dict[str, str]:
    program = house.programs[key]
    address = program.url.removeprefix("https://") if program.url.startswith("https://") else ""
    return {"address": address, "upstream": f"127.0.0.1:{program.published_port}"}


CADDY = Target(
    key="caddy",
    emit=emit,
    files={
        "caddy_snippet": File(path=".config/caddy/conf.d/llm.caddy", is_there=on("caddy")),
        "caddyfile": File(path=".config/caddy/Caddyfile", is_there=on("caddy")),
    },
)
