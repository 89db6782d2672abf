"""The notice before records are destroyed: given by somebody or by the clockwork, ended by what speaks against it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.begun import FREEZING, past_stopping
from dhr_app.casework.disposal_state import Retained, open_disposal, retained, retained_of
from dhr_app.casework.house import House, house
from dhr_app.casework.program import Program
from dhr_app.casework.scene import changing
from dhr_app.database.audit import record
from dhr_app.database.context import Actor
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach, Over, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import STOPPED_BECAUSE
from dhr_app.workflows.retention import ENDED_HERE

# The reasons that a person may give; the others are the program’s.
GIVEN_BY_PEOPLE = ("still_needed", "given_wrongly")
LET_BE = timedelta(days=90)  # so long the clockwork leaves it to people, once one of them has ended a notice
CLOCKWORK = Program("notice of disposal")
GONE = "Records of this review were destroyed: it cannot be taken up again."
ONE_AT_A_TIME = "A notice runs already, or a disposal is under way: there is one at a time."


def give_notice(reference: str, classes: Collection[str] = (), *, by: Person, at: datetime) -> int:
    """Give notice that these classes, or all that are due, are to be destroyed. Returns the disposal's number.

    Raises OutOfReach, NotAllowed, Invalid for a class that there is not, NotYet with everything that is in the way.
    """
    with changing(reference, "disposal.notice", by=by, at=at, doing="disposal.notice") as scene:
        scene.session.queue(FREEZING)
        wanted = _known(classes)
        stands = retained(scene.session, scene.review)
        missing = stands.missing(scene.today, wanted or None)
        if open_disposal(scene.session, scene.review.id) is not None:
            missing = (*missing, Reason("one_at_a_time", ONE_AT_A_TIME))
        if missing:
            raise NotYet("disposal", missing)
        return _give(scene.session, scene.review, stands, wanted or stands.due(scene.today), by=by, at=at)


def give_notices(in_house: House, *, at: datetime) -> list[str]:
    """Give notice of whatever is due and nobody has given notice of; the references of those reviews."""
    today = london_date(at)
    ended = select(Review).where(Review.stage.in_(sorted(ENDED_HERE))).order_by(Review.reference)
    with in_house.reading() as session:
        reviews = list(session.scalars(ended))
        stands = retained_of(session, reviews)
        due = [review.id for review in reviews if not stands[review.id].missing(today)]
    return [given for review_id in due if (given := _give_unless(in_house, review_id, at=at))]


def stop(reference: str, number: int, because: str, *, by: Person, at: datetime) -> None:
    """End a notice, or what was begun while no key of it is destroyed.

    Raises OutOfReach, NotAllowed, Invalid, Over where it ended already, and NotYet once a key is gone.
    """
    with changing(reference, "disposal.notice", by=by, at=at) as scene:
        row = numbered(scene.session, scene.review, number)
        if because not in GIVEN_BY_PEOPLE:
            raise Invalid({"because": "Say why."})
        scene.session.queue(FREEZING)
        if past_stopping(house(), scene.session, [row]):
            raise NotYet("stop", (Reason("begun", "Keys are destroyed already: it cannot be stopped any more."),))
        end_notices(scene.session, because, scene.review.id, at=at)


def end_notices(
    session: NamedSession, because: str, review_id: UUID | None = None, *, at: datetime
) -> tuple[Disposal, ...]:
    """End every notice that runs, of one review or of all, and what was begun while no key of it is destroyed.

    `because` is one of STOPPED_BECAUSE. Returns what it cannot end any more: those that go on. Whoever calls it holds
    `queue(FREEZING)`, since keys are destroyed under it.
    """
    rows = select(Disposal).where(Disposal.done_at.is_(None), Disposal.stopped_at.is_(None))
    if review_id is not None:
        rows = rows.where(Disposal.review_id == review_id)
    running = session.scalars(rows.order_by(Disposal.review_id, Disposal.number)).all()
    begun = [row for row in running if row.begun_at is not None]
    goes_on = past_stopping(house(), session, begun) if begun else set()
    for row in running:
        if row.id in goes_on:
            continue
        row.stopped_at, row.stopped_because = at, because
        record(
            session,
            Happened.DISPOSAL_STOPPED,
            review_id=row.review_id,
            happened_on=london_date(at),
            subject=row,
            details={"number": row.number, "label": STOPPED_BECAUSE[because]},
        )
    return tuple(row for row in running if row.id in goes_on)


def back_from_the_end(session: NamedSession, review: Review, *, at: datetime) -> None:
    """A review that had ended goes on: its notice ends. Raises NotYet where records of it are gone for good."""
    if retained(session, review).gone:
        raise NotYet("reopen", (Reason("gone", GONE),))
    session.queue(FREEZING)
    end_notices(session, "reopened", review.id, at=at)


def numbered(session: NamedSession, review: Review, number: int) -> Disposal:
    """A review's disposal by its number. Raises OutOfReach, and Over once it was ended or carried out."""
    rows = select(Disposal).where(Disposal.review_id == review.id, Disposal.number == number)
    row = session.scalars(rows).one_or_none()
    if row is None:
        raise OutOfReach(review.id)
    if row.stopped_at is not None:
        raise Over(f"This notice was ended on {in_words(london_date(row.stopped_at))}. Nothing was destroyed.")
    if row.done_at is not None:
        raise Over(f"These records were destroyed on {in_words(london_date(row.done_at))}.")
    return row


def _known(classes: Collection[str]) -> tuple[DataClass, ...]:
    try:
        return tuple(DataClass(each) for each in classes)
    except ValueError:
        raise Invalid({"classes": "Choose from the list."}) from None


def _give_unless(in_house: House, review_id: UUID, *, at: datetime) -> str:
    """Under the lock once more: somebody may have placed a hold meanwhile, or given notice. "" where none was given.

    Nor is it given within LET_BE after somebody ended a notice themselves: house rule, since the guidance has none.
    """
    with in_house.database.transaction(by=CLOCKWORK, at=at) as session:
        session.lock(review_id, read=Review)
        session.queue(FREEZING)
        review = session.get_one(Review, review_id)
        stands, today = retained(session, review), london_date(at)
        if stands.missing(today) or open_disposal(session, review_id) is not None:
            return ""
        if _let_be(session, review_id, today):
            return ""
        _give(session, review, stands, stands.due(today), by=CLOCKWORK, at=at)
        return review.reference


def _let_be(session: NamedSession, review_id: UUID, today: date) -> bool:
    ended = select(func.max(Disposal.stopped_at)).where(
        Disposal.review_id == review_id, Disposal.stopped_because.in_(GIVEN_BY_PEOPLE)
    )
    last = session.scalar(ended)
    return last is not None and today < london_date(last) + LET_BE


def _give(
    session: NamedSession, review: Review, stands: Retained, classes: Collection[DataClass], *, by: Actor, at: datetime
) -> int:
    today = london_date(at)
    last = session.scalar(select(func.max(Disposal.number)).where(Disposal.review_id == review.id)) or 0
    row = Disposal(
        review_id=review.id,
        number=last + 1,
        classes=[each.value for each in classes],
        policy=stands.policy,
        notice_on=today,
        notice_by_id=by.id,
        notice_by_name=by.name,
        begins_on=house().rule_book.retention.may_begin_on(today),
    )
    session.add(row)
    record(
        session,
        Happened.DISPOSAL_NOTICED,
        review_id=review.id,
        happened_on=today,
        subject=row,
        details={"number": row.number, "classes": row.classes, "begins_on": row.begins_on},
    )
    return row.number
