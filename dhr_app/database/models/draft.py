"""The drafts that a chair hands in: files by kind and version, immutable."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.models.stored import StoredFile
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Draft(StoredFile, SealedRow, Base):
    """One version of one kind of draft. The panel reads it once the key of its file is sealed for the panel too."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("review_id", "kind", "number"),)

    kind: Mapped[str] = code()
    number: Mapped[int] = clear()
    added_at: Mapped[datetime] = clear()
    added_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    shared_at: Mapped[datetime | None] = clear()
    filename_ct: Mapped[Envelope | None] = sealed_column()
    note_ct: Mapped[Envelope | None] = sealed_column()
    file_key_ct: Mapped[Envelope | None] = sealed_column()
    panel_file_key_ct: Mapped[Envelope | None] = sealed_column()

    filename = Sealed("draft.filename", column="filename_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=64)
    note = Sealed("draft.note", column="note_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)
    file_key = Sealed("draft.file_key", column="file_key_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=64)
    panel_file_key = Sealed(
        "draft.panel_file_key", column="panel_file_key_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=64
    )
