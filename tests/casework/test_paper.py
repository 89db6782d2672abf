"""Papers by version: put on file, marked, agreed, corrected; and what a new version makes void."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from dhr_app.casework import accuracy, paper, statement
from dhr_app.casework.condition_page import condition_page
from dhr_app.casework.paper_entry import NewVersion, PaperEntry
from dhr_app.casework.report_page import (
    ReportPage,
    VersionShown,
    mark_page,
    new_version_page,
    open_version,
    report_page,
)
from dhr_app.casework.statement import StatementEntry
from dhr_app.database.models import AccuracyCheck, Approval, Event, Paper, Statement
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import agreements, papers
from tests.reviews import Case, County

A, B = "a" * 64, "b" * 64
NO_FILE = "Give the SHA-256 of the file: 64 characters of 0-9 and a-f."


def add(case: Case, *, by: Person | None = None, **entry: Any) -> UUID:
    known = {"kind": "overview_report", "sha256": A, "added_on": case.today, "kept": "Folder Heron", **entry}
    return paper.add_version(
        case.reference, NewVersion(**known), by=by or case.county.coordinator, at=case.wait(minutes=1)
    )


def page_of(case: Case, *, by: Person | None = None) -> ReportPage:
    return report_page(case.reference, by=by or case.county.coordinator, at=case.at)


def version_of(case: Case, paper_id: UUID) -> VersionShown:
    return open_version(case.reference, paper_id, by=case.county.coordinator, at=case.at)


def correct(
    case: Case, paper_id: UUID, version: int | None = None, *, by: Person | None = None, **changes: Any
) -> None:
    stands = version_of(case, paper_id)
    paper.correct(
        case.reference, paper_id, replace(stands.entry, **changes), version or stands.version,
        by=by or case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def mark(case: Case, *ids: UUID, on: date | None = None, chair: str = papers.CHAIR, by: Person | None = None) -> None:
    day = on or case.today
    paper.mark_final(case.reference, ids, day, chair, by=by or case.county.coordinator, at=case.wait(minutes=1))


def answer_of(case: Case, name: str) -> Answer | None:
    return CONDITIONS[name].answer(case.facts())


def refused(verb: Any, *what: Any, **how: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        verb(*what, **how)
    return dict(refusal.value.fields)


@pytest.fixture
def case(county: County) -> Case:
    """A review whose report is being written, without any paper."""
    return county.review(Stage.CHAIR_REPORT)


class TestANewVersion:
    def test_is_the_current_one_and_shows_what_was_entered(self, case: Case) -> None:
        add(case, kept="Case drive, folder Heron")
        (overview, summary, plan) = page_of(case).papers
        assert overview.current is not None
        assert (overview.current.number, overview.current.sha256, overview.current.recorded_by) == (
            1, A, case.county.coordinator.name,
        )  # fmt: skip
        assert overview.current.entry == PaperEntry(case.today, "", "Case drive, folder Heron")
        assert (summary.current, plan.current) == (None, None)
        assert page_of(case).missing == ("executive summary", "action plan")

    def test_takes_the_place_of_the_one_before(self, case: Case) -> None:
        add(case)
        add(case, sha256=B, changes="Section 4 was added")
        overview = page_of(case).papers[0]
        assert overview.current is not None
        assert (overview.current.number, overview.current.entry.changes) == (2, "Section 4 was added")
        assert [(one.number, one.replaced_on) for one in overview.earlier] == [(1, case.today)]
        assert [row.superseded_on for row in sorted(case.rows(Paper), key=lambda row: row.number)] == [case.today, None]

    def test_is_told_with_its_number_and_nothing_that_was_typed(self, case: Case) -> None:
        add(case, kept="Folder of Ada Harding")
        (told,) = [one for one in case.rows(Event) if one.kind == "paper_added"]
        assert told.details == {"label": "overview report", "number": 1}

    def test_of_two_papers_each_counts_from_one(self, case: Case) -> None:
        add(case)
        add(case, kind="action_plan", sha256=A)
        assert sorted((row.kind, row.number) for row in case.rows(Paper)) == [
            ("action_plan", 1),
            ("overview_report", 1),
        ]

    @pytest.mark.parametrize("typed", [A.upper(), f" {A[:32]} {A[32:]}\n"])
    def test_takes_a_hash_however_the_computer_writes_it(self, case: Case, typed: str) -> None:
        add(case, sha256=typed)
        assert [row.sha256 for row in case.rows(Paper)] == [A]

    @pytest.mark.parametrize(
        ("entry", "fields"),
        [
            ({"kind": "seminar_pack"}, {"kind": "Say which paper it is."}),
            ({"sha256": ""}, {"sha256": NO_FILE}),
            ({"sha256": "a" * 63}, {"sha256": NO_FILE}),
            ({"sha256": "g" * 64}, {"sha256": NO_FILE}),
            ({"added_on": None}, {"added_on": "Give the day on which this version came."}),
            ({"added_on": date(2010, 3, 1)},
             {"added_on": "There were no reviews before 13 April 2011: check the year."}),
            ({"kept": " "}, {"kept": "Say where the file is kept."}),
        ],
    )  # fmt: skip
    def test_that_cannot_be_right_is_refused_beside_its_field(
        self, case: Case, entry: dict[str, Any], fields: dict[str, str]
    ) -> None:
        assert refused(add, case, **entry) == fields
        assert case.rows(Paper) == []

    def test_of_tomorrow_is_refused(self, case: Case) -> None:
        assert set(refused(add, case, added_on=case.today + timedelta(days=1))) == {"added_on"}

    def test_that_is_on_file_already_is_refused_by_its_name(self, case: Case) -> None:
        add(case)
        add(case, sha256=B, changes="Section 4 was added")
        said = refused(add, case, sha256=A.upper(), changes="Back again")
        assert said == {"sha256": "This file is on file already: overview report, version 1."}

    def test_says_what_changed_and_is_not_older_than_the_one_before(self, case: Case) -> None:
        add(case)
        said = refused(add, case, sha256=B, added_on=case.today - timedelta(days=1))
        assert said["changes"] == "Say what changed since the version before."
        assert said["added_on"].startswith("The version before came on")

    @pytest.mark.parametrize("stage", [Stage.NOTIFICATION, Stage.SCOPING, Stage.NOT_REVIEWED, Stage.WITHDRAWN])
    def test_waits_until_the_review_is_commissioned_and_comes_to_none_that_left_its_way(
        self, county: County, stage: Stage
    ) -> None:
        with pytest.raises(NotYet):
            add(county.review(stage))

    def test_comes_to_a_closed_review_whose_report_is_published_again(self, county: County) -> None:
        closed = county.review(Stage.CLOSED)
        number = papers.current(closed)["overview_report"].number
        add(closed, sha256=B, changes="A name was taken out")
        assert papers.current(closed)["overview_report"].number == number + 1


class TestWhatANewVersionMakesVoid:
    def test_an_approval_and_a_signature_that_no_move_rests_on_say_why(self, case: Case) -> None:
        papers.final_papers(case)
        agreements.approve(case)
        case.agree(case.state("anonymity_checked"))
        assert answer_of(case, "anonymity_checked") is Answer.DONE
        agreements.put_on_file(case, "executive_summary")
        assert answer_of(case, "anonymity_checked") is None
        assert answer_of(case, "final_papers_on_file") is None
        (approval,) = case.rows(Approval)
        assert (approval.voided_on, approval.voided_because) == (case.today, "executive_summary")
        said = [one.void for one in page_of(case).resting]
        assert len(said) == 2
        assert all("the executive summary has a newer version." in one for one in said)
        assert case.happened("approval_voided", "anonymity_voided") == ["approval_voided", "anonymity_voided"]

    def test_what_a_move_rests_on_stays_as_it_was(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA)
        agreements.put_on_file(case, "overview_report")
        signed = [row for row in case.rows(Statement) if row.condition == "anonymity_checked"]
        assert [row.voided_on for row in signed] == [None]

    def test_before_the_first_submission_every_accuracy_check_is_asked_again(self, case: Case) -> None:
        self._checked(case)
        agreements.put_on_file(case, "overview_report")
        assert all(row.voided_on == case.today for row in case.rows(AccuracyCheck))

    def test_a_new_action_plan_leaves_the_checks_of_the_report_alone(self, case: Case) -> None:
        self._checked(case)
        agreements.put_on_file(case, "action_plan")
        assert [row.voided_on for row in case.rows(AccuracyCheck)] == [None, None]

    def test_on_a_resubmission_only_those_whose_passages_changed_are_asked_again(self, case: Case) -> None:
        self._checked(case)
        for name in ("submit_to_home_office", "send_back"):
            case.wait(days=1)
            case.take(name)
        police, probation = case.county.agency("Police"), case.county.agency("Probation")
        offered = new_version_page(case.reference, by=case.county.coordinator, at=case.at)
        assert (offered.submitted, set(offered.agencies)) == (True, {police, probation})
        add(case, sha256=B, changes="Section 4 was added", agency_ids=(police,))
        voided = {row.agency_id: row.voided_on for row in case.rows(AccuracyCheck)}
        assert voided == {police: case.today, probation: None}
        assert case.happened("accuracy_voided") == ["accuracy_voided"]
        said = refused(add, case, sha256=A, changes="Section 5 too", agency_ids=(police,))
        assert set(said) == {"agency_ids"}

    def _checked(self, case: Case) -> None:
        agreements.put_on_file(case)
        asked = agreements.named(case, "Police", "Probation")
        accuracy.send(case.reference, asked, case.today, by=case.county.coordinator, at=case.wait(minutes=1))


class TestMarkedFinal:
    def test_by_the_chair_in_their_own_name(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT, seats=True)
        chair = county.who(Role.INDEPENDENT_CHAIR)
        paper_id = add(case)
        mark(case, paper_id, chair="Somebody else", by=chair)
        entry = version_of(case, paper_id).entry
        assert (entry.final_on, entry.final_by) == (case.today, chair.name)

    def test_by_the_coordinator_in_the_name_of_the_chair(self, case: Case) -> None:
        paper_id = add(case)
        assert refused(mark, case, paper_id, chair=" ") == {"chair": "Name the chair who marked them final."}
        mark(case, paper_id)
        assert version_of(case, paper_id).entry.final_by == papers.CHAIR
        assert case.happened("paper_final") == ["paper_final"]

    def test_all_three_at_once_and_with_the_panel_s_agreement_they_answer_the_condition(self, case: Case) -> None:
        agreements.put_on_file(case)
        waiting = mark_page(case.reference, "final_on", by=case.county.coordinator, at=case.at)
        assert list(waiting.papers.values()) == [
            "Overview report, version 1", "Executive summary, version 1", "Action plan, version 1",
        ]  # fmt: skip
        mark(case, *waiting.papers)
        assert answer_of(case, "final_papers_on_file") is None
        papers.agree(case)
        assert answer_of(case, "final_papers_on_file") is Answer.DONE
        page = page_of(case)
        assert (page.missing, page.not_final, page.not_agreed) == ((), (), ())

    def test_the_author_marks_nothing(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT, seats=True)
        author = county.who(Role.REPORT_AUTHOR)
        paper_id = add(case, by=author)
        with pytest.raises(NotAllowed):
            mark(case, paper_id, by=author)
        with pytest.raises(NotAllowed):
            paper.agree(case.reference, [paper_id], case.today, by=author, at=case.at)

    def test_what_cannot_be_marked_is_said(self, case: Case) -> None:
        first = add(case)
        early = refused(mark, case, first, on=case.today - timedelta(days=1))
        assert early["final_on"].startswith("The overview report, version 1, came on")
        assert set(refused(mark, case, first, on=case.today + timedelta(days=1))) == {"final_on"}
        assert refused(mark, case) == {"paper_ids": "Choose at least one paper."}
        mark(case, first)
        assert refused(mark, case, first) == {
            "paper_ids": "One of these is marked final already: correct its own record."
        }
        second = add(case, sha256=B, changes="Section 4 was added")
        agreed = refused(
            paper.agree, case.reference, [first], case.today, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        assert agreed == {"paper_ids": "One of these has a newer version: go back and choose again."}
        papers.agree(case)
        again = refused(
            paper.agree, case.reference, [second], case.today, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        assert again == {"paper_ids": "The panel has agreed one of these already: correct its own record."}
        none = refused(paper.agree, case.reference, [second], None, by=case.county.coordinator, at=case.wait(minutes=1))
        assert none["panel_agreed_on"] == "Give the day."


class TestCorrected:
    def test_words_and_days_are_put_right(self, case: Case) -> None:
        case.wait(days=5)
        paper_id = add(case)
        before = case.today - timedelta(days=3)
        correct(case, paper_id, added_on=before, kept="Drawer 4", changes="A first draft")
        assert version_of(case, paper_id).entry == PaperEntry(before, "A first draft", "Drawer 4")
        assert case.happened("paper_changed") == ["paper_changed"]

    def test_the_file_and_its_number_never_change(self, case: Case) -> None:
        paper_id = add(case)
        correct(case, paper_id, kept="Drawer 4")
        (row,) = case.rows(Paper)
        assert (row.sha256, row.number) == (A, 1)

    def test_a_mark_is_moved_or_taken_back(self, case: Case) -> None:
        paper_id = add(case)
        case.wait(days=2)
        mark(case, paper_id)
        papers.agree(case)
        earlier = case.today - timedelta(days=1)
        correct(case, paper_id, final_on=earlier, final_by="Lettice Boyce", panel_agreed_on=earlier)
        entry = version_of(case, paper_id).entry
        assert (entry.final_on, entry.final_by, entry.panel_agreed_on) == (earlier, "Lettice Boyce", earlier)
        correct(case, paper_id, final_on=None, panel_agreed_on=None)
        entry = version_of(case, paper_id).entry
        assert (entry.final_on, entry.final_by, entry.panel_agreed_on) == (None, "", None)

    def test_a_final_mark_is_not_taken_back_while_a_signature_or_an_approval_rests_on_it(self, case: Case) -> None:
        papers.final_papers(case)
        row = papers.current(case)["action_plan"]
        statement_id = case.state("anonymity_checked")
        assert set(refused(correct, case, row.id, final_on=None)) == {"final_on"}
        statement.withdraw(case.reference, statement_id, by=case.county.coordinator, at=case.wait(minutes=1))
        agreements.approve(case)
        assert set(refused(correct, case, row.id, final_on=None)) == {"final_on"}

    def test_a_mark_is_not_given_by_a_correction(self, case: Case) -> None:
        paper_id = add(case)
        said = refused(correct, case, paper_id, final_on=case.today, final_by=papers.CHAIR)
        assert said == {"final_on": "This mark is given for the current papers together, on the page of the report."}

    def test_an_author_corrects_words_but_no_mark(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT, seats=True)
        author = county.who(Role.REPORT_AUTHOR)
        paper_id = add(case, by=author)
        mark(case, paper_id)
        correct(case, paper_id, kept="Drawer 4", by=author)
        assert version_of(case, paper_id).entry.kept == "Drawer 4"
        with pytest.raises(NotAllowed):
            correct(case, paper_id, final_by="Lettice Boyce", by=author)

    def test_versions_stay_in_the_order_of_their_days(self, case: Case) -> None:
        first = add(case)
        case.wait(days=3)
        second = add(case, sha256=B, changes="Section 4 was added")
        late, early = case.today, case.today - timedelta(days=4)
        case.wait(days=1)
        assert refused(correct, case, first, added_on=case.today)["added_on"].startswith("The next version came on")
        assert refused(correct, case, second, added_on=early)["added_on"].startswith("The version before came on")
        correct(case, first, added_on=late)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"added_on": None}, "added_on"),
            ({"kept": ""}, "kept"),
            ({"final_by": " "}, "final_by"),
            ({"final_on": date(2026, 1, 1)}, "final_on"),
            ({"panel_agreed_on": date(2999, 1, 1)}, "panel_agreed_on"),
        ],
    )
    def test_what_cannot_be_right_is_said_beside_its_field(
        self, case: Case, changes: dict[str, Any], field: str
    ) -> None:
        paper_id = add(case)
        mark(case, paper_id)
        papers.agree(case)
        assert set(refused(correct, case, paper_id, **changes)) == {field}

    def test_whoever_saves_second_is_told_both_texts(self, case: Case) -> None:
        paper_id = add(case)
        correct(case, paper_id, kept="Drawer 4")
        with pytest.raises(Stale) as stale:
            correct(case, paper_id, 1, kept="Drawer 5")
        assert (stale.value.theirs, stale.value.yours) == ({"kept": "Drawer 4"}, {"kept": "Drawer 5"})


class TestTheAnonymityCheck:
    def test_signs_exactly_the_current_final_papers(self, case: Case) -> None:
        papers.final_papers(case)
        case.state("anonymity_checked")
        signed = next(one for one in case.rows(Statement) if one.condition == "anonymity_checked")
        assert signed.file_hashes == [
            papers.current(case)[kind].sha256 for kind in ("overview_report", "executive_summary", "action_plan")
        ]
        page = condition_page(case.reference, "anonymity_checked", by=case.county.coordinator, at=case.at)
        assert [file.name for file in page.statements[0].files] == [
            "Overview report, version 1", "Executive summary, version 1", "Action plan, version 1",
        ]  # fmt: skip

    def test_waits_until_all_three_are_on_file_and_final(self, case: Case) -> None:
        said = refused(self._state, case)
        assert said == {
            "files": "Still to be put on file: overview report, executive summary, action plan. "
            "The three final papers are signed together."
        }
        agreements.put_on_file(case)
        papers.mark_final(case, papers.current(case)["overview_report"])
        assert refused(self._state, case) == {
            "files": "Not marked final by the chair yet: executive summary, action plan. Only final papers are signed."
        }
        page = condition_page(case.reference, "anonymity_checked", by=case.county.coordinator, at=case.at)
        assert page.not_signed_yet == refused(self._state, case)["files"]

    def test_is_void_with_its_reason_once_a_paper_has_a_newer_version_and_nobody_can_agree_to_it(
        self, case: Case
    ) -> None:
        statement_id = case.state("anonymity_checked")
        agreements.put_on_file(case, "overview_report")
        page = condition_page(case.reference, "anonymity_checked", by=case.county.chair, at=case.at)
        (shown,) = page.statements
        assert (shown.awaits, shown.may_second) == ("", False)
        assert shown.void.endswith("the overview report has a newer version.")
        assert refused(case.agree, statement_id) == {"statement": shown.void}

    def test_of_the_new_versions_counts_again(self, case: Case) -> None:
        case.agree(case.state("anonymity_checked"))
        agreements.put_on_file(case, "overview_report")
        case.agree(case.state("anonymity_checked"))
        assert answer_of(case, "anonymity_checked") is Answer.DONE

    def _state(self, case: Case) -> None:
        entry = StatementEntry("done", "J. Arabin", case.today, evidence="Checklist 1")
        statement.state(case.reference, "anonymity_checked", entry, by=case.county.coordinator, at=case.wait(minutes=1))


class TestWhoSeesThem:
    def test_the_panel_reads_them_and_changes_nothing(self, county: County) -> None:
        case = county.review(Stage.CHAIR_REPORT, seats=True)
        paper_id = add(case)
        member = county.who(Role.PANEL_MEMBER)
        page = page_of(case, by=member)
        assert (page.may_add, page.may_finish, page.resting) == (False, False, ())
        assert page.papers[0].current is not None
        assert page.papers[0].current.entry.kept == "Folder Heron"
        for verb in (add, lambda case, by: correct(case, paper_id, kept="Drawer", by=by)):
            with pytest.raises(NotAllowed):
                verb(case, by=member)

    @pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.AUDITOR])
    def test_whoever_oversees_all_reviews_does_not_read_a_draft(self, county: County, role: Role) -> None:
        with pytest.raises(NotAllowed):
            page_of(county.review(Stage.CHAIR_REPORT), by=county.who(role))

    def test_a_paper_of_another_review_is_out_of_reach(self, county: County, case: Case) -> None:
        other = county.review(Stage.PANEL)
        paper_id = add(case)
        for unknown in (paper_id, uuid4()):
            with pytest.raises(OutOfReach):
                mark(other, unknown)
            with pytest.raises(OutOfReach):
                open_version(other.reference, unknown, by=county.coordinator, at=other.at)

    def test_the_page_asks_the_database_as_often_for_ten_versions_as_for_one(self, case: Case) -> None:
        add(case)
        asked: list[str] = []
        engine = case.county.house.database.engine
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
        page_of(case)
        asked.clear()
        page_of(case)
        for_one = len(asked)
        for number in range(1, 10):
            add(case, sha256=f"{number}" * 64, changes="More of it")
        page_of(case)
        asked.clear()
        page_of(case)
        assert len(asked) == for_one
