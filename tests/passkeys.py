"""A device that makes passkeys and signs with them, as browsers hand its answers on: real keys, real signatures.

phone = Device()
add_passkey(token, "Telephone", phone.make(options_of(token, by=by, at=at)), …)
sign_in_with_passkey(begun.token, phone.sign(begun.options), …)
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field, replace
from datetime import datetime

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from dhr_app.casework.house import House
from dhr_app.casework.passkey import add_passkey, begin_passkey, options_of
from dhr_app.workflows.permissions import Person

SITE, ORIGIN = "dhr.barsetshire.example", "https://dhr.barsetshire.example"
FALSE_ORIGIN = "https://dhr.barsetshire.example.evil.example"

PRESENT, VERIFIED, BACKED_UP, WITH_KEY = 0x01, 0x04, 0x18, 0x40


def at_the_site(house: House) -> House:
    """The same house at the address of SITE."""
    return replace(house, settings=replace(house.settings, site_url=ORIGIN))


@dataclass
class Device:
    """A telephone or key with one passkey. `origin` is the site that the browser says it is on.

    Without `verifies` it asks nobody for a finger, a face or a PIN. `step` is what it counts on by at each answer.
    """

    origin: str = ORIGIN
    verifies: bool = True
    step: int = 1
    count: int = 0
    handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: str | None) -> str:
        """The answer to being asked for a passkey."""
        assert options is not None
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        made = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + key
        said = self._said(asked["rp"]["id"], WITH_KEY) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        return self._answer(clientDataJSON=self._seen("webauthn.create", asked), attestationObject=attested)

    def sign(self, options: str) -> str:
        """The answer to being asked who is there."""
        asked = json.loads(options)
        self.count += self.step
        said, seen = self._said(asked["rpId"], 0), self._seen("webauthn.get", asked)
        signature = self.key.sign(said + hashlib.sha256(seen).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=seen, authenticatorData=said, signature=signature, userHandle=self.handle)

    def _said(self, site: str, also: int) -> bytes:
        flags = PRESENT | BACKED_UP | (VERIFIED if self.verifies else 0) | also
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _seen(self, kind: str, asked: dict[str, str]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential_id)
        parts = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": parts})


def with_passkey(person: Person, *, name: str = "Telephone", at: datetime) -> Device:
    """A device with a passkey of somebody’s, added now."""
    device, token = Device(), begin_passkey(by=person, at=at)
    add_passkey(token, name, device.make(options_of(token, by=person, at=at)), here=None, by=person, at=at)
    return device
