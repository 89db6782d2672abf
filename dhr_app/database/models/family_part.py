"""How family members take part: what each was offered or told, what each said, which days to avoid."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class FamilyStep(Versioned, SealedRow, Base):
    """Something one family member was offered, given or told, and what they answered.

    `about_on` is the day of publication that they were told. `used_by` is the number of the move that rested on it,
    where the question is asked afresh for each move. With `removed_on` it was entered by mistake, and counts nowhere.
    """

    __tablename__ = "family_step"
    __table_args__ = (Index("ix_family_step_review_kind", "review_id", "kind"),)

    family_member_id: Mapped[UUID] = clear(ForeignKey("family_member.id"))
    kind: Mapped[str] = code()
    done_on: Mapped[date] = clear()
    channel: Mapped[str] = code()
    answer: Mapped[str] = code()
    answered_on: Mapped[date | None] = clear()
    about_on: Mapped[date | None] = clear()
    used_by: Mapped[int | None] = clear()
    removed_on: Mapped[date | None] = clear()
    note_ct: Mapped[Envelope | None] = sealed_column()

    note = Sealed(
        "family_step.note",
        column="note_ct",
        data_class=DataClass.FAMILY,
        kind=str,
        subject="family_member_id",
        pad=256,
    )


class FamilyComment(Versioned, SealedRow, Base):
    """What a family member said of the draft, and how they were answered; with `removed_on` entered by mistake."""

    __tablename__ = "family_comment"

    family_member_id: Mapped[UUID] = clear(ForeignKey("family_member.id"))
    made_on: Mapped[date] = clear()
    answered_on: Mapped[date | None] = clear()
    removed_on: Mapped[date | None] = clear()
    said_ct: Mapped[Envelope | None] = sealed_column()
    answer_ct: Mapped[Envelope | None] = sealed_column()

    said = Sealed(
        "family_comment.said",
        column="said_ct",
        data_class=DataClass.FAMILY,
        kind=str,
        subject="family_member_id",
        pad=1024,
    )
    answer = Sealed(
        "family_comment.answer",
        column="answer_ct",
        data_class=DataClass.FAMILY,
        kind=str,
        subject="family_member_id",
        pad=1024,
    )


class DateToAvoid(SealedRow, Base):
    """A day on which nothing of the review may reach a family member: an anniversary, a birthday, a day in court.

    The day is sealed, whole: it may be the day of the death. With `every_year` only its day and month count.
    """

    __tablename__ = "date_to_avoid"

    family_member_id: Mapped[UUID] = clear(ForeignKey("family_member.id"))
    every_year: Mapped[bool] = clear()
    removed_on: Mapped[date | None] = clear()
    day_ct: Mapped[Envelope | None] = sealed_column()
    why_ct: Mapped[Envelope | None] = sealed_column()

    day = Sealed(
        "date_to_avoid.day", column="day_ct", data_class=DataClass.FAMILY, kind=str, subject="family_member_id"
    )
    why = Sealed(
        "date_to_avoid.why", column="why_ct", data_class=DataClass.FAMILY, kind=str, subject="family_member_id"
    )


class UpdatePromise(SealedRow, Base):
    """By when a family member was promised to hear of the review again, and how that ended; at most one stands.

    `how` and `ended_because` are codes of workflows/promises.py. `kept_on` is the day of the contact that kept it.
    """

    __tablename__ = "update_promise"
    __table_args__ = (
        Index("ix_update_promise_standing", "family_member_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
        Index("ix_update_promise_due_on", "ended_at", "due_on"),
    )  # fmt: skip

    family_member_id: Mapped[UUID] = clear(ForeignKey("family_member.id"))
    due_on: Mapped[date] = clear()
    since_on: Mapped[date] = clear()
    how: Mapped[str] = code()
    made_at: Mapped[datetime] = clear()
    ended_at: Mapped[datetime | None] = clear()
    ended_because: Mapped[str | None] = code()
    kept_on: Mapped[date | None] = clear()
