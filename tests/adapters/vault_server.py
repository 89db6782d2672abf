"""A small Vault: the transit engine's paths and JSON, over HTTP, with keys that really encrypt.

Derived keys, in kind as Vault makes them: HKDF of the version over the context, AES-256-GCM, `vault:v<n>:<base64>`.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.adapters.http_server import Refusal, Serving


@dataclass
class VaultServer(Serving):
    """Vault with one derived transit key and one token that may use it."""

    token: str = "hvs.the-token-of-this-test"
    name: str = "dhr"
    versions: list[bytes] = field(default_factory=lambda: [os.urandom(32)])
    derived: bool = True
    sealed: bool = False
    oldest: int = 1  # Vault's min_decryption_version
    asked: list[str] = field(default_factory=list)

    def rotate(self) -> None:
        """What `vault write -f transit/keys/dhr/rotate` does."""
        self.versions.append(os.urandom(32))

    def answer(self, request: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        self.asked.append(request.path)
        if self.sealed:
            raise Refusal(503, {"errors": ["Vault is sealed"]})
        if request.headers.get("X-Vault-Token") != self.token:
            raise Refusal(403, {"errors": ["permission denied"]})
        _, _, mount, act, *rest = request.path.split("/")
        asked = json.loads(body or b"{}")
        if (mount, rest[:1]) != ("transit", [self.name]):
            raise Refusal(404, {"errors": []})
        if "associated_data" in asked and act == "rewrap":
            raise Refusal(400, {"errors": ["associated_data is not supported"]})
        if act == "keys":
            newest = len(self.versions)
            kind = {"name": self.name, "type": "aes256-gcm96", "derived": self.derived, "exportable": False}
            return {"data": {**kind, "latest_version": newest, "supports_decryption": True}}
        if self.derived and not asked.get("context"):
            raise Refusal(400, {"errors": ["missing 'context' for key derivation"]})
        if act == "encrypt":
            return {"data": {"ciphertext": self._seal(asked, base64.b64decode(asked["plaintext"]))}}
        if act == "decrypt":
            return {"data": {"plaintext": base64.b64encode(self._open(asked)).decode()}}
        if act == "rewrap":
            return {"data": {"ciphertext": self._seal(asked, self._open(asked))}}
        raise Refusal(405, {"errors": []})

    def _seal(self, asked: dict[str, str], plain: bytes) -> str:
        version, nonce = len(self.versions), os.urandom(12)
        sealed = nonce + self._cipher(version, asked).encrypt(nonce, plain, None)
        return f"vault:v{version}:{base64.b64encode(sealed).decode()}"

    def _open(self, asked: dict[str, str]) -> bytes:
        try:
            start, version, text = asked["ciphertext"].split(":")
            sealed = base64.b64decode(text, validate=True)
            if start != "vault" or int(version[1:]) < 1:
                raise ValueError
            if int(version[1:]) > len(self.versions):
                raise Refusal(400, {"errors": ["invalid ciphertext: version is too new"]})
            if int(version[1:]) < self.oldest:
                told = "ciphertext or signature version is disallowed by policy (too old)"
                raise Refusal(400, {"errors": [told]})
            return self._cipher(int(version[1:]), asked).decrypt(sealed[:12], sealed[12:], None)
        except (ValueError, InvalidTag):
            raise Refusal(400, {"errors": ["invalid ciphertext: unable to decrypt"]}) from None

    def _cipher(self, version: int, asked: dict[str, str]) -> AESGCM:
        context = base64.b64decode(asked["context"])
        return AESGCM(HKDF(hashes.SHA256(), 32, None, context).derive(self.versions[version - 1]))
