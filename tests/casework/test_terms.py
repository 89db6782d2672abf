"""The terms of reference: drafted, corrected, agreed by the panel; what is agreed stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import terms, terms_page
from dhr_app.casework.terms_page import TermsPage
from dhr_app.database.models import Deadline, Event, Terms
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import agree_terms, draft, hold
from tests.panels import appoint
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work."""
    case = county.review(Stage.PANEL)
    case.wait(days=30)
    return case


def page(case: Case) -> TermsPage:
    return terms_page.terms_page(case.reference, by=case.county.coordinator, at=case.at)


def correct(case: Case, terms_id: UUID, version: int | None = None, **changes: Any) -> None:
    shown = terms_page.open_terms(case.reference, terms_id, by=case.county.coordinator, at=case.at)
    entry = replace(shown.entry, **changes)
    version = shown.version if version is None else version
    terms.correct(case.reference, terms_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))


def told(case: Case) -> list[tuple[str, object]]:
    events = sorted(case.rows(Event), key=lambda one: (one.recorded_at, one.ordinal))
    return [(one.kind, one.details["number"]) for one in events if one.kind.startswith("terms")]


class TestADraft:
    def test_says_what_the_review_is_to_find_out_and_in_which_period(self, case: Case) -> None:
        draft(case)
        (shown,) = page(case).versions
        assert (shown.number, shown.state, shown.agreed_on) == (1, "draft", None)
        assert (shown.entry.period_from, shown.entry.period_to) == ("2018-09", "2025-12")
        assert shown.entry.lines_of_enquiry == "Who knew of the harm, and when?"
        assert told(case) == [("terms_drafted", 1)]

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"drafted_on": None},              {"drafted_on": "Give the day of this draft."}),
            ({"drafted_on": date(2027, 1, 1)},  {"drafted_on": "1 January 2027 has not come yet: check the day."}),
            ({"drafted_on": date(2009, 1, 1)},
             {"drafted_on": "There were no reviews before 13 April 2011: check the year."}),
            ({"period_from": "2026-99"},
             {"period_from": "Give a year, a month and year, or a whole date that exists."}),
            ({"period_to": "2031"},             {"period_to": "This has not come yet: check the day."}),
            ({"period_to": "2018-08-31"},       {"period_to": "The period cannot end before it begins."}),
            ({"lines_of_enquiry": " "},         {"lines_of_enquiry": "Say what the review is to find out."}),
        ],
    )  # fmt: skip
    def test_cannot_say_what_cannot_be(self, case: Case, changes: dict[str, Any], fields: dict[str, str]) -> None:
        with pytest.raises(Invalid) as refusal:
            draft(case, **changes)
        assert refusal.value.fields == fields
        assert case.rows(Terms) == []

    def test_may_leave_the_period_open_or_name_one_year(self, case: Case) -> None:
        draft(case, period_from="", period_to="2018")
        correct(case, case.rows(Terms)[0].id, period_from="2018-09")
        assert page(case).versions[0].entry.period_from == "2018-09"

    def test_is_corrected_until_it_is_agreed(self, case: Case) -> None:
        drafted = draft(case)
        correct(case, drafted, lines_of_enquiry="Was help within reach?")
        assert page(case).versions[0].entry.lines_of_enquiry == "Was help within reach?"
        agree_terms(case, drafted, version=2)
        with pytest.raises(Invalid) as refusal:
            correct(case, drafted, lines_of_enquiry="Something else")
        assert refusal.value.fields == {
            "terms": "Version 1 is agreed and is not changed any more: draft a new version."
        }
        assert told(case) == [("terms_drafted", 1), ("terms_changed", 1), ("terms_agreed", 1)]

    def test_saved_by_two_people_shows_the_second_both_texts(self, case: Case) -> None:
        drafted = draft(case)
        correct(case, drafted, lines_of_enquiry="Was help within reach?")
        with pytest.raises(Stale) as stale:
            correct(case, drafted, version=1, lines_of_enquiry="Who was told?")
        assert stale.value.theirs == {"lines_of_enquiry": "Was help within reach?"}

    def test_is_the_only_one_at_a_time(self, case: Case) -> None:
        draft(case)
        with pytest.raises(Invalid) as refusal:
            draft(case)
        assert refusal.value.fields == {
            "terms": "Version 1 is a draft still: correct it, or record that it was agreed."
        }

    def test_is_not_older_than_the_version_it_replaces(self, case: Case) -> None:
        agree_terms(case, draft(case))
        with pytest.raises(Invalid) as refusal:
            draft(case, drafted_on=case.today - timedelta(days=1))
        assert set(refusal.value.fields) == {"drafted_on"}

    def test_belongs_to_a_commissioned_review_that_is_open(self, county: County) -> None:
        for stage in (Stage.SCOPING, Stage.CLOSED):
            with pytest.raises(NotYet):
                draft(county.review(stage))


