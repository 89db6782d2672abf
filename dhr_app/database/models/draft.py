"""The drafts that a chair hands in: files by what they are a draft of, and by version; immutable."""

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
    """One version of a paper, or of another document. The panel reads it once its file’s key is sealed for it too.

    `series` tells the other documents of a review apart, from 1 in the order in which they came; it is 0 for the three
    papers. What an other document is called is sealed: `title` is what everybody else calls it, `panel_title` what the
    panel is told, which is nothing where the title is only the name of a file.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("review_id", "kind", "series", "number"),)

    kind: Mapped[str] = code()
    series: Mapped[int] = clear()
    number: Mapped[int] = clear()
    added_at: Mapped[datetime] = clear()
    added_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    shared_at: Mapped[datetime | None] = clear()
    filename_ct: Mapped[Envelope | None] = sealed_column()
    note_ct: Mapped[Envelope | None] = sealed_column()
    file_key_ct: Mapped[Envelope | None] = sealed_column()
    panel_file_key_ct: Mapped[Envelope | None] = sealed_column()
    title_ct: Mapped[Envelope | None] = sealed_column()
    panel_title_ct: Mapped[Envelope | None] = sealed_column()

    filename = Sealed("draft.filename", column="filename_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=64)
    note = Sealed("draft.note", column="note_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)
    file_key = Sealed("draft.file_key", column="file_key_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=64)
    panel_file_key = Sealed(
        "draft.panel_file_key", column="panel_file_key_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=64
    )
    title = Sealed("draft.title", column="title_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=64)
    panel_title = Sealed(
        "draft.panel_title", column="panel_title_ct", data_class=DataClass.PANEL_PAPERS, kind=str, pad=64
    )
