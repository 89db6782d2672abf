"""The keystore's tables: data keys, the recovery key they are wrapped under a second time, and what a key is for."""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Index, Integer, LargeBinary, MetaData, String, Table, Uuid, and_

from dhr_app.database.base import CONVENTION
from dhr_app.database.envelope import length_prefixed
from dhr_app.database.types import UTCDateTime

NOBODY = UUID(int=0)  # stands where a domain has no review (the system's own) or no subject
SYSTEM_CLASS = "system"

metadata = MetaData(naming_convention=CONVENTION)
review_key = Table(
    "review_key",
    metadata,
    Column("review_id", Uuid, primary_key=True),
    Column("record_class", String(40), primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("kek_id", String(200), nullable=False),
    Column("wrapped", LargeBinary),  # NULL once destroyed
    Column("binding", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False),  # active, open_only, retired, destroyed
    Column("created_at", UTCDateTime, nullable=False),
    Column("retired_at", UTCDateTime),
    Column("destroyed_at", UTCDateTime),
)
Index(
    "uq_review_key_one_active",
    review_key.c.review_id,
    review_key.c.record_class,
    review_key.c.subject_id,
    unique=True,
    sqlite_where=review_key.c.state == "active",
    postgresql_where=review_key.c.state == "active",
)

# What opening with a key needs of its row; the dates are for reports.
KEPT = [review_key.c[name] for name in ("review_id", "record_class", "subject_id", "generation")] + [
    review_key.c[name] for name in ("kek_id", "wrapped", "binding", "state")
]

# The public half of the recovery key, under the master key's own seal so that nobody can put another in its place.
recovery = Table(
    "recovery",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: there is one recovery key or none
    Column("share_set", Integer, nullable=False),  # the number that its shares carry
    Column("public_key", LargeBinary, nullable=False),
    Column("kek_id", String(200), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("proved_at", UTCDateTime),
)
recovery_copy = Table(
    "recovery_copy",
    metadata,
    Column("review_id", Uuid, primary_key=True),
    Column("record_class", String(40), primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)


class Domain(NamedTuple):
    """What one data key is for."""

    review_id: UUID
    record_class: str
    subject_id: UUID = NOBODY

    def context(self, generation: int) -> bytes:
        """What a wrapped key and its binding are bound to."""
        return length_prefixed(
            b"dhr-dek",
            self.review_id.bytes,
            self.record_class.encode(),
            self.subject_id.bytes,
            generation.to_bytes(4, "big"),
        )


def binding_of(dek: bytes, domain: Domain, generation: int) -> bytes:
    """What proves, once a key is unwrapped, that it is the key of this domain and generation."""
    return hmac.new(dek, domain.context(generation), hashlib.sha256).digest()


def of(domain: Domain, table: Table = review_key) -> ColumnElement[bool]:
    """The condition that finds the keys of one domain, or their copies in another table."""
    return and_(
        table.c.review_id == domain.review_id,
        table.c.record_class == domain.record_class,
        table.c.subject_id == domain.subject_id,
    )
