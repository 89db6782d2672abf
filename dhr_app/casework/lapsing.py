"""Access that ends by itself: four weeks after the publication was decided the seats on a review lapse.

Where somebody is still needed, for the seminar or for what is left of the plan, their seat is kept for twelve weeks at
a time. A lapsed seat opens nothing from its day on, whether or not the clockwork has ended it yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.extra_grant_ends import end_grants
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.casework.scene import Scene, changing
from dhr_app.database.audit import record
from dhr_app.database.models.account import Membership
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import SEATS_KEPT_FOR, SEATS_LAPSE_AFTER
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import NotYet, OutOfReach, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN, Stage
from dhr_app.workflows.windows import is_over

LAPSED = "This seat lapsed after {day}: give the person a seat again where they are still needed."
OVER = "The publication is decided: this seat opens nothing any more. An agency reports on its own actions without one."
NOT_PUBLISHED = "This seat does not lapse: the report’s publication is not decided yet."


def moved(scene: Scene, from_stage: Stage) -> None:
    """Let the seats lapse once the review comes to its seminar, and no more where it goes back."""
    stage = Stage(scene.review.stage)
    if Stage.SEMINAR not in (stage, from_stage) or stage is from_stage or stage not in OPEN:
        return
    seats = _in_force(scene)
    lapses_on = scene.today + SEATS_LAPSE_AFTER if stage is Stage.SEMINAR else None
    for seat in seats:
        seat.lapses_on = lapses_on
    if seats and lapses_on is not None:
        scene.record(Happened.SEATS_LAPSE, until=str(lapses_on))
    elif seats:
        scene.record(Happened.SEATS_LAPSE_NO_MORE)


def keep(reference: str, membership_id: UUID, *, by: Person, at: datetime) -> None:
    """Keep a seat for twelve weeks from today. Raises OutOfReach, NotYet where the seat does not lapse or has."""
    with changing(reference, "review.change", by=by, at=at) as scene:
        seat = scene.session.get(Membership, membership_id)
        if seat is None or seat.review_id != scene.review.id or seat.ended_at is not None:
            raise OutOfReach
        if seat.lapses_on is not None and seat.lapses_on < scene.today:
            raise NotYet("keep", (Reason("lapsed", LAPSED.format(day=in_words(seat.lapses_on))),))
        if Stage(scene.review.stage) is not Stage.SEMINAR:
            raise NotYet("keep", (Reason("stage", NOT_PUBLISHED),))
        if is_over(Role(seat.role), Stage.SEMINAR):
            raise NotYet("keep", (Reason("over", OVER),))
        seat.lapses_on = scene.today + SEATS_KEPT_FOR
        label = Role(seat.role).label.lower()
        scene.record(Happened.SEAT_KEPT, agency_id=seat.agency_id, subject=seat, label=label, until=str(seat.lapses_on))


def lapsing_soon(session: NamedSession, today: date, until: date) -> Iterator[Thing]:
    """The seats that end on a day from today until then unless they are kept: those of one review and day together."""
    rows = (
        select(
            Review.id, Review.reference, Review.stage, Membership.lapses_on,
            func.count().label("seats"),
        )
        .join(Membership, Membership.review_id == Review.id)
        .where(Membership.ended_at.is_(None), Membership.lapses_on.between(today, until))
        .group_by(Review.id, Review.reference, Review.stage, Membership.lapses_on)
        .order_by(Membership.lapses_on, Review.reference)
    )  # fmt: skip
    for row in session.execute(rows):
        yield Thing(
            kind=Kind.LAPSING,
            subject_id=row.id,
            review_id=row.id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"The access of {row.seats} {'person' if row.seats == 1 else 'people'}",
            path=f"/reviews/{row.reference}/members",
            due_on=row.lapses_on,
        )


def end_lapsed(in_house: House, *, at: datetime) -> int:
    """End every seat whose last day is over, each review in a transaction of its own; returns how many."""
    today = london_date(at)
    over = (Membership.ended_at.is_(None), Membership.lapses_on < today)
    with in_house.reading() as session:
        reviews = list(
            session.scalars(select(Membership.review_id).where(*over).distinct().order_by(Membership.review_id))
        )
    ended = 0
    for review_id in reviews:
        with in_house.database.transaction(by=Program("ending lapsed seats"), at=at) as session:
            session.lock(review_id, read=Review)
            rows = select(Membership).where(Membership.review_id == review_id, *over).order_by(Membership.id)
            for seat in session.scalars(rows):
                seat.to_on, seat.ended_at = seat.lapses_on, at
                end_grants(session, "seat_ended", account_id=seat.account_id, review_id=review_id, at=at)
                record(
                    session,
                    Happened.SEAT_LAPSED,
                    review_id=review_id,
                    happened_on=today,
                    agency_id=seat.agency_id,
                    subject=seat,
                    details={"label": Role(seat.role).label.lower()},
                )
                ended += 1
    return ended


def _in_force(scene: Scene) -> list[Membership]:
    rows = select(Membership).where(Membership.review_id == scene.review.id, Membership.ended_at.is_(None))
    return list(scene.session.scalars(rows.order_by(Membership.id)))
