"""A small Azure Key Vault: its challenge, its paths and JSON over TLS, and an RSA key that really unwraps."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import json
import re
import ssl
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from azure.core.credentials import AccessToken
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from tests.adapters.http_server import Refusal, Serving

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
CHALLENGE = 'Bearer authorization="https://login.example/tenant", resource="https://vault.azure.net"'


class Identity:
    """Who the server is to Azure: a token without asking anybody."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken("the-token-of-this-test", 4102444800)


@dataclass
class AzureServer(Serving):
    """A vault with one RSA key."""

    name: str = "dhr"
    versions: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    disabled: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        """A new version of the key."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.versions[f"{len(self.versions):032x}"] = key

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        path = request.path.partition("?")[0]
        self.asked.append(path)
        if request.headers.get("Authorization") != "Bearer the-token-of-this-test":
            raise Refusal(401, {"error": {"code": "Unauthorized"}}, {"WWW-Authenticate": CHALLENGE})
        found = re.fullmatch(r"/keys/(\w+)/?(\w*)/?(\w*)", path)
        if found is None or found[1] != self.name:
            raise Refusal(404, {"error": {"code": "KeyNotFound"}})
        version = found[2] or list(self.versions)[-1]
        if version not in self.versions:
            raise Refusal(404, {"error": {"code": "KeyNotFound"}})
        kid = f"https://{request.headers['Host']}/keys/{self.name}/{version}"
        if self.disabled:
            raise Refusal(403, {"error": {"code": "Forbidden", "innererror": {"code": "KeyDisabled"}}})
        if not found[3]:
            return {"key": {"kid": kid, **_jwk(self.versions[version])}, "attributes": {"enabled": True}}
        asked = json.loads(body)
        if found[3] != "unwrapkey" or asked["alg"] != "RSA-OAEP-256":
            raise Refusal(400, {"error": {"code": "BadParameter"}})
        try:
            plain = self.versions[version].decrypt(_bytes(asked["value"]), OAEP)
        except ValueError:
            raise Refusal(400, {"error": {"code": "BadParameter"}}) from None
        return {"kid": kid, "value": _text(plain)}


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """How the server shows who it is, and the file by which a client knows it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day.replace(year=2100))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    known, both = folder / "known.pem", folder / "server.pem"
    known.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + known.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, known


def _jwk(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    told = {name: _text(number.to_bytes((number.bit_length() + 7) // 8, "big")) for name, number in _both(numbers)}
    return {"kty": "RSA", "key_ops": ["wrapKey", "unwrapKey"], **told}


def _both(numbers: rsa.RSAPublicNumbers) -> list[tuple[str, int]]:
    return [("n", numbers.n), ("e", numbers.e)]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