class TestAgreed:
    def test_at_a_meeting_of_the_panel_it_is_agreed_on_that_day(self, case: Case) -> None:
        held = hold(case)
        agree_terms(case, draft(case), meeting_id=held)
        (shown,) = page(case).versions
        assert (shown.state, shown.agreed_on, shown.meeting) == ("agreed", case.today, "Review panel, meeting 1")
        assert "terms_agreed" not in case.needed("begin_report")

    def test_without_a_meeting_it_is_agreed_on_a_day_of_its_own(self, case: Case) -> None:
        agree_terms(case, draft(case))
        (shown,) = page(case).versions
        assert (shown.agreed_on, shown.meeting) == (case.today, "")

    def test_it_meets_the_date_of_the_panels_first_meeting(self, case: Case) -> None:
        appoint(case)
        drafted = draft(case)
        case.wait(days=5)
        agree_terms(case, drafted)
        (clock,) = [row for row in case.rows(Deadline) if row.rule == "first_panel_due"]
        assert clock.met_on == case.today
        agree_terms(case, drafted, version=2, agreed_on=case.today - timedelta(days=2))
        (clock,) = [row for row in case.rows(Deadline) if row.rule == "first_panel_due"]
        assert clock.met_on == case.today - timedelta(days=2)

    def test_where_and_when_is_corrected_afterwards(self, case: Case) -> None:
        drafted = draft(case)
        agree_terms(case, drafted)
        agree_terms(case, drafted, version=2, meeting_id=hold(case))
        assert page(case).versions[0].meeting == "Review panel, meeting 1"
        with pytest.raises(Stale):
            agree_terms(case, drafted, version=2)
        assert told(case)[-2:] == [("terms_agreed", 1), ("terms_changed", 1)]

    def test_a_new_draft_takes_the_answer_away_until_it_is_agreed_too(self, case: Case) -> None:
        agree_terms(case, draft(case))
        again = draft(case)
        assert "terms_agreed" in case.needed("begin_report")
        agree_terms(case, again)
        assert "terms_agreed" not in case.needed("begin_report")
        assert [(one.number, one.state) for one in page(case).versions] == [(2, "agreed"), (1, "replaced")]

    def test_it_needs_a_day_or_a_meeting_of_the_panel(self, case: Case) -> None:
        drafted = draft(case)
        board = hold(case, "approving_body")
        earlier = hold(case, held_on=case.today - timedelta(days=3))
        today = hold(case)
        for entry, fields in (
            ({"agreed_on": None}, {"agreed_on": "Choose the meeting, or give the day."}),
            ({"agreed_on": date(2027, 1, 1)}, {"agreed_on": "1 January 2027 has not come yet: check the day."}),
            ({"agreed_on": case.today - timedelta(days=1)},
             {"agreed_on": f"Version 1 is of {case.today.day} February 2026: it cannot have been agreed earlier."}),
            ({"meeting_id": uuid4()}, {"meeting_id": "Choose a meeting of the review panel from the list."}),
            ({"meeting_id": board}, {"meeting_id": "Choose a meeting of the review panel from the list."}),
            ({"meeting_id": earlier},
             {"meeting_id": f"Version 1 is of {case.today.day} February 2026: it cannot have been agreed earlier."}),
            ({"meeting_id": today, "agreed_on": case.today - timedelta(days=2)},
             {"agreed_on": f"The meeting was on {case.today.day} February 2026: leave the day empty, "
                           "or give that one."}),
        ):  # fmt: skip
            with pytest.raises(Invalid) as refusal:
                agree_terms(case, drafted, **entry)
            assert refusal.value.fields == fields
        assert page(case).versions[0].state == "draft"


class TestWho:
    def test_the_panel_reads_and_the_chair_and_author_write(self, case: Case) -> None:
        drafted = draft(case)
        for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER):
            member = case.seat(role)
            assert terms_page.terms_page(case.reference, by=member, at=case.at).may_change == (
                role is not Role.PANEL_MEMBER
            )
        with pytest.raises(NotAllowed):
            terms_page.open_terms(case.reference, drafted, by=case.county.who(Role.PANEL_MEMBER), at=case.at)
        with pytest.raises(NotAllowed):
            terms_page.agreement_page(case.reference, drafted, by=case.county.chair, at=case.at)

    def test_an_auditor_and_a_contributor_see_none_of_it(self, case: Case) -> None:
        for person in (case.county.who(Role.AUDITOR), case.seat(Role.AGENCY_CONTRIBUTOR)):
            with pytest.raises(NotAllowed):
                terms_page.terms_page(case.reference, by=person, at=case.at)

    def test_another_reviews_terms_are_out_of_reach(self, case: Case) -> None:
        drafted = draft(case)
        other = case.county.review(at=case.at).to(Stage.PANEL)
        with pytest.raises(OutOfReach):
            terms_page.open_terms(other.reference, drafted, by=case.county.coordinator, at=other.at)
        with pytest.raises(OutOfReach):
            agree_terms(other, drafted)

    def test_the_next_draft_begins_with_the_last_words(self, case: Case) -> None:
        by = case.county.coordinator
        assert terms_page.open_last(case.reference, by=by, at=case.at) is None
        agree_terms(case, draft(case))
        last = terms_page.open_last(case.reference, by=by, at=case.at)
        assert last is not None
        assert last.entry.lines_of_enquiry == "Who knew of the harm, and when?"
