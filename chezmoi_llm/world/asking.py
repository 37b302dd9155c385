"""Asks a server on this machine, and hears when each line of its answer comes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from chezmoi_llm.resolve import House
from chezmoi_llm.resolve.secrets import KEY_FILE, LITELLM_MASTER_KEY, LLAMA_SWAP_API_KEY
from chezmoi_llm.views.trial import Heard, Request, in_short
from chezmoi_llm.world import files, queries
from chezmoi_llm.world.failures import CouldNotRunError

LARGEST_ANSWER = 4 * 2**20
"""Bytes of an answer that are taken in: an image of 1024 pixels has some 3 million, in base64."""


class SilentError(CouldNotRunError):
    """Nobody answers at an address, or not in time."""


class NobodyError(SilentError):
    """Nothing listens at an address."""


def ask(url: str, request: Request, *, key: str, seconds: float) -> Heard:
    """POST a request below ``url``, without any proxy; raises SilentError.

    ``seconds`` is the longest silence: it has to be long enough for a model to be loaded.
    """
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=seconds)
    headers: dict[str, str | bytes] = {"Content-Type": request.content_type}
    if key:
        headers["Authorization"] = os.fsencode(f"Bearer {key}")
    started = time.monotonic()
    try:
        connection.request("POST", f"{address.path}{request.path}", request.body, headers)
        with connection.getresponse() as answer:
            lines = iter(partial(answer.readline, LARGEST_ANSWER + 1), b"")
            return Heard(status=answer.status, lines=tuple(_timed(lines, started)))
    except ConnectionRefusedError as error:
        raise NobodyError(f"nothing listens on {address.netloc}") from error
    except TimeoutError as error:
        raise SilentError(f"{address.netloc} kept silent for {seconds:g} s") from error
    except (OSError, HTTPException, OverflowError) as error:  # the last for the size of a chunk
        why = in_short(str(error)) or type(error).__name__
        raise SilentError(f"{address.netloc} broke off: {why}") from error
    finally:
        connection.close()


def _timed(lines: Iterator[bytes], started: float) -> Iterator[tuple[float, bytes]]:
    size = 0
    for line in lines:
        size += len(line)
        if size > LARGEST_ANSWER:
            raise HTTPException(f"more than {LARGEST_ANSWER} bytes came")
        yield time.monotonic() - started, line


def key_of(program: str, house: House) -> str:
    """Return the key that a program wants, from where the program itself gets it; empty for none.

    The environment wins, for a key that is kept elsewhere. The key is never shown. It is one word:
    the newline at the end of a file is no part of it, and no header could hold one.
    """
    ours = (secret for secret in house.secrets_of(program) if secret.env == _KEYS[program])
    secret = next(ours, None)
    if secret is None:
        return ""
    is_in_file = program == "llama_swap" and house.placement == "host"
    kept = partial(_from_file, secret.env) if is_in_file else partial(_from_podman, secret.name)
    words = (os.environ.get(secret.env) or kept()).split()
    return words[0] if words else ""


_KEYS = {"llama_swap": LLAMA_SWAP_API_KEY, "litellm": LITELLM_MASTER_KEY}


def _from_file(env: str) -> str:
    """Return what systemd would read: a value may stand in quotes."""
    try:
        text = os.fsdecode(files.read(os.path.expanduser(f"~/{KEY_FILE}")) or b"")
    except OSError:
        return ""
    found = re.search(rf"^{env}=([\"']?)(.*)\1\s*$", text, re.MULTILINE)
    return found[2] if found else ""


def _from_podman(name: str) -> str:
    shown = ("--showsecret", "--format", "{{.SecretData}}")
    return queries.answer("podman", "secret", "inspect", *shown, name) or ""
