"""What somebody declared and signed about one review before their seat on it opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, Identified, SealedRow, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Declaration(SealedRow, Base):
    """Whether somebody knows anybody in a review: `answer` is one of record_wording.DECLARED.

    Whoever was not sure waits for somebody to decide (“allowed” or “barred”). The newest stands: `replaced_at` is None.
    `note` tells whom they know, which is somebody’s personal data: they hand it in and cannot open it themselves.
    """

    __tablename__ = "declaration"
    __table_args__ = (Index("ix_declaration_account_id_review_id", "account_id", "review_id"),)

    account_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    answer: Mapped[str] = code()
    declared_at: Mapped[datetime] = clear()
    replaced_at: Mapped[datetime | None] = clear()
    decided: Mapped[str | None] = code()
    decided_at: Mapped[datetime | None] = clear()
    decided_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    decided_by_name: Mapped[str | None] = clear(why="the name of a member of staff")
    note_ct: Mapped[Envelope | None] = sealed_column()

    note = Sealed(
        "declaration.note",
        column="note_ct",
        data_class=DataClass.WORKING_PAPERS,
        kind=str,
        pad=256,
        hide_null=True,
        handed_in=True,
    )


class UndertakingText(Identified, Base):
    """A text of the undertaking of confidentiality as it stood when it was first signed."""

    __tablename__ = "undertaking_text"

    number: Mapped[int] = clear()
    content: Mapped[str] = clear(why="what is asked of everybody, no case data")
    sha256: Mapped[str] = code(unique=True)


class Signature(Identified, Base):
    """That somebody signed a text of the undertaking for one review."""

    __tablename__ = "undertaking_signature"
    __table_args__ = (UniqueConstraint("account_id", "review_id", "sha256"),)

    review_id: Mapped[UUID] = clear(ForeignKey("review.id"), index=True)
    account_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    text_id: Mapped[UUID] = clear(ForeignKey("undertaking_text.id"))
    sha256: Mapped[str] = code()
    signed_at: Mapped[datetime] = clear()
