"""A real identity provider for the tests, a process of its own on this machine: an agency's tenant, as strict as one.

It asks whoever comes for who they are by a form, and gives its code for a signed token only to the client that proves
itself by its key and knows the verifier. `set` makes it answer wrongly, as an attacker would.

    python -m tests.identity_provider PUBLIC_KEY     what `running()` starts
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT = "dhr-of-barsetshire"
ROOT = Path(__file__).resolve().parents[1]
HOUR = 3600
PAGE = """<!doctype html><html lang="en"><title>Sign in</title><link rel="icon" href="data:,">
<h1>The sign-in of an organisation</h1>
<form method="post"><label>Who are you? <input name="subject"></label><button>Sign in</button></form></html>"""


@dataclass
class IdentityProvider:
    """The provider as tests reach it. `issuer` is its address; there is a second tenant beside it, at `other`."""

    issuer: str
    key_file: Path

    @property
    def other(self) -> str:
        """Another organisation's tenant at the same provider."""
        return self.issuer.replace("/tenant", "/other")

    def set(self, **what: Any) -> None:
        """Tell it what its answers are like from now on; everything else is as it should be."""
        requests.post(f"{self.issuer}/set", json=what, timeout=5).raise_for_status()

    def signs_in(self, address: str, subject: str) -> str:
        """Sign somebody in by its form, as a browser that was sent there, and return where it sends them back to."""
        shown = requests.get(address, timeout=5)
        assert shown.status_code == 200, shown.text
        answer = requests.post(address, data={"subject": subject}, timeout=5, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def asked(self) -> dict[str, int]:
        """How often each of its pages was asked for."""
        return dict(requests.get(f"{self.issuer}/asked", timeout=5).json())


@contextmanager
def running(key_file: Path, at: datetime) -> Iterator[IdentityProvider]:
    """Make our key, and a provider that knows it and whose clock stands at `at`."""
    key = RSAKey.generate_key(2048)
    key_file.write_bytes(key.as_pem(private=True))
    key_file.chmod(0o600)
    public = key_file.with_suffix(".public.pem")
    public.write_bytes(key.as_pem(private=False))
    command = [sys.executable, "-m", "tests.identity_provider", str(public)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        provider = IdentityProvider(process.stdout.readline().strip(), key_file)
        try:
            provider.set(moment=int(at.timestamp()))
            yield provider
        finally:
            process.terminate()


@dataclass
class Grant:
    """What was asked for when a code was given."""

    tenant: str
    subject: str
    nonce: str
    challenge: str
    redirect_uri: str


class Tenants:
    """What the provider knows: its keys, the codes it gave, and how it is to answer."""

    def __init__(self, address: str, client_key: Any) -> None:
        self.address, self.client_key = address, client_key
        self.first = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.second = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
        self.keys: dict[str, RSAKey | ECKey] = {"first": self.first}
        self.codes: dict[str, Grant] = {}
        self.assertions: set[str] = set()
        self.asked: dict[str, int] = {}
        self.wrong: dict[str, Any] = {}
        self.moment = 0

    def issuer(self, tenant: str) -> str:
        return f"{self.address}/{tenant}"

    def metadata(self, tenant: str) -> dict[str, Any]:
        base = self.issuer(tenant)
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "authorization_response_iss_parameter_supported": True,
            **self.wrong.get("metadata", {}),
        }

    def token(self, grant: Grant) -> str:
        """A signed token about whoever signed in, with whatever is to be wrong in it."""
        claims: dict[str, Any] = {
            "iss": self.issuer(grant.tenant),
            "sub": grant.subject,
            "aud": CLIENT,
            "iat": self.moment,
            "exp": self.moment + HOUR,
            "nonce": grant.nonce,
            "auth_time": self.moment,
            "email": "somebody.else@barsetshire.example",
            "name": "Somebody Else",
            **self.wrong.get("claims", {}),
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        kid, key = next(iter(self.keys.items()))
        alg = self.wrong.get("alg", "ES256" if isinstance(key, ECKey) else "RS256")
        header = {"alg": alg, "kid": kid}
        if alg in ("none", "HS256"):
            return self._by_hand(header, claims)
        if self.wrong.get("another_key"):
            key = RSAKey.generate_key(2048)
        return jwt.encode(header, claims, key, algorithms=[alg])

    def _by_hand(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """What no library signs: nothing at all, or by our public key as if it were a secret."""
        signed = b".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        public = self.first.as_pem(private=False)
        signature = hmac.digest(public, signed, "sha256") if header["alg"] == "HS256" else b""
        return (signed + b"." + _encoded(signature)).decode()

    def client_is_known(self, form: Mapping[str, str], endpoint: str) -> bool:
        """Whether a client proved itself by its key, for this endpoint, just now and for the first time."""
        try:
            claims = jwt.decode(form["client_assertion"], self.client_key, algorithms=["PS256", "ES256"]).claims
        except Exception:  # whatever is wrong with it, it is not known
            return False
        fresh = claims["jti"] not in self.assertions and claims["exp"] > self.moment - 60
        self.assertions.add(claims["jti"])
        return fresh and (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, endpoint)


def _encoded(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def application(tenants: Tenants) -> Flask:
    """Its pages."""
    app = Flask(__name__)

    @app.before_request
    def count() -> None:
        name = request.path.rsplit("/", 1)[-1]
        tenants.asked[name] = tenants.asked.get(name, 0) + 1

    @app.get("/<tenant>/.well-known/openid-configuration")
    def about(tenant: str) -> Response:
        return jsonify(tenants.metadata(tenant))

    @app.get("/<tenant>/keys")
    def keys(tenant: str) -> Response:
        return jsonify(KeySet(list(tenants.keys.values())).as_dict(private=False))

    @app.route("/<tenant>/authorize", methods=["GET", "POST"])
    def authorize(tenant: str) -> Any:
        asked = request.args
        right = {
            "client_id": CLIENT, "response_type": "code", "scope": "openid", "code_challenge_method": "S256",
            "prompt": "login", "max_age": "0",
        }  # fmt: skip
        if any(asked.get(name) != value for name, value in right.items()) or len(asked["code_challenge"]) != 43:
            return "That is not how a client asks.", 400
        if request.method == "GET":
            return PAGE
        code = secrets.token_urlsafe(16)
        back = asked["redirect_uri"]
        tenants.codes[code] = Grant(tenant, request.form["subject"], asked["nonce"], asked["code_challenge"], back)
        answer = {
            "code": code,
            "state": asked["state"],
            "iss": tenants.issuer(tenant),
            **tenants.wrong.get("answer", {}),
        }
        return redirect(f"{back}?{urlencode({name: value for name, value in answer.items() if value is not None})}")

    @app.post("/<tenant>/token")
    def token(tenant: str) -> Any:
        form, endpoint = request.form, f"{tenants.issuer(tenant)}/token"
        if not tenants.client_is_known(form, endpoint):
            return jsonify(error="invalid_client"), 401
        grant = tenants.codes.pop(form.get("code", ""), None)
        challenge = _encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if grant is None or grant.challenge != challenge.decode() or grant.redirect_uri != form.get("redirect_uri"):
            return jsonify(error="invalid_grant"), 400
        access = secrets.token_urlsafe(16)
        return jsonify(access_token=access, token_type="Bearer", expires_in=HOUR, id_token=tenants.token(grant))

    @app.post("/<tenant>/set")
    def be_set(tenant: str) -> str:
        what = dict(request.get_json())
        tenants.moment = what.pop("moment", tenants.moment)
        tenants.keys = {"second": tenants.second} if what.pop("second_key", False) else {"first": tenants.first}
        tenants.wrong = what
        return ""

    @app.get("/<tenant>/asked")
    def asked_for(tenant: str) -> Response:
        return jsonify(tenants.asked)

    return app


def main() -> None:
    """Serve on a free port, and say where."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    client_key = RSAKey.import_key(Path(sys.argv[1]).read_text(encoding="ascii"))
    tenants = Tenants("", client_key)
    server = make_server("127.0.0.1", 0, application(tenants), threaded=True)
    tenants.address = f"http://127.0.0.1:{server.port}"
    threading.Thread(target=_until_nobody_listens, daemon=True).start()
    print(tenants.issuer("tenant"), flush=True)
    server.serve_forever()


def _until_nobody_listens() -> None:
    """End with the tests, however they ended."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
