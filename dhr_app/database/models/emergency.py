"""Emergency access to one review: who asked and why, who answered, until when it ran, who looked at it afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class EmergencyAccess(SealedRow, Base):
    """A question for emergency access, and what became of it: see `workflows.emergency.state_of`.

    `until_at` stands where it was confirmed, and is the first moment at which the review is shut again. The clockwork
    writes down afterwards that a question lapsed (`lapsed_at`) or that the time was over (`ended_at`).
    `words` say why, and may name anybody: whoever asks hands them in and cannot open them.
    """

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("until_at IS NULL OR decided_at IS NOT NULL", name="confirmed_before_it_runs"),
        Index("ix_emergency_access_asked_by_id_until_at", "asked_by_id", "until_at"),
    )

    asked_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = clear()
    reason: Mapped[str] = code()
    withdrawn_at: Mapped[datetime | None] = clear()
    lapsed_at: Mapped[datetime | None] = clear()
    decided_at: Mapped[datetime | None] = clear()
    decided_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    refused_because: Mapped[str | None] = code()
    until_at: Mapped[datetime | None] = clear()
    ended_at: Mapped[datetime | None] = clear()
    ended_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    looked_at: Mapped[datetime | None] = clear()
    looked_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    found: Mapped[str | None] = code()
    words_ct: Mapped[Envelope | None] = sealed_column()

    words = Sealed(
        "emergency_access.words",
        column="words_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        pad=256,
        handed_in=True,
    )
