"""The key of the check for duplicates: it makes shortened terms of names, and opens nothing.

Each epoch has a key of its own in the keystore, under the epoch’s id in the record class "index", so that it ends with
the epoch: HMAC-SHA256(key, LP(index) || LP(what is known)), of which the first bits are kept.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from dhr_app.database.envelope import length_prefixed
from dhr_app.database.keystore import NOBODY, DataKey, Domain, Keystore

INDEX_CLASS = "index"


def domain_of(epoch_id: UUID) -> Domain:
    """Where the key of an epoch stands."""
    return Domain(NOBODY, INDEX_CLASS, epoch_id)


class IndexKey:
    """The key of one epoch, in hand. Its representation does not hold it."""

    def __init__(self, key: DataKey) -> None:
        self._key = HKDFExpand(hashes.SHA256(), 32, b"dhr/v1/" + INDEX_CLASS.encode()).derive(key.dek)

    def __repr__(self) -> str:
        return "<IndexKey>"

    def term(self, index: str, known: str, bits: int) -> int:
        """The first `bits` (0 to 32) of the keyed hash of what is known."""
        digest = hmac.digest(self._key, length_prefixed(index.encode(), known.encode()), "sha256")
        return int.from_bytes(digest[:4], "big") >> (32 - bits)


def make_index_key(keystore: Keystore, epoch_id: UUID, *, at: datetime) -> IndexKey:
    """The key of a new epoch, made and committed. Raises DatabaseUnavailable or KeyUnavailable."""
    return IndexKey(keystore.sealing_key(domain_of(epoch_id), at=at))


def index_key(keystore: Keystore, epoch_id: UUID) -> IndexKey:
    """The key of an epoch. Raises DatabaseUnavailable, or KeyUnavailable where it has ended."""
    return IndexKey(keystore.key(domain_of(epoch_id), 1))


def destroy_ended(keystore: Keystore, *, but: UUID | None, at: datetime) -> int:
    """Destroy the key of every epoch but the one that runs. Returns how many were destroyed now."""
    ended = [
        domain
        for domain, states in keystore.domains().items()
        if domain.record_class == INDEX_CLASS and domain.subject_id != but and states != {"destroyed"}
    ]
    return sum(keystore.destroy(domain, at=at) for domain in ended)
