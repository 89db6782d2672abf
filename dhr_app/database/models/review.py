"""A review and the moves it has made: the clear spine that lists, clocks and reports stand on."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass

# True only while casework.move.advance sets a stage.
advancing: ContextVar[bool] = ContextVar("advancing", default=False)


class Review(Versioned, Identified, Base):
    """One review. `stage` is set by casework.move.advance alone; `next_on` by the verb that changes a date's input."""

    __tablename__ = "review"
    __table_args__ = (
        Index("ix_review_order", "sorts_on", "reference"),
        Index("ix_review_stage_order", "stage", "sorts_on", "reference"),
        Index("ix_review_board", "stage", "next_on", "on_hold_since"),
        UniqueConstraint("public_name", "public_year"),
    )

    reference: Mapped[str] = code(unique=True)
    rule_set_id: Mapped[UUID] = clear(ForeignKey("rule_set.id"))
    stage: Mapped[str] = code()
    moves_made: Mapped[int] = clear(default=0)
    public_name: Mapped[str | None] = clear(typed="text", why="a pseudonym, made to be published")
    public_year: Mapped[int | None] = clear()
    recommendations_in_report: Mapped[int | None] = clear()
    lead_partnership_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    suspected_suicide: Mapped[str] = code()
    notified_at: Mapped[datetime] = clear()
    next_on: Mapped[date | None] = clear()
    next_what: Mapped[str | None] = code()
    sorts_on: Mapped[date] = clear()
    on_hold_since: Mapped[date | None] = clear()
    deferred_until: Mapped[date | None] = clear()

    def set_next(self, coming: tuple[date, str] | None) -> None:
        """Keep the next date and what it is; a review with none sorts last in lists."""
        self.next_on, self.next_what = coming if coming is not None else (None, None)
        self.sorts_on = self.next_on or date.max


@event.listens_for(Review.stage, "set", active_history=True)
def _only_advance_sets_a_stage(review: Review, value: str, old: Any, initiator: Any) -> None:
    if isinstance(old, str) and not advancing.get():
        raise TypeError("A review’s stage is set by casework.move.advance alone.")


class MoveMade(SealedRow, Base):
    """A move as it was made: who decided, when, on what evidence, and who recorded it. Never changed, never deleted."""

    __tablename__ = "move_made"
    __table_args__ = (UniqueConstraint("review_id", "seq"),)

    seq: Mapped[int] = clear()
    name: Mapped[str] = code()
    from_stage: Mapped[str] = code()
    to_stage: Mapped[str] = code()
    decided_by: Mapped[str] = clear(typed="staff", why="a body, or the name of a member of staff")
    decided_on: Mapped[date] = clear()
    recorded_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = clear()
    answers: Mapped[dict[str, str]] = clear(JSON)
    details: Mapped[dict[str, Any]] = clear(JSON)
    evidence_ct: Mapped[Envelope | None] = sealed_column()
    reason_ct: Mapped[Envelope | None] = sealed_column()

    evidence = Sealed(
        "move_made.evidence", column="evidence_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256
    )
    reason = Sealed("move_made.reason", column="reason_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)
