"""Who sits on a review: in which role, for which agency, from when until when."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import membership
from dhr_app.casework.review_page import review_page
from dhr_app.database.models import Account, Conflict, Membership
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import seating
from tests.reviews import Case, County


def join(case: Case, person: Person) -> None:
    seating.join(case.reference, person.id, by=case.county.coordinator, at=case.wait(minutes=1))


def refused(case: Case, person: Person) -> str:
    with pytest.raises(Invalid) as refusal:
        join(case, person)
    return refusal.value.fields["account_id"]


def test_a_seat_opens_the_review_in_the_persons_own_role_and_for_their_own_agency(county: County) -> None:
    case = county.review(Stage.PANEL)
    with pytest.raises(OutOfReach):
        review_page(case.reference, by=county.who(Role.PANEL_MEMBER), at=case.at)
    join(case, county.who(Role.PANEL_MEMBER))
    review_page(case.reference, by=county.who(Role.PANEL_MEMBER), at=case.at)
    (line,) = membership.members_page(case.reference, by=county.coordinator, at=case.at).members
    assert (line.role, line.agency, line.from_on, line.to_on) == (
        Role.PANEL_MEMBER, "Barsetshire Police", case.today, None,
    )  # fmt: skip


def test_a_seat_that_ended_opens_nothing_from_that_moment_and_is_remembered(county: County) -> None:
    case = county.review()
    join(case, county.who(Role.INDEPENDENT_CHAIR))
    (row,) = case.rows(Membership)
    membership.leave(case.reference, row.id, by=county.coordinator, at=case.wait(days=2))
    with pytest.raises(OutOfReach):
        review_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    (line,) = membership.members_page(case.reference, by=county.coordinator, at=case.at).members
    assert (line.to_on, line.to_on - line.from_on if line.to_on else None) == (case.today, timedelta(days=2))


def test_a_seat_can_be_given_again_after_it_ended_but_not_ended_twice(county: County) -> None:
    case = county.review(Stage.PANEL)
    join(case, county.who(Role.INDEPENDENT_CHAIR))
    (row,) = case.rows(Membership)
    membership.leave(case.reference, row.id, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(OutOfReach):
        membership.leave(case.reference, row.id, by=county.coordinator, at=case.wait(minutes=1))
    join(case, county.who(Role.INDEPENDENT_CHAIR))
    review_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)


def test_who_cannot_be_given_a_seat(county: County) -> None:
    case = county.review()
    chair = county.who(Role.INDEPENDENT_CHAIR)
    join(case, chair)
    assert refused(case, chair) == "This person sits on the review already."
    assert refused(case, county.who(Role.AUDITOR)) == "Choose a person from the list."
    with pytest.raises(Invalid):
        membership.join(case.reference, None, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(Invalid):
        membership.join(case.reference, uuid4(), by=county.coordinator, at=case.wait(minutes=1))


def test_a_conflict_of_interest_bars_a_person_from_a_seat(county: County) -> None:
    case, author = county.review(), county.who(Role.REPORT_AUTHOR)
    with county.house.transaction(by=county.coordinator, at=case.wait(minutes=1)) as session:
        session.add(Conflict(account_id=author.id, review_id=case.row.id))
    assert refused(case, author) == "A conflict of interest bars this person from the review."


def test_whoever_is_blocked_is_neither_offered_nor_taken(county: County) -> None:
    case, author = county.review(), county.who(Role.REPORT_AUTHOR)

    def offered() -> set[UUID]:
        page = membership.members_page(case.reference, by=county.coordinator, at=case.at)
        return {one.id for one in page.candidates}

    assert author.id in offered()
    assert county.who(Role.AUDITOR).id not in offered()
    with county.house.transaction(by=county.coordinator, at=case.wait(minutes=1)) as session:
        session.get_one(Account, author.id).blocked_on = case.today
    assert author.id not in offered()
    assert refused(case, author) == "Choose a person from the list."


def test_whoever_sees_the_review_sees_its_members_and_only_a_coordinator_changes_them(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    page = membership.members_page(case.reference, by=county.who(Role.PANEL_MEMBER), at=case.at)
    assert (len(page.members), page.candidates, page.may_change) == (4, (), False)
    row = case.rows(Membership)[0]
    for role in (Role.STEERING_CHAIR, Role.INDEPENDENT_CHAIR):
        with pytest.raises(NotAllowed):
            membership.leave(case.reference, row.id, by=county.who(role), at=case.wait(minutes=1))
        with pytest.raises(NotAllowed):
            membership.join(case.reference, row.account_id, by=county.who(role), at=case.wait(minutes=1))
    with pytest.raises(NotAllowed):
        membership.members_page(case.reference, by=county.who(Role.AGENCY_CONTRIBUTOR), at=case.at)


def test_a_seat_of_another_review_is_out_of_reach(county: County) -> None:
    case, other = county.review(), county.review()
    join(case, county.who(Role.INDEPENDENT_CHAIR))
    (row,) = case.rows(Membership)
    with pytest.raises(OutOfReach):
        membership.leave(other.reference, row.id, by=county.coordinator, at=other.wait(minutes=1))


def test_a_voided_review_gives_no_seats(county: County) -> None:
    with pytest.raises(NotYet):
        join(county.review(Stage.VOID), county.who(Role.INDEPENDENT_CHAIR))
