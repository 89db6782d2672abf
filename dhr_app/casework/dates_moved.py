"""What another list of bank holidays would move: every open date that is counted or rolled by working days.

Opens nothing. Dates that are met stay as they are; one that stands still on hold is counted when the review goes on;
one whose day 0 is sealed counts no working days. What is found here is what casework/bank_holidays.py then writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.family_dates import WORKING_DAYS_BEFORE_OTHERS
from dhr_app.casework.information_request import due_of
from dhr_app.casework.pinned_rules import pinned_rules
from dhr_app.casework.rows import agency_names
from dhr_app.database.facts import facts_of
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.models.publication import Publication
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import DutyOwed
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.deadlines import due
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.permissions import Person

BATCH = 200
AGENCIES_HEAR = "Agencies may hear of the publication"


@dataclass(frozen=True, order=True)
class MovedDate:
    """One date that moves. `reference` is a review’s, or names a request; `agency` is the agency that owes it.

    `row_id` is the row of a duty or a publication, whose date is kept in it; None where it is counted afresh each time.
    """

    reference: str
    was: date
    now: date
    what: str
    agency: str = ""
    review_id: UUID | None = field(default=None, compare=False)
    row_id: UUID | None = field(default=None, compare=False)
    about: frozenset[UUID] = field(default=frozenset(), compare=False)

    def seen_by(self, person: Person) -> bool:
        """Whether somebody may be told of it: not of what concerns only reviews they must not see."""
        about = self.about | ({self.review_id} if self.review_id else frozenset())
        return not about or not about <= person.conflicts


def moved_dates(session: NamedSession, was: Calendar, now: Calendar) -> tuple[MovedDate, ...]:
    """Every open date that is another under the second calendar, by reference and day. Raises CalendarEnds."""
    found = [
        *_deadlines(session, was, now), *_duties(session, was, now), *_publications(session, was, now),
        *_requests(session, was, now),
    ]  # fmt: skip
    return tuple(sorted(found))


def mark_of(moved: tuple[MovedDate, ...]) -> str:
    """A mark of what somebody was shown, so that nothing else is saved than that."""
    told = "\n".join(f"{one.reference} {one.what} {one.agency} {one.was} {one.now}" for one in moved)
    return sha256(told.encode()).hexdigest()[:16]


def _deadlines(session: NamedSession, was: Calendar, now: Calendar) -> Iterator[MovedDate]:
    running = select(Deadline.review_id).where(Deadline.met_on.is_(None), Deadline.ended_on.is_(None))
    rows = select(Review.id, Review.reference, Review.rule_set_id).where(Review.id.in_(running))
    reviews = session.execute(rows.order_by(Review.reference)).all()
    rule_sets = pinned_rules(session).rule_sets
    for first in range(0, len(reviews), BATCH):
        batch = reviews[first : first + BATCH]
        facts = facts_of(session, [row.id for row in batch])
        moved = []
        for row in batch:
            of, rules = facts[row.id], rule_sets[row.rule_set_id]
            before = {one.clock_id: one.due.on for one in dates_of(of, rules, was, today=of.notified_in_system_on)}
            for one in dates_of(of, rules, now, today=of.notified_in_system_on):
                then = before[one.clock_id]
                if one.waited_for and one.due.on and then and one.due.on != then:
                    moved.append((row, one, then))
        names = agency_names(session, [one.agency_id for _, one, _ in moved]) if moved else {}
        for row, one, then in moved:
            agency = names[one.agency_id] if one.agency_id else ""
            yield MovedDate(row.reference, then, one.due.on or then, one.rule.name, agency, row.id)


def _duties(session: NamedSession, was: Calendar, now: Calendar) -> Iterator[MovedDate]:
    rows = (
        select(
            DutyOwed.id, DutyOwed.review_id, DutyOwed.name, DutyOwed.since, DutyOwed.due_on, Review.reference,
            Review.rule_set_id,
        )
        .join(Review, Review.id == DutyOwed.review_id)
        .where(DutyOwed.settled_by_id.is_(None))
        .order_by(DutyOwed.due_on, DutyOwed.id)
    )  # fmt: skip
    rule_sets = pinned_rules(session).rule_sets
    for row in session.execute(rows):
        duty = DUTIES[row.name]
        rule = rule_sets[row.rule_set_id].deadline(duty.rule)
        on = due(rule, row.since, (), (), now).on
        if on and on != row.due_on and due(rule, row.since, (), (), was).on == row.due_on:
            yield MovedDate(row.reference, row.due_on, on, duty.sentence, "", row.review_id, row.id)


def _publications(session: NamedSession, was: Calendar, now: Calendar) -> Iterator[MovedDate]:
    """From when agencies may hear of a planned publication: working days after the family was told."""
    rows = (
        select(Publication.id, Publication.review_id, Publication.agencies_from, Review.reference)
        .join(Review, Review.id == Publication.review_id)
        .where(
            Publication.used_by.is_(None), Publication.published_on.is_(None), Publication.agencies_from.is_not(None)
        )
        .order_by(Publication.agencies_from, Publication.id)
    )
    for row in session.execute(rows):
        told = row.agencies_from
        for _ in range(WORKING_DAYS_BEFORE_OTHERS):
            told = was.last_working_day_before(told)
        on = now.add_working_days(told, WORKING_DAYS_BEFORE_OTHERS)
        if on != row.agencies_from:
            yield MovedDate(row.reference, row.agencies_from, on, AGENCIES_HEAR, "", row.review_id, row.id)


def _requests(session: NamedSession, was: Calendar, now: Calendar) -> Iterator[MovedDate]:
    rows = select(InformationRequest).where(InformationRequest.decision.is_(None))
    moved = []
    for row in session.scalars(rows.order_by(InformationRequest.number)):
        then, on = due_of(row, was).on, due_of(row, now).on
        if then and on and then != on:
            moved.append((row, then, on))
    about: dict[UUID, set[UUID]] = defaultdict(set)
    links = select(RequestReview.request_id, RequestReview.review_id).where(
        RequestReview.request_id.in_([row.id for row, *_ in moved])
    )
    for request_id, review_id in session.execute(links.order_by(RequestReview.review_id)) if moved else ():
        about[request_id].add(review_id)
    for row, then, on in moved:
        yield MovedDate(f"Request {row.number}", then, on, "The last day to answer", about=frozenset(about[row.id]))
