"""The partnership this installation serves: its own settings, the agencies it works with, the rule sets it has used."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code


class Partnership(Identified, Base):
    """One row: the names, bodies and numbers `dhr init` took from the partnership's file; the database is the truth."""

    __tablename__ = "partnership"

    key: Mapped[str] = code(unique=True)
    name: Mapped[str] = clear(why="the name of a public body")
    deciding_body: Mapped[str] = clear(why="the name of a public body")
    approving_body: Mapped[str] = clear(why="the name of a public body")
    quorum: Mapped[int] = clear()
    support_line: Mapped[str] = clear(why="words shown to everyone")


class Agency(Identified, Base):
    """An organisation that is asked, answers, sits on panels or owns actions; a merged one points to its successor."""

    __tablename__ = "agency"

    name: Mapped[str] = clear(unique=True, why="the name of an organisation")
    short_name: Mapped[str] = clear(why="the name of an organisation")
    kind: Mapped[str] = code()
    leads_reviews: Mapped[bool] = clear(default=False)
    from_on: Mapped[date | None] = clear()
    to_on: Mapped[date | None] = clear()
    successor_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))


class RuleSetUsed(Identified, Base):
    """The rule set as it stood when a review first used it; reviews point here, and its file may not change."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("key", "version"),)

    key: Mapped[str] = code()
    version: Mapped[int] = clear()
    content: Mapped[str] = clear(why="rules and their sources, no case data")
    sha256: Mapped[str] = code()


class ReferenceCounter(Base):
    """How many references were given out for a year of notification; a number is never used again."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = clear(primary_key=True)
    given: Mapped[int] = clear()
