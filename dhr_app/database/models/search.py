"""The check for duplicates: whether it is turned on, its epochs, and the shortened keyed terms of names on record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, clear, code

NOT_TOLD = "it is to be gone when its row goes, and the trail never forgets"


class DuplicateSwitch(Identified, Base):
    """The check was turned on or off: by whom, when, and for which reason. The latest row says how it stands."""

    __tablename__ = "duplicate_switch"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int] = clear()
    turned_on: Mapped[bool] = clear()
    reason: Mapped[str] = code()
    turned_at: Mapped[datetime] = clear()
    turned_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    turned_by_name: Mapped[str] = clear(why="the name of a member of staff")


class IndexEpoch(Identified, Base):
    """The terms made under one key, which stands in the keystore under this row’s id.

    `name_bits` and `sound_bits` say how short a term is; `records` for how many names that was reckoned. At most one
    epoch has not ended, and there are no terms but its own.
    """

    __tablename__ = "index_epoch"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int] = clear()
    name_bits: Mapped[int] = clear()
    sound_bits: Mapped[int] = clear()
    records: Mapped[int] = clear()
    begun_at: Mapped[datetime] = clear()
    ended_at: Mapped[datetime | None] = clear()


class IndexTerm(Identified, Base):
    """One person’s name in one index, shortened so far that several people always share a term.

    `row_version` is the person’s when it was made: where they were saved since, it is made again.
    """

    __tablename__ = "index_term"
    __table_args__ = (
        UniqueConstraint("row_id", "index_name", "epoch"),
        Index("ix_index_term_epoch_index_name_term", "epoch", "index_name", "term"),
    )

    index_name: Mapped[str] = code()
    epoch: Mapped[int] = clear()
    term: Mapped[int] = clear(unaudited=NOT_TOLD)
    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    row_id: Mapped[UUID] = clear(ForeignKey("involved_person.id"))
    row_version: Mapped[int] = clear()
