"""Whoever was appointed leaves: their access ends at once, and a chair who left is replaced by the next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dhr_app.casework.leaving import take_back_leaving
from dhr_app.casework.membership import leave
from dhr_app.casework.panel_page import AppointmentLine, PanelPage, panel_page
from dhr_app.casework.review_page import review_page
from dhr_app.database.models import Appointment, Membership, MoveMade
from dhr_app.workflows.errors import Invalid, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.panels import appoint, correct, end
from tests.reviews import Case, County
from tests.seating import open_seat

REPLACING = {"access_ended", "papers_returned", "interim_holder_named", "new_independence_declared"}


@pytest.fixture
def case(bare_county: County) -> Case:
    """A review that has just been commissioned."""
    return bare_county.review(Stage.PANEL)


def page_of(case: Case) -> PanelPage:
    return panel_page(case.reference, by=case.county.coordinator, at=case.at)


def line_of(case: Case, holder: str = "Septimus Hale") -> AppointmentLine:
    (line,) = [line for line in page_of(case).appointments if line.holder == holder]
    return line


def open_ones(case: Case) -> set[str]:
    """What the move still waits for, of what rests on these records."""
    return set(case.needed("replace_chair")) & REPLACING


def refused(case: Case, row_id: Any, **entry: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        end(case, row_id, **entry)
    return dict(refusal.value.fields)


def test_a_chair_who_left_reaches_the_review_no_longer_from_that_moment(case: Case) -> None:
    row_id = appoint(case, account_id=case.county.who(Role.INDEPENDENT_CHAIR).id)
    open_seat(case.reference, case.county.who(Role.INDEPENDENT_CHAIR).id, at=case.wait(minutes=1))
    review_page(case.reference, by=case.county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    case.wait(days=9)
    end(case, row_id)
    with pytest.raises(OutOfReach):
        review_page(case.reference, by=case.county.who(Role.INDEPENDENT_CHAIR), at=case.at)
    (seat,) = case.rows(Membership)
    assert (seat.to_on, seat.ended_at is not None) == (case.today, True)
    assert (line_of(case).ended_on, line_of(case).access_ended_on, line_of(case).reaches) == (
        case.today, case.today, False,
    )  # fmt: skip


def test_where_it_was_recorded_late_the_page_says_until_when_they_still_had_access(case: Case) -> None:
    row_id = appoint(case, account_id=case.county.who(Role.INDEPENDENT_CHAIR).id)
    left = case.today
    case.wait(days=9)
    end(case, row_id, ended_on=left)
    assert (line_of(case).ended_on, line_of(case).access_ended_on) == (left, case.today)


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"ended_on": None}, "ended_on", "Give the day on which they left."),
        ({"ended_on": date(2027, 1, 1)}, "ended_on", "1 January 2027 has not come yet: check the day."),
        ({"ended_because": "moved"}, "ended_because", "Choose from the list."),
        ({"papers_returned_on": date(2027, 1, 1)}, "papers_returned_on",
         "1 January 2027 has not come yet: check the day."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    case: Case, entry: dict[str, Any], field: str, sentence: str
) -> None:
    row_id = appoint(case)
    assert refused(case, row_id, **entry) == {field: sentence}
    assert line_of(case).ended_on is None


def test_nobody_leaves_or_returns_papers_before_they_were_appointed(case: Case) -> None:
    row_id = appoint(case)
    before = case.today - timedelta(days=1)
    assert set(refused(case, row_id, ended_on=before, papers_returned_on=before)) == {"ended_on", "papers_returned_on"}
    end(case, row_id)
    with pytest.raises(Invalid) as refusal:
        correct(case, row_id, appointed_on=case.today + timedelta(days=1))
    assert set(refusal.value.fields) == {"appointed_on"}


def test_papers_that_come_back_later_are_added_and_a_newer_seat_of_the_same_person_stays(case: Case) -> None:
    account_id = case.county.who(Role.INDEPENDENT_CHAIR).id
    row_id = appoint(case, account_id=account_id)
    end(case, row_id, papers_returned_on=None, interim_holder="")
    assert open_ones(case) == REPLACING - {"access_ended"}
    appoint(case, account_id=account_id)
    case.wait(days=2)
    end(case, row_id, papers_returned_on=case.today)
    assert open_ones(case) == {"interim_holder_named"}
    assert [row.to_on for row in case.rows(Membership) if row.to_on is None] == [None]


def test_the_second_to_save_is_shown_both_texts(case: Case) -> None:
    row_id = appoint(case)
    end(case, row_id, interim_holder="Ann Thorne")
    with pytest.raises(Stale) as stale:
        end(case, row_id, 1, interim_holder="Mark Thorne")
    assert stale.value.theirs == {"interim_holder": "Ann Thorne"}


class TestTakenBack:
    def take_back(self, case: Case, row_id: Any) -> None:
        take_back_leaving(case.reference, row_id, by=case.county.coordinator, at=case.wait(minutes=1))

    def test_whoever_did_not_leave_is_in_office_and_reaches_the_review_again(self, case: Case) -> None:
        row_id = appoint(case, account_id=case.county.who(Role.INDEPENDENT_CHAIR).id)
        open_seat(case.reference, case.county.who(Role.INDEPENDENT_CHAIR).id, at=case.wait(minutes=1))
        end(case, row_id)
        self.take_back(case, row_id)
        assert (line_of(case).ended_on, line_of(case).reaches) == (None, True)
        assert open_ones(case) == REPLACING
        review_page(case.reference, by=case.county.who(Role.INDEPENDENT_CHAIR), at=case.at)

    def test_not_while_another_chair_is_in_office_and_not_twice(self, case: Case) -> None:
        row_id = appoint(case)
        with pytest.raises(Invalid):
            self.take_back(case, row_id)
        end(case, row_id)
        appoint(case, holder="Lettice Boyce")
        with pytest.raises(Invalid) as refusal:
            self.take_back(case, row_id)
        assert set(refusal.value.fields) == {"role"}
        assert line_of(case).ended_on is not None

    def test_not_once_the_replacement_rests_on_it_nor_is_it_a_mistake_then(self, case: Case) -> None:
        case.take("replace_chair")
        (former,) = [row for row in case.rows(Appointment) if row.ended_on]
        with pytest.raises(Invalid) as refusal:
            self.take_back(case, former.id)
        assert set(refusal.value.fields) == {"ended_on"}
        assert set(refused(case, former.id, ended_because="mistake")) == {"ended_because"}


class TestReplacingTheChair:
    def test_step_by_step_each_thing_that_is_missing_is_named(self, case: Case) -> None:
        former, new = case.county.who(Role.INDEPENDENT_CHAIR), case.county.who(Role.INDEPENDENT_CHAIR, 2)
        first = appoint(case, account_id=former.id)
        assert open_ones(case) == REPLACING
        assert not page_of(case).may_replace
        case.wait(days=30)
        end(case, first, papers_returned_on=None, interim_holder="")
        assert open_ones(case) == REPLACING - {"access_ended"}
        end(case, first, papers_returned_on=case.today, interim_holder="Ann Thorne, steering group")
        assert open_ones(case) == {"new_independence_declared"}
        with pytest.raises(NotYet):
            case.move("replace_chair")
        second = appoint(case, holder="Lettice Boyce", account_id=new.id, independence_declared_on=None, declaration="")
        assert open_ones(case) == {"new_independence_declared"}
        correct(case, second, independence_declared_on=case.today, declaration="No tie to anybody.")
        assert open_ones(case) == set()
        assert page_of(case).may_replace
        case.tell("family", about="replace_chair")
        case.move("replace_chair")
        (move,) = [row for row in case.rows(MoveMade) if row.name == "replace_chair"]
        assert move.answers == {**dict.fromkeys(REPLACING, "done"), "family_told": "done"}
        assert [row.account_id for row in case.rows(Membership) if row.to_on is None] == [new.id]

    def test_the_next_replacement_asks_everything_again(self, case: Case) -> None:
        author = appoint(case, role="report_author", holder="Francis Hale")
        end(case, author)
        case.take("replace_chair")
        (former,) = [row for row in case.rows(Appointment) if row.role == "independent_chair" and row.ended_on]
        used = {row.role: row.used_by for row in case.rows(Appointment) if row.ended_on}
        assert used["independent_chair"] is not None
        assert used["report_author"] is None  # their leaving is none of the chair's replacement
        assert line_of(case, former.holder).replaced
        assert open_ones(case) == REPLACING
        assert not page_of(case).may_replace
        (in_office,) = [row.id for row in case.rows(Appointment) if row.ended_on is None]
        case.wait(days=5)
        end(case, in_office)
        appoint(case, holder="Grace Boyce")
        case.take("replace_chair")
        assert sum(row.name == "replace_chair" for row in case.rows(MoveMade)) == 2

    def test_an_appointment_entered_by_mistake_is_no_leaving(self, case: Case) -> None:
        row_id = appoint(case)
        end(case, row_id, ended_because="mistake")
        appoint(case, holder="Lettice Boyce")
        assert open_ones(case) == REPLACING
        assert (line_of(case).mistaken, page_of(case).may_replace) == (True, False)

    def test_access_has_not_ended_while_anybody_else_reaches_the_review_as_its_chair(self, case: Case) -> None:
        stray = case.seat(Role.INDEPENDENT_CHAIR)
        first = appoint(case)  # without naming their account
        end(case, first)
        appoint(case, holder="Lettice Boyce")
        assert open_ones(case) == {"access_ended"}
        assert page_of(case).strays == (stray.name,)
        (seat,) = case.rows(Membership)
        leave(case.reference, seat.id, by=case.county.coordinator, at=case.wait(minutes=1))
        assert open_ones(case) == set()
        assert page_of(case).strays == ()

    def test_without_an_account_there_is_no_access_to_end(self, case: Case) -> None:
        case.take("replace_chair")
        assert case.rows(Membership) == []
        assert page_of(case).chaired


def test_an_author_leaves_without_anybody_holding_the_review_meanwhile(case: Case) -> None:
    account = case.county.who(Role.REPORT_AUTHOR)
    row_id = appoint(case, role="report_author", holder="Francis Hale", account_id=account.id)
    end(case, row_id, interim_holder="")
    assert [row.to_on for row in case.rows(Membership)] == [case.today]
    assert case.facts().panel.leavers == 0


def test_nothing_of_an_appointment_is_ended_after_the_review_left_its_way(case: Case) -> None:
    row_id = appoint(case)
    case.take("withdraw")
    with pytest.raises(NotYet):
        end(case, row_id)
