"""Addresses and targets of units: what Podman and systemd would refuse, or never come to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chezmoi_llm import schema
from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Network, Spec

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

SYSTEM_TARGETS = frozenset(
    f"{name}.target"
    for name in (
        *("cryptsetup", "emergency", "getty", "graphical", "local-fs", "multi-user", "network"),
        *("network-online", "network-pre", "nss-lookup", "remote-fs", "rescue", "sysinit", "time-sync"),
    )
)
"""Targets that the system has, and no user. Source: systemd, units/ and units/user/."""


def binds(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``bind`` is an IP address (LLM103), and others cannot reach it unnoticed (LLM403)."""
    for key, unit in spec.stack.services.units.items():
        if not unit.is_given("bind") or "bind" in unit.unknown:
            continue
        address = address_of(unit.bind)
        if address is None:
            yield _wrong(key, unit.path("bind"), unit.bind, "an IP address")
        elif unit.enabled and not address.is_loopback:
            yield Finding(
                code="LLM403",
                path=unit.path("bind"),
                severity=Severity.WARNING,
                message=f"{key} listens on {unit.bind}, which others on the network can reach",
                hint="use 127.0.0.1, and Caddy for other machines",
            )


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Return an IP address, with or without the brackets of IPv6; None where it is none."""
    from ipaddress import ip_address  # noqa: PLC0415  only where somebody writes one

    try:
        return ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _subnet_of(text: str) -> IPv4Network | IPv6Network | None:
    from ipaddress import ip_network  # noqa: PLC0415  only where somebody writes one

    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def networks(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``subnet`` and ``gateway`` fit each other; Podman refuses the network else (LLM103, LLM327)."""
    network = spec.stack.network
    if {"subnet", "gateway"} & network.unknown or not (network.subnet or network.gateway):
        return
    subnet, gateway = _subnet_of(network.subnet), address_of(network.gateway)
    if network.subnet and subnet is None:
        yield _wrong("network", network.path("subnet"), network.subnet, "a subnet such as 10.89.7.0/24")
    elif network.gateway and gateway is None:
        yield _wrong("network", network.path("gateway"), network.gateway, "an IP address")
    elif gateway and subnet is None:
        yield _refused(network, "a gateway and no subnet", "write subnet: too")
    elif gateway and subnet and gateway not in subnet:
        what = f"the gateway {gateway} outside of its subnet {subnet}"
        yield _refused(network, what, "choose an address inside of the subnet, or take the line out")


def _refused(network: Network, what: str, hint: str) -> Finding:
    message = f"Podman refuses a network with {what}"
    return Finding(code="LLM327", path=network.path("gateway"), message=message, hint=hint)


def _wrong(holder: str, path: Path, value: str, wanted: str) -> Finding:
    message = f"{shown(path[-1])} is {shown(value)}, but must be {wanted}"
    hint = schema.as_in_example(schema.properties(holder)[str(path[-1])], path)
    return Finding(code="LLM103", path=path, message=message, hint=hint)


def targets(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Units of a user come to targets of a user alone (LLM328)."""
    stack = spec.stack
    if stack.wanted_by in SYSTEM_TARGETS:
        said = f"your systemd has no {stack.wanted_by}, so nothing would start the units"
        yield _nowhere(stack.path("wanted_by"), said, "write default.target")
    for key, unit in stack.services.units.items():
        for index, name in enumerate(unit.requires):
            if name in SYSTEM_TARGETS:
                said = f"your systemd has no {name}, so {key} would not start"
                yield _nowhere((*unit.path("requires"), index), said, "take it out")


def _nowhere(path: Path, message: str, hint: str) -> Finding:
    return Finding(code="LLM328", path=path, severity=Severity.WARNING, message=message, hint=hint)


RULES = (binds, networks, targets)
