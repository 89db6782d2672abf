"""What an agency reports about an action, one report after the other, with the files that show it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, clear, code
from dhr_app.database.models.stored import StoredFile
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Progress(SealedRow, Base):
    """One report: no_change, progress, done or need_longer (with the day asked for). Its words are never changed.

    `settled_on` is the day on which a wish for a longer date was answered; with `refused_because` the date stays. With
    `on_behalf` somebody else entered it, and `came_from` says from whose e-mail or letter. One that came by a link that
    the agency was sent (`link_id`) was made by nobody who is known here.
    """

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("action_id", "seq"), Index("ix_progress_wish", "kind", "settled_on"))

    action_id: Mapped[UUID] = clear(ForeignKey("action.id"))
    seq: Mapped[int] = clear()
    kind: Mapped[str] = code()
    text: Mapped[str | None] = clear(typed="text", why="an agency’s progress text, which holds no case material")
    blocked_by: Mapped[str | None] = clear(typed="text", why="an agency’s own words about an action")
    wanted_on: Mapped[date | None] = clear()
    settled_on: Mapped[date | None] = clear()
    refused_because: Mapped[str | None] = clear(typed="text", why="what an agency is answered about its date")
    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    made_at: Mapped[datetime] = clear()
    made_by_id: Mapped[UUID | None] = clear(ForeignKey("account.id"))
    link_id: Mapped[UUID | None] = clear(ForeignKey("action_link.id"))
    on_behalf: Mapped[bool] = clear(default=False)
    came_from: Mapped[str | None] = clear(typed="text", why="which letter of a member of staff it was entered from")


class Evidence(StoredFile, SealedRow, Base):
    """A file that shows what was done; it belongs to the agency that handed it in.

    It is handed in by a link too, whose holder opens nothing, not even this file afterwards.
    """

    __tablename__ = "evidence"

    progress_id: Mapped[UUID] = clear(ForeignKey("progress.id"), index=True)
    agency_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    filename_ct: Mapped[Envelope | None] = sealed_column()
    file_key_ct: Mapped[Envelope | None] = sealed_column()

    filename = Sealed(
        "evidence.filename", column="filename_ct", data_class=DataClass.EVIDENCE, kind=str, pad=64, agency="agency_id",
        handed_in=True,
    )  # fmt: skip
    file_key = Sealed(
        "evidence.file_key", column="file_key_ct", data_class=DataClass.EVIDENCE, kind=str, pad=64, agency="agency_id",
        handed_in=True,
    )  # fmt: skip
