"""Checks of the machine that the stack runs on: Podman, systemd, each service, and what these need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chezmoi_llm.health.facts import Facts, Unit
from chezmoi_llm.health.programs import dotted, linked, number
from chezmoi_llm.health.rows import Row, error, info, ok, warning
from chezmoi_llm.health.stack import Service, Stack
from chezmoi_llm.resolve.secrets import KEY_FILE
from chezmoi_llm.review.codes import HOME
from chezmoi_llm.views import secret_report

PODMAN_SOCKET: Final = "podman.socket"
_INSTALL_PODMAN: Final = "https://podman.io/docs/installation"
_INSTALL_RAMALAMA: Final = "uv tool install ramalama"
_DOCS: Final = f"{HOME}/blob/main/docs"
_RELOAD: Final = "systemctl --user daemon-reload"
_QUADLET: Final = "/usr/lib/systemd/system-generators/podman-system-generator --user --dryrun"
"""Prints what Podman makes of the units, and why it refuses one; man podman-systemd.unit."""

_IMPORT: Final = re.compile(r"^[ \t]*import\s+\S*conf\.d/(\*|llm\.caddy)", re.MULTILINE)
_LOOPBACK_OR_ALL: Final = ("127.0.0.1", "0.0.0.0", "[::1]", "[::]")  # noqa: S104  what a person may write


def stack(facts: Facts) -> Iterator[Row]:
    """Yield what is to run."""
    if facts.stack is None:
        return
    names = ", ".join(service.name.removesuffix(".service") for service in facts.stack.services)
    if not facts.stack.services and not facts.stack.runners:
        message = "nothing is to run: no model is listed, or llm_stack has enabled: false"
        yield info("stack", message, facts.at("chezmoi-llm list --all"))
    else:
        yield ok("stack", f"placement {facts.stack.placement}: {names or 'no service'}")


def podman(facts: Facts) -> Iterator[Row]:
    """Yield whether there is a Podman that knows all keys of our units."""
    if not _on_linux(facts) or not _stack(facts).needs_podman:
        return
    found = facts.machine.podman
    least = _stack(facts).least_podman
    if found is None:
        yield error("podman", "it is not on PATH", _INSTALL_PODMAN)
    elif not number(found.says):
        yield error("podman", "it does not say its version", "podman --version")
    elif number(found.says) < least:
        message = f"{dotted(number(found.says))}, and {dotted(least)} is the least that will do"
        yield error("podman", message, _INSTALL_PODMAN)
    else:
        yield ok("podman", dotted(number(found.says)))


def systemd(facts: Facts) -> Iterator[Row]:
    """Yield whether there is a systemd of this person's to start the services, and for how long."""
    if not _on_linux(facts) or not _stack(facts).services:
        return
    if facts.machine.units is None:
        message = "there is no systemd of yours to talk to"
        yield error("systemd", message, "log in as yourself, not by su or sudo; then run: chezmoi apply")
    elif facts.machine.lingers is False:
        message = "services run from login to logout"
        yield info("systemd", message, "to keep them running: loginctl enable-linger")
    else:
        yield ok("systemd", "yours; it goes on after logout" if facts.machine.lingers else "yours")


def podman_socket(facts: Facts) -> Iterator[Row]:
    """Yield whether llama-swap can start models through Podman's socket."""
    if not _on_linux(facts) or not _stack(facts).needs_socket or facts.machine.units is None:
        return
    found = facts.machine.units.get(PODMAN_SOCKET)
    if found and found.active == "active":
        yield ok(PODMAN_SOCKET, "listening")
    else:
        message = "llama-swap starts models through it, and it does not listen"
        yield error(PODMAN_SOCKET, message, f"systemctl --user enable --now {PODMAN_SOCKET}")


def secrets(facts: Facts) -> Iterator[Row]:
    """Yield the secrets that are missing, by name."""
    needed = _stack(facts).secrets
    if not _on_linux(facts) or not needed:
        return
    missing = (*_missing_in_podman(facts), *_missing_in_file(facts))
    yield from missing
    if not missing and facts.machine.podman and facts.machine.podman.secrets is not None:
        yield ok("secrets", ", ".join(dict.fromkeys(secret.name for secret in needed)))


def _missing_in_podman(facts: Facts) -> Iterator[Row]:
    """Yield the secrets that containers wait for; the container of llama-swap is none on the host."""
    stack = _stack(facts)
    present = facts.machine.podman.secrets if facts.machine.podman else None
    on_host = {"llama_swap"} if stack.placement == "host" else set()
    for line in secret_report.lines(stack.secrets, present):
        readers = ", ".join(user for user in line.secret.used_by if user not in on_host)
        if line.is_there is False and readers:
            message = f"{line.secret.name} is missing: {line.secret.env}, read by {readers}"
            yield error("secret", message, secret_report.how_to_make(line.secret, stack.placement))


_SCRIPT = "$HOME/.chezmoiscripts/40-llm-secrets.sh"
_RUN_AGAIN = f'chezmoi state delete --bucket=entryState --key="{_SCRIPT}" && chezmoi apply'
"""Makes the keys that are missing: chezmoi runs the script again only where its text has changed."""


