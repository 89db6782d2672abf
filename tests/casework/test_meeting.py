"""The meetings of a review: who came, what was agreed, and what follows a corrected record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import meeting, terms_page
from dhr_app.casework.meeting import MeetingsPage
from dhr_app.database.models import Approval, Deadline, Event, Meeting
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import agree_terms, approve, draft, hold, named, put_on_file
from tests.panels import appoint
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work."""
    case = county.review(Stage.PANEL)
    case.wait(days=30)
    return case


def page(case: Case) -> MeetingsPage:
    return meeting.meetings_page(case.reference, by=case.county.coordinator, at=case.at)


def correct(case: Case, meeting_id: UUID, version: int | None = None, **changes: Any) -> None:
    shown = meeting.open_meeting(case.reference, meeting_id, by=case.county.coordinator, at=case.at)
    entry = replace(shown.entry, **changes)
    version = shown.version if version is None else version
    meeting.correct_meeting(
        case.reference, meeting_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1)
    )


def remove(case: Case, meeting_id: UUID) -> None:
    meeting.remove_meeting(case.reference, meeting_id, by=case.county.coordinator, at=case.wait(minutes=1))


def first_panel(case: Case) -> Deadline:
    """The date by which the panel was to meet, the one that is in force."""
    rows = [row for row in case.rows(Deadline) if row.rule == "first_panel_due" and row.ended_on is None]
    return max(rows, key=lambda row: row.first_due_on)


def told(case: Case) -> list[tuple[str, dict[str, object]]]:
    events = sorted(case.rows(Event), key=lambda one: (one.recorded_at, one.ordinal))
    return [(one.kind, dict(one.details)) for one in events if one.kind.startswith("meeting")]


