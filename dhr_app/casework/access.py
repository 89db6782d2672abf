"""Who can see a review as it stands: everybody who reaches it, why, and what they may open; confirmed at each stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.principal import people_in
from dhr_app.casework.scene import Look, changing, looking
from dhr_app.database.models.access import AccessCheck
from dhr_app.database.models.account import Conflict, Membership
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person, allows, may_open_once_proved
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import OPEN, Stage
from dhr_app.workflows.window_words import WindowSaid, windows_said

OWN_AGENCY = "Only what their own agency handed in"


@dataclass(frozen=True)
class Onlooker:
    """Somebody who reaches the review. `since` is the first day of their seat; None for whoever reaches it by office.

    `emergency_until` is the moment at which emergency access ends, for whoever has it now. `opens` says which details
    they may open, in words; nothing where they see no more than stages, dates and actions.
    """

    name: str
    role: Role
    agency: str
    since: date | None
    until: date | None
    opens: tuple[str, ...]
    emergency_until: datetime | None = None

    @property
    def by_office(self) -> bool:
        """Whether they reach every review by what they are."""
        return self.role not in BY_MEMBERSHIP


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed the list last, and on which day."""

    by: str
    on: date


@dataclass(frozen=True)
class AccessPage:
    """Who can see the review; `barred` counts those whom a conflict of interest keeps out.

    `owed_since` is the day of the move after which nobody has confirmed the list yet. `windows` is from which stage to
    which a seat opens what; `stage` is where the review stands.
    """

    reference: str
    stage: Stage
    onlookers: tuple[Onlooker, ...]
    barred: int
    confirmed: Confirmed | None
    owed_since: date | None
    may_confirm: bool
    may_change: bool
    windows: tuple[WindowSaid, ...]


def access_page(reference: str, *, by: Person, at: datetime) -> AccessPage:
    """Who can see the review today. Opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "access.see", by=by, at=at) as look:
        return AccessPage(
            reference,
            Stage(look.review.stage),
            tuple(_onlookers(look, at=at)),
            look.session.scalars(select(func.count()).where(Conflict.review_id == look.review.id)).one(),
            _confirmed(look),
            _owed_since(look),
            look.may("access.confirm"),
            look.may("review.change"),
            windows_said(),
        )


def confirm(reference: str, *, by: Person, at: datetime) -> None:
    """Say that everybody on the list needs what they can see, at this stage.

    Raises Over where somebody has said so since the stage changed, OutOfReach, NotAllowed.
    """
    with changing(reference, "access.confirm", by=by, at=at) as scene:
        seq = scene.session.scalar(_last_stage(scene.review.id)) or 0
        done = select(AccessCheck).where(AccessCheck.review_id == scene.review.id, AccessCheck.move_seq == seq)
        if (before := scene.session.scalars(done).first()) is not None:
            day = in_words(london_date(before.confirmed_at))
            raise Over(f"{before.confirmed_by_name} confirmed this list on {day}, after the review came to its stage.")
        row = AccessCheck(
            review_id=scene.review.id,
            move_seq=seq,
            confirmed_at=at,
            confirmed_by_id=by.id,
            confirmed_by_name=by.name,
        )
        scene.session.add(row)
        scene.record(Happened.ACCESS_CONFIRMED, subject=row)


def unconfirmed(session: NamedSession) -> Iterator[Thing]:
    """Open reviews where somebody has a seat and nobody confirmed the list since the stage changed, in one query."""
    later = MoveMade.__table__.alias("later")
    newest = ~exists().where(
        later.c.review_id == MoveMade.review_id,
        later.c.from_stage != later.c.to_stage,
        later.c.seq > MoveMade.seq,
    )
    seat = exists().where(Membership.review_id == Review.id, Membership.ended_at.is_(None))
    for row in session.execute(
        select(MoveMade.id, MoveMade.review_id, MoveMade.recorded_at, Review.reference, Review.stage)
        .join(Review, Review.id == MoveMade.review_id)
        .outerjoin(AccessCheck, and_(AccessCheck.review_id == MoveMade.review_id, AccessCheck.move_seq == MoveMade.seq))
        .where(
            MoveMade.from_stage != MoveMade.to_stage,
            newest,
            seat,
            AccessCheck.id.is_(None),
            Review.stage.in_(sorted(OPEN)),
        )
        .order_by(MoveMade.recorded_at, MoveMade.id)
    ):
        yield Thing(
            kind=Kind.ACCESS,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what="The list of who can see it",
            path=f"/reviews/{row.reference}/who-can-see",
            due_on=london_date(row.recorded_at),
        )


def _onlookers(look: Look, *, at: datetime) -> Iterator[Onlooker]:
    """By office first, then by their seats; in each by role and name."""
    agencies = {row.id: row.name for row in look.session.execute(select(Agency.id, Agency.name).order_by(Agency.id))}
    reach = [
        one
        for one in people_in(look.session, tuple(Role), at=at)
        if allows(one, "review.reach", review_id=look.review.id, on=look.today)
    ]
    order = list(Role)
    for person in sorted(reach, key=lambda one: (one.role in BY_MEMBERSHIP, order.index(one.role), one.name)):
        seats = [each for each in person.memberships if each.review_id == look.review.id and each.holds(look.today)]
        first = min(seats, key=lambda each: each.from_on) if seats and person.role in BY_MEMBERSHIP else None
        agency = agencies.get(person.agency_id, "") if person.agency_id else ""
        opens = tuple(_opened_by(person, look.review.id, on=look.today))
        yield Onlooker(
            person.name,
            person.role,
            agency,
            first.from_on if first else None,
            first.lapses_on if first else None,
            opens,
            next((each.until_at for each in person.emergencies if each.review_id == look.review.id), None),
        )


def _opened_by(person: Person, review_id: UUID, *, on: date) -> Iterable[str]:
    """What the person may open whoever it belongs to, and at the end what only as their own agency’s.

    What is kept apart is among it for whoever holds the extra grant, though each time they have to show who they are.
    """
    anybodys = [each for each in DataClass if may_open_once_proved(person, review_id, each, on=on)]
    yield from (DETAILS_OPENED[each] for each in anybodys)
    if person.agency_id is not None and any(
        each not in anybodys and may_open_once_proved(person, review_id, each, agency_id=person.agency_id, on=on)
        for each in DataClass
    ):
        yield OWN_AGENCY


def _last_stage(review_id: UUID) -> Select[int]:
    """The number of the move by which the review came to its stage."""
    return select(func.max(MoveMade.seq)).where(
        MoveMade.review_id == review_id, MoveMade.from_stage != MoveMade.to_stage
    )


def _confirmed(look: Look) -> Confirmed | None:
    checks = select(AccessCheck).where(AccessCheck.review_id == look.review.id)
    last = look.session.scalars(checks.order_by(AccessCheck.confirmed_at.desc(), AccessCheck.id).limit(1)).first()
    return None if last is None else Confirmed(last.confirmed_by_name, london_date(last.confirmed_at))


def _owed_since(look: Look) -> date | None:
    checked = exists().where(AccessCheck.review_id == MoveMade.review_id, AccessCheck.move_seq == MoveMade.seq)
    last = _last_stage(look.review.id).scalar_subquery()
    moved = select(MoveMade.recorded_at).where(MoveMade.review_id == look.review.id, MoveMade.seq == last, ~checked)
    at = look.session.scalar(moved)
    return None if at is None else london_date(at)
