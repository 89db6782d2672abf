"""The approving body agrees the report: at a quorate meeting, by circulation, or through its chair the second time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.approval_entry import ApprovalEntry, checked, entry_of, report_faults
from dhr_app.casework.paper_rests import current_papers, signed_hashes
from dhr_app.casework.rows import in_texts, own_row
from dhr_app.casework.scene import Look, Scene, changing, same_version
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.meeting import Meeting
from dhr_app.database.models.partnership import Partnership
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import AGREED_HOW

AGREED = "answered:report_agreed"
TAKEN_BACK = "taken_back"
USED_UP = "A step of the review rests on this approval: it is not changed any more."


def approve(reference: str, entry: ApprovalEntry, *, by: Person, at: datetime) -> UUID:
    """Record that the approving body agreed exactly the papers that are on file now.

    Raises NotAllowed, NotYet before the review is commissioned, and Invalid: while a paper is missing, at a meeting
    that was not quorate or before a paper came, or where an approval stands already.
    """
    with changing(reference, "approval.record", by=by, at=at) as scene:
        scene.must_be_commissioned()
        if standing(scene) is not None:
            raise Invalid({"approval": "An approval of these papers stands already: correct it, or take it back."})
        agreed_on, meeting = checked(scene, entry)
        papers = current_papers(scene)
        partnership = scene.session.scalars(select(Partnership)).one()
        row = Approval(
            review_id=scene.review.id,
            body=partnership.approving_body,
            quorum=partnership.quorum,
            paper_hashes=signed_hashes(papers),
            recorded_by_id=by.id,
            **_columns(entry, agreed_on, meeting),
        )
        scene.session.add(row)
        scene.session.flush()
        clocks.begin_again(scene, AGREED, counts_from(row))
        scene.record(Happened.REPORT_APPROVED, on=agreed_on, subject=row, label=AGREED_HOW[row.how].lower())
        return row.id


def correct(reference: str, approval_id: UUID, entry: ApprovalEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct an approval that still stands. Raises Stale with both texts, Invalid, NotAllowed, NotYet."""
    with changing(reference, "approval.record", by=by, at=at) as scene:
        row = _own_standing(scene, approval_id)
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        agreed_on, meeting = checked(scene, entry)
        _change(scene, row, _columns(entry, agreed_on, meeting))
        scene.record(Happened.APPROVAL_CHANGED, subject=row)


def report(reference: str, approval_id: UUID, reported_on: date | None, *, by: Person, at: datetime) -> None:
    """Record, or correct, that an approval without a meeting was reported to the next one.

    The next meeting is often after the step that rests on the approval, so one that is used up takes it too.
    Raises Invalid, NotAllowed, NotYet.
    """
    with changing(reference, "approval.record", by=by, at=at) as scene:
        row = _own_row(scene, approval_id)
        faults = report_faults(row.how, row.agreed_on, reported_on, scene.today)
        if reported_on is None:
            faults["reported_on"] = "Give the day of the meeting to which it was reported."
        if faults:
            raise Invalid(faults)
        kind = Happened.APPROVAL_CHANGED if row.reported_on else Happened.APPROVAL_REPORTED
        _change(scene, row, {"reported_on": reported_on})
        scene.record(kind, on=reported_on, subject=row)


def take_back(reference: str, approval_id: UUID, *, by: Person, at: datetime) -> None:
    """Take back an approval that was entered by mistake; it stays readable. Raises Invalid once a move rests on it."""
    with changing(reference, "approval.record", by=by, at=at) as scene:
        row = _row(scene, approval_id)
        if row.used_by is not None:
            raise Invalid({"approval": USED_UP})
        row.voided_on, row.voided_because = scene.today, TAKEN_BACK
        if row.joint_body_id is None:
            clocks.begin_again(scene, AGREED, None)
        scene.record(Happened.APPROVAL_TAKEN_BACK, subject=row)


def standing(at: Scene | Look, joint_body_id: UUID | None = None) -> Approval | None:
    """The approval that stands: neither void nor used up by a move. Of the approving body, or of another body."""
    rows = select(Approval).where(
        Approval.review_id == at.review.id, Approval.voided_on.is_(None), Approval.used_by.is_(None),
        Approval.joint_body_id == joint_body_id if joint_body_id else Approval.joint_body_id.is_(None),
    )  # fmt: skip
    return at.session.scalars(rows.order_by(Approval.agreed_on.desc(), Approval.id)).first()


def counts_from(row: Approval) -> date | None:
    """The day from which it counts: a circulation only once it is reported to the next meeting."""
    return row.reported_on if row.how == "circulation" else row.agreed_on


def _change(scene: Scene, row: Approval, columns: dict[str, object]) -> None:
    """Write the columns, and let the date of submission count from the day that is right now."""
    was = counts_from(row)
    for name, value in columns.items():
        setattr(row, name, value)
    if counts_from(row) != was and row.used_by is None:
        clocks.begin_again(scene, AGREED, counts_from(row))


def _columns(entry: ApprovalEntry, agreed_on: date, meeting: Meeting | None) -> dict[str, object]:
    return {
        "how": entry.how,
        "meeting_id": meeting.id if meeting else None,
        "organisations": list(meeting.organisations) if meeting else [],
        "agreed_on": agreed_on,
        "reported_on": entry.reported_on,
        "evidence": entry.evidence.strip(),
    }


def _own_standing(scene: Scene, approval_id: UUID) -> Approval:
    """The approving body’s own approval, if it still stands. Raises OutOfReach, Invalid, NotYet."""
    row = _own_row(scene, approval_id)
    if row.used_by is not None:
        raise Invalid({"approval": USED_UP})
    return row


def _own_row(scene: Scene, approval_id: UUID) -> Approval:
    """The approving body’s own approval, if it is not void. Raises OutOfReach, Invalid, NotYet."""
    row = _row(scene, approval_id)
    if row.joint_body_id is not None:
        raise OutOfReach
    return row


def _row(scene: Scene, approval_id: UUID) -> Approval:
    """An approval of whichever body, if it is not void. Raises OutOfReach, Invalid, NotYet."""
    scene.must_be_commissioned()
    row = own_row(scene, Approval, approval_id)
    if row.voided_on is not None:
        raise Invalid({"approval": "This approval no longer counts: record a new one."})
    return row
