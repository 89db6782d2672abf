"""The block list of a review: who is put on it, whom an address bars later, and how two people take somebody off."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dhr_app.casework import block_list, membership
from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.before_start import Asked, DeclarationEntry, before_start, declare
from dhr_app.casework.block_list_page import block_list_page
from dhr_app.casework.review_page import review_page
from dhr_app.database.models import Account, Conflict, Declaration, Membership
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over, SeatShut
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import OPERATOR, PASSWORD
from tests.reviews import Case, County
from tests.seating import holder

ADDRESS = "septimus.harding@barsetshire.example"


@pytest.fixture
def case(county: County) -> Case:
    """A review with nobody on its list."""
    return county.review()


def bar(case: Case, role: Role = Role.INDEPENDENT_CHAIR) -> Conflict:
    person = case.county.who(role)
    block_list.bar_account(case.reference, person.id, by=case.county.coordinator, at=case.wait(minutes=1))
    (row,) = [row for row in case.rows(Conflict) if row.account_id == person.id]
    assert isinstance(row, Conflict)
    return row


def bar_address(case: Case, address: str = ADDRESS) -> None:
    block_list.bar_address(case.reference, address, by=case.county.coordinator, at=case.wait(minutes=1))


def test_whoever_is_put_on_it_loses_their_seats_and_every_way_in(case: Case) -> None:
    case.seat(Role.INDEPENDENT_CHAIR)
    row = bar(case)
    person = case.county.who(Role.INDEPENDENT_CHAIR)
    assert (person.conflicts, person.memberships) == (frozenset({case.row.id}), ())
    assert (row.why, row.entered_by_name) == ("placed", case.county.coordinator.name)
    with pytest.raises(OutOfReach):
        review_page(case.reference, by=person, at=case.at)
    (line,) = block_list_page(case.reference, by=case.county.chair, at=case.at).barred
    assert (line.who, line.why) == (f"{person.name}, independent chair", "They were put on the list")


def test_who_cannot_be_put_on_it(case: Case) -> None:
    row = bar(case)
    for account_id, sentence in (
        (None, "Choose a person from the list."),
        (uuid4(), "Choose a person from the list."),
        (row.account_id, "They stand on the list already."),
    ):
        with pytest.raises(Invalid) as refusal:
            block_list.bar_account(case.reference, account_id, by=case.county.chair, at=case.wait(minutes=1))
        assert refusal.value.fields == {"account_id": sentence}
    assert len(case.rows(Conflict)) == 1


@pytest.mark.parametrize("address", ["", "septimus", "@", "septimus harding@barsetshire.example"])
def test_what_is_no_address_is_not_taken(case: Case, address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        bar_address(case, address)
    assert refusal.value.fields == {"email": "Enter one work e-mail address, like name@agency.example."}
    assert case.rows(Conflict) == []


def test_an_address_is_told_to_those_who_keep_the_list_and_stands_nowhere_in_clear(case: Case) -> None:
    bar_address(case)
    (line,) = block_list_page(case.reference, by=case.county.chair, at=case.at).barred
    assert line.who == f"{ADDRESS}, who has no account"
    (row,) = case.rows(Conflict)
    assert ADDRESS.encode() not in bytes(row.address_ct) + row.email_sha256
    with pytest.raises(Invalid, match="They stand on the list already"):
        bar_address(case, ADDRESS.upper())


def test_the_address_of_somebody_with_an_account_bars_the_account(case: Case) -> None:
    person = case.county.who(Role.AUDITOR)
    with case.county.house.reading() as session:
        email = session.get_one(Account, person.id).email
    bar_address(case, email)
    assert case.county.who(Role.AUDITOR).conflicts == {case.row.id}


def test_an_account_made_with_an_address_of_the_list_is_barred_from_that_review_alone(case: Case) -> None:
    bar_address(case)
    account_id = create_account(
        AccountEntry("Septimus Harding", ADDRESS, Role.STEERING_MEMBER, PASSWORD), by=OPERATOR, at=case.wait(minutes=1)
    )
    assert holder(account_id).conflicts == {case.row.id}
    (row,) = case.rows(Conflict)
    assert (row.why, case.happened("conflict_entered")) == ("taken_over", [Happened.CONFLICT_ENTERED] * 2)


def test_a_check_later_bars_too_and_ends_open_seats(case: Case) -> None:
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    bar_address(case)
    with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
        account = session.get_one(Account, chair.id)
        account.email = ADDRESS
        assert block_list.check(session, account) == 1
        assert block_list.check(session, account) == 0
    assert case.county.who(Role.INDEPENDENT_CHAIR).conflicts == {case.row.id}
    (seat,) = case.rows(Membership)
    assert seat.to_on == case.today


def test_two_people_take_somebody_off_and_they_are_asked_everything_anew(case: Case) -> None:
    county = case.county
    case.seat(Role.INDEPENDENT_CHAIR)
    declare(
        case.reference, DeclarationEntry("conflict"), by=county.who(Role.INDEPENDENT_CHAIR), at=case.wait(minutes=1)
    )
    (row,) = case.rows(Conflict)
    with pytest.raises(Invalid, match="Say why"):
        block_list.ask_off(case.reference, row.id, "", by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(Invalid, match="Nobody has asked yet"):
        block_list.take_off(case.reference, row.id, by=county.chair, at=case.wait(minutes=1))
    block_list.ask_off(case.reference, row.id, "looked_into", by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(Over):
        block_list.ask_off(case.reference, row.id, "mistaken", by=county.chair, at=case.wait(minutes=1))
    with pytest.raises(NotAllowed):
        block_list.take_off(case.reference, row.id, by=county.coordinator, at=case.wait(minutes=1))
    assert county.who(Role.INDEPENDENT_CHAIR).conflicts == {case.row.id}
    block_list.take_off(case.reference, row.id, by=county.chair, at=case.wait(minutes=1))
    assert case.rows(Conflict) == []
    assert case.happened("conflict_lift") == [Happened.CONFLICT_LIFT_ASKED, Happened.CONFLICT_LIFTED]
    person = county.who(Role.INDEPENDENT_CHAIR)
    assert (person.conflicts, person.memberships) == (frozenset(), ())
    membership.join(case.reference, person.id, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(SeatShut):
        review_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)


def test_what_they_had_said_before_somebody_else_put_them_there_stands_no_longer(case: Case) -> None:
    county, person = case.county, case.seat(Role.INDEPENDENT_CHAIR)
    row = bar(case)
    block_list.ask_off(case.reference, row.id, "looked_into", by=county.coordinator, at=case.wait(minutes=1))
    block_list.take_off(case.reference, row.id, by=county.chair, at=case.wait(minutes=1))
    membership.join(case.reference, person.id, by=county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(SeatShut):
        review_page(case.reference, by=holder(person.id), at=case.at)
    assert before_start(case.reference, by=holder(person.id), at=case.at).asked is Asked.DECLARE


def test_an_entry_of_another_review_is_out_of_reach(case: Case) -> None:
    row, other = bar(case), case.county.review()
    declare(case.reference, DeclarationEntry("unsure", "x"), by=case.county.who(Role.AUDITOR), at=case.wait(minutes=1))
    (said,) = case.rows(Declaration)
    by, at = case.county.coordinator, case.wait(minutes=1)
    with pytest.raises(OutOfReach):
        block_list.ask_off(other.reference, row.id, "mistaken", by=by, at=at)
    with pytest.raises(OutOfReach):
        block_list.take_off(other.reference, row.id, by=by, at=at)
    with pytest.raises(OutOfReach):
        block_list.decide(other.reference, said.id, take_part=True, by=by, at=at)


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.AUDITOR, Role.INDEPENDENT_CHAIR])
def test_it_is_kept_by_the_coordinator_and_the_steering_chair_alone(county: County, role: Role) -> None:
    case = county.review(Stage.PANEL)
    case.seat(Role.INDEPENDENT_CHAIR)
    person = case.county.who(role)
    with pytest.raises(NotAllowed):
        block_list_page(case.reference, by=person, at=case.at)
    with pytest.raises(NotAllowed):
        block_list.bar_address(case.reference, ADDRESS, by=person, at=case.wait(minutes=1))
