"""What goes to another partnership with a transferred review, item by item."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Handover(Versioned, SealedRow, Base):
    """The handing-over to one partnership; `acknowledged_on` is the day on which it said it has the review.

    It runs until a transfer uses it, or until it is given up, with `given_up_on`.
    """

    __tablename__ = "handover"

    receiver_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    acknowledged_on: Mapped[date | None] = clear()
    acknowledged_by: Mapped[str | None] = clear(typed="staff", why="the name and post of a member of staff")
    given_up_on: Mapped[date | None] = clear()
    used_by: Mapped[int | None] = clear()


class HandoverItem(Versioned, SealedRow, Base):
    """One line of the handing-over list; `there_is_none` where there is none of its kind to hand over."""

    __tablename__ = "handover_item"
    __table_args__ = (UniqueConstraint("handover_id", "kind"),)

    handover_id: Mapped[UUID] = clear(ForeignKey("handover.id"))
    kind: Mapped[str] = code()
    there_is_none: Mapped[bool] = clear(default=False)
    handed_on: Mapped[date | None] = clear()
    what_ct: Mapped[Envelope | None] = sealed_column()

    what = Sealed("handover_item.what", column="what_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)
