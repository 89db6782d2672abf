"""Legal holds: placed by one person, lifted by the steering chair or by two; under one nothing is destroyed.

A freeze is a hold on every review at once, as a public inquiry can demand. Whichever is placed, every notice of
disposal that it touches is ended: once the hold is lifted, notice is given anew, so that nobody is taken by surprise.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework.begun import FREEZING
from dhr_app.casework.checks import filled, known_codes
from dhr_app.casework.disposal_notice import end_notices
from dhr_app.casework.house import house
from dhr_app.casework.scene import changing, require
from dhr_app.database.audit import record
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import DETAILS_OPENED, HOLD_REASONS
from dhr_app.workflows.retention import LOOK_AGAIN
from dhr_app.workflows.roles import Role

ALONE = (Role.STEERING_CHAIR, Role.STEERING_DEPUTY)  # whose decision it is to lift a hold
TOO_LATE = "The destruction of these records of {reference} had begun on {day}: this hold does not stop it. {what}."
SOMEBODY_ELSE = "You asked for this hold to be lifted: somebody else has to agree."


@dataclass(frozen=True)
class HoldEntry:
    """Why nothing may be destroyed (HOLD_REASONS), in which words, and when that is to be looked at again."""

    reason: str = ""
    words: str = ""
    review_by: date | None = None


def place(reference: str, entry: HoldEntry, *, by: Person, at: datetime) -> tuple[str, ...]:
    """Forbid that anything of a review is destroyed. Raises OutOfReach, NotAllowed, Invalid.

    Returns a sentence for each disposal that it comes too late for, since keys of it are destroyed already.
    """
    with changing(reference, "hold.place", by=by, at=at) as scene:
        scene.session.queue(FREEZING)
        row = _placed(entry, scene.review.id, by=by, at=at)
        scene.session.add(row)
        goes_on = end_notices(scene.session, "held", scene.review.id, at=at)
        scene.record(Happened.HOLD_PLACED, subject=row, label=HOLD_REASONS[row.reason].lower())
        return _too_late(scene.session, goes_on, by=by)


def freeze(entry: HoldEntry, *, by: Person, at: datetime) -> tuple[str, ...]:
    """Forbid that anything of any review is destroyed; returns what `place` returns. Raises NotAllowed, Invalid."""
    require(by, "hold.place", on=london_date(at))
    with house().transaction(by=by, at=at) as session:
        session.queue(FREEZING)
        row = _placed(entry, None, by=by, at=at)
        session.add(row)
        goes_on = end_notices(session, "held", at=at)
        _tell(session, Happened.HOLD_PLACED, row, at=at, label=HOLD_REASONS[row.reason].lower())
        return _too_late(session, goes_on, by=by)


def lift(reference: str, hold_id: UUID, *, by: Person, at: datetime) -> bool:
    """Lift a hold on one review. The steering chair or deputy does so alone; a coordinator asks, and another lifts it.

    False where it was only asked for. Raises OutOfReach, NotAllowed, and Over for one that is lifted already.
    """
    with changing(reference, "hold.lift", by=by, at=at) as scene:
        row = in_force(scene.session, hold_id, scene.review.id)
        kind = _lifted(row, by=by, at=at)
        scene.record(kind, subject=row)
        return kind is Happened.HOLD_LIFTED


def thaw(hold_id: UUID, *, by: Person, at: datetime) -> bool:
    """Lift a freeze of every review, as `lift` does a hold. Raises OutOfReach, NotAllowed, Over."""
    require(by, "hold.lift", on=london_date(at))
    with house().transaction(by=by, at=at) as session:
        session.queue(FREEZING)
        row = in_force(session, hold_id, None)
        kind = _lifted(row, by=by, at=at)
        _tell(session, kind, row, at=at)
        return kind is Happened.HOLD_LIFTED


def in_force(session: NamedSession, hold_id: UUID, review_id: UUID | None) -> LegalHold:
    """A hold of this review, or a freeze of every one (None). Raises OutOfReach, and Over once it is lifted."""
    row = session.get(LegalHold, hold_id)
    if row is None or row.review_id != review_id:
        raise OutOfReach(review_id)
    if row.lifted_at is not None:
        raise Over(f"This hold was lifted on {in_words(london_date(row.lifted_at))} by {row.lifted_by_name}.")
    return row


def _placed(entry: HoldEntry, review_id: UUID | None, *, by: Person, at: datetime) -> LegalHold:
    today = london_date(at)
    faults = known_codes(entry, {"reason": HOLD_REASONS})
    faults |= filled("words", entry.words, "Say which proceedings or whose request it is. Do not name the people.")
    if entry.review_by is None:
        faults["review_by"] = "Give the day on which to look at this again."
    elif not today < entry.review_by <= today + LOOK_AGAIN:
        latest = in_words(today + LOOK_AGAIN)
        faults["review_by"] = f"Choose a day after today and not later than {latest}: a hold is looked at every year."
    if faults or entry.review_by is None:
        raise Invalid(faults)
    return LegalHold(
        review_id=review_id,
        reason=entry.reason,
        words=entry.words.strip(),
        review_by=entry.review_by,
        placed_at=at,
        placed_by_id=by.id,
        placed_by_name=by.name,
    )


def _too_late(session: NamedSession, disposals: Collection[Disposal], *, by: Person) -> tuple[str, ...]:
    """What is said of each, without a review that the person may not be told of."""
    found = []
    for row in disposals:
        if row.review_id in by.conflicts or row.begun_at is None:
            continue
        reference = session.get_one(Review, row.review_id).reference
        what = "; ".join(DETAILS_OPENED[each] for each in row.classes)
        found.append(TOO_LATE.format(reference=reference, day=in_words(london_date(row.begun_at)), what=what))
    return tuple(found)


def _lifted(row: LegalHold, *, by: Person, at: datetime) -> Happened:
    """Lift it, or ask for it to be lifted; what was done. Raises NotAllowed for who asked already."""
    if by.role not in ALONE and row.lift_asked_by_id is None:
        row.lift_asked_at, row.lift_asked_by_id, row.lift_asked_by_name = at, by.id, by.name
        return Happened.HOLD_LIFT_ASKED
    if by.role not in ALONE and row.lift_asked_by_id == by.id:
        raise NotAllowed("hold.lift", SOMEBODY_ELSE)
    row.lifted_at, row.lifted_by_id, row.lifted_by_name = at, by.id, by.name
    return Happened.HOLD_LIFTED


def _tell(session: NamedSession, kind: Happened, row: LegalHold, *, at: datetime, **details: str) -> None:
    record(session, kind, happened_on=london_date(at), subject=row, details=details)
