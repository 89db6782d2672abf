"""What stands in the way of emergency access, of whoever asks for it and of whoever answers; and how one stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, union_all

from dhr_app.casework.begun import BEGUN
from dhr_app.casework.block_list import standing
from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.account import Account
from dhr_app.database.models.declaration import Declaration
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.event import Event
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.emergency import State, state_of
from dhr_app.workflows.errors import NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person, allows

UNKNOWN = "There is no review of this reference that can be opened in an emergency. Check it, like DHR-2026-014."
OPEN_ALREADY = "You can open everything of this review already: find it among your reviews."
SEAT_FIRST = "You have a seat on this review: answer the questions before it opens, and you can read at once."
NOT_SURE = "You were not sure whether you know somebody in this review: that has to be decided first."
ONE_AT_A_TIME = "You have asked for {reference} already. Wait for the answer, or withdraw the question."
DESTROYED = "The records of this review were destroyed: there is nothing left to open."
NOBODY = "Nobody is there who could confirm it: ask an administrator to invite a second coordinator."
LET_IN_ALONE = (
    "You let them in here by yourself, so somebody else has to confirm this: the steering chair or deputy, or another"
    " coordinator. You may refuse it."
)
ANOTHER = "You asked for this yourself: somebody else has to answer it."
ANSWERED = {
    State.WITHDRAWN: "Whoever asked for this has withdrawn the question. There is nothing to answer.",
    State.REFUSED:   "This was refused already.",
    State.LAPSED:    "This question lapsed: nobody answered it within 60 minutes. They can ask again.",
    State.RUNNING:   "This was confirmed already, and the review is open to them.",
    State.ENDED:     "This was confirmed already, and is over.",
}  # fmt: skip


def state(row: EmergencyAccess, *, at: datetime) -> State:
    """How one stands at this moment."""
    return state_of(
        asked_at=row.asked_at,
        withdrawn_at=row.withdrawn_at,
        decided_at=row.decided_at,
        until_at=row.until_at,
        ended_at=row.ended_at,
        at=at,
    )


def found(scene: Scene | Look, emergency_id: UUID) -> EmergencyAccess:
    """One of the review. Raises OutOfReach."""
    row = scene.session.get(EmergencyAccess, emergency_id)
    if row is None or row.review_id != scene.review.id:
        raise OutOfReach(scene.review.id)
    return row


def may_answer(row: EmergencyAccess, *, by: Person, at: datetime) -> None:
    """Raise NotAllowed for whoever asked, and Over where there is nothing to answer any more."""
    if row.asked_by_id == by.id:
        raise NotAllowed("emergency.confirm", ANOTHER)
    unanswered(row, at=at)


def let_in_by_another(session: NamedSession, row: EmergencyAccess, person: Person) -> None:
    """Raise NotAllowed for whoever gave the asker their account or role: two people, not one with two accounts."""
    invited = select(Invitation.id).where(
        Invitation.account_id == row.asked_by_id, Invitation.made_by_id == person.id, Invitation.agreed_by_id.is_(None)
    )
    changed = select(Event.id).where(
        Event.kind == Happened.ACCOUNT_CHANGED.value,
        Event.subject_id == row.asked_by_id,
        Event.recorded_by_id == person.id,
    )
    if session.scalar(union_all(invited, changed).limit(1)) is not None:
        raise NotAllowed("emergency.confirm", LET_IN_ALONE)


def unanswered(row: EmergencyAccess, *, at: datetime) -> None:
    """Raise Over, and say why, where the question does not wait for an answer any more."""
    stands = state(row, at=at)
    if stands is not State.ASKED:
        raise Over(ANSWERED[stands])


def in_the_way(scene: Scene, person: Person) -> str:
    """Why the review is not opened to this person in any emergency; empty where nothing is in the way."""
    if scene.review.id in person.conflicts:
        return UNKNOWN
    if scene.session.get_one(Account, person.id).blocked_on is not None:
        return UNKNOWN
    said = scene.session.scalars(standing(scene.review.id, person.id).order_by(Declaration.declared_at.desc())).first()
    if said is not None and said.answer != "none" and said.decided != "allowed":
        return NOT_SURE
    gone = select(Disposal.classes).where(Disposal.review_id == scene.review.id, *BEGUN).order_by(Disposal.number)
    if any(DataClass.WORKING_PAPERS.value in classes for classes in scene.session.scalars(gone)):
        return DESTROYED
    return ""


def needless(scene: Scene) -> str:
    """Why this person need not ask, or not now."""
    seats = [seat for seat in scene.by.memberships if seat.review_id == scene.review.id and seat.holds(scene.today)]
    if any(not seat.is_open for seat in seats):
        return SEAT_FIRST
    reads = ("people.see", "family.see", "paper.see")
    if all(allows(scene.by, each, review_id=scene.review.id, on=scene.today) for each in reads):
        return OPEN_ALREADY
    rows = (
        select(EmergencyAccess, Review.reference)
        .join(Review, Review.id == EmergencyAccess.review_id)
        .where(EmergencyAccess.asked_by_id == scene.by.id, EmergencyAccess.decided_at.is_(None))
        .order_by(EmergencyAccess.asked_at, EmergencyAccess.id)
    )
    for row, reference in scene.session.execute(rows):
        if state(row, at=scene.at) is State.ASKED:
            return ONE_AT_A_TIME.format(reference=reference)
    return ""
