"""Who can see a review as it stands, and that the list is looked through each time the stage changes."""

from __future__ import annotations

from uuid import UUID

import pytest

from dhr_app.casework import access
from dhr_app.casework.day import what_needs_you
from dhr_app.database.models import Account, Conflict, Membership
from dhr_app.workflows.errors import NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person, allows, may_open_once_proved
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.reminders import WHO_SEES
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests.queries import asked_by
from tests.reviews import Case, County


def page(case: Case, *, by: Person | None = None) -> access.AccessPage:
    return access.access_page(case.reference, by=by or case.county.coordinator, at=case.at)


def names(case: Case) -> set[str]:
    return {one.name for one in page(case).onlookers}


def bar(case: Case, account_id: UUID) -> None:
    with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
        row = Conflict(review_id=case.row.id, account_id=account_id)
        session.add(row)


def owed(case: Case) -> list[str]:
    day = what_needs_you(by=case.county.coordinator, at=case.at)
    return [line.reference for line in day.under(WHO_SEES)]


def test_it_names_exactly_those_who_reach_the_review_with_exactly_what_they_may_open(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    for role in Role:
        county.who(role)
        county.who(role, 2)  # of those who need a seat, these have none
    expected = {}
    for role in Role:
        for number in (1, 2):
            person = county.who(role, number)
            if allows(person, "review.reach", review_id=case.row.id, on=case.today):
                opens = {each for each in DataClass if may_open_once_proved(person, case.row.id, each, on=case.today)}
                expected[person.name] = {DETAILS_OPENED[each] for each in opens}
    found = {one.name: set(one.opens) - {access.OWN_AGENCY} for one in page(case).onlookers}
    assert found == expected
    assert county.who(Role.PANEL_MEMBER, 2).name not in found
    assert county.who(Role.ADMINISTRATOR).name not in found


def test_an_agency_opens_only_what_it_handed_in_itself(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    (contributor,) = [one for one in page(case).onlookers if one.role is Role.AGENCY_CONTRIBUTOR]
    assert contributor.opens == (access.OWN_AGENCY,)
    (member,) = [one for one in page(case).onlookers if one.role is Role.STEERING_MEMBER]
    assert DETAILS_OPENED[DataClass.IDENTITIES] not in member.opens


def test_those_with_a_seat_stand_with_its_first_day_and_those_by_office_with_none(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    for one in page(case).onlookers:
        assert (one.since is not None) is (one.role in BY_MEMBERSHIP)


def test_whoever_is_barred_blocked_or_has_left_is_not_on_the_list(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    chair, author, panel = (county.who(role) for role in (
        Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER))  # fmt: skip
    assert {chair.name, author.name, panel.name} <= names(case)
    bar(case, chair.id)
    with county.house.transaction(by=county.coordinator, at=case.wait(minutes=1)) as session:
        session.get_one(Account, author.id).blocked_on = case.today
        for row in case.rows(Membership):
            if row.account_id == panel.id:
                session.get_one(Membership, row.id).ended_at = case.at
    assert not {chair.name, author.name, panel.name} & names(case)
    assert page(case).barred == 1


def test_the_list_is_looked_through_each_time_the_stage_changes(county: County) -> None:
    case = county.review(Stage.SCOPING, seats=True)
    assert owed(case) == [case.reference]
    assert page(case).owed_since == case.today
    access.confirm(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    found = page(case)
    assert (found.owed_since, found.confirmed) == (None, access.Confirmed(county.coordinator.name, case.today))
    assert owed(case) == []
    assert Happened.ACCESS_CONFIRMED in [event.kind for event in case.events()]
    case.to(Stage.PANEL)
    assert page(case).owed_since is not None
    assert owed(case) == [case.reference]


def test_a_move_that_leaves_the_stage_asks_for_no_new_look(county: County) -> None:
    case = county.review(Stage.PANEL, seats=True)
    access.confirm(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    case.take("pause")
    assert page(case).owed_since is None
    assert owed(case) == []


def test_where_nobody_has_a_seat_there_is_nothing_to_look_through(county: County) -> None:
    case = county.review(Stage.SCOPING)
    assert owed(case) == []


def test_whoever_comes_second_reads_who_was_first(county: County) -> None:
    case = county.review(Stage.SCOPING, seats=True)
    access.confirm(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(Over, match=county.coordinator.name):
        access.confirm(case.reference, by=county.coordinator, at=case.wait(minutes=1))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_a_coordinator_confirms(county: County, role: Role) -> None:
    case = county.review(Stage.SCOPING, seats=True)
    with pytest.raises((NotAllowed, OutOfReach)):
        access.confirm(case.reference, by=county.who(role), at=case.wait(minutes=1))


def test_the_page_asks_as_much_whoever_sits_there(county: County) -> None:
    few, many = county.review(Stage.SCOPING), county.review(Stage.SCOPING, seats=True)
    assert asked_by(county.house, lambda: page(few)) == asked_by(county.house, lambda: page(many))
