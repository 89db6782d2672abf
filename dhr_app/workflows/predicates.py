"""The named predicates that GRANTS is made of: each asks one thing of a person, on a review, on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from dhr_app.workflows.emergency import MAY_ASK
from dhr_app.workflows.person import Membership, Person
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.windows import stages_open


class Query(NamedTuple):
    """One question to a predicate: who, on which review, for which agency's thing, on which day.

    `what` is the permission or the class of data that is asked for; None asks whatever the stage of the review.
    """

    person: Person
    review_id: UUID | None
    agency_id: UUID | None
    on: date
    what: str | None

    def on_review_as(self, *roles: Role) -> bool:
        """Whether the person sits on the review in one of these roles, and their seat opens what is asked for."""
        return any(m.role in roles and self.opened_by(m) for m in self.person.seats_on(self.review_id))

    def opened_by(self, seat: Membership) -> bool:
        """Whether a seat is open on the day, and opens what is asked for at the stage of its review."""
        return seat.opens(self.on) and (self.what is None or seat.stage in stages_open(seat.role, self.what))


Predicate = Callable[[Query], bool]


def anyone_signed_in(query: Query) -> bool:
    """anyone signed in"""
    return True


def a_coordinator(query: Query) -> bool:
    """a coordinator"""
    return query.person.role is Role.COORDINATOR


def the_steering_chair(query: Query) -> bool:
    """the steering group chair or the deputy"""
    return query.person.role in (Role.STEERING_CHAIR, Role.STEERING_DEPUTY)


def the_steering_group(query: Query) -> bool:
    """a member of the steering group, its chair or deputy"""
    return query.person.role in (Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER)


def an_auditor(query: Query) -> bool:
    """an auditor"""
    return query.person.role is Role.AUDITOR


def an_administrator(query: Query) -> bool:
    """an administrator"""
    return query.person.role is Role.ADMINISTRATOR


def a_chair_or_author(query: Query) -> bool:
    """an independent chair or a report author"""
    return query.person.role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR)


def a_panel_member(query: Query) -> bool:
    """a panel member, on a review or not"""
    return query.person.role is Role.PANEL_MEMBER


def an_agency_contributor(query: Query) -> bool:
    """an agency contributor"""
    return query.person.role is Role.AGENCY_CONTRIBUTOR and query.person.agency_id is not None


def contributor_of_the_agency(query: Query) -> bool:
    """a contributor of the agency, on a review or not"""
    return an_agency_contributor(query) and query.person.agency_id == query.agency_id


def on_reviews_by_membership(query: Query) -> bool:
    """a chair, author, panel member or contributor, for the reviews they are on"""
    return query.person.role in BY_MEMBERSHIP


def chair_of_the_review(query: Query) -> bool:
    """the independent chair of the review"""
    return query.on_review_as(Role.INDEPENDENT_CHAIR)


def author_of_the_review(query: Query) -> bool:
    """the report author of the review"""
    return query.on_review_as(Role.REPORT_AUTHOR)


def member_of_the_review(query: Query) -> bool:
    """a chair, author, panel member or agency contributor of the review"""
    return query.on_review_as(*BY_MEMBERSHIP)


def on_the_panel(query: Query) -> bool:
    """the independent chair, report author or a panel member of the review"""
    return query.on_review_as(Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER)


def holder_of_an_extra_grant(query: Query) -> bool:
    """whoever holds an extra grant on the review, while they have an open seat on it or an office that opens details"""
    granted = any(each.review_id == query.review_id and each.holds(query.on) for each in query.person.extra)
    return granted and (member_of_the_review(query) or a_coordinator(query) or the_steering_chair(query))


def contributor_for_the_agency(query: Query) -> bool:
    """an agency contributor of the review, for their own agency"""
    return any(
        m.role is Role.AGENCY_CONTRIBUTOR
        and m.agency_id is not None
        and m.agency_id == query.agency_id
        and query.opened_by(m)
        for m in query.person.seats_on(query.review_id)
    )


def seated_on_the_review(query: Query) -> bool:
    """whoever has a seat on the review, open or not, and no conflict of interest"""
    return query.review_id not in query.person.conflicts and any(
        m.holds(query.on) for m in query.person.seats_on(query.review_id)
    )


def in_an_emergency(query: Query) -> bool:
    """whoever has emergency access to the review, for sixty minutes"""
    person = query.person
    return person.role in MAY_ASK and any(each.review_id == query.review_id for each in person.emergencies)
