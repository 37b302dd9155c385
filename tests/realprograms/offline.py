"""Runs a command where nothing but 127.0.0.1 can be reached, and writes down which names it looks up.

    python tests/realprograms/offline.py COMMAND ARGUMENT...

That takes namespaces of Linux; where they are not permitted, the command runs as it is, without
OFFLINE_LOG, the file of the names, in its environment.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import pytest

LOG = "OFFLINE_LOG"
INSIDE = "--inside"

SIOCSIFFLAGS, IFF_UP = 0x8914, 1  # linux/sockios.h, linux/if.h
NO_SUCH_NAME = 0x8183  # RFC 1035, 4.1.1: a recursive answer with code 3


def names() -> set[str]:
    """Return the names that were looked up so far; the test is skipped where nobody writes them down."""
    if LOG not in os.environ:
        pytest.skip("not cut off from the network: make test-stack does that, where Linux permits it")
    with open(os.environ[LOG], encoding="ascii") as log:
        return set(log.read().split())


def main(command: list[str]) -> int:
    """Run the command as cut off as this machine permits; return its exit code."""
    if command[:1] == [INSIDE]:
        return _inside(command[1:])
    unshare = [shutil.which("unshare") or "unshare", "--map-root-user", "--net", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False).returncode:
        sys.stderr.write("offline: namespaces are not permitted, so the network is not cut off\n")
        return subprocess.run(command, check=False).returncode
    with tempfile.NamedTemporaryFile(prefix="looked-up-") as log:
        # inside, the user is called root, whose temporary folder may be another's
        me = pwd.getpwuid(os.getuid()).pw_name
        env = {**os.environ, LOG: log.name, "LOGNAME": me}
        inside = [*unshare, sys.executable, __file__, INSIDE, *command]
        return subprocess.run(inside, env=env, check=False).returncode


def _inside(command: list[str]) -> int:
    """Run the command with a loopback interface alone, and a name server that knows no name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    threading.Thread(target=_refuse, args=(server, os.environ[LOG]), daemon=True).start()
    with tempfile.NamedTemporaryFile("w") as resolver:
        resolver.write("nameserver 127.0.0.1\n")
        resolver.flush()
        subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
        return subprocess.run(command, check=False).returncode


def _refuse(server: socket.socket, log: str) -> None:
    """Write each name down, and answer that there is none."""
    while True:
        query, client = server.recvfrom(4096)
        with open(log, "a", encoding="ascii") as file:
            file.write(_name(query) + "\n")
        server.sendto(query[:2] + struct.pack("!H", NO_SUCH_NAME) + query[4:], client)


def _name(query: bytes) -> str:
    """Return the name that a question is about: labels, each after its length, from byte 12 on."""
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
        at += 1 + length
    return ".".join(labels)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
