"""Emergency access: somebody who cannot open a review asks for it, a second person confirms, and it is open to read.

The question names the review by its reference and says why. For sixty minutes from the confirmation the asker reads
what the coordinator reads, and changes nothing. The block list wins over it, before and during.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.emergency_checks import (
    NOBODY,
    UNKNOWN,
    found,
    in_the_way,
    let_in_by_another,
    may_answer,
    needless,
    state,
    unanswered,
)
from dhr_app.casework.emergency_ending import end_one
from dhr_app.casework.emergency_telling import ask_them, second_persons, tell_everybody, tell_refused
from dhr_app.casework.principal import person_of
from dhr_app.casework.scene import Finding, Scene, changing, require
from dhr_app.database.models.account import Account
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.emergency import (
    ASKED_BECAUSE,
    FOUND,
    LASTS,
    REFUSED_BECAUSE,
    State,
)
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.rule_sets import RuleSet

NOT_YOURS = "Whoever asked for it, whoever confirmed it or the steering group’s chair ends it."
NOT_WHO_ASKED = "You asked for this yourself: somebody else has to look at it, the chair or the deputy."
STILL_RUNS = "It is still running. End it, or look at it when it is over."


@dataclass(frozen=True)
class EmergencyEntry:
    """What somebody asks for: the review’s reference, a code of ASKED_BECAUSE, and why, which is sealed at once."""

    reference: str = ""
    reason: str = ""
    words: str = ""


def ask(entry: EmergencyEntry, *, by: Person, at: datetime) -> UUID:
    """Ask for emergency access; everybody who may confirm it is written to. Returns the question’s id.

    Raises NotAllowed, and Invalid: an unknown reference, one that is barred to the person and one of a review that was
    never theirs to know of are answered in the same words.
    """
    require(by, "emergency.ask", on=london_date(at))
    wrong = {}
    if not entry.reference.strip():
        wrong["reference"] = "Enter the reference of the review, like DHR-2026-014."
    if entry.reason not in ASKED_BECAUSE:
        wrong["reason"] = "Choose why you need it now."
    if not entry.words.strip():
        wrong["words"] = "Say what has happened and what you need to read: a second person decides by it."
    if wrong:
        raise Invalid(wrong)
    reference = entry.reference.strip().upper()
    try:
        with changing(_barred_to_nobody(reference, by), None, by=by, at=at, doing="emergency.ask") as scene:
            return _asked(scene, entry)
    except OutOfReach:
        raise Invalid({"reference": UNKNOWN}) from None


def withdraw(emergency_id: UUID, *, by: Person, at: datetime) -> None:
    """Withdraw one’s own question. Raises OutOfReach for another’s, and Over once it is answered or lapsed."""

    def own(session: NamedSession) -> tuple[Review, RuleSet]:
        row = session.get(EmergencyAccess, emergency_id)
        if row is None or row.asked_by_id != by.id or row.review_id in by.conflicts:
            raise OutOfReach
        return _with_rules(session, Review.id == row.review_id)

    with changing(own, None, by=by, at=at, doing="emergency.ask") as scene:
        row = found(scene, emergency_id)
        unanswered(row, at=at)
        row.withdrawn_at = at
        scene.record(Happened.EMERGENCY_WITHDRAWN, subject=row)


def confirm(reference: str, emergency_id: UUID, *, by: Person, at: datetime) -> None:
    """Open the review to whoever asked, for 60 minutes from now, and tell everybody.

    The pages ask for the password again just before. Raises OutOfReach, NotAllowed for whoever asked and for whoever
    gave them their account or role, Over where the question was answered, withdrawn or lapsed, or whoever asked may not
    have it any more.
    """
    with _answering(reference, emergency_id, by=by, at=at) as (scene, row, asker):
        let_in_by_another(scene.session, row, by)
        if not allows(asker, "emergency.ask", on=scene.today) or in_the_way(scene, asker):
            raise Over("Whoever asked may not have it any more: their account, or a conflict of interest, has changed.")
        row.decided_at, row.decided_by_id, row.until_at = at, by.id, at + LASTS
        scene.record(Happened.EMERGENCY_CONFIRMED, subject=row)
        tell_everybody(scene, row, asker)


def refuse(reference: str, emergency_id: UUID, because: str, *, by: Person, at: datetime) -> None:
    """Refuse it, with a reason of REFUSED_BECAUSE. Raises what `confirm` raises, and Invalid without a reason."""
    with _answering(reference, emergency_id, by=by, at=at) as (scene, row, asker):
        if because not in REFUSED_BECAUSE:
            raise Invalid({"because": "Say why you refuse it: they are told."})
        row.decided_at, row.decided_by_id, row.refused_because = at, by.id, because
        scene.record(Happened.EMERGENCY_REFUSED, subject=row, because=because)
        if not in_the_way(scene, asker):
            tell_refused(scene, row, asker)


def end(reference: str, emergency_id: UUID, *, by: Person, at: datetime) -> None:
    """End it before its time: the review is shut to them at the next click.

    Raises OutOfReach, NotAllowed for anybody but the two and the steering chair, and Over where it does not run.
    """
    with changing(reference, "emergency.end", by=by, at=at) as scene:
        row = found(scene, emergency_id)
        chairs = allows(by, "emergency.look", review_id=scene.review.id, on=scene.today)
        if not chairs and by.id not in (row.asked_by_id, row.decided_by_id):
            raise NotAllowed("emergency.end", NOT_YOURS)
        if state(row, at=at) is not State.RUNNING:
            raise Over("This emergency access is over: the review is shut to them.")
        end_one(scene.session, row, "early", by_id=by.id, at=at)


def look(reference: str, emergency_id: UUID, what: str, *, by: Person, at: datetime) -> None:
    """Write down, as the steering chair or deputy, what one found on looking at it afterwards; one of FOUND.

    Raises OutOfReach, NotAllowed for whoever asked for it, Invalid without a finding or while it runs, and Over where
    somebody looked at it before, or nothing was opened.
    """
    with changing(reference, "emergency.look", by=by, at=at) as scene:
        row = found(scene, emergency_id)
        if row.asked_by_id == by.id:
            raise NotAllowed("emergency.look", NOT_WHO_ASKED)
        stands = state(row, at=at)
        if stands is State.RUNNING:
            raise Invalid({"found": STILL_RUNS})
        if row.looked_at is not None or stands is not State.ENDED:
            raise Over("There is nothing to look at: somebody has done it, or the review was not opened by it.")
        if what not in FOUND:
            raise Invalid({"found": "Choose what you found."})
        row.looked_at, row.looked_by_id, row.found = at, by.id, what
        scene.record(Happened.EMERGENCY_LOOKED_AT, subject=row, because=what)


@contextmanager
def _answering(
    reference: str, emergency_id: UUID, *, by: Person, at: datetime
) -> Iterator[tuple[Scene, EmergencyAccess, Person]]:
    with changing(reference, "emergency.confirm", by=by, at=at) as scene:
        row = found(scene, emergency_id)
        may_answer(row, by=by, at=at)
        yield scene, row, person_of(scene.session, scene.session.get_one(Account, row.asked_by_id))


def _asked(scene: Scene, entry: EmergencyEntry) -> UUID:
    """The question, once nothing is in its way."""
    if wrong := in_the_way(scene, scene.by) or needless(scene):
        raise Invalid({"reference": wrong})
    whom = second_persons(scene)
    if not whom:
        raise Invalid({"reference": NOBODY})
    row = EmergencyAccess(
        review_id=scene.review.id,
        asked_by_id=scene.by.id,
        asked_at=scene.at,
        reason=entry.reason,
        words=entry.words.strip(),
    )
    scene.session.add(row)
    scene.record(Happened.EMERGENCY_ASKED, subject=row, because=entry.reason)
    ask_them(scene, row, whom)
    return row.id


def _barred_to_nobody(reference: str, by: Person) -> Finding:
    """The way to a review for somebody who does not reach it; none for whoever stands on its block list."""

    def find(session: NamedSession) -> tuple[Review, RuleSet]:
        review, rule_set = _with_rules(session, Review.reference == reference)
        if review.id in by.conflicts:
            raise OutOfReach(review.id)
        return review, rule_set

    return find


def _with_rules(session: NamedSession, where: object) -> tuple[Review, RuleSet]:
    rows = select(Review, RuleSetUsed.content).join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
    row = session.execute(rows.where(where)).one_or_none()  # type: ignore[arg-type]
    if row is None:
        raise OutOfReach
    return row[0], rule_book.pinned(row[1])
