"""The other bodies of a joint review: each agrees the report for itself, the same versions as everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.agreed_papers import later_than, not_on_file
from dhr_app.casework.approval import standing
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.paper_rests import current_papers, signed_hashes
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.database.models.approval import Approval, JointBody
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person

ITS_OWN_WAY = "its_own_way"  # how another body agrees is its own affair; its letter is the evidence


@dataclass(frozen=True)
class JointBodyEntry:
    """The name of a public body."""

    name: str = ""


@dataclass(frozen=True)
class JointAgreementEntry:
    """The day on which the body agreed the report, and what shows it (sealed)."""

    agreed_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class JointBodyShown:
    """A body with its agreement as it stands; `approval_id` is None, and `agreed_version` 0, where there is none.

    `agreed_before` is the day of an earlier agreement, which a step used up.
    """

    id: UUID
    version: int
    entry: JointBodyEntry
    approval_id: UUID | None
    agreed_version: int
    agreement: JointAgreementEntry
    agreed_before: date | None


def add_joint_body(reference: str, entry: JointBodyEntry, *, by: Person, at: datetime) -> UUID:
    """Record that the review is another body’s too. Raises OutOfReach, NotAllowed, NotYet, Invalid."""
    with changing(reference, "approval.record", by=by, at=at) as scene:
        scene.must_be_commissioned()
        _check_name(scene, entry)
        row = JointBody(review_id=scene.review.id, name=entry.name.strip())
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.JOINT_BODY_ADDED, subject=row)
        return row.id


def correct_joint_body(
    reference: str, body_id: UUID, entry: JointBodyEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a body’s name. Raises Stale with both texts, Invalid, OutOfReach, NotAllowed, NotYet."""
    with changing(reference, "approval.record", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = _row(scene, body_id)
        same_version(row, version, theirs={"name": row.name}, yours=in_texts(entry))
        _check_name(scene, entry, row)
        row.name = entry.name.strip()
        if (agreed := standing(scene, row.id)) is not None:
            agreed.body = row.name
        scene.record(Happened.JOINT_BODY_CHANGED, subject=row)


def remove_joint_body(reference: str, body_id: UUID, *, by: Person, at: datetime) -> None:
    """The review is not held jointly with this body, or no longer. Raises OutOfReach, NotAllowed, NotYet."""
    with changing(reference, "approval.record", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = _row(scene, body_id)
        row.removed_on = scene.today
        scene.record(Happened.JOINT_BODY_REMOVED, subject=row)


def record_agreement(
    reference: str, body_id: UUID, entry: JointAgreementEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Record that a body agreed exactly the papers on file, or correct its agreement while that stands.

    Version 0 is a new agreement. Raises Stale with both texts, Invalid while a paper is missing or came later.
    """
    with changing(reference, "approval.record", by=by, at=at) as scene:
        scene.must_be_commissioned()
        body = _row(scene, body_id)
        row = standing(scene, body.id)
        if row is not None:
            same_version(row, version, theirs=in_texts(_agreement(row)), yours=in_texts(entry))
        agreed_on = _checked_day(scene, entry)
        if row is None:
            row = Approval(
                review_id=scene.review.id,
                joint_body_id=body.id,
                body=body.name,
                how=ITS_OWN_WAY,
                agreed_on=agreed_on,
                organisations=[],
                quorum=0,
                paper_hashes=signed_hashes(current_papers(scene)),
                recorded_by_id=by.id,
                evidence=entry.evidence.strip(),
            )
            scene.session.add(row)
            scene.session.flush()
            scene.record(Happened.JOINT_BODY_AGREED, on=agreed_on, subject=row)
        else:
            row.agreed_on, row.evidence = agreed_on, entry.evidence.strip()
            scene.record(Happened.APPROVAL_CHANGED, subject=row)


def open_joint_body(reference: str, body_id: UUID, *, by: Person, at: datetime) -> JointBodyShown:
    """One body, for somebody who may correct it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "approval.record", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = _row(look, body_id)
        return shown(row, standing(look, row.id))


def shown(row: JointBody, agreed: Approval | None, *, before: Approval | None = None) -> JointBodyShown:
    """A body as a page shows it, opened."""
    return JointBodyShown(
        row.id,
        row.version,
        JointBodyEntry(row.name),
        agreed.id if agreed else None,
        agreed.version if agreed else 0,
        _agreement(agreed) if agreed else JointAgreementEntry(),
        before.agreed_on if before else None,
    )


def _agreement(row: Approval) -> JointAgreementEntry:
    return JointAgreementEntry(row.agreed_on, row.evidence or "")


def _check_name(scene: Scene, entry: JointBodyEntry, row: JointBody | None = None) -> None:
    faults = filled("name", entry.name, "Give the name of the body.")
    others = {one.name.casefold() for one in rows_of(scene, JointBody) if one is not row and one.removed_on is None}
    if entry.name.strip().casefold() in others:
        faults["name"] = "This body is recorded already."
    if faults:
        raise Invalid(faults)


def _checked_day(scene: Scene, entry: JointAgreementEntry) -> date:
    papers = current_papers(scene)
    if missing := not_on_file(papers):
        raise Invalid({"agreed_on": missing})
    faults = not_in_future(scene.today, agreed_on=entry.agreed_on)
    faults |= filled("evidence", entry.evidence, "Say what shows it, and where it is kept.")
    if entry.agreed_on is None:
        faults["agreed_on"] = "Give the day on which it agreed."
    elif later := later_than(papers, entry.agreed_on):
        faults.setdefault("agreed_on", later)
    if faults or entry.agreed_on is None:
        raise Invalid(faults)
    return entry.agreed_on


def _row(at: Scene | Look, body_id: UUID) -> JointBody:
    row = own_row(at, JointBody, body_id)
    if row.removed_on is not None:
        raise OutOfReach
    return row
