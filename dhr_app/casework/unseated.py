"""Agencies that were asked and cannot see it: somebody there has an account, and none of them a seat on that review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.casework.owed_rows import asked_everywhere
from dhr_app.casework.principal import people_in
from dhr_app.casework.scene import Look
from dhr_app.database.models.account import Account, Membership
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import ASKED_FOR
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.windows import stages_open

Pair = tuple[UUID, UUID]  # a review and an agency


def unseated(
    asked: Iterable[Pair], people: Sequence[Person], *, left: frozenset[Pair] = frozenset(), on: date
) -> frozenset[Pair]:
    """Those of these reviews and agencies that lack a seat which somebody could be given, or that somebody has `left`.

    An agency where nobody ever had an account, or where a conflict of interest bars everybody, answers by letter: it is
    none of them.
    """
    of_agency: dict[UUID | None, list[Person]] = defaultdict(list)
    for one in people:
        if one.role is Role.AGENCY_CONTRIBUTOR:
            of_agency[one.agency_id].append(one)
    return frozenset(pair for pair in asked if _lacks_a_seat(*pair, of_agency.get(pair[1], ()), on, left))


def unseated_here(look: Look, agency_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these agencies cannot see what this review asks of them, for whoever may ask them; in two queries.

    None where the stage has closed it to every seat: what still comes is entered on the agency's behalf.
    """
    if not _answered_by_seats(Stage(look.review.stage)):
        return frozenset()
    people = people_in(look.session, (Role.AGENCY_CONTRIBUTOR,))
    asked = [(look.review.id, agency_id) for agency_id in agency_ids]
    left = left_behind(look.session)
    return frozenset(agency_id for _, agency_id in unseated(asked, people, left=left, on=look.today))


def left_behind(session: NamedSession) -> frozenset[Pair]:
    """Where somebody had a seat for an agency, and has gone since: blocked, or with another role or agency now."""
    gone = or_(
        Account.blocked_on.is_not(None), Account.role != Membership.role, Account.agency_id != Membership.agency_id
    )
    rows = session.execute(
        select(Membership.review_id, Membership.agency_id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.role == Role.AGENCY_CONTRIBUTOR.value, Membership.ended_at.is_not(None), gone)
        .order_by(Membership.review_id, Membership.agency_id)
    )
    return frozenset((review_id, agency_id) for review_id, agency_id in rows if agency_id is not None)


def unseated_things(session: NamedSession, people: Sequence[Person], *, today: date) -> Iterator[Thing]:
    """Everything that agencies were asked for, have not answered and cannot see, over all reviews, in two queries."""
    rows = asked_everywhere(session)
    pairs = {(row.review_id, row.agency_id) for row in rows}
    lacking = unseated(pairs, people, left=left_behind(session), on=today)
    for row in rows:
        if (row.review_id, row.agency_id) in lacking and _answered_by_seats(Stage(row.stage)):
            yield Thing(
                kind=Kind.SEAT,
                subject_id=row.id,
                review_id=row.review_id,
                reference=row.reference,
                stage=Stage(row.stage),
                what=ASKED_FOR[row.kind],
                path=f"/reviews/{row.reference}/members?agency={row.agency_id}",
                agency_id=row.agency_id,
                agency=row.agency,
            )


def _answered_by_seats(stage: Stage) -> bool:
    return stage in stages_open(Role.AGENCY_CONTRIBUTOR, "review.reach")


def _lacks_a_seat(
    review_id: UUID, agency_id: UUID, of_agency: Sequence[Person], on: date, left: frozenset[Pair]
) -> bool:
    there = [one for one in of_agency if review_id not in one.conflicts]
    seated = any(seat.holds(on) for one in there for seat in one.seats_on(review_id))
    return (bool(there) or (review_id, agency_id) in left) and not seated
