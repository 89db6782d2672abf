"""A decision as it is prepared for the deciding body: which way, on what criteria, for what reasons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Decision(Versioned, SealedRow, Base):
    """`kind` is review or not_review; `used_by` is the number of the move it was used for, None while it waits."""

    __tablename__ = "decision"

    kind: Mapped[str] = code()
    criteria: Mapped[list[str]] = clear(JSON)
    prepared_on: Mapped[date] = clear()
    used_by: Mapped[int | None] = clear()
    reasons_ct: Mapped[Envelope | None] = sealed_column()

    reasons = Sealed("decision.reasons", column="reasons_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=1024)
