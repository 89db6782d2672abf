"""Meetings that are planned, and the private calendar that somebody’s own program fetches."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, Versioned, clear, code


class PlannedMeeting(Versioned, Identified, Base):
    """A meeting that is to be held. Without a review it is the partnership’s own: nothing of it is sealed.

    `sequence` counts how often it was moved or cancelled, as calendars ask for; `held_at` is when somebody said that it
    was held, `meeting_id` the record of it.
    """

    __tablename__ = "planned_meeting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        CheckConstraint("held_at IS NULL OR cancelled_at IS NULL", name="held_or_cancelled"),
        Index("ix_planned_meeting_starts_at", "starts_at"),
    )

    review_id: Mapped[UUID | None] = clear(ForeignKey("review.id"), index=True)
    kind: Mapped[str] = code()
    format: Mapped[str] = code()
    starts_at: Mapped[datetime] = clear()
    ends_at: Mapped[datetime] = clear()
    sequence: Mapped[int] = clear()
    planned_at: Mapped[datetime] = clear()
    changed_at: Mapped[datetime] = clear()
    cancelled_at: Mapped[datetime | None] = clear()
    held_at: Mapped[datetime | None] = clear()
    meeting_id: Mapped[UUID | None] = clear(ForeignKey("meeting.id"))


class CalendarLink(Identified, Base):
    """The secret address of somebody’s private calendar. It is random; only its SHA-256 is kept.

    `role` and `agency_id` are those they had when it was made: with others it opens nothing. `fetched_on` is the last
    day on which a program fetched the calendar.
    """

    __tablename__ = "calendar_link"

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"), index=True)
    role: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    token_sha256: Mapped[bytes] = clear(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = clear()
    withdrawn_at: Mapped[datetime | None] = clear()
    fetched_on: Mapped[date | None] = clear()


class CalendarDate(Identified, Base):
    """A date of a review as private calendars told it last, so that a move of it is told as a move.

    It is found by what it is about (`kind`, `subject_id`) and worked out anew at each fetch. `sequence` counts how
    often it moved, fell away or came back; with `gone_at` nobody waits for it any more.
    """

    __tablename__ = "calendar_date"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    kind: Mapped[str] = code()
    subject_id: Mapped[UUID] = clear()
    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    what: Mapped[str] = code()
    path: Mapped[str] = code()
    due_on: Mapped[date] = clear()
    sequence: Mapped[int] = clear()
    changed_at: Mapped[datetime] = clear()
    gone_at: Mapped[datetime | None] = clear()
