"""Who keeps the key that wraps all other keys: four questions that every provider answers, and one provider so far."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
DEVELOPMENT_PREFIX = "dev:"


class KeyProviderError(Exception):
    """A key provider refuses or cannot answer; the message is one sentence and holds no key."""


class KeyProvider(Protocol):
    """Wraps data keys under a key that never enters a database. `context` says what the data key is for."""

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key; returns the wrapping key's name and the wrapped bytes."""
        ...

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key or changed bytes."""
        ...

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key under today's wrapping key."""
        ...

    def health(self) -> str:
        """A sentence saying that the provider answers. Raises KeyProviderError where it does not."""
        ...


def choose_provider(kind: str, *, env: str, instance: Path) -> KeyProvider:
    """The provider a setting names. Raises KeyProviderError when unknown, or when refused in production."""
    if kind == "development-file":
        return DevelopmentFile(instance / "development.key", env=env)
    raise KeyProviderError(f"The key provider “{kind}” is not known: this version knows “development-file” only.")


def refuse_development_key(kek_id: str, *, env: str) -> None:
    """Keys wrapped on a developer's machine are never opened in production. Raises KeyProviderError."""
    if env == "production" and kek_id.startswith(DEVELOPMENT_PREFIX):
        raise KeyProviderError("This data was sealed with a development key, which production refuses to open.")


@dataclass(frozen=True)
class DevelopmentFile:
    """A wrapping key in a file beside the database: for development and testing, where no real person's data may be."""

    path: Path
    env: str

    def __post_init__(self) -> None:
        if self.env == "production":
            raise KeyProviderError(
                "Production needs a key provider of its own (DHR_KEY_PROVIDER): the development key file is refused."
            )

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key under the file's key, made on first use."""
        key = self._key()
        nonce = os.urandom(NONCE_BYTES)
        return _name(key), nonce + AESGCM(key).encrypt(nonce, dek, context)

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key file or changed bytes."""
        key = self._key()
        if kek_id != _name(key):
            raise KeyProviderError("This data key was wrapped by another key than the one in the development key file.")
        try:
            return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise KeyProviderError("The wrapped data key was changed, or belongs to something else.") from None

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key, wrapped afresh."""
        return self.wrap(self.unwrap(kek_id, blob, context), context)

    def health(self) -> str:
        """Says which key file is in use."""
        return f"Development key file {_name(self._key())} is in use: no real person's data may be here."

    def _key(self) -> bytes:
        if not self.path.exists():
            _create(self.path)
        try:
            if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
                raise KeyProviderError(f"{self.path.name} can be read by others: run chmod 600 on it.")
            key = self.path.read_bytes()
        except OSError:
            raise KeyProviderError(f"{self.path.name} cannot be read.") from None
        if len(key) != KEY_BYTES:
            raise KeyProviderError(f"{self.path.name} does not hold a key of {KEY_BYTES} bytes.")
        return key


def _name(key: bytes) -> str:
    return DEVELOPMENT_PREFIX + hashlib.sha256(b"dhr-kek-name" + key).hexdigest()[:16]


def _create(path: Path) -> None:
    """Write the key beside its place and link it there whole, so that two first users cannot make two keys."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, os.urandom(KEY_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
