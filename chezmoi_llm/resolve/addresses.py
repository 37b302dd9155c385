"""The https address of each app, as Caddy serves it: it follows from what was written alone."""

from __future__ import annotations

from chezmoi_llm.spec import Spec

HTTPS_PORT = 443


def tailscale_name(spec: Spec) -> str:
    """Return the full name of this machine on its tailnet, empty where it has none."""
    if not spec.hostname or not spec.tailnet:
        return ""
    tailnet = spec.tailnet.lower().removesuffix(".ts.net")
    return f"{spec.hostname.lower()}.{tailnet}.ts.net"


def has_caddy(spec: Spec) -> bool:
    """Say whether Caddy is switched on: written, else where it has a name to serve."""
    caddy = spec.stack.services.caddy
    if caddy.is_given("enabled"):
        return caddy.enabled
    return bool(tailscale_name(spec)) or caddy.mode == "subdomains"


def address(key: str, spec: Spec) -> str:
    """Return the HOST:PORT of an app as Caddy serves it, empty where it has no name.

    The port of https is left out.
    """
    caddy = spec.stack.services.caddy
    if caddy.mode == "subdomains":
        return f"{caddy.names[key]}.{caddy.domain}".lower() if caddy.domain else ""
    name, port = tailscale_name(spec), caddy.ports[key]
    return name and (name if port == HTTPS_PORT else f"{name}:{port}")


def host_and_port(site: str) -> tuple[str, int]:
    """Return what tells one site of Caddy's from another: its host in lower case, and its port."""
    host, _, port = site.lower().partition(":")
    return host, int(port or HTTPS_PORT)
