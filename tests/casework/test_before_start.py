"""What is asked of somebody before their seat opens: whether they know anybody, then the undertaking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dhr_app.casework import block_list, membership, reminding
from dhr_app.casework.before_start import Asked, DeclarationEntry, before_start, declare, sign, waiting_for
from dhr_app.casework.block_list_page import block_list_page
from dhr_app.casework.case_list import Filters, case_list
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.desk import desk
from dhr_app.casework.house import at_work, house
from dhr_app.casework.review_page import review_page
from dhr_app.casework.scoping_page import scoping_page
from dhr_app.database.keyring import announce
from dhr_app.database.models import Conflict, Declaration, Membership, Signature, UndertakingText
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over, SeatShut
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.reminders import AGREEMENT
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County

NO, YES = DeclarationEntry("none"), DeclarationEntry("conflict", "He is my cousin.")
UNSURE = DeclarationEntry("unsure", "I was at school with somebody of that name.")


def shut_seat(case: Case, role: Role = Role.INDEPENDENT_CHAIR) -> Person:
    """A seat as the coordinator gives it: its holder has answered nothing yet."""
    by, at = case.county.coordinator, case.wait(minutes=1)
    membership.join(case.reference, case.county.who(role).id, by=by, at=at)
    return case.county.who(role)


def say(case: Case, entry: DeclarationEntry, role: Role = Role.INDEPENDENT_CHAIR) -> Person:
    declare(case.reference, entry, by=case.county.who(role), at=case.wait(minutes=1))
    return case.county.who(role)


def undertake(case: Case, role: Role = Role.INDEPENDENT_CHAIR, version: int = 1) -> Person:
    sign(case.reference, version, by=case.county.who(role), at=case.wait(minutes=1))
    return case.county.who(role)


def asked(case: Case, role: Role = Role.INDEPENDENT_CHAIR) -> Asked:
    return before_start(case.reference, by=case.county.who(role), at=case.at).asked


@pytest.mark.parametrize("role", sorted(BY_MEMBERSHIP))
def test_a_seat_opens_once_its_holder_declared_and_signed(county: County, role: Role) -> None:
    case = county.review(Stage.PANEL)
    holder = shut_seat(case, role)
    for look in (review_page, scoping_page):
        with pytest.raises(SeatShut):
            look(case.reference, by=holder, at=case.at)
    assert case_list(Filters(), by=holder, at=case.at).lines == ()
    assert waiting_for(by=holder, at=case.at) == (case.reference,)
    assert asked(case, role) is Asked.DECLARE
    holder = say(case, NO, role)
    assert (asked(case, role), holder.memberships[0].is_open) == (Asked.SIGN, False)
    holder = undertake(case, role)
    assert (asked(case, role), holder.memberships[0].is_open) == (Asked.NOTHING, True)
    assert [line.reference for line in case_list(Filters(), by=holder, at=case.at).lines] == [case.reference]
    assert waiting_for(by=holder, at=case.at) == ()


def test_a_chair_whose_seat_is_shut_has_nothing_on_their_desk(county: County) -> None:
    case = county.review()
    assert desk(by=shut_seat(case), at=case.at) == ()


def test_it_is_signed_after_the_declaration_and_once(county: County) -> None:
    case = county.review()
    shut_seat(case)
    with pytest.raises(Invalid, match="First say whether"):
        undertake(case)
    say(case, NO)
    with pytest.raises(Invalid, match="has changed since you opened this page"):
        undertake(case, version=2)
    assert case.rows(Signature) == []
    undertake(case)
    with pytest.raises(Over):
        undertake(case)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (DeclarationEntry(), "Say whether you know anybody in this review."),
        (DeclarationEntry("perhaps", "x"), "Say whether you know anybody in this review."),
        (DeclarationEntry("unsure", "  "), "Say whom you may know, and how: somebody has to decide by it."),
    ],
)
def test_what_is_no_answer_is_not_taken(county: County, entry: DeclarationEntry, sentence: str) -> None:
    case = county.review()
    shut_seat(case)
    with pytest.raises(Invalid) as refusal:
        say(case, entry)
    assert list(refusal.value.fields.values()) == [sentence]
    assert case.rows(Declaration) == []


def test_a_conflict_shuts_at_once_and_ends_the_seat(county: County) -> None:
    case = county.review()
    case.seat(Role.INDEPENDENT_CHAIR)
    barred = say(case, YES)
    assert (barred.conflicts, barred.memberships) == (frozenset({case.row.id}), ())
    with pytest.raises(OutOfReach) as refusal:
        review_page(case.reference, by=barred, at=case.at)
    assert not isinstance(refusal.value, SeatShut)
    with pytest.raises(OutOfReach):
        before_start(case.reference, by=barred, at=case.at)
    (row,) = case.rows(Conflict)
    assert (row.why, row.entered_by_id) == ("declared", barred.id)
    assert case.happened("declaration", "conflict", "member_left")[-3:] == [
        Happened.DECLARATION_MADE, Happened.CONFLICT_ENTERED, Happened.MEMBER_LEFT,
    ]  # fmt: skip
    assert [seat.to_on for seat in case.rows(Membership)] == [case.today]


def test_whoever_is_not_sure_waits_for_somebody_else_to_decide(county: County) -> None:
    case = county.review()
    shut_seat(case)
    person = say(case, UNSURE)
    assert asked(case) is Asked.WAIT
    with pytest.raises(Invalid):
        undertake(case)
    (line,) = what_needs_you(by=county.coordinator, at=case.at).under(AGREEMENT)
    assert (line.reference, line.path) == (case.reference, f"/reviews/{case.reference}/conflicts")
    (one,) = block_list_page(case.reference, by=county.chair, at=case.at).unsure
    assert (one.note, one.who.startswith(person.name)) == (UNSURE.note, True)
    block_list.decide(case.reference, one.id, take_part=True, by=county.chair, at=case.wait(minutes=1))
    assert asked(case) is Asked.SIGN
    assert undertake(case).memberships[0].is_open
    assert what_needs_you(by=county.coordinator, at=case.at).under(AGREEMENT) == ()
    with pytest.raises(Over):
        block_list.decide(case.reference, one.id, take_part=False, by=county.coordinator, at=case.wait(minutes=1))


def test_whoever_is_decided_against_is_barred(county: County) -> None:
    case = county.review()
    shut_seat(case)
    say(case, UNSURE)
    (row,) = case.rows(Declaration)
    block_list.decide(case.reference, row.id, take_part=False, by=county.coordinator, at=case.wait(minutes=1))
    assert county.who(Role.INDEPENDENT_CHAIR).conflicts == {case.row.id}


def test_nobody_decides_about_themselves_nor_hears_that_they_wait(county: County) -> None:
    case = county.review()
    say(case, UNSURE, Role.COORDINATOR)
    (row,) = case.rows(Declaration)
    with pytest.raises(NotAllowed):
        block_list.decide(case.reference, row.id, take_part=True, by=county.coordinator, at=case.wait(minutes=1))
    assert what_needs_you(by=county.coordinator, at=case.at).under(AGREEMENT) == ()
    told = reminding.remind(house(), case.today, dry_run=True, at=case.at).digests
    assert {each.person.id for each in told if case.reference in each.body} >= {county.chair.id}


def test_what_somebody_wrote_of_whom_they_know_is_sealed_and_not_theirs_to_open(county: County) -> None:
    case = county.review()
    shut_seat(case)
    person = say(case, UNSURE)
    (row,) = case.rows(Declaration)
    assert not county.house.keyring(person, at=case.at).may_open(case.row.id, DataClass.WORKING_PAPERS)
    with county.house.with_keys(county.coordinator, at=case.at), county.house.reading() as session:
        announce(case.row.id, [DataClass.WORKING_PAPERS], at=case.at)
        assert session.get_one(Declaration, row.id).note == UNSURE.note


def test_it_may_be_said_again_and_the_newest_stands(county: County) -> None:
    case = county.review()
    case.seat(Role.INDEPENDENT_CHAIR)
    assert say(case, NO).memberships[0].is_open
    shut = say(case, UNSURE)
    assert not shut.memberships[0].is_open
    assert not say(case, DeclarationEntry("unsure", "We were in one form.")).memberships[0].is_open
    assert [row.replaced_at is None for row in sorted(case.rows(Declaration), key=lambda row: row.declared_at)] == [
        False, False, False, True,
    ]  # fmt: skip


def test_whoever_was_not_sure_does_not_let_themselves_in_by_saying_no_afterwards(county: County) -> None:
    case = county.review()
    case.seat(Role.INDEPENDENT_CHAIR)
    say(case, UNSURE)
    with pytest.raises(Invalid) as refused:
        say(case, NO)
    assert "somebody else decides" in refused.value.fields["answer"]
    assert not county.who(Role.INDEPENDENT_CHAIR).memberships[0].is_open
    (one,) = block_list_page(case.reference, by=county.chair, at=case.at).unsure
    assert one.note == UNSURE.note  # it has not gone from the list of whoever decides
    block_list.decide(case.reference, one.id, take_part=True, by=county.chair, at=case.wait(minutes=1))
    assert say(case, NO).memberships[0].is_open  # signed before


@pytest.fixture
def changed_text(county: County) -> Iterator[None]:
    """The undertaking’s words were changed, as after a new version of its file."""
    book = county.house.rule_book
    text = replace(book.undertaking, version=2, paragraphs=(*book.undertaking.paragraphs, "I will lock my screen."))
    with at_work(replace(county.house, rule_book=replace(book, undertaking=text))):
        yield


def test_another_text_shuts_every_seat_until_it_is_signed(county: County, request: pytest.FixtureRequest) -> None:
    case = county.review()
    assert case.seat(Role.INDEPENDENT_CHAIR).memberships[0].is_open
    request.getfixturevalue("changed_text")
    with pytest.raises(SeatShut):
        review_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    assert asked(case) is Asked.SIGN
    assert undertake(case, version=2).memberships[0].is_open
    with county.house.reading() as session:
        assert sorted(row.number for row in session.query(UndertakingText).order_by(UndertakingText.number)) == [1, 2]


def test_a_seat_on_another_review_opens_nothing_here(county: County) -> None:
    case, other = county.review(), county.review()
    other.seat(Role.INDEPENDENT_CHAIR)
    shut_seat(case)
    with pytest.raises(SeatShut):
        review_page(case.reference, by=county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    with pytest.raises(OutOfReach):
        before_start(other.reference, by=county.who(Role.PANEL_MEMBER), at=case.at)
