"""What the podman stand-in keeps besides containers: the names of images, the checksums of secrets."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sys
from argparse import Namespace
from pathlib import Path

from containers import STATE, fail, say

NO_SECRET_NAME = re.compile(r"[/,=\0]|^$")
LARGEST_SECRET = 512_000


def images() -> set[str]:
    """Return the names of the images that were pulled."""
    return set((STATE / "images").read_text(encoding="utf-8").split())


def pull(image: str) -> None:
    """Have an image here."""
    with (STATE / "images").open("a", encoding="utf-8") as file:
        file.write(f"{image}\n")


def secret_file(name: str) -> Path:
    """Return the file that stands for a secret; it holds the checksum, never the value."""
    return STATE / "secrets" / f"{name}.json"


def secret_create(given: Namespace) -> int:
    """Store a secret from a file or, with ``-``, from standard input."""
    name, source = given.words
    if NO_SECRET_NAME.search(name):
        fail(f"secret name {name!r} can not include '/', ',', '=', or null byte: invalid secret name")
    if secret_file(name).exists() and not given.replace:
        fail(f"{name}: secret name in use")
    data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    if not 0 < len(data) < LARGEST_SECRET:
        fail("secret data must be larger than 0 and less than 512000 bytes")
    identifier = secrets.token_hex(12)
    entry = {"Id": identifier, "sha256": hashlib.sha256(data).hexdigest()}
    secret_file(name).write_text(json.dumps(entry), encoding="utf-8")
    say(identifier)
    return 0


def secret_ls(given: Namespace) -> int:
    """List secrets: their names with that format, their identifiers without."""
    for file in sorted((STATE / "secrets").glob("*.json")):
        by_name = given.format[-1:] in (["{{.Name}}"], ["{{ .Name }}"])
        say(file.stem if by_name else json.loads(file.read_text(encoding="utf-8"))["Id"])
    return 0


def secret_rm(given: Namespace) -> int:
    """Remove secrets."""
    for name in given.words:
        if not secret_file(name).exists() and not given.ignore:
            fail(f'no secret with name or id "{name}": no such secret', 1)
        secret_file(name).unlink(missing_ok=True)
        say(name)
    return 0
