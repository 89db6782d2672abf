"""Every data key a second time, under a recovery key whose private half is only on paper: what is left if all else is.

A copy is an X25519 exchange with a key made for it alone, HKDF-SHA256 and AES-256-GCM, bound to what the data key is
for. The public half makes copies without anybody; it is held under the master key's seal, and used only while it opens.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Row, delete, insert, select, update

from dhr_app.adapters.keys import KeyProvider
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.keytable import Domain, of, recovery, recovery_copy

SECRET_BYTES = 32
_POINT = 32
_NONCE = b"\0" * 12  # each copy has a key of its own, so that no nonce is ever used twice
_CONTEXT = b"dhr-recovery-key"


class NotTheRecoveryKey(Exception):
    """The copy was changed, belongs to something else, or was made under another recovery key."""


@dataclass(frozen=True)
class RecoveryKey:
    """The private half, for as long as two holders are in the room. Never shown."""

    secret: bytes

    def __repr__(self) -> str:
        return "<RecoveryKey>"

    @classmethod
    def made(cls) -> RecoveryKey:
        """A new one."""
        return cls(os.urandom(SECRET_BYTES))

    @property
    def public_key(self) -> bytes:
        """The half that makes copies."""
        return self._private.public_key().public_bytes_raw()

    def open(self, copy: bytes, context: bytes) -> bytes:
        """The data key of a copy. Raises NotTheRecoveryKey."""
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(copy[:_POINT]))
            return _cipher(shared, copy[:_POINT], self.public_key).decrypt(_NONCE, copy[_POINT:], context)
        except (InvalidTag, ValueError):
            raise NotTheRecoveryKey from None

    @property
    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.secret)


def copied(dek: bytes, context: bytes, public_key: bytes) -> bytes:
    """A data key for the recovery key alone."""
    once = X25519PrivateKey.generate()
    point = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public_key))
    return point + _cipher(shared, point, public_key).encrypt(_NONCE, dek, context)


def install(keystore: Connection, key: RecoveryKey, provider: KeyProvider, *, share_set: int, at: datetime) -> None:
    """Put this recovery key in the place of whatever there was; the copies for that one go. Raises KeyProviderError."""
    kek_id, sealed = provider.wrap(_digest(key.public_key), _CONTEXT)
    keystore.execute(delete(recovery_copy))
    keystore.execute(delete(recovery))
    made = {"share_set": share_set, "public_key": key.public_key, "kek_id": kek_id, "sealed": sealed, "made_at": at}
    keystore.execute(insert(recovery).values(id=1, **made))


def in_use(keystore: Connection) -> Row[Any] | None:
    """The recovery key's row, if one was made."""
    return keystore.execute(select(recovery)).one_or_none()


def public_key_of(row: Row[Any], provider: KeyProvider) -> bytes:
    """The public half, once the master key has said that it is the one. Raises KeyUnavailable, KeyProviderError."""
    digest = provider.unwrap(row.kek_id, row.sealed, _CONTEXT)
    if not hmac.compare_digest(digest, _digest(row.public_key)):
        raise KeyUnavailable("The recovery key is not the one that was made here: run `dhr keys escrow` again.")
    return bytes(row.public_key)


def reseal_under(keystore: Connection, provider: KeyProvider, *, anew: bool = False) -> None:
    """Put the recovery key under today's master key; `anew` where the one before it was lost."""
    row = in_use(keystore)
    if row is None:
        return
    if anew:
        kek_id, sealed = provider.wrap(_digest(row.public_key), _CONTEXT)
    else:
        kek_id, sealed = provider.rewrap(row.kek_id, row.sealed, _CONTEXT)
    keystore.execute(update(recovery).values(kek_id=kek_id, sealed=sealed))


def keep(keystore: Connection, domain: Domain, generation: int, copy: bytes) -> None:
    """Keep a copy, in the place of one that may be there."""
    drop(keystore, domain, generation)
    keystore.execute(
        insert(recovery_copy).values(
            review_id=domain.review_id,
            record_class=domain.record_class,
            subject_id=domain.subject_id,
            generation=generation,
            wrapped=copy,
        )
    )


def drop(keystore: Connection, domain: Domain, generation: int | None = None) -> None:
    """Remove the copies of a domain, or of one generation of it: what is destroyed is destroyed on paper too."""
    gone = delete(recovery_copy).where(of(domain, recovery_copy))
    keystore.execute(gone if generation is None else gone.where(recovery_copy.c.generation == generation))


def copies(keystore: Connection) -> dict[tuple[Domain, int], bytes]:
    """Every copy there is."""
    return {
        (Domain(row.review_id, row.record_class, row.subject_id), row.generation): row.wrapped
        for row in keystore.execute(select(recovery_copy))
    }


def _cipher(shared: bytes, point: bytes, public_key: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, None, b"dhr/v1/recovery" + point + public_key).derive(shared))


def _digest(public_key: bytes) -> bytes:
    return hashlib.sha256(_CONTEXT + public_key).digest()
