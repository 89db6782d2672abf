"""A server of this process on a port of its own, for imitations of what a county keeps elsewhere."""

from __future__ import annotations

import json
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Refusal(Exception):
    """An answer with an error's status."""

    status: int
    body: Any
    headers: dict[str, str] | None = None


class Serving(ABC):
    """What answers; each imitation says how."""

    @abstractmethod
    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        """The JSON of an answer. Raises Refusal."""

    @contextmanager
    def running(self, tls: ssl.SSLContext | None = None) -> Iterator[str]:
        """Serve until the block ends; gives the address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(serving: Serving) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                status, told, headers = 200, serving.answer(self, body), None
            except Refusal as refusal:
                status, told, headers = refusal.status, refusal.body, refusal.headers
            data = json.dumps(told).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _respond

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    return Handler
