"""A chair and an author are appointed and declare their independence; their account reaches the review meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dhr_app.casework.panel_page import new_appointment, open_appointment, panel_page
from dhr_app.casework.review_page import review_page
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.models import Account, Appointment, Conflict, Deadline, Membership
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.panels import appoint, correct, end, take_seat
from tests.records import stated_before
from tests.reviews import Case, County
from tests.seating import open_seat


@pytest.fixture
def case(bare_county: County) -> Case:
    """A review that has just been commissioned."""
    return bare_county.review(Stage.PANEL)


def refused(case: Case, **entry: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        appoint(case, **entry)
    return dict(refusal.value.fields)


def clock(case: Case, rule: str) -> Deadline:
    """The deadline of this rule that stands."""
    (found,) = [row for row in case.rows(Deadline) if row.rule == rule and row.ended_on is None]
    return found


def happened(case: Case) -> list[str]:
    return [entry.text for entry in timeline_page(case.reference, by=case.county.coordinator, at=case.at).entries]


def test_an_appointment_is_read_again_as_it_was_entered(case: Case) -> None:
    trained = case.today - timedelta(days=400)
    row_id = appoint(case, declaration="Worked for the county until 2009.", trained_on=trained)
    page = open_appointment(case.reference, row_id, by=case.county.coordinator, at=case.at)
    assert page.entry.declaration == "Worked for the county until 2009."
    assert (page.entry.holder, page.entry.trained_on, page.entry.independence_declared_on) == (
        "Septimus Hale", trained, case.today,
    )  # fmt: skip
    assert not set(case.needed("begin_report")) & {"chair_appointed", "independence_declared"}


def test_the_trail_tells_of_the_appointment_and_of_the_declaration_once(case: Case) -> None:
    row_id = appoint(case, independence_declared_on=None, declaration="")
    assert case.needed("begin_report")[0] == "independence_declared"
    correct(case, row_id, independence_declared_on=case.today, declaration="No tie to anybody.")
    correct(case, row_id, declaration="No tie to anybody, past or present.")
    told = [title for title in happened(case) if "ndependen" in title or "appoint" in title]
    assert sorted(told) == [
        "Independent chair declared their independence",
        "Independent chair was appointed",
        "The record of an appointment was corrected: independent chair",
        "The record of an appointment was corrected: independent chair",
    ]


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ({"role": "panel_member"}, "role", "Say as what they are appointed."),
        ({"holder": " "}, "holder", "Give their name."),
        ({"organisation": ""}, "organisation", "Say where they come from, or that they work for themselves."),
        ({"appointed_on": None}, "appointed_on", "Give the day of the appointment."),
        ({"appointed_on": date(2027, 1, 1)}, "appointed_on", "1 January 2027 has not come yet: check the day."),
        ({"appointed_on": date(2011, 4, 12)}, "appointed_on",
         "There were no reviews before 13 April 2011: check the year."),
        ({"independence_declared_on": None}, "independence_declared_on", "Give the day of the declaration."),
        ({"declaration": ""}, "declaration", "Say what they declared, and where it is kept."),
        ({"trained_on": date(2027, 1, 1)}, "trained_on", "1 January 2027 has not come yet: check the day."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_said_beside_its_field(
    case: Case, entry: dict[str, Any], field: str, sentence: str
) -> None:
    assert refused(case, **entry) == {field: sentence}
    assert case.rows(Appointment) == []


class TestTheirAccount:
    def test_it_reaches_the_review_from_the_appointment_on(self, case: Case) -> None:
        with pytest.raises(OutOfReach):
            review_page(case.reference, by=case.county.who(Role.INDEPENDENT_CHAIR), at=case.at)
        chair = case.county.who(Role.INDEPENDENT_CHAIR)
        appoint(case, account_id=chair.id)
        open_seat(case.reference, chair.id, at=case.wait(minutes=1))
        review_page(case.reference, by=case.county.who(Role.INDEPENDENT_CHAIR), at=case.at)
        assert "Independent chair joined the review" in happened(case)

    def test_whoever_has_a_seat_already_keeps_it_and_is_given_no_second(self, case: Case) -> None:
        chair = case.seat(Role.INDEPENDENT_CHAIR)
        appoint(case, account_id=chair.id)
        assert [row.to_on for row in case.rows(Membership)] == [None]

    def test_it_is_one_that_fits_the_appointment(self, case: Case) -> None:
        author = case.county.who(Role.REPORT_AUTHOR)
        assert refused(case, account_id=author.id) == {
            "account_id": "This is the account of a report author: choose one that fits the appointment, or none."
        }
        assert refused(case, account_id=uuid4()) == {"account_id": "Choose a person from the list."}
        appoint(case, role="report_author", holder="Francis Hale", account_id=author.id)
        assert refused(case, role="report_author", account_id=author.id) == {
            "account_id": "They are in office already."
        }

    def test_a_conflict_of_interest_bars_it_and_it_is_not_offered(self, case: Case) -> None:
        chair = case.county.who(Role.INDEPENDENT_CHAIR)
        blocked = case.county.who(Role.INDEPENDENT_CHAIR, 2)
        with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
            session.add(Conflict(account_id=chair.id, review_id=case.row.id))
            session.get_one(Account, blocked.id).blocked_on = case.today
        assert refused(case, account_id=chair.id) == {
            "account_id": "A conflict of interest bars this person from the review."
        }
        assert refused(case, account_id=blocked.id) == {"account_id": "Choose a person from the list."}
        assert new_appointment(case.reference, by=case.county.coordinator, at=case.at).accounts == ()

    def test_another_account_in_a_correction_takes_over_the_seat(self, case: Case) -> None:
        wrong, right = case.county.who(Role.INDEPENDENT_CHAIR), case.county.who(Role.INDEPENDENT_CHAIR, 2)
        row_id = appoint(case, account_id=wrong.id)
        correct(case, row_id, account_id=right.id)
        assert [row.account_id for row in case.rows(Membership) if row.to_on is None] == [right.id]
        correct(case, row_id, account_id=None)
        assert [row.account_id for row in case.rows(Membership) if row.to_on is None] == []


class TestOneChairAtATime:
    def test_a_second_is_refused_until_the_first_has_left(self, case: Case) -> None:
        first = appoint(case)
        assert refused(case, holder="Lettice Boyce") == {
            "role": f"Septimus Hale has chaired the review since {_words(case.today)}: end that appointment first."
        }
        end(case, first)
        appoint(case, holder="Lettice Boyce")

    def test_authors_are_as_many_as_are_needed(self, case: Case) -> None:
        appoint(case)
        appoint(case, role="report_author", holder="Francis Hale")
        appoint(case, role="report_author", holder="Grace Boyce")
        assert len(case.rows(Appointment)) == 3

    def test_an_appointment_keeps_its_role(self, case: Case) -> None:
        row_id = appoint(case)
        with pytest.raises(Invalid) as refusal:
            correct(case, row_id, role="report_author")
        assert set(refusal.value.fields) == {"role"}


class TestIndependence:
    def test_nobody_chairs_who_sits_on_the_panel_for_an_agency(self, case: Case) -> None:
        take_seat(case, "Probation", brings="agency", representative="Septimus  HALE, head of service")
        (fault,) = refused(case).values()
        assert fault.startswith("Septimus Hale sits on the review panel for Probation Service, Barsetshire.")

    def test_nor_who_comes_from_an_agency_that_knew_somebody_involved_or_sits_on_the_panel(self, case: Case) -> None:
        take_seat(case, "Probation", brings="agency")
        assert set(refused(case, organisation="probation service, barsetshire")) == {"organisation"}
        appoint(case, organisation="Barsetshire Police")  # it was asked, and had nothing to return

    def test_nor_whose_account_belongs_to_such_an_agency(self, case: Case) -> None:
        take_seat(case, "Probation", brings="agency")
        chair = case.county.who(Role.INDEPENDENT_CHAIR)
        with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
            session.get_one(Account, chair.id).agency_id = case.county.agency("Probation")
        assert set(refused(case, account_id=chair.id)) == {"account_id"}

    def test_an_author_may_come_from_anywhere(self, case: Case) -> None:
        take_seat(case, "Probation", brings="agency", representative="Septimus Hale")
        appoint(case, role="report_author", organisation="Probation")


class TestTheDates:
    def test_a_chair_meets_the_date_that_waited_for_one_and_starts_the_next(self, case: Case) -> None:
        case.wait(days=5)
        on = case.today - timedelta(days=2)
        appoint(case, appointed_on=on)
        assert clock(case, "chair_appointed_due").met_on == on
        assert clock(case, "first_panel_due").anchor_on == on

    def test_an_author_does_not(self, case: Case) -> None:
        appoint(case, role="report_author")
        assert clock(case, "chair_appointed_due").met_on is None

    def test_a_corrected_day_is_the_day_it_was_met_on_and_the_next_counts_from(self, case: Case) -> None:
        case.wait(days=5)
        row_id = appoint(case)
        before = case.today - timedelta(days=4)
        correct(case, row_id, appointed_on=before)
        assert clock(case, "chair_appointed_due").met_on == before
        assert clock(case, "first_panel_due").anchor_on == before

    def test_a_second_chair_starts_no_first_meeting_again(self, case: Case) -> None:
        first = appoint(case)
        begun = clock(case, "first_panel_due").anchor_on
        case.wait(days=40)
        end(case, first)
        appoint(case, holder="Lettice Boyce")
        assert clock(case, "first_panel_due").anchor_on == begun
        assert clock(case, "chair_appointed_due").met_on == begun

    def test_a_chair_who_was_never_appointed_is_waited_for_again(self, case: Case) -> None:
        row_id = appoint(case)
        end(case, row_id, ended_because="mistake", papers_returned_on=None, interim_holder="")
        assert clock(case, "chair_appointed_due").met_on is None
        assert [row for row in case.rows(Deadline) if row.rule == "first_panel_due" and row.ended_on is None] == []
        assert "Independent chair left the review" not in happened(case)
        end(case, row_id, ended_because="stepped_down")
        assert clock(case, "first_panel_due").anchor_on == case.today

    def test_a_mistake_beside_a_true_chair_changes_no_date(self, case: Case) -> None:
        first = appoint(case)
        case.wait(days=3)
        end(case, first)
        mistaken = appoint(case, holder="Lettice Boyce")
        met, begun = clock(case, "chair_appointed_due").met_on, clock(case, "first_panel_due").anchor_on
        end(case, mistaken, ended_because="mistake")
        assert (clock(case, "chair_appointed_due").met_on, clock(case, "first_panel_due").anchor_on) == (met, begun)


def test_a_statement_made_before_there_was_a_record_goes_on_counting(case: Case) -> None:
    stated_before(case, "chair_appointed", "independence_declared", "specialist_on_panel")
    open_ones = set(case.needed("begin_report"))
    assert not open_ones & {"chair_appointed", "independence_declared", "specialist_on_panel"}


class TestWhoMay:
    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR, Role.ADMINISTRATOR}))
    def test_only_the_coordinator_appoints(self, case: Case, role: Role) -> None:
        by = case.seat(role) if role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR) else case.county.who(role)
        with pytest.raises((NotAllowed, OutOfReach)):
            new_appointment(case.reference, by=by, at=case.at)

    def test_what_was_declared_is_read_by_those_who_read_working_papers(self, case: Case) -> None:
        row_id = appoint(case)
        chair = case.seat(Role.INDEPENDENT_CHAIR)
        for by in (case.county.chair, chair):
            page = open_appointment(case.reference, row_id, by=by, at=case.at)
            assert (page.entry.declaration, page.may_change, page.accounts) == ("No tie to them.", False, ())
        member = case.seat(Role.PANEL_MEMBER)
        for by in (case.county.who(Role.AUDITOR), member):
            with pytest.raises(NotAllowed):
                open_appointment(case.reference, row_id, by=by, at=case.at)
        assert panel_page(case.reference, by=member, at=case.at).appointments
        with pytest.raises(NotAllowed):
            panel_page(case.reference, by=case.county.who(Role.AUDITOR), at=case.at)

    def test_an_appointment_of_another_review_is_out_of_reach(self, case: Case) -> None:
        row_id = appoint(case)
        other = case.county.review(Stage.PANEL)
        with pytest.raises(OutOfReach):
            correct(other, row_id, 1)
        with pytest.raises(OutOfReach):
            end(other, row_id, 1)


def test_the_second_to_save_is_shown_both_texts(case: Case) -> None:
    row_id = appoint(case)
    correct(case, row_id, 1, holder="Septimus Haile")
    with pytest.raises(Stale) as stale:
        correct(case, row_id, 1, holder="Septimus Hall")
    assert (stale.value.theirs, stale.value.yours) == ({"holder": "Septimus Haile"}, {"holder": "Septimus Hall"})


@pytest.mark.parametrize("stage", [Stage.NOTIFICATION, Stage.SCOPING, Stage.NOT_REVIEWED, Stage.VOID, Stage.WITHDRAWN])
def test_nobody_is_appointed_before_the_review_is_commissioned_nor_after_its_end(
    bare_county: County, stage: Stage
) -> None:
    case = bare_county.review(stage)
    with pytest.raises(NotYet):
        appoint(case)
    assert not panel_page(case.reference, by=bare_county.coordinator, at=case.at).commissioned


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
