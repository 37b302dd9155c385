"""Caddy: https for each app, on the machine's tailnet name or on names of its own."""

from __future__ import annotations

from typing import Any

from chezmoi_llm.resolve import House, Program
from chezmoi_llm.resolve.addresses import HTTPS_PORT
from chezmoi_llm.targets.base import File, Target, on

_HTTPS = "https://"


def emit(house: House) -> dict[str, Any]:
    """Return the sites, each an address and what it leads to."""
    caddy = house.settings.services.caddy
    apps = [house.programs[key] for key in caddy.ports if house.is_on(key)]
    ours = [_site(app) for app in apps if app.url.startswith(_HTTPS)]
    theirs = [{"address": _address(site), "upstream": upstream} for site, upstream in caddy.sites]
    return {"mode": caddy.mode, "sites": ours + theirs}


def _site(app: Program) -> dict[str, str]:
    return {"address": app.url.removeprefix(_HTTPS), "upstream": app.local_url.removeprefix("http://")}


def _address(site: str) -> str:
    """Return a site so that Caddy reads no directive in it, which a name of one word such as log may be."""
    is_word = not set(site) & set(".:")
    return f"{site.lower()}:{HTTPS_PORT}" if is_word else site.lower()


CADDY = Target(
    key="caddy",
    emit=emit,
    files={
        "caddy_snippet": File(path=".config/caddy/conf.d/llm.caddy", is_there=on("caddy")),
        "caddyfile": File(path=".config/caddy/Caddyfile", is_there=on("caddy")),
    },
)
