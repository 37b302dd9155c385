"""Runs the real Open WebUI with a set of variables, and talks to it as a browser does."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realprograms import programs, servers

START_SECONDS = 180
"""How long Open WebUI may take to make its database and listen; it needs some 20 s on an idle machine."""


@dataclass(slots=True, kw_only=True)
class Browser:
    """Somebody who is logged in; ``token`` is empty before."""

    url: str
    token: str = ""

    def get(self, path: str) -> Any:
        """Return the answer to a GET."""
        return self._ask(urllib.request.Request(self.url + path, headers=self._headers()))  # noqa: S310

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Return the answer to a POST of JSON."""
        headers = {**self._headers(), "Content-Type": "application/json"}
        data = json.dumps(body).encode()
        return self._ask(urllib.request.Request(self.url + path, data=data, headers=headers))  # noqa: S310

    def upload(self, path: str, name: str, kind: str, content: bytes) -> Any:
        """Return the answer to a POST of one file."""
        part = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}'
        data = f"--x\r\n{part}\r\n\r\n".encode() + content + b"\r\n--x--\r\n"
        headers = {**self._headers(), "Content-Type": "multipart/form-data; boundary=x"}
        return self._ask(urllib.request.Request(self.url + path, data=data, headers=headers))  # noqa: S310

    def sign_up(self) -> None:
        """Make the first account, which is the administrator's, and log in."""
        person = {"name": "Someone", "email": "someone@localhost.example", "password": "correct horse"}
        self.token = self.post("/api/v1/auths/signup", person)["token"]

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _ask(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=60) as got:  # noqa: S310 - always http
            return json.loads(got.read())


@contextmanager
def serving(env: Mapping[str, str], *, folder: Path) -> Iterator[Browser]:
    """Serve on the HOST and PORT of the variables; it is stopped by its own pid."""
    data = folder / "data"
    data.mkdir()
    browser = Browser(url=f"http://{env['HOST']}:{env['PORT']}")
    with servers.serving(
        [programs.located("open-webui"), "serve", "--host", env["HOST"], "--port", env["PORT"]],
        is_ready=lambda: bool(browser.get("/health")["status"]),
        env={**env, "DATA_DIR": str(data), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        log=folder / "open-webui.log",
        start_seconds=START_SECONDS,
    ):
        yield browser
