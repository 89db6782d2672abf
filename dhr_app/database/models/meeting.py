"""The meetings of a review: of its panel, of the body that approves, of those who debrief."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Meeting(Versioned, SealedRow, Base):
    """One meeting as it was held. `organisations` are the ids of the agencies present: they are counted, not heads.

    With `removed_on` it was entered by mistake, and nothing counts it.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("review_id", "kind", "number"),)

    kind: Mapped[str] = code()
    number: Mapped[int] = clear()
    held_on: Mapped[date] = clear()
    organisations: Mapped[list[str]] = clear(JSON)
    apologies: Mapped[list[str]] = clear(JSON)
    removed_on: Mapped[date | None] = clear()
    agreed_ct: Mapped[Envelope | None] = sealed_column(deferred=True)
    minutes_kept_ct: Mapped[Envelope | None] = sealed_column()

    agreed = Sealed("meeting.agreed", column="agreed_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=1024)
    minutes_kept = Sealed("meeting.minutes_kept", column="minutes_kept_ct", data_class=DataClass.PANEL_PAPERS, kind=str)
