"""The keystore's one table, and what one data key is for: a review, a record class, and perhaps one subject."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Domain:
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


def of(domain: Domain) -> ColumnElement[bool]:
    """The condition that finds the keys of one domain."""
    return and_(
        review_key.c.review_id == domain.review_id,
        review_key.c.record_class == domain.record_class,
        review_key.c.subject_id == domain.subject_id,
    )
