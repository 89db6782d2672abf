"""Words in a clear text that may name somebody protected, and were kept on purpose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class KeptWords(SealedRow, Base):
    """Words kept in one text (`place` is its table and column) by somebody of an agency or of none, and why.

    `row_id` is the row of the text; of an agency’s reports, which carry one text on, the action.

    The words are sealed though the text itself stands in clear: a list of them would tell which names are protected.
    They are one or several, parted by line ends, as they were typed.
    """

    __tablename__ = "kept_words"
    __table_args__ = (Index("ix_kept_words_row", "row_id", "place"),)

    place: Mapped[str] = code()
    row_id: Mapped[UUID] = clear()
    reason: Mapped[str] = code()
    agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    kept_at: Mapped[datetime] = clear()
    kept_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    words_ct: Mapped[Envelope | None] = sealed_column()
    note_ct: Mapped[Envelope | None] = sealed_column()

    words = Sealed(
        "kept_words.words",
        column="words_ct",
        data_class=DataClass.KEPT_WORDS,
        kind=str,
        pad=64,
        agency="agency_id",
    )
    note = Sealed(
        "kept_words.note",
        column="note_ct",
        data_class=DataClass.KEPT_WORDS,
        kind=str,
        pad=256,
        agency="agency_id",
    )
