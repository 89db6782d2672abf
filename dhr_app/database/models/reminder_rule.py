"""What was changed of the house's table of reminders, and the days on which no mail goes out; every row is kept."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class ReminderRuleChange(Identified, Base):
    """Other days for one row of the table, by its key. The latest change of a row says how it stands; all are kept.

    `how` is `changed`, `off`, or `house`: put back to the house's own days. The days are numbers with commas between,
    as workflows/reminder_edits.py writes them; they say something only where it is `changed`.
    """

    __tablename__ = "reminder_rule_change"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int] = clear()
    rule: Mapped[str] = code()
    how: Mapped[str] = code()
    ahead: Mapped[str] = code(default="")
    eve: Mapped[bool] = clear(default=False)
    after: Mapped[str] = code(default="")
    mondays: Mapped[int | None] = clear()
    changed_at: Mapped[datetime] = clear()
    changed_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    changed_by_name: Mapped[str] = clear(why="the name of a member of staff")


class QuietDays(Identified, Base):
    """Days on which no mail goes out, first and last included; once ended, `ended_on` is the last that counts."""

    __tablename__ = "quiet_days"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="ends_after_it_begins"),)

    from_on: Mapped[date] = clear()
    to_on: Mapped[date] = clear()
    set_at: Mapped[datetime] = clear()
    set_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    set_by_name: Mapped[str] = clear(why="the name of a member of staff")
    ended_on: Mapped[date | None] = clear()
    ended_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    ended_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
