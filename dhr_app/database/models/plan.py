"""The action plan: what a review recommends, to whom, and what each agency does about it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code


class Recommendation(Versioned, SealedRow, Base):
    """One recommendation. `number` is text (“10.1.1”), `sorts_as` the same padded, so that 10 comes after 9.

    `sent_on` is the day on which a national recommendation went to its department, `replied_on` the day it answered.
    With `withdrawn_on` it no longer stands, and nothing is asked of it.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        Index("ix_recommendation_order", "review_id", "sorts_as"),
    )

    number: Mapped[str] = clear(typed="text", why="a number as the report prints it")
    sorts_as: Mapped[str] = code()
    text: Mapped[str] = clear(typed="text", why="made to be published, held against the protected names")
    scope: Mapped[str] = code()
    origin: Mapped[str] = code()
    sent_on: Mapped[date | None] = clear()
    replied_on: Mapped[date | None] = clear()
    reply: Mapped[str | None] = clear(typed="text", why="what a department answered, made to be published")
    withdrawn_on: Mapped[date | None] = clear()
    withdrawn_because: Mapped[str | None] = code()


class Addressee(SealedRow, Base):
    """An organisation a recommendation is addressed to; with `refused_on` it said in writing that it will not act."""

    __tablename__ = "addressee"
    __table_args__ = (UniqueConstraint("recommendation_id", "agency_id"),)

    recommendation_id: Mapped[UUID] = clear(ForeignKey("recommendation.id"))
    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"), index=True)
    refused_on: Mapped[date | None] = clear()
    refusal: Mapped[str | None] = clear(typed="text", why="an agency’s own words about an action")


class Action(Versioned, SealedRow, Base):
    """What one agency does about a recommendation, by a date, or ongoing with a day to look at it again.

    `first_target_on` is never overwritten. `outcome` is open, signed_off, superseded or not_taken_forward; `minute_on`
    the day of the minute that says so. With `removed_on` it was entered by mistake.
    """

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "number"),
        Index("ix_action_owner", "owner_id", "outcome"),
    )

    recommendation_id: Mapped[UUID] = clear(ForeignKey("recommendation.id"), index=True)
    number: Mapped[int] = clear()
    text: Mapped[str] = clear(typed="text", why="made to be published, held against the protected names")
    owner_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    milestones: Mapped[str | None] = clear(typed="text", why="made to be published, held against the protected names")
    target_on: Mapped[date | None] = clear()
    first_target_on: Mapped[date | None] = clear()
    ongoing: Mapped[bool] = clear(default=False)
    look_again_on: Mapped[date | None] = clear()
    done_on: Mapped[date | None] = clear()
    evidence: Mapped[str | None] = clear(typed="text", why="an agency’s progress text, which holds no case material")
    outcome: Mapped[str] = code(default="open")
    minute_on: Mapped[date | None] = clear()
    minute: Mapped[str | None] = clear(typed="text", why="the number of a minute")
    removed_on: Mapped[date | None] = clear()


class ActionDate(SealedRow, Base):
    """A date of an action that was moved: from which day, to which (None: it is ongoing since), and why.

    `minute_on` and `minute` are those of the minute that agreed to it, where the steering group chair had to.
    """

    __tablename__ = "action_date"
    __table_args__ = (UniqueConstraint("action_id", "seq"),)

    action_id: Mapped[UUID] = clear(ForeignKey("action.id"))
    seq: Mapped[int] = clear()
    moved_on: Mapped[date] = clear()
    from_on: Mapped[date] = clear()
    to_on: Mapped[date | None] = clear()
    because: Mapped[str] = code()
    minute_on: Mapped[date | None] = clear()
    minute: Mapped[str | None] = clear(typed="text", why="the number of a minute")
