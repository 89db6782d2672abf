"""A real server in processes of its own, which is started, asked over HTTP, and killed where it stands."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dhr_app.settings import Settings

SERVE = (
    "from dhr_app.settings import load; from dhr_app.web import server; server.serve(load(), beside=['sleep', '600'])"
)
PATIENCE = 60.0  # seconds until a server must answer, on a machine that is busy with other tests
EDGE = "edge-of-a-part-in-a-crash-test"


@dataclass
class Served:
    """The site of one instance on a port of its own, and the cookie of whoever signed in to it."""

    settings: Settings
    port: int = 0
    cookie: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.port = self.port or _free_port()
        environ = {name: value for name, value in os.environ.items() if not name.startswith("DHR_")}
        environ |= {
            "DHR_ENV": "testing",
            "DHR_INSTANCE": str(self.settings.instance),
            "DHR_SECRET_KEY": self.settings.secret_key,
            "DHR_TODAY": "2026-06-03",
            "DHR_PORT": str(self.port),
        }
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE], env=environ, stdout=quiet, stderr=quiet, start_new_session=True
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self.ask("GET", "/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("The server did not answer.")

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str, list[str]]:
        """Status, text and cookies of an answer. Raises OSError where none came."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, {"Cookie": self.cookie, **({"Content-Type": kind} if body else {})})
            answer = line.getresponse()
            return answer.status, answer.read().decode(), answer.headers.get_all("Set-Cookie") or []
        except http.client.HTTPException as broken:
            raise ConnectionError from broken
        finally:
            line.close()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the page."""
        page = self.look("/sign-in")
        sent = urlencode({"csrf_token": token_in(page), "email": email, "password": password})
        status, _, cookies = self.ask("POST", "/sign-in", sent.encode())
        assert status == 302
        self._keep(cookies)

    def look(self, path: str) -> str:
        """A page, and the cookie that came with it."""
        status, page, cookies = self.ask("GET", path)
        assert status == 200, page[:300]
        self._keep(cookies)
        return page

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            self.cookie = cookie.partition(";")[0]


def token_in(page: str) -> str:
    """The token of the first form of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, page[:300]
    return found.group(1)


def form_with_file(fields: dict[str, str], box: str, name: str, content: bytes) -> tuple[bytes, str]:
    """The body of a form with a file, and its content type."""
    head = "".join(
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{value}\r\n'
        for each, value in fields.items()
    )
    head += f'--{EDGE}\r\nContent-Disposition: form-data; name="{box}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{EDGE}--\r\n".encode(), f"multipart/form-data; boundary={EDGE}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
