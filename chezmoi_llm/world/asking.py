"""Asks a server on this machine, and hears when each line of its answer comes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from chezmoi_llm.resolve import House
from chezmoi_llm.resolve.secrets import KEY_FILE, LITELLM_MASTER_KEY, LLAMA_SWAP_API_KEY
from chezmoi_llm.views.trial import Heard, Request
from chezmoi_llm.world import queries
from chezmoi_llm.world.failures import CouldNotRunError

LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes of an answer that are taken in."""


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
    headers = {"Content-Type": request.content_type} | ({"Authorization": f"Bearer {key}"} if key else {})
    started = time.monotonic()
    try:
        connection.request("POST", f"{address.path}{request.path}", request.body, headers)
        answer = connection.getresponse()
        return Heard(status=answer.status, lines=tuple(_timed(iter(answer.readline, b""), started)))
    except ConnectionRefusedError as error:
        raise NobodyError(f"nothing listens on {address.netloc}") from error
    except TimeoutError as error:
        raise SilentError(f"{address.netloc} kept silent for {seconds:g} s") from error
    except (OSError, HTTPException) as error:
        raise SilentError(f"{address.netloc} broke off: {str(error) or type(error).__name__}") from error
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

    The environment wins, for a key that is kept elsewhere. The key is never shown.
    """
    ours = (secret for secret in house.secrets_of(program) if secret.env == _KEYS[program])
    secret = next(ours, None)
    if secret is None:
        return ""
    written = os.environ.get(secret.env, "")
    if written:
        return written
    is_in_file = program == "llama_swap" and house.placement == "host"
    return _from_file(secret.env) if is_in_file else _from_podman(secret.name)


_KEYS = {"llama_swap": LLAMA_SWAP_API_KEY, "litellm": LITELLM_MASTER_KEY}


def _from_file(env: str) -> str:
    try:
        with open(os.path.expanduser(f"~/{KEY_FILE}"), encoding="utf-8") as file:
            found = re.search(rf"^{env}=(.*)$", file.read(), re.MULTILINE)
    except OSError:
        return ""
    return found[1] if found else ""


def _from_podman(name: str) -> str:
    shown = ("--showsecret", "--format", "{{.SecretData}}")
    return queries.answer("podman", "secret", "inspect", *shown, name) or ""
