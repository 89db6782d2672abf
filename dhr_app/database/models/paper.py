"""The papers of a review by version: the overview report, the executive summary, the action plan."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Paper(Versioned, SealedRow, Base):
    """One version of one paper, told by the SHA-256 of its file. The current version is the one not superseded."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("review_id", "kind", "number"),)

    kind: Mapped[str] = code()
    number: Mapped[int] = clear()
    sha256: Mapped[str] = code()
    added_on: Mapped[date] = clear()
    recorded_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    final_on: Mapped[date | None] = clear()
    final_by: Mapped[str | None] = clear(typed="staff", why="the name of the chair of the review")
    panel_agreed_on: Mapped[date | None] = clear()
    superseded_on: Mapped[date | None] = clear()
    kept_ct: Mapped[Envelope | None] = sealed_column()
    changes_ct: Mapped[Envelope | None] = sealed_column()

    kept = Sealed("paper.kept", column="kept_ct", data_class=DataClass.PANEL_PAPERS, kind=str)
    changes = Sealed("paper.changes", column="changes_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=256)
