"""How what was learnt is shared: the briefing of a review, and seminars about one review or several."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Briefing(Versioned, SealedRow, Base):
    """The learning briefing of a review as it was issued."""

    __tablename__ = "briefing"

    issued_on: Mapped[date] = clear()
    sent_to: Mapped[list[str]] = clear(JSON)
    kept_ct: Mapped[Envelope | None] = sealed_column()

    kept = Sealed("briefing.kept", column="kept_ct", data_class=DataClass.WORKING_PAPERS, kind=str)


class Seminar(Versioned, Identified, Base):
    """A lessons-learnt seminar, or another way of sharing that was minuted; about one review or several under a theme.

    The survey figures are counts of forms: sent, returned, and how those who returned one rated it.
    """

    __tablename__ = "seminar"

    theme: Mapped[str] = clear(typed="text", why="words of a public invitation, held against the protected names")
    format: Mapped[str] = code()
    held_on: Mapped[date] = clear()
    minuted: Mapped[str | None] = clear(typed="text", why="the number and date of a minute")
    speakers: Mapped[list[str]] = clear(JSON)
    invited: Mapped[int | None] = clear()
    registered: Mapped[int | None] = clear()
    surveys_sent: Mapped[int | None] = clear()
    surveys_returned: Mapped[int | None] = clear()
    ratings: Mapped[dict[str, int]] = clear(JSON)


class SeminarReview(Identified, Base):
    """A review that a seminar is about."""

    __tablename__ = "seminar_review"
    __table_args__ = (UniqueConstraint("seminar_id", "review_id"),)

    seminar_id: Mapped[UUID] = clear(ForeignKey("seminar.id"))
    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)


class SeminarAttendance(Identified, Base):
    """How many people of an agency came to a seminar."""

    __tablename__ = "seminar_attendance"
    __table_args__ = (UniqueConstraint("seminar_id", "agency_id"),)

    seminar_id: Mapped[UUID] = clear(ForeignKey("seminar.id"))
    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    people: Mapped[int] = clear()
