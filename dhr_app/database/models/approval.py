"""Who agreed the report: the body that approves, and every other body of a joint review."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class JointBody(Versioned, SealedRow, Base):
    """Another body whose review this is too: it must have agreed the report before it goes on."""

    __tablename__ = "joint_body"

    name: Mapped[str] = clear(typed="staff", why="the name of a public body")
    removed_on: Mapped[date | None] = clear()


class Approval(Versioned, SealedRow, Base):
    """A body agreed exactly these versions of the papers: the approving body, or the other body of a joint review.

    A new version voids it: `voided_on`, with `voided_because` naming the paper; “taken_back” where it was entered
    by mistake. `used_by` as with statements. `organisations` and `quorum` are those of the meeting as it was then.
    """

    __tablename__ = "approval"

    joint_body_id: Mapped[UUID | None] = clear(ForeignKey("joint_body.id"))
    body: Mapped[str] = clear(typed="staff", why="the name of a public body")
    how: Mapped[str] = code()
    agreed_on: Mapped[date] = clear()
    meeting_id: Mapped[UUID | None] = clear(ForeignKey("meeting.id"))
    organisations: Mapped[list[str]] = clear(JSON)
    quorum: Mapped[int] = clear()
    reported_on: Mapped[date | None] = clear()
    paper_hashes: Mapped[list[str]] = clear(JSON)
    voided_on: Mapped[date | None] = clear()
    voided_because: Mapped[str | None] = code()
    recorded_by_id: Mapped[UUID] = clear(ForeignKey("account.id"))
    used_by: Mapped[int | None] = clear()
    evidence_ct: Mapped[Envelope | None] = sealed_column()

    evidence = Sealed("approval.evidence", column="evidence_ct", data_class=DataClass.WORKING_PAPERS, kind=str, pad=256)
