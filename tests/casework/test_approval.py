"""The approving body agrees the report: how, on which day, exactly which versions; and when it no longer counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import approval
from dhr_app.casework.approval_entry import ApprovalEntry
from dhr_app.casework.approval_page import approval_page
from dhr_app.database.models import Approval, Deadline, Paper
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.agreements import add_body, approvals, approve, body_agrees, draft, hold, put_on_file
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review whose report is written and on file."""
    case = county.review(Stage.CHAIR_REPORT)
    case.wait(days=30)
    put_on_file(case)
    return case


def correct(case: Case, approval_id: UUID, version: int | None = None, **changes: Any) -> None:
    shown = approvals(case).approval(approval_id)
    entry = replace(shown.entry, **changes)
    version = shown.version if version is None else version
    approval.correct(case.reference, approval_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))


def report(case: Case, approval_id: UUID, on: date | None) -> None:
    approval.report(case.reference, approval_id, on, by=case.county.coordinator, at=case.wait(minutes=1))


def take_back(case: Case, approval_id: UUID) -> None:
    approval.take_back(case.reference, approval_id, by=case.county.coordinator, at=case.wait(minutes=1))


def submission_counts_from(case: Case) -> list[date | None]:
    """From which days the date of submission counts that is waited for."""
    rows = [row for row in case.rows(Deadline) if row.rule == "submission_due"]
    return [row.anchor_on for row in rows if row.ended_on is None and row.met_on is None]


def told(case: Case) -> list[str]:
    return [kind for kind in case.happened() if "approv" in kind]


def stands(case: Case) -> bool:
    return "report_agreed" not in case.needed("submit_to_home_office")


class TestAtAMeeting:
    def test_the_quorum_of_organisations_agrees_exactly_the_papers_on_file(self, case: Case) -> None:
        assert not stands(case)
        approve(case)
        (shown,) = approvals(case).approvals
        assert (shown.body, shown.how) == ("Barsetshire Community Safety Partnership", "At a meeting")
        assert (shown.meeting, shown.agreed_on, shown.state) == ("Approving body, meeting 1", case.today, "counts")
        assert (len(shown.organisations), shown.quorum) == (4, 4)
        assert shown.papers == ("Overview report, version 1", "Executive summary, version 1", "Action plan, version 1")
        assert set(case.rows(Approval)[0].paper_hashes) == {row.sha256 for row in case.rows(Paper)}
        assert shown.entry.evidence == "Minute 7 of the board"
        assert stands(case)
        assert submission_counts_from(case) == [case.today]

    def test_too_few_organisations_agree_nothing(self, case: Case) -> None:
        held = hold(case, "approving_body", "Police", "Probation", "Fire and Rescue")
        with pytest.raises(Invalid) as refusal:
            approve(case, meeting_id=held)
        assert refusal.value.fields == {
            "meeting_id": "3 organisations were present and 4 are needed: the meeting was not quorate."
        }
        assert not stands(case)

    def test_it_must_be_one_of_the_approving_body_in_this_review(self, case: Case) -> None:
        sentence = "Choose a meeting of the approving body: record it under Meetings first."
        for wrong in (None, uuid4(), hold(case, "panel"), hold(case, "steering_group")):
            with pytest.raises(Invalid) as refusal:
                approve(case, meeting_id=wrong)
            assert refusal.value.fields == {"meeting_id": sentence}

    def test_held_before_a_paper_came_it_cannot_have_agreed_it(self, case: Case) -> None:
        held = hold(case, "approving_body", held_on=case.today - timedelta(days=3))
        with pytest.raises(Invalid) as refusal:
            approve(case, meeting_id=held)
        assert "The overview report, version 1, came only on" in refusal.value.fields["meeting_id"]

    def test_its_own_day_is_the_day_and_nothing_is_reported_afterwards(self, case: Case) -> None:
        held = hold(case, "approving_body")
        with pytest.raises(Invalid) as refusal:
            approve(case, meeting_id=held, agreed_on=case.today - timedelta(days=1), reported_on=case.today)
        assert set(refusal.value.fields) == {"agreed_on", "reported_on"}


