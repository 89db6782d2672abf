"""Who was reminded of what, once for each step, and the message that did it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class Message(Identified, Base):
    """A mail to one person: a reference, a stage, a date and a link, never a name or a reason.

    It goes to an account, to whoever is invited to have one (`invitation_id`), or to an address of an agency with a
    link to one action (`link_id`). A link, also one to a new password (`way_in_id`), and its code is made when the mail
    is handed over and stands only in it.

    Its states are those of casework/outbox.py; it is sending until `leased_until`, by one worker. `refused_with` is
    what the mail server said last. What GOV.UK Notify took has its number there in `notify_id`; it is asked at `ask_at`
    what became of it. The text bears no marking: that is put on when it is handed over.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("kind", "account_id", "on_day"),
        Index("ix_message_state_next_try_at", "state", "next_try_at"),
    )

    kind: Mapped[str] = code()
    account_id: Mapped[UUID | None] = clear(ForeignKey("account.id"), index=True)
    invitation_id: Mapped[UUID | None] = clear(ForeignKey("invitation.id"), index=True)
    way_in_id: Mapped[UUID | None] = clear(ForeignKey("way_in.id"), index=True)
    link_id: Mapped[UUID | None] = clear(ForeignKey("action_link.id"), index=True)
    on_day: Mapped[date] = clear()
    subject: Mapped[str] = clear(why="made of codes, references and dates")
    body: Mapped[str] = clear(why="made of codes, references, agencies and dates")
    made_at: Mapped[datetime] = clear()
    state: Mapped[str] = code(default="pending")
    tries: Mapped[int] = clear(default=0)
    next_try_at: Mapped[datetime] = clear()
    give_up_at: Mapped[datetime] = clear()
    leased_until: Mapped[datetime | None] = clear()
    sent_at: Mapped[datetime | None] = clear()
    refused_with: Mapped[str | None] = clear(why="the words of a mail server")
    notify_id: Mapped[UUID | None] = clear()
    ask_at: Mapped[datetime | None] = clear(index=True)
    delivered_at: Mapped[datetime | None] = clear()


class Reminder(Identified, Base):
    """One person was to be reminded of one thing that is due on one day, at one step of the ladder: once for ever.

    `step` is a day, counted from `due_on`. The review is not called `review_id`: the reminders of a morning are one
    entry in the system's audit trail, and none in that of each review they speak of. What is about several reviews, or
    none, names none.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("rule", "subject_id", "due_on", "step", "account_id"),)

    rule: Mapped[str] = code()
    subject_id: Mapped[UUID] = clear()
    of_review_id: Mapped[UUID | None] = clear(ForeignKey("review.id"), index=True)
    due_on: Mapped[date] = clear()
    step: Mapped[int] = clear()
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    made_on: Mapped[date] = clear(index=True)
    message_id: Mapped[UUID] = clear(ForeignKey("message.id"), index=True)