def _missing_in_file(facts: Facts) -> Iterator[Row]:
    stack = _stack(facts)
    if stack.placement != "host":
        return
    for secret in stack.secrets:
        if "llama_swap" in secret.used_by and secret.env not in facts.machine.keys:
            make = _RUN_AGAIN if secret.is_ours else f"add the line {secret.env}=... to ~/{KEY_FILE}"
            yield error("secret", f"~/{KEY_FILE} has no {secret.env}, read by llama_swap", make)


def services(facts: Facts) -> Iterator[Row]:
    """Yield how each service is, and whether somebody else has its port."""
    units = facts.machine.units
    if not _on_linux(facts) or units is None:
        return
    for service in _stack(facts).services:
        unit = units.get(service.name, Unit(load="not-found", active="inactive", sub="dead"))
        yield _loaded(service, unit) if unit.load == "loaded" else _absent(service, unit, facts)
        yield from _port(service, unit, facts)


def _loaded(service: Service, unit: Unit) -> Row:
    name, log = service.name, f"journalctl --user -u {service.name} -n 50"
    state = f"{unit.active} ({unit.sub})"
    if unit.active == "active":
        return ok(name, state)
    if unit.active == "failed" or unit.sub == "auto-restart":
        return error(name, f"{state}: it does not come up", log)
    if unit.active == "inactive":
        return error(name, state, f"systemctl --user start {name}")
    return info(name, f"{state}: a first start may pull or build an image", log.replace("-n 50", "-f"))


def _absent(service: Service, unit: Unit, facts: Facts) -> Row:
    if service.key and service.file not in facts.dotfiles.targets:
        message = f"no file of the source folder makes ~/{service.file}"
        return error(service.name, message, facts.at(f"chezmoi-llm init --with {service.key}"))
    if service.file not in facts.machine.deployed:
        return error(service.name, f"~/{service.file} is not there", facts.at("chezmoi apply"))
    if service.is_container:
        message = f"systemd says {unit.load}: Podman makes no service of ~/{service.file}"
        return error(service.name, message, f"{_RELOAD}; if that does not help: {_QUADLET}")
    return error(service.name, f"systemd says {unit.load}", _RELOAD)


def _port(service: Service, unit: Unit, facts: Facts) -> Iterator[Row]:
    """Yield a port that is in use while the service that is to have it does not run at all."""
    rests = unit.active in {"inactive", "failed"}
    if rests and service.bind in _LOOPBACK_OR_ALL and service.port in facts.machine.listening:
        message = f"another program has port {service.port}, which {service.name} needs"
        yield error("port", message, f"ss -ltnp 'sport = :{service.port}'")


def caddy(facts: Facts) -> Iterator[Row]:
    """Yield whether Caddy is there and reads our sites."""
    if not _on_linux(facts) or not _stack(facts).has_caddy:
        return
    read = [path for path, text in facts.machine.caddyfiles.items() if _IMPORT.search(text)]
    if "caddy" not in facts.machine.found:
        message = "it is not on PATH; the https urls work when it runs"
        yield warning("caddy", message, "https://caddyserver.com/docs/install")
    elif read:
        yield ok("caddy", f"{read[0]} imports the sites")
    elif facts.machine.caddyfiles:
        path = next(iter(facts.machine.caddyfiles))
        yield warning("caddy", f"{path} does not import the sites", f"add to {path}: import conf.d/*.caddy")
    else:
        yield warning("caddy", "~/.config/caddy/Caddyfile is not there", facts.at("chezmoi apply"))


def llama_swap(facts: Facts) -> Iterator[Row]:
    """Yield whether llama-swap is where its service on the host looks for it."""
    is_started = any(one.name == "llama-swap.service" for one in _stack(facts).services)
    if not _on_linux(facts) or _stack(facts).placement != "host" or not is_started:
        return
    if "llama-swap" in facts.machine.found:
        yield ok("llama-swap", "~/.local/bin/llama-swap")
    else:
        message = "its service starts ~/.local/bin/llama-swap, which is not there"
        path = facts.machine.llama_swap
        todo = linked(path) if path else f"{_DOCS}/placements.md#what-placement-host-needs"
        yield error("llama-swap", message, todo)


def ramalama(facts: Facts) -> Iterator[Row]:
    """Yield whether llama-swap on the host finds the RamaLama that it starts models by."""
    if _stack(facts).placement != "host" or "ramalama" not in _stack(facts).runners:
        return
    if "ramalama" in facts.machine.found:
        yield ok("ramalama", "there")
    else:
        message = "llama-swap starts models by it, and does not find it"
        yield error("ramalama", message, _INSTALL_RAMALAMA)


def selinux(facts: Facts) -> Iterator[Row]:
    """Yield what SELinux may have to do with files and devices that a container cannot use."""
    if _on_linux(facts) and facts.machine.is_selinux_enforcing and _stack(facts).needs_podman:
        message = "enforcing: a container may be refused a file or a device"
        yield info("selinux", message, f"{_DOCS}/placements.md#selinux")


def _on_linux(facts: Facts) -> bool:
    return facts.stack is not None and facts.machine.is_linux


def _stack(facts: Facts) -> Stack:
    return facts.stack or Stack()