class TestByCirculation:
    def test_it_counts_once_it_is_reported_to_the_next_meeting(self, case: Case) -> None:
        approved = approve(case, "circulation")
        assert approvals(case).approvals[0].state == "unreported"
        assert not stands(case)
        assert submission_counts_from(case) == []
        case.wait(days=20)
        report(case, approved, case.today)
        assert approvals(case).approvals[0].state == "counts"
        assert stands(case)
        assert submission_counts_from(case) == [case.today]
        assert told(case) == ["report_approved", "approval_reported"]

    def test_it_may_be_entered_with_the_report_to_the_next_meeting(self, case: Case) -> None:
        approve(case, "circulation", reported_on=case.today)
        assert stands(case)

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"agreed_on": None},   {"agreed_on": "Give the day on which it was agreed."}),
            ({"agreed_on": date(2027, 3, 1)}, {"agreed_on": "1 March 2027 has not come yet: check the day."}),
            ({"reported_on": date(2027, 3, 1)}, {"reported_on": "1 March 2027 has not come yet: check the day."}),
            ({"evidence": " "},     {"evidence": "Say what shows it, and where it is kept."}),
            ({"how": "by_nod"},     {"how": "Choose from the list."}),
        ],
    )  # fmt: skip
    def test_what_cannot_be_right_is_said_beside_its_field(
        self, case: Case, changes: dict[str, Any], fields: dict[str, str]
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            approve(case, **{"how": "circulation", **changes})
        assert refusal.value.fields == fields
        assert case.rows(Approval) == []

    def test_it_names_no_meeting_and_is_not_reported_before_it_was_agreed(self, case: Case) -> None:
        with pytest.raises(Invalid) as refusal:
            approve(case, "circulation", meeting_id=hold(case, "approving_body"))
        assert refusal.value.fields == {"meeting_id": "Leave this empty unless it was agreed at a meeting."}
        approved = approve(case, "circulation")
        for on, sentence in (
            (None, "Give the day of the meeting to which it was reported."),
            (
                case.today - timedelta(days=1),
                f"It was agreed on {case.today.day} February 2026: this cannot be earlier.",
            ),
        ):
            with pytest.raises(Invalid) as refusal:
                report(case, approved, on)
            assert refusal.value.fields == {"reported_on": sentence}


class TestByTheChairAlone:
    def test_it_is_refused_before_the_report_was_ever_submitted(self, case: Case) -> None:
        assert not approvals(case).sent_before
        with pytest.raises(Invalid) as refusal:
            approve(case, "steering_chair")
        assert refusal.value.fields == {
            "how": "The chair can agree alone only when the report goes to the Home Office again."
        }

    def test_it_counts_at_once_on_a_resubmission_and_may_be_reported_later(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        case.wait(days=1)
        case.take("send_back")
        put_on_file(case)
        approved = approve(case, "steering_chair")
        assert approvals(case).sent_before
        assert stands(case)
        case.wait(days=9)
        report(case, approved, case.today)
        assert approvals(case).approvals[0].entry.reported_on == case.today
        assert submission_counts_from(case) == [case.today - timedelta(days=9)]

    def test_the_next_meeting_may_come_only_after_the_step_that_rests_on_it(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        case.wait(days=1)
        case.take("send_back")
        put_on_file(case)
        approved = approve(case, "steering_chair")
        case.take("submit_to_home_office")
        case.wait(days=9)
        report(case, approved, case.today)
        report(case, approved, case.today - timedelta(days=1))
        (shown,) = approvals(case).approvals
        assert (shown.state, shown.entry.reported_on) == ("used", case.today - timedelta(days=1))
        assert told(case) == ["report_approved", "approval_reported", "approval_changed"]
        assert submission_counts_from(case) == []


class TestWhatItIsAbout:
    def test_nothing_is_approved_while_one_of_the_papers_is_not_on_file(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        put_on_file(case, "overview_report")
        assert approvals(case).missing.startswith("Still to be put on file: executive summary, action plan.")
        with pytest.raises(Invalid) as refusal:
            approve(case)
        assert refusal.value.fields == {"approval": approvals(case).missing}

    def test_a_new_version_voids_it_and_says_why_and_the_date_of_submission_waits(self, case: Case) -> None:
        approve(case)
        case.wait(days=2)
        put_on_file(case, "action_plan")
        (shown,) = approvals(case).approvals
        assert (shown.state, shown.stands) == ("void", False)
        assert shown.void.endswith("the action plan has a newer version.")
        assert not stands(case)
        assert submission_counts_from(case) == []
        with pytest.raises(Invalid) as refusal:
            correct(case, shown.id, evidence="Minute 8")
        assert refusal.value.fields == {"approval": "This approval no longer counts: record a new one."}

    def test_after_that_the_same_meeting_cannot_have_agreed_the_new_version(self, case: Case) -> None:
        held = hold(case, "approving_body")
        approve(case, meeting_id=held)
        case.wait(days=2)
        put_on_file(case, "overview_report")
        with pytest.raises(Invalid) as refusal:
            approve(case, meeting_id=held)
        assert "The overview report, version 2, came only on" in refusal.value.fields["meeting_id"]
        approve(case)
        assert stands(case)
        assert submission_counts_from(case) == [case.today]

    def test_there_is_one_at_a_time(self, case: Case) -> None:
        approve(case)
        with pytest.raises(Invalid) as refusal:
            approve(case)
        assert refusal.value.fields == {
            "approval": "An approval of these papers stands already: correct it, or take it back."
        }

    def test_the_submission_uses_it_up_and_asks_again_for_the_next(self, case: Case) -> None:
        approved = approve(case)
        case.take("submit_to_home_office")
        (shown,) = approvals(case).approvals
        assert (shown.id, shown.state) == (approved, "used")
        with pytest.raises(Invalid) as refusal:
            take_back(case, approved)
        assert "rests on this approval" in refusal.value.fields["approval"]
        case.wait(days=1)
        case.take("send_back")
        assert not stands(case)
        put_on_file(case)
        assert approvals(case).approvals[0].state == "used"

    def test_a_review_that_is_not_commissioned_or_closed_takes_none(self, county: County) -> None:
        entry = ApprovalEntry("circulation", None, date(2026, 1, 15), None, "Minute 7")
        for stage in (Stage.SCOPING, Stage.CLOSED):
            closed = county.review(stage)
            with pytest.raises(NotYet):
                approval.approve(closed.reference, entry, by=county.coordinator, at=closed.at)


class TestACorrection:
    def test_changes_how_and_when_and_the_date_that_counts_from_it(self, case: Case) -> None:
        approved = approve(case)
        case.wait(days=3)
        correct(case, approved, how="circulation", meeting_id=None, agreed_on=case.today - timedelta(days=2))
        (shown,) = approvals(case).approvals
        assert (shown.state, shown.meeting, shown.organisations) == ("unreported", "", ())
        assert submission_counts_from(case) == []
        correct(case, approved, reported_on=case.today)
        assert submission_counts_from(case) == [case.today]
        correct(case, approved, evidence="Minute 9")
        assert submission_counts_from(case) == [case.today]
        assert told(case) == ["report_approved"] + ["approval_changed"] * 3

    def test_of_somebody_who_saved_second_shows_both_texts(self, case: Case) -> None:
        approved = approve(case)
        correct(case, approved, evidence="Minute 8")
        with pytest.raises(Stale) as stale:
            correct(case, approved, version=1, evidence="Minute 9")
        assert (stale.value.theirs, stale.value.yours) == ({"evidence": "Minute 8"}, {"evidence": "Minute 9"})

    def test_an_approval_entered_by_mistake_is_taken_back_and_stays_readable(self, case: Case) -> None:
        approved = approve(case)
        take_back(case, approved)
        (shown,) = approvals(case).approvals
        assert shown.state == "void"
        assert shown.void.startswith("Taken back on")
        assert not stands(case)
        assert submission_counts_from(case) == []
        assert told(case)[-1] == "approval_taken_back"
        approve(case)
        assert stands(case)


class TestWho:
    def test_the_steering_chair_records_and_the_chair_and_author_of_the_review_read(self, case: Case) -> None:
        approve(case)
        assert approval_page(case.reference, by=case.county.chair, at=case.at).may_record
        for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR):
            member = case.seat(role)
            page = approval_page(case.reference, by=member, at=case.at)
            assert (len(page.approvals), page.may_record) == (1, False)
            with pytest.raises(NotAllowed):
                approval_page(case.reference, permission="approval.record", by=member, at=case.at)
            with pytest.raises(NotAllowed):
                approval.take_back(case.reference, page.approvals[0].id, by=member, at=case.at)

    def test_the_panel_and_an_auditor_do_not_see_it(self, case: Case) -> None:
        for person in (case.county.who(Role.AUDITOR), case.seat(Role.PANEL_MEMBER)):
            with pytest.raises(NotAllowed):
                approval_page(case.reference, by=person, at=case.at)

    def test_another_reviews_approval_is_out_of_reach(self, case: Case) -> None:
        approved = approve(case)
        other = case.county.review(at=case.at).to(Stage.PANEL)
        with pytest.raises(OutOfReach):
            take_back(other, approved)
        with pytest.raises(OutOfReach):
            approvals(other).approval(approved)

    def test_another_bodys_agreement_is_neither_corrected_nor_reported_as_the_approving_bodys(self, case: Case) -> None:
        body_agrees(case, add_body(case))
        (joint,) = approvals(case).approvals
        with pytest.raises(OutOfReach):
            approvals(case).approval(joint.id)
        with pytest.raises(OutOfReach):
            report(case, joint.id, case.today)
        assert not stands(case)


def test_terms_drafted_again_do_not_touch_an_approval(case: Case) -> None:
    approve(case)
    draft(case)
    assert stands(case)
