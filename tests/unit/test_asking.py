"""What is asked of a server on this machine, and what of its answer is taken in, whatever it is."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from chezmoi_llm import spec
from chezmoi_llm.choices import choose
from chezmoi_llm.resolve import resolve
from chezmoi_llm.resolve.secrets import KEY_FILE
from chezmoi_llm.views.trial import Request
from chezmoi_llm.world import asking

REQUEST = Request(path="/x", content_type="text/plain", body=b"")
FINE = b"HTTP/1.1 200 OK\r\n"

Serve: TypeAlias = Callable[[bytes], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Give a server that answers one request with some bytes, whatever is asked; returns its url."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threads: list[threading.Thread] = []

        def answer(said: bytes) -> None:
            connection, _ = server.accept()
            with connection:
                asked = b""
                while b"\r\n\r\n" not in asked:
                    asked += connection.recv(4096)
                connection.sendall(said.replace(b"(what was asked)", asked))

        def start(said: bytes) -> str:
            threads.append(threading.Thread(target=answer, args=(said,)))
            threads[-1].start()
            return f"http://127.0.0.1:{server.getsockname()[1]}"

        yield start
        for thread in threads:
            thread.join()


BROKEN = {
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n", "SSH-2.0-OpenSSH"),
    "escapes of a terminal": (b"\x1b[31mred\x07\r\n", "\ufffd[31mred\ufffd"),
    "long": (b"x" * 999 + b"\r\n", "x" * 200 + "…"),
    "one line without an end": (
        FINE + b"\r\n" + b"x" * (asking.LARGEST_ANSWER + 1),
        "more than 4194304 bytes came",
    ),
    "a chunk that no memory holds": (
        FINE + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx",
        "Python int too large to convert to C ssize_t",
    ),
}


@pytest.mark.parametrize(("answer", "why"), BROKEN.values(), ids=BROKEN)
def test_whatever_is_no_answer_is_a_sentence(serve, answer, why):
    url = serve(answer)
    with pytest.raises(asking.SilentError) as caught:
        asking.ask(url, REQUEST, key="", seconds=60)
    assert str(caught.value) == f"{url.removeprefix('http://')} broke off: {why}"


def test_an_image_is_taken_in_whole(serve):
    image = b"x" * 3_000_000
    url = serve(FINE + b"Connection: close\r\n\r\n" + image)
    assert asking.ask(url, REQUEST, key="", seconds=60).body == image


@pytest.mark.parametrize("key", ["sk-1", "sk-…", os.fsdecode(b"sk-\xff")], ids=ascii)
def test_any_key_is_sent_as_it_is(serve, key):
    url = serve(FINE + b"Connection: close\r\n\r\n(what was asked)")
    heard = asking.ask(url, REQUEST, key=key, seconds=60)
    assert b"\r\nAuthorization: Bearer " + os.fsencode(key) + b"\r\n" in heard.body


@pytest.fixture
def key_file(monkeypatch, tmp_path) -> Path:
    """Give a home without a key; returns where its key file would be."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LLAMA_SWAP_API_KEY", raising=False)
    (tmp_path / KEY_FILE).parent.mkdir(parents=True)
    return tmp_path / KEY_FILE


def key_on_host() -> str:
    """Return the key for llama-swap in placement host."""
    services = {"llama_swap": {"placement": "host"}}
    model = {"name": "m", "model": "hf://a/b"}
    written = spec.build({"data": {"local_models": [model], "llm_stack": {"services": services}}})
    return asking.key_of("llama_swap", resolve(written, choose(written)))


FILES = {
    "a line": (b"LLAMA_SWAP_API_KEY=sk-1\n", "sk-1"),
    "among others": (b"A=1\nLLAMA_SWAP_API_KEY=sk-1", "sk-1"),
    "in quotes": (b"LLAMA_SWAP_API_KEY=\"sk-1\"\r\nA='2'\r\n", "sk-1"),
    "no text": (b"A=\xff\nLLAMA_SWAP_API_KEY=sk-1\n", "sk-1"),
    "another": (b"MY_LLAMA_SWAP_API_KEY=sk-1\n", ""),
    "empty": (b"LLAMA_SWAP_API_KEY=\n", ""),
}


@pytest.mark.parametrize(("text", "key"), FILES.values(), ids=FILES)
def test_the_key_file_is_read_as_systemd_reads_it(key_file, text, key):
    key_file.write_bytes(text)
    assert key_on_host() == key


def test_a_key_file_that_is_a_pipe_is_not_waited_for(key_file):
    os.mkfifo(key_file)
    assert key_on_host() == ""


@pytest.mark.parametrize(("written", "key"), [("sk-1\n", "sk-1"), ("\n", ""), ("sk-1\nsk-2", "sk-1")])
@pytest.mark.usefixtures("key_file")
def test_the_newline_of_a_file_is_no_part_of_a_key(monkeypatch, written, key):
    monkeypatch.setenv("LLAMA_SWAP_API_KEY", written)
    assert key_on_host() == key
