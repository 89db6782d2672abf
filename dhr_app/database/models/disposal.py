"""The disposal of a review’s records: its notice, the two people who confirm it, and what was destroyed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code


class Disposal(Versioned, SealedRow, Base):
    """One disposal, from its notice on. What stops it before it is begun ends it: another notice is another row.

    `begins_on` is the first day after the notice; `policy` the name of the policy as it stood on the notice's day.
    `last_hash` is that of the last entry of the review's chain before anything was destroyed. Nothing stops a disposal
    of which a key is destroyed: where it is broken off, it is carried on. `key_provider` says who kept the master key
    then, `backup_days` for how many days backups of the keystore were kept then.
    """

    __tablename__ = "disposal"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    number: Mapped[int] = clear()
    classes: Mapped[list[str]] = clear(JSON)
    policy: Mapped[str] = clear(why="the name of a retention policy, held against names where it was typed")
    notice_on: Mapped[date] = clear()
    notice_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    notice_by_name: Mapped[str] = clear(why="the name of a member of staff, or the clockwork’s purpose")
    begins_on: Mapped[date] = clear()
    confirmed_at: Mapped[datetime | None] = clear()
    confirmed_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    confirmed_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
    seconded_at: Mapped[datetime | None] = clear()
    seconded_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    seconded_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
    stopped_at: Mapped[datetime | None] = clear()
    stopped_because: Mapped[str | None] = code()
    begun_at: Mapped[datetime | None] = clear()
    last_hash: Mapped[bytes | None] = clear(LargeBinary(32))
    key_provider: Mapped[str | None] = code()
    backup_days: Mapped[int | None] = clear()
    done_at: Mapped[datetime | None] = clear()


class DisposalPart(SealedRow, Base):
    """The records under one key that a disposal destroys, written down when it is begun.

    `subject_id` is the family member whose own they are, and 0 for everybody else's; `generations` those of the key;
    `cells` how many sealed values there were and `files` how many files. `tombstone` is the hash of the tombstone.
    """

    __tablename__ = "disposal_part"
    __table_args__ = (UniqueConstraint("disposal_id", "record_class", "subject_id"),)

    disposal_id: Mapped[UUID] = clear(ForeignKey("disposal.id"))
    record_class: Mapped[str] = code()
    subject_id: Mapped[UUID] = clear()
    generations: Mapped[list[int]] = clear(JSON)
    cells: Mapped[int] = clear()
    files: Mapped[int] = clear()
    tombstone: Mapped[str | None] = code()