class TestAMeeting:
    def test_is_recorded_with_who_came_what_was_agreed_and_where_the_minutes_are(self, case: Case) -> None:
        hold(case, "panel", "Police", "Barset Refuge", apologies=named(case, "Probation"))
        (shown,) = page(case).meetings
        assert (shown.label, shown.entry.held_on) == ("Review panel, meeting 1", case.today)
        assert shown.present == ("Barset Refuge and Outreach", "Barsetshire Police")
        assert shown.absent == ("Probation Service, Barsetshire",)
        assert shown.entry.agreed == "The chair writes to the family."
        assert shown.entry.minutes_kept == "Minute book 3, page 12"
        assert told(case) == [("meeting_held", {"label": "review panel", "number": 1})]

    def test_is_numbered_within_its_kind_and_the_latest_stands_first(self, case: Case) -> None:
        hold(case, held_on=case.today - timedelta(days=3))
        hold(case, "debrief")
        hold(case)
        assert [one.label for one in page(case).meetings] == [
            "Debrief of staff, meeting 1", "Review panel, meeting 2", "Review panel, meeting 1",
        ]  # fmt: skip

    def test_counts_an_organisation_once_however_often_it_is_ticked(self, case: Case) -> None:
        hold(case, organisations=named(case, "Police", "Police", "Probation"))
        assert len(page(case).meetings[0].present) == 2

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"kind": "lunch"},                      {"kind": "Choose from the list."}),
            ({"held_on": None},                      {"held_on": "Give the day of the meeting."}),
            ({"held_on": date(2026, 12, 1)},         {"held_on": "1 December 2026 has not come yet: check the day."}),
            ({"held_on": date(2001, 3, 1)},
             {"held_on": "There were no reviews before 13 April 2011: check the year."}),
            ({"organisations": ()},                  {"organisations": "Choose the organisations that were present."}),
        ],
    )  # fmt: skip
    def test_cannot_be_recorded_as_it_cannot_have_been(
        self, case: Case, changes: dict[str, Any], fields: dict[str, str]
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            hold(case, **changes)
        assert refusal.value.fields == fields
        assert case.rows(Meeting) == []

    @pytest.mark.parametrize("field", ["organisations", "apologies"])
    def test_knows_only_agencies_that_there_were_on_its_day(self, case: Case, field: str) -> None:
        for unknown, sentence in (
            (uuid4(), "This agency is not known to the partnership: choose from the list."),
            (case.county.agency("Barchester CCG"),
             "Barchester Clinical Commissioning Group ended on 30 June 2022: choose its successor."),
        ):  # fmt: skip
            with pytest.raises(Invalid) as refusal:
                hold(case, "panel", **{field: (unknown,)})
            assert refusal.value.fields == {field: sentence}

    def test_has_nobody_who_was_there_and_sent_apologies(self, case: Case) -> None:
        with pytest.raises(Invalid) as refusal:
            hold(case, apologies=named(case, "Police"))
        assert refusal.value.fields == {
            "apologies": "Barsetshire Police cannot have been present and have sent apologies."
        }

    def test_is_held_only_once_the_review_is_commissioned_and_until_it_is_closed(self, county: County) -> None:
        for stage in (Stage.SCOPING, Stage.CLOSED):
            with pytest.raises(NotYet):
                hold(county.review(stage))


class TestACorrection:
    def test_keeps_everything_else(self, case: Case) -> None:
        held = hold(case)
        correct(case, held, agreed="Two more agencies are asked.", apologies=named(case, "Barchester Housing"))
        (shown,) = page(case).meetings
        assert (shown.entry.agreed, len(shown.present)) == ("Two more agencies are asked.", 4)
        assert shown.absent == ("Barchester City Council Housing",)
        assert told(case)[-1] == ("meeting_changed", {"label": "review panel", "number": 1})

    def test_of_the_kind_gives_it_the_next_number_of_that_kind(self, case: Case) -> None:
        hold(case, "steering_group")
        held = hold(case)
        correct(case, held, kind="steering_group")
        assert {one.label for one in page(case).meetings} == {"Steering group, meeting 1", "Steering group, meeting 2"}

    def test_of_somebody_who_saved_second_shows_both_texts(self, case: Case) -> None:
        held = hold(case)
        correct(case, held, minutes_kept="Minute book 4")
        with pytest.raises(Stale) as stale:
            correct(case, held, version=1, minutes_kept="Minute book 5")
        assert stale.value.theirs == {"minutes_kept": "Minute book 4"}
        assert stale.value.yours == {"minutes_kept": "Minute book 5"}

    def test_is_refused_like_a_new_record(self, case: Case) -> None:
        held = hold(case)
        with pytest.raises(Invalid) as refusal:
            correct(case, held, held_on=None, organisations=())
        assert set(refusal.value.fields) == {"held_on", "organisations"}


class TestTheFirstMeetingOfThePanel:
    def test_meets_the_date_by_which_the_panel_was_to_meet(self, case: Case) -> None:
        appoint(case)
        assert first_panel(case).met_on is None
        hold(case, "steering_group")
        assert first_panel(case).met_on is None
        case.wait(days=2)
        hold(case)
        assert first_panel(case).met_on == case.today

    def test_follows_a_corrected_day(self, case: Case) -> None:
        appoint(case)
        case.wait(days=9)
        held = hold(case)
        correct(case, held, held_on=case.today - timedelta(days=2))
        assert first_panel(case).met_on == case.today - timedelta(days=2)
        correct(case, held, held_on=case.today - timedelta(days=1))
        assert first_panel(case).met_on == case.today - timedelta(days=1)

    def test_is_an_earlier_one_that_is_entered_later(self, case: Case) -> None:
        appoint(case)
        case.wait(days=9)
        hold(case)
        hold(case, held_on=case.today - timedelta(days=4))
        assert first_panel(case).met_on == case.today - timedelta(days=4)

    def test_is_waited_for_again_where_it_was_no_meeting_of_the_panel(self, case: Case) -> None:
        appoint(case)
        case.wait(days=9)
        held = hold(case)
        correct(case, held, kind="debrief")
        assert first_panel(case).met_on is None
        correct(case, held, kind="panel")
        assert first_panel(case).met_on == case.today
        remove(case, held)
        assert first_panel(case).met_on is None

    def test_that_is_taken_out_leaves_the_day_on_which_the_terms_were_agreed(self, case: Case) -> None:
        appoint(case)
        case.wait(days=9)
        held = hold(case)
        agree_terms(case, draft(case))
        remove(case, held)
        assert first_panel(case).met_on == case.today


class TestWhatWasAgreedAtAMeeting:
    def test_follows_its_corrected_day(self, case: Case) -> None:
        held = hold(case)
        agree_terms(case, draft(case, drafted_on=case.today - timedelta(days=9)), meeting_id=held)
        correct(case, held, held_on=case.today - timedelta(days=4))
        (shown,) = terms_page.terms_page(case.reference, by=case.county.coordinator, at=case.at).versions
        assert shown.agreed_on == case.today - timedelta(days=4)

    def test_cannot_have_been_agreed_before_it_was_drafted(self, case: Case) -> None:
        held = hold(case)
        agree_terms(case, draft(case), meeting_id=held)
        with pytest.raises(Invalid) as refusal:
            correct(case, held, held_on=case.today - timedelta(days=1))
        assert set(refusal.value.fields) == {"held_on"}

    def test_keeps_the_meeting_what_it_is_and_where_it_is(self, case: Case) -> None:
        held = hold(case)
        agree_terms(case, draft(case), meeting_id=held)
        sentence = "The terms of reference were agreed at this meeting: it stays what it is."
        with pytest.raises(Invalid) as refusal:
            correct(case, held, kind="debrief")
        assert refusal.value.fields == {"kind": sentence}
        with pytest.raises(Invalid) as refusal:
            remove(case, held)
        assert refusal.value.fields == {"meeting": sentence}

    def test_carries_a_corrected_meeting_into_the_approval_while_it_stays_quorate(self, case: Case) -> None:
        put_on_file(case, on=case.today - timedelta(days=9))
        approve(case)
        (held,) = case.rows(Meeting)
        five = (*named(case, "Police", "Probation", "Fire and Rescue", "Barset Refuge", "Mental Health Trust"),)
        correct(case, held.id, organisations=five, held_on=case.today - timedelta(days=2))
        (approved,) = case.rows(Approval)
        assert (len(approved.organisations), approved.agreed_on) == (5, case.today - timedelta(days=2))
        running = [one for one in case.rows(Deadline) if one.rule == "submission_due" and one.ended_on is None]
        assert [one.anchor_on for one in running] == [case.today - timedelta(days=2)]
        with pytest.raises(Invalid) as refusal:
            correct(case, held.id, organisations=five[:3])
        assert refusal.value.fields == {
            "organisations": "The report was agreed here. 3 organisations were present and 4 are needed: the meeting "
            "was not quorate. If that is right, take the approval back."
        }
        with pytest.raises(Invalid) as refusal:
            correct(case, held.id, held_on=case.today - timedelta(days=20))
        assert "cannot have been agreed" in refusal.value.fields["held_on"]


class TestTakenOut:
    def test_a_meeting_entered_by_mistake_is_gone_and_its_number_is_not_given_again(self, case: Case) -> None:
        remove(case, hold(case))
        assert page(case).meetings == ()
        hold(case)
        assert [one.number for one in page(case).meetings] == [2]
        assert [kind for kind, _ in told(case)] == ["meeting_held", "meeting_removed", "meeting_held"]

    def test_it_is_out_of_reach_from_then_on(self, case: Case) -> None:
        held = hold(case)
        remove(case, held)
        for again in (remove, correct):
            with pytest.raises(OutOfReach):
                again(case, held)


class TestWho:
    def test_the_panel_reads_and_the_chair_and_author_write(self, case: Case) -> None:
        held = hold(case)
        for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER):
            member = case.seat(role)
            shown = meeting.meetings_page(case.reference, by=member, at=case.at)
            assert shown.may_change == (role is not Role.PANEL_MEMBER)
            if role is Role.PANEL_MEMBER:
                with pytest.raises(NotAllowed):
                    meeting.open_meeting(case.reference, held, by=member, at=case.at)
                with pytest.raises(NotAllowed):
                    meeting.remove_meeting(case.reference, held, by=member, at=case.at)

    def test_an_auditor_and_a_contributor_see_none_of_it(self, case: Case) -> None:
        for person in (case.county.who(Role.AUDITOR), case.seat(Role.AGENCY_CONTRIBUTOR)):
            with pytest.raises(NotAllowed):
                meeting.meetings_page(case.reference, by=person, at=case.at)

    def test_another_reviews_meeting_is_out_of_reach(self, case: Case) -> None:
        held = hold(case)
        other = case.county.review(at=case.at).to(Stage.PANEL)
        with pytest.raises(OutOfReach):
            meeting.open_meeting(other.reference, held, by=case.county.coordinator, at=other.at)

    def test_the_page_is_opened_in_the_audit_trail(self, case: Case) -> None:
        hold(case)
        before = len([one for one in case.rows(Event) if one.kind == Happened.OPENED])
        page(case)
        assert len([one for one in case.rows(Event) if one.kind == Happened.OPENED]) == before + 1
