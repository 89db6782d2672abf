"""Signed notes: a short text and the Ed25519 signature under it, in the form that checkpoints of open logs have.

    dhr-audit/barsetshire          the origin, which is also the signer's name
    214                            how many leaves the log has
    VxK3…=                         the root of their tree
    number 7                       lines of our own
    <empty line>
    — dhr-audit/barsetshire tZk1…= the signature: four bytes that name the key, and 64 of signature

The form is C2SP's signed-note and tlog-checkpoint, so that anybody's tools can read it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dhr_app.adapters.written_once import write_once

ED25519 = b"\x01"
PRIVATE = "PRIVATE+KEY"
KEY_ID_BYTES, SEED_BYTES, KEY_BYTES = 4, 32, 32


class NoteError(Exception):
    """A note, or the key for notes, is not what it should be; the message is one sentence and holds no key."""


class KeyExists(NoteError):
    """Where a signing key was to be made there is one already."""


@dataclass(frozen=True)
class Verifier:
    """The public half: whoever holds it can check a note. `str` gives the line that is handed to an auditor."""

    name: str
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{key_id(self.name, self.public).hex()}+{_base64(ED25519 + self.public)}"

    def opened(self, note: str) -> str:
        """The text of a note that this key signed. Raises NoteError."""
        text, found, lines = note.rpartition("\n\n")
        if not found or not note.endswith("\n"):
            raise NoteError("This is not a signed note.")
        for line in lines.splitlines():
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.rpartition(" ")
            signature = _decoded(encoded)
            if dash != "—" or name != self.name or signature[:KEY_ID_BYTES] != key_id(self.name, self.public):
                continue
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[KEY_ID_BYTES:], (text + "\n").encode())
            except InvalidSignature:
                break
            return text + "\n"
        raise NoteError("The note does not bear this key’s signature.")


@dataclass(frozen=True)
class Signer:
    """The private half. Its representation does not hold it."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"<Signer {self.name}>"

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note: the text, which ends with a line's end, and the signature under it."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        named = key_id(self.name, self.verifier.public) + signature
        return f"{text}\n— {self.name} {_base64(named)}\n"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature says whose it is."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_BYTES]


def verifier_of(line: str) -> Verifier:
    """The public half from its line. Raises NoteError."""
    name, _, rest = line.strip().partition("+")
    named, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    verifier = Verifier(name, key[1:])
    if not name or key[:1] != ED25519 or len(key) != 1 + KEY_BYTES or key_id(name, key[1:]).hex() != named:
        raise NoteError("This is not the public key of a signer of notes.")
    return verifier


def read_signer(path: Path) -> Signer:
    """The signing key in a file that only its owner reads. Raises NoteError."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise NoteError(f"The signing key {path.name} can be read by others: run chmod 600 on it.")
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoteError(
            f"There is no signing key at {path}: `dhr audit make-key FILE` makes one; checkpoint_key says where it is."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise NoteError(f"The signing key {path.name} cannot be read.") from None
    private, _, rest = text.removeprefix(PRIVATE).partition("+") if text.startswith(PRIVATE + "+") else ("?", "", "")
    name, _, rest = rest.partition("+")
    named, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if private or not name or key[:1] != ED25519 or len(key) != 1 + SEED_BYTES:
        raise NoteError(f"The file {path.name} does not hold a signing key.")
    signer = Signer(name, key[1:])
    if key_id(name, signer.verifier.public).hex() != named:
        raise NoteError(f"The signing key in {path.name} was changed.")
    return signer


def make_signer(path: Path, name: str) -> Signer:
    """Make a signing key in a new file. Raises KeyExists where there is one, NoteError where it cannot be written."""
    signer = Signer(name, os.urandom(SEED_BYTES))
    named = key_id(name, signer.verifier.public).hex()
    line = f"{PRIVATE}+{name}+{named}+{_base64(ED25519 + signer.seed)}\n"
    try:
        write_once(path, line.encode())
    except FileExistsError:
        raise KeyExists(f"There is a file at {path} already: a signing key is never overwritten.") from None
    except OSError as error:
        raise NoteError(f"The signing key could not be written to {path}: {error.strerror}.") from None
    return signer


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
