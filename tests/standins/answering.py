"""A server that answers every request alike."""

from __future__ import annotations

import errno
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    """Answers every request with an empty JSON object."""

    def do_GET(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET  # noqa: N815 - the name is http.server's

    def log_message(self, *_: object) -> None:
        """Keep quiet: standard error belongs to what is tested."""


def serve(port: int) -> None:
    """Answer until terminated; whoever has the port already answers the health check just as well."""
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        signal.pause()
    else:
        server.serve_forever()
