"""A server with llama-swap's API that answers at once, or late, and writes down what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

LATE = "late"
"""A model of which the first byte comes after ``Backend.seconds``."""

_CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "x"}
_ANSWERS: Mapping[str, dict[str, Any]] = {
    "/v1/chat/completions": {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "x",
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "yes"}}
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    },
    "/v1/embeddings": {
        "object": "list",
        "model": "x",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    },
    "/rerank": {
        "id": "1",
        "results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}],
    },
    "/v1/audio/transcriptions": {"text": "hello"},
}
_ANSWERS = {**_ANSWERS, "/v1/rerank": _ANSWERS["/rerank"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: its path, the key that came with it, and the model that it names."""

    path: str
    key: str
    model: str


@dataclass(slots=True, kw_only=True)
class Backend:
    """The server: its url, the models that it lists, and what it was asked."""

    url: str = ""
    models: tuple[str, ...] = ()
    seconds: float = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def last(self) -> Asked:
        """The last request to a model; a proxy lists the models besides, whenever it likes."""
        return next(asked for asked in reversed(self.asked) if asked.model)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request; ``backend`` is set for each server."""

    protocol_version = "HTTP/1.1"
    backend: ClassVar[Backend]

    def do_GET(self) -> None:
        """List the models."""
        self._write_down("")
        listed = [{"id": name, "object": "model", "owned_by": "x"} for name in self.backend.models]
        self._send({"object": "list", "data": listed})

    def do_POST(self) -> None:
        """Answer as a model does, at once or in pieces."""
        body = b"".join(self._body())
        said = json.loads(body) if self.headers["Content-Type"].startswith("application/json") else {}
        model = said.get("model") or _form_field(body)
        self._write_down(model)
        if model == LATE:
            time.sleep(self.backend.seconds)
        if said.get("stream"):
            self._stream()
        else:
            self._send(_ANSWERS[self.path])

    def _write_down(self, model: str) -> None:
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.backend.asked.append(Asked(path=self.path, key=key, model=model))

    def _body(self) -> Iterator[bytes]:
        if "Content-Length" in self.headers:
            yield self.rfile.read(int(self.headers["Content-Length"]))
            return
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, answer: Mapping[str, Any]) -> None:
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for delta, reason in (({"role": "assistant", "content": "yes"}, None), ({}, "stop")):
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            self.wfile.write(f"data: {json.dumps({**_CHUNK, 'choices': [choice]})}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving(*models: str) -> Iterator[Backend]:
    """Serve those models on a free port of 127.0.0.1."""
    backend = Backend(models=models)
    handler = type("Handler", (_Handler,), {"backend": backend})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        backend.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield backend
        finally:
            server.shutdown()


def _form_field(body: bytes) -> str:
    """Return the model that a form with a file names."""
    _, found, rest = body.partition(b'name="model"\r\n\r\n')
    return rest.partition(b"\r\n")[0].decode() if found else ""
