"""The stand-in's ``podman run``: from its options to a process of this machine."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from argparse import Namespace
from dataclasses import dataclass
from itertools import pairwise

from containers import STATE, Container, end, fail, present, remove, save, say
from options import NETWORKS
from stored import images, pull, secret_file

EVERYWHERE = ("::", "0.0.0.0")  # noqa: S104 - read here, never listened on
FILES = ("-m", "--model", "--mmproj", "--chat-template-file")
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What runs here for a container: the command, the port inside, and the one here that leads to it.

    ``leads`` is None where nothing leads to it: a server that listens on the container's own loopback.
    """

    command: list[str]
    port: str
    leads: int | None


def run(given: Namespace) -> int:
    """Start a container and, unless it is detached, wait for its end."""
    if not given.words:
        fail("requires at least 1 arg(s), only received 0")
    image, *command = given.words
    name = given.name[-1] if given.name else f"unnamed_{secrets.token_hex(4)}"
    check(given, image)
    make_way(name, replace=given.replace)
    pull(image)
    server = served(command, given)
    container = {
        "Id": secrets.token_hex(32),
        "Name": name,
        "ImageName": image,
        "Rm": given.rm,
        "Labels": dict(label.partition("=")[::2] for label in given.label),
        "Networks": given.network,
        "Publish": given.publish,
        "Ports": {server.port: server.leads},
    }
    return start(container, server.command, environment(given.env), detach=given.detach)


def check(given: Namespace, image: str) -> None:
    """End where podman would refuse before anything is started."""
    for name in given.name:
        if not NAME.fullmatch(name):
            fail(f'names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument: "{name}"')
    for network in given.network:
        if network.partition(":")[0] not in NETWORKS:
            fail(f"unable to find network with name or ID {network}: network not found")
    for secret in (option.partition(",")[0] for option in given.secret):
        if not secret_file(secret).exists():
            fail(f'no secret with name or id "{secret}": no such secret')
    if given.pull[-1:] == ["never"] and image not in images():
        fail(f"{image}: image not known")


def make_way(name: str, *, replace: bool) -> None:
    """Free a name, or end where it is taken."""
    old = present(name)
    if old and not replace:
        fail(
            f'creating container storage: the container name "{name}" is already in use by {old["Id"]}. '
            "You have to remove that container to be able to reuse that name: that name is already in use"
        )
    if old:
        end(old, seconds=10)
        remove(name)


def served(command: list[str], given: Namespace) -> Server:
    """Return the server for a container's command; only llama-server is in the image."""
    if not command or os.path.basename(command[0]) != "llama-server":
        program = "".join(command[:1])
        fail(f"crun: executable file `{program}` not found in $PATH: No such file or directory", 127)
    # the word after each flag: enough to look flags with a value up
    options = dict(pairwise(command))
    port = options.get("--port", "8080")
    leads = port_here(port, given) if options.get("--host") in EVERYWHERE else None
    mounted = mounts(given)
    values = {"--host": "127.0.0.1", "--port": str(leads or free_port())}
    values |= {flag: located(options[flag], mounted) for flag in FILES if flag in options}
    words = [values.get(flag, word) for flag, word in pairwise(command)]
    return Server(command=[*json.loads(os.environ["PODMAN_SERVER"]), *words], port=port, leads=leads)


def port_here(port: str, given: Namespace) -> int:
    """Return the port of this machine for one of the container: published, or known to its network."""
    if "host" in given.network:
        return int(port)
    # HOST_PORT:PORT or ADDRESS:HOST_PORT:PORT, or PORT alone, for which podman picks one
    published = (option.partition("/")[0].rsplit(":", 2)[-2:] for option in given.publish)
    return next((int(ends[0]) for ends in published if len(ends) > 1 and ends[1] == port), free_port())


def mounts(given: Namespace) -> dict[str, str]:
    """Return from each mounted path of the container to the path on this machine."""
    pairs = [volume.split(":")[:2] for volume in given.volume]
    for mount in given.mount:
        parts = dict(part.partition("=")[::2] for part in mount.split(","))
        target = next((parts[key] for key in ("destination", "dst", "target") if key in parts), "")
        pairs.append([parts.get("src") or parts.get("source", ""), target])
    for source, _ in pairs:
        if source.startswith("/") and not os.path.exists(source):
            fail(f"statfs {source}: no such file or directory")
    return {target: source for source, target in pairs}


def located(path: str, mounted: dict[str, str]) -> str:
    """Return where a file of the container is on this machine; what is not mounted is nowhere."""
    for target, source in mounted.items():
        if path == target or path.startswith(f"{target}/"):
            return source + path.removeprefix(target)
    return f"{STATE}/image{path}"


def environment(variables: list[str]) -> dict[str, str]:
    """Return the environment of a container: of this machine's, only what programs need to run."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return kept | dict(variable.partition("=")[::2] for variable in variables)


def start(container: Container, command: list[str], env: dict[str, str], *, detach: bool) -> int:
    """Run the process in a session of its own, as conmon does: it outlives a client that is killed.

    For the same reason it writes to a file, whose text a client in the foreground hands on at the end:
    who started the client would otherwise wait for the process, which holds the client's output.
    """
    log = STATE / "logs" / container["Name"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: process.send_signal(received))
    save({**container, "Pid": process.pid, "Client": os.getpid()})
    if detach:
        say(container["Id"])
        return 0
    code = process.wait()
    sys.stderr.write(log.read_text(encoding="utf-8", errors="replace"))
    if container["Rm"]:
        remove(container["Name"])
    return code if code >= 0 else 128 - code


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
