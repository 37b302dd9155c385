"""Resolves the names of containers where there is no container network: a SOCKS5 server on 127.0.0.1.

Start llama-swap with ``HTTP_PROXY`` set to the address that ``serving`` yields: a request to
``http://ramalama-x:5800`` then goes where the resolver says. Go sends names to a ``socks5h`` proxy and
never proxies 127.0.0.1. (A plain HTTP proxy would not do: llama-swap's reverse proxy puts the
client's ``Host`` into the absolute URI.)
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeAlias

Resolver: TypeAlias = Callable[[str, int], int | None]
"""From a host and port to the port of 127.0.0.1 that serves it, or None where there is none."""

_GRANTED, _HOST_UNREACHABLE, _REFUSED = 0, 4, 5
_NAME, _IPV4 = 3, 1


def loopback(_host: str, port: int) -> int | None:
    """Lead every name to the same port of 127.0.0.1."""
    return port


@contextmanager
def serving(resolve: Resolver) -> Iterator[str]:
    """Run the server in a thread and yield its address, ``socks5h://127.0.0.1:PORT``."""

    class Connection(_Connection):
        resolver = staticmethod(resolve)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"socks5h://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Connection(socketserver.BaseRequestHandler):
    resolver: Resolver

    def handle(self) -> None:
        with suppress(OSError, EOFError):
            upstream = self._connect(*self._asked())
            if upstream:
                with upstream:
                    back = threading.Thread(target=_pump, args=(upstream, self.request), daemon=True)
                    back.start()
                    _pump(self.request, upstream)
                    back.join()

    def _asked(self) -> tuple[str, int]:
        """Read the greeting and the request (RFC 1928, sections 3 and 4)."""
        _version, methods = self._read(2)
        self._read(methods)
        self.request.sendall(b"\x05\x00")
        *_, kind = self._read(4)
        host = self._read(self._read(1)[0]).decode() if kind == _NAME else socket.inet_ntoa(self._read(4))
        (port,) = struct.unpack(">H", self._read(2))
        return host, port

    def _connect(self, host: str, port: int) -> socket.socket | None:
        local = self.resolver(host, port)
        if local is None:
            self._reply(_HOST_UNREACHABLE)
            return None
        try:
            upstream = socket.create_connection(("127.0.0.1", local), timeout=5)
        except OSError:
            self._reply(_REFUSED)
            return None
        upstream.settimeout(None)
        self._reply(_GRANTED)
        return upstream

    def _reply(self, code: int) -> None:
        self.request.sendall(bytes([5, code, 0, _IPV4]) + bytes(6))

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Copy bytes until either side ends, then end both."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
