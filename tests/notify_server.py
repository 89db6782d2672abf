"""GOV.UK Notify for the tests, a process of its own on this machine: it speaks the API's JSON, and is as strict.

Whoever asks proves with every question who they are: a token signed by their key (HS256), with their service's number
and a moment at most 30 seconds from its clock. `set` makes it refuse, or be slow to say what became of a message.

    python -m tests.notify_server SERVICE SECRET TEMPLATE     what `running()` starts
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import requests
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[1]
SLACK = 30  # seconds
FIELDS = {"email_address", "template_id", "personalisation", "reference"}


@dataclass
class NotifyServer:
    """Notify as tests reach it: its address, its template, and the file with the key to it."""

    address: str
    template: str
    key_file: Path

    @property
    def url(self) -> str:
        """Where it stands, as settings say it."""
        return f"notify://{self.address.removeprefix('http://')}/{self.template}"

    def set(self, **what: Any) -> None:
        """Tell it what it is like from now on, and everything else as it should be.

        `says` is what it answers to every question, a status and a list of errors; `refuses` the same by address;
        `fates` the state of messages by address; `ahead` how many seconds its clock is fast; `forgets` whether it knows
        no message any more; `hangs_up` whether it takes the next message without a word.
        """
        requests.post(f"{self.address}/set", json=what, timeout=5).raise_for_status()

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The messages that it took, the first one first."""
        return list(requests.get(f"{self.address}/taken", timeout=5).json())


@contextmanager
def running(folder: Path) -> Iterator[NotifyServer]:
    """A server that knows one service, until the block ends; the service's key lies in the folder."""
    service, secret, template = str(uuid4()), str(uuid4()), str(uuid4())
    key_file = folder / "notify.key"
    key_file.write_text(f"barsetshire-{service}-{secret}\n", encoding="ascii")
    command = [sys.executable, "-m", "tests.notify_server", service, secret, template]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield NotifyServer(process.stdout.readline().strip(), template, key_file)
        finally:
            process.terminate()


class Service:
    """What Notify knows of one service."""

    def __init__(self, number: str, secret: str, template: str) -> None:
        self.number, self.secret, self.template = number, secret, template
        self.taken: list[dict[str, Any]] = []
        self.set: dict[str, Any] = {}

    def turned_away(self) -> Response | None:
        """The answer to whoever cannot show that they are this service, or is refused for a while; else None."""
        if "says" in self.set:
            return refusal(*self.set["says"])
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            claims = jwt.decode(token, OctKey.import_key(self.secret), algorithms=["HS256"]).claims
        except (JoseError, ValueError):
            return refusal(403, "AuthError", "Invalid token: API key not found")
        if scheme != "Bearer" or claims.get("iss") != self.number:
            return refusal(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() + self.set.get("ahead", 0) - claims.get("iat", 0)) > SLACK:
            return refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
        return None

    def as_told(self, message: dict[str, Any]) -> dict[str, Any]:
        """A message as the API tells of it."""
        status = self.set.get("fates", {}).get(message["email_address"], "sending")
        ended = None if status in ("created", "sending") else datetime.now(UTC).isoformat().replace("+00:00", "Z")
        about = {name: message[name] for name in ("id", "reference", "email_address")}
        return {**about, "type": "email", "status": status, "created_at": message["at"], "completed_at": ended}


def refusal(status: int, error: str, message: str) -> Response:
    """An error in Notify's form."""
    answer = jsonify(status_code=status, errors=[{"error": error, "message": message}])
    answer.status_code = status
    return answer


def application(service: Service) -> Flask:
    """The part of the API that is used here."""
    app = Flask(__name__)

    @app.post("/v2/notifications/email")
    def send() -> Any:
        if away := service.turned_away():
            return away
        sent = request.get_json()
        if set(sent) - FIELDS or set(sent.get("personalisation", {})) != {"subject", "body"}:
            return refusal(400, "BadRequestError", "Missing personalisation: body, subject")
        if sent["template_id"] != service.template:
            return refusal(400, "BadRequestError", "Template not found")
        if refused := service.set.get("refuses", {}).get(sent["email_address"]):
            return refusal(*refused)
        message = {**sent, "id": str(uuid4()), "at": datetime.now(UTC).isoformat()}
        service.taken.append(message)
        if service.set.pop("hangs_up", False):
            return Response("", 200)  # the message is taken, and the answer lost
        content = {"subject": sent["personalisation"]["subject"], "body": sent["personalisation"]["body"]}
        return jsonify(id=message["id"], reference=sent["reference"], content=content), 201

    @app.get("/v2/notifications/<uuid:number>")
    def one(number: UUID) -> Any:
        if away := service.turned_away():
            return away
        found = [each for each in service.taken if each["id"] == str(number)]
        if not found or service.set.get("forgets"):
            return refusal(404, "NoResultFound", "No result found")
        return jsonify(service.as_told(found[0]))

    @app.get("/v2/notifications")
    def several() -> Any:
        if away := service.turned_away():
            return away
        found = [each for each in service.taken if each["reference"] == request.args["reference"]]
        return jsonify(notifications=[service.as_told(each) for each in reversed(found)], links={})

    @app.post("/set")
    def be_set() -> str:
        service.set = dict(request.get_json())
        return ""

    @app.get("/taken")
    def taken() -> Response:
        return jsonify(service.taken)

    return app


def main() -> None:
    """Serve on a free port, and say where."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, application(Service(*sys.argv[1:])), threaded=True)
    threading.Thread(target=_until_nobody_listens, daemon=True).start()
    print(f"http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


def _until_nobody_listens() -> None:
    """End with the tests, however they ended."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
