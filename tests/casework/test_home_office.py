"""Letters of the Home Office: put on file after a submission, corrected, and each of their points answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from dhr_app.casework import home_office, letter_points
from dhr_app.casework.home_office import LetterEntry
from dhr_app.casework.home_office_page import HomeOfficePage, home_office_page, open_letter, open_point, submissions
from dhr_app.casework.letter_points import AnswerEntry, PointEntry
from dhr_app.database.models import Deadline, Event, HomeOfficeLetter, LetterPoint
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import agreements, papers
from tests.reviews import Case, County

POINTS = ("Say more of her as a person.", "Analyse economic abuse.")


@pytest.fixture
def case(county: County) -> Case:
    """A review submitted a while ago."""
    case = county.review(Stage.HOME_OFFICE_QA)
    case.wait(days=40)
    return case


def page_of(case: Case, *, by: Person | None = None) -> HomeOfficePage:
    return home_office_page(case.reference, by=by or case.county.coordinator, at=case.at)


def correct(case: Case, letter_id: UUID, version: int | None = None, **changes: Any) -> None:
    stands = open_letter(case.reference, letter_id, by=case.county.coordinator, at=case.at)
    home_office.correct_letter(
        case.reference, letter_id, replace(stands.entry, **changes), version or stands.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def answer_of(case: Case, name: str) -> Answer | None:
    return CONDITIONS[name].answer(case.facts())


def changes_due(case: Case) -> list[tuple[date | None, date | None, bool]]:
    """The time for changes: from when, met on, ended."""
    rows = [row for row in case.rows(Deadline) if row.rule == "qa_amendments_due"]
    found = [(row.anchor_on, row.met_on, row.ended_on is not None) for row in rows]
    return sorted(found, key=lambda one: (one[2], str(one[0])))


def refused(verb: Any, *what: Any, **how: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        verb(*what, **how)
    return dict(refusal.value.fields)


class TestALetter:
    def test_comes_with_its_points_in_their_order(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes", POINTS, summary="Praise for the panel", panel_met_on=case.today)
        (shown,) = page_of(case).rounds
        (letter,) = shown.letters
        assert letter.entry == LetterEntry(
            1,
            case.today,
            case.today,
            case.today,
            "cleared_after_changes",
            "Letter book, page 9",
            "Praise for the panel",
        )
        assert [(point.number, point.asked.point, point.answer.outcome) for point in letter.points] == [
            (1, POINTS[0], "open"), (2, POINTS[1], "open"),
        ]  # fmt: skip
        assert (letter.open, letter.used, page_of(case).waits) == (2, False, False)

    def test_turns_days_with_the_home_office_into_days_with_us(self, case: Case) -> None:
        (before,) = page_of(case).rounds
        assert (before.with_them, before.with_us, page_of(case).waits) == (40, None, True)
        papers.letter(case, "resubmit")
        case.wait(days=6)
        (after,) = page_of(case).rounds
        assert (after.with_them, after.with_us) == (40, 6)

    def test_that_asks_to_resubmit_lets_the_report_be_sent_back_and_not_be_cleared(self, case: Case) -> None:
        papers.letter(case, "resubmit", POINTS)
        assert answer_of(case, "resubmission_letter_on_file") is Answer.DONE
        assert answer_of(case, "clearance_letter_on_file") is None
        case.move("send_back")
        assert case.stage is Stage.CHAIR_REPORT
        assert [row.used_by is not None for row in case.rows(HomeOfficeLetter)] == [True]

    @pytest.mark.parametrize("verdict", ["cleared", "cleared_after_changes"])
    def test_that_allows_publication_lets_it_be_cleared(self, case: Case, verdict: str) -> None:
        papers.letter(case, verdict)
        assert answer_of(case, "clearance_letter_on_file") is Answer.DONE
        assert answer_of(case, "resubmission_letter_on_file") is None

    def test_is_told_by_what_it_decides_and_nothing_that_was_typed(self, case: Case) -> None:
        papers.letter(case, "resubmit", ("Name Ada Harding less often.",))
        told = [one for one in case.rows(Event) if one.kind in ("letter_received", "point_added")]
        assert [one.details for one in sorted(told, key=lambda one: one.ordinal)] == [
            {"label": "to be changed and submitted again"}, {"number": 1},
        ]  # fmt: skip

    @pytest.mark.parametrize("stage", [Stage.PANEL, Stage.CHAIR_REPORT])
    def test_is_not_entered_before_a_submission(self, county: County, stage: Stage) -> None:
        case = county.review(stage)
        with pytest.raises(NotYet) as refusal:
            home_office.add_letter(case.reference, LetterEntry(1), by=county.coordinator, at=case.at)
        assert [reason.condition for reason in refusal.value.reasons] == ["submitted"]

    def test_comes_to_a_review_that_was_submitted_before_this_system(self, county: County) -> None:
        case = county.review()
        case.agree(case.state("agreed_to_correct", about=Stage.HOME_OFFICE_QA.value))
        case.move("correct_stage", target=Stage.HOME_OFFICE_QA)
        papers.letter(case, "resubmit")
        (shown,) = page_of(case).rounds
        assert (shown.round.submitted_on, shown.with_them, len(shown.letters)) == (None, None, 1)
        assert "resubmission_letter_on_file" not in case.needed("send_back")

    @pytest.mark.parametrize(
        ("entry", "field", "sentence"),
        [
            ({"verdict": "adequate"}, "verdict", "Choose from the list."),
            ({"dated_on": None}, "dated_on", "Give the date of the letter."),
            ({"received_on": None}, "received_on", "Give the day on which the letter came."),
            ({"kept": " "}, "kept", "Say where the letter is kept."),
            ({"round": 0}, "round", "Say which submission the letter answers."),
            ({"round": 2}, "round", "Say which submission the letter answers."),
        ],
    )
    def test_that_cannot_be_right_is_refused_beside_its_field(
        self, case: Case, entry: dict[str, Any], field: str, sentence: str
    ) -> None:
        assert refused(papers.letter, case, **entry) == {field: sentence}
        assert case.rows(HomeOfficeLetter) == []

    def test_is_not_older_than_the_submission_nor_came_before_its_date_nor_will_come(self, case: Case) -> None:
        early, tomorrow = case.today - timedelta(days=60), case.today + timedelta(days=1)
        said = refused(papers.letter, case, dated_on=early, panel_met_on=early)
        assert set(said) == {"dated_on", "panel_met_on"}
        assert all(one.startswith("The report was submitted on") for one in said.values())
        yesterday = case.today - timedelta(days=1)
        assert refused(papers.letter, case, received_on=yesterday)["received_on"].startswith("The letter is dated")
        assert refused(papers.letter, case, dated_on=yesterday, panel_met_on=case.today)["panel_met_on"].startswith(
            "The letter is dated"
        )
        assert set(refused(papers.letter, case, received_on=tomorrow)) == {"received_on"}

    def test_entered_after_the_review_went_on_supports_no_move_any_more(self, case: Case) -> None:
        case.take("clear")
        papers.letter(case, "resubmit", POINTS)
        late = next(row for row in case.rows(HomeOfficeLetter) if row.verdict == "resubmit")
        assert late.used_by is not None
        assert case.facts().home_office.verdict is None
        assert len(page_of(case).rounds[0].letters) == 2

    def test_about_an_earlier_submission_supports_nothing_either(self, case: Case) -> None:
        case.take("send_back")
        case.take("submit_to_home_office")
        papers.letter(case, "cleared", round=1)
        assert answer_of(case, "clearance_letter_on_file") is None
        newest, oldest = page_of(case).rounds
        assert (len(newest.letters), len(oldest.letters)) == (0, 2)
        assert page_of(case).waits


class TestTheTimeForChanges:
    def test_counts_from_the_day_the_letter_came(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes", POINTS, received_on=case.today, dated_on=case.today)
        assert changes_due(case) == [(case.today, None, False)]
        (due,) = [clock.first_due_on for clock in case.facts().clocks if clock.rule == "qa_amendments_due"]
        assert due >= case.today + timedelta(days=28)

    def test_does_not_begin_where_nothing_is_to_be_changed(self, case: Case) -> None:
        papers.letter(case, "cleared")
        assert changes_due(case) == []

    def test_moves_with_a_corrected_day(self, case: Case) -> None:
        letter_id = papers.letter(case, "cleared_after_changes", POINTS)
        before = case.today - timedelta(days=3)
        correct(case, letter_id, dated_on=before, received_on=before)
        assert changes_due(case) == [(before, None, False), (case.today, None, True)]

    def test_ends_and_begins_with_a_corrected_verdict(self, case: Case) -> None:
        letter_id = papers.letter(case, "cleared_after_changes")
        correct(case, letter_id, verdict="cleared")
        assert changes_due(case) == [(case.today, None, True)]
        correct(case, letter_id, verdict="resubmit")
        assert changes_due(case) == [(case.today, None, False), (case.today, None, True)]

    def test_of_an_earlier_round_moves_alone(self, case: Case) -> None:
        first = papers.letter(case, "resubmit")
        came = case.today
        case.take("send_back")
        case.wait(days=10)
        case.take("submit_to_home_office")
        resubmitted = case.today
        case.wait(days=50)
        papers.letter(case, "cleared_after_changes")
        second = case.today
        correct(case, first, received_on=came + timedelta(days=2))
        running = [one for one in changes_due(case) if not one[2]]
        assert running == [(came + timedelta(days=2), resubmitted, False), (second, None, False)]


class TestCorrected:
    def test_a_letter_s_words_and_days_are_put_right(self, case: Case) -> None:
        letter_id = papers.letter(case, "cleared")
        before = case.today - timedelta(days=5)
        correct(case, letter_id, dated_on=before, panel_met_on=before, kept="Drawer 4", summary="Praise")
        (row,) = case.rows(HomeOfficeLetter)
        shown = open_letter(case.reference, letter_id, by=case.county.coordinator, at=case.at)
        assert (row.dated_on, shown.entry.kept, shown.entry.summary) == (before, "Drawer 4", "Praise")
        assert case.happened("letter") == ["letter_received", "letter_changed"]

    def test_what_a_letter_decided_is_not_changed_once_the_review_went_on_after_it(self, case: Case) -> None:
        letter_id = papers.letter(case, "resubmit")
        case.take("send_back")
        assert set(refused(correct, case, letter_id, verdict="cleared")) == {"verdict"}
        correct(case, letter_id, kept="Drawer 4")

    def test_a_letter_still_waited_for_stays_with_the_latest_submission(self, case: Case) -> None:
        case.take("send_back")
        case.take("submit_to_home_office")
        letter_id = papers.letter(case, "cleared")
        assert set(refused(correct, case, letter_id, round=1)) == {"round"}

    def test_whoever_saves_second_is_told_both_texts(self, case: Case) -> None:
        letter_id = papers.letter(case, "cleared")
        correct(case, letter_id, kept="Drawer 4")
        with pytest.raises(Stale) as stale:
            correct(case, letter_id, 1, kept="Drawer 5")
        assert (stale.value.theirs, stale.value.yours) == ({"kept": "Drawer 4"}, {"kept": "Drawer 5"})

    def test_a_point_s_words_are_put_right(self, case: Case) -> None:
        papers.letter(case, "resubmit", POINTS)
        row = papers.point(case, 1)
        entry = PointEntry("Say much more of her.", touches_family=True)
        self._correct_point(case, row, entry)
        shown = open_point(case.reference, row.id, "home_office.change", by=case.county.coordinator, at=case.at)
        assert shown.asked == entry
        assert refused(self._correct_point, case, papers.point(case, 1), PointEntry(" ")) == {
            "point": "Enter what the letter asks for."
        }
        with pytest.raises(Stale):
            self._correct_point(case, row, PointEntry("Something else"))

    def _correct_point(self, case: Case, row: LetterPoint, entry: PointEntry) -> None:
        letter_points.correct_point(
            case.reference, row.id, entry, row.version, by=case.county.coordinator, at=case.wait(minutes=1)
        )


class TestPoints:
    def test_that_come_later_are_numbered_on(self, case: Case) -> None:
        letter_id = papers.letter(case, "resubmit", POINTS)
        self._add(case, letter_id, " Consider disability. ", "")
        assert sorted(row.number for row in case.rows(LetterPoint)) == [1, 2, 3]
        assert refused(self._add, case, letter_id, " ") == {"points": "Enter at least one point."}

    def test_are_answered_changed_or_not_and_why(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes", POINTS)
        assert answer_of(case, "letter_points_answered") is None
        papers.answer(case, papers.point(case, 1), touches_family=True)
        assert answer_of(case, "letter_points_answered") is None
        papers.answer(case, papers.point(case, 2), "not_changed", answer="The accounts do not show it.")
        assert answer_of(case, "letter_points_answered") is Answer.DONE
        (letter,) = page_of(case).rounds[0].letters
        assert [point.answer for point in letter.points] == [
            AnswerEntry("changed", "Section 4.2 says so now.", case.today, touches_family=True),
            AnswerEntry("not_changed", "The accounts do not show it.", case.today, touches_family=False),
        ]
        assert case.happened("point_answered") == ["point_answered"] * 2

    def test_a_letter_that_asks_for_changes_has_at_least_one(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes")
        assert answer_of(case, "letter_points_answered") is None

    def test_a_letter_that_asks_for_none_needs_none(self, case: Case) -> None:
        papers.letter(case, "cleared")
        assert answer_of(case, "letter_points_answered") is Answer.DONE

    def test_an_answer_is_corrected_and_taken_back(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes", POINTS[:1])
        papers.answer(case, papers.point(case, 1))
        papers.answer(case, papers.point(case, 1), "open", answer="", answered_on=None)
        row = papers.point(case, 1)
        assert (row.outcome, row.answered_on) == ("open", None)
        assert answer_of(case, "letter_points_answered") is None
        assert case.happened("point_answered", "point_changed") == ["point_answered", "point_changed"]

    def test_of_a_letter_that_asked_to_resubmit_are_answered_while_the_report_is_written_again(
        self, case: Case
    ) -> None:
        papers.letter(case, "resubmit", POINTS)
        case.take("send_back")
        case.wait(days=3)
        papers.answer(case, papers.point(case, 1))
        assert papers.point(case, 1).outcome == "changed"

    @pytest.mark.parametrize(
        ("outcome", "entry", "fields"),
        [
            ("ignored",     {},                    {"outcome": "Choose from the list."}),
            ("changed",     {"answer": " "},       {"answer": "Say what was changed, and where."}),
            ("not_changed", {"answer": ""},        {"answer": "Say why it was not changed."}),
            ("changed",     {"answered_on": None}, {"answered_on": "Give the day on which it was settled."}),
            ("changed",     {"answered_on": date(2025, 1, 2)}, {"answered_on": "The letter came on"}),
            ("changed",     {"answered_on": date(2999, 1, 2)}, {"answered_on": "2 January 2999 has not come yet"}),
        ],
    )  # fmt: skip
    def test_an_answer_that_cannot_be_right_is_refused_beside_its_field(
        self, case: Case, outcome: str, entry: dict[str, Any], fields: dict[str, str]
    ) -> None:
        papers.letter(case, "resubmit", POINTS)
        said = refused(papers.answer, case, papers.point(case, 1), outcome, **entry)
        assert set(said) == set(fields)
        assert all(said[name].startswith(sentence) for name, sentence in fields.items())

    def test_whoever_answers_second_is_told_both_texts(self, case: Case) -> None:
        papers.letter(case, "resubmit", POINTS)
        row = papers.point(case, 1)
        papers.answer(case, row)
        with pytest.raises(Stale) as stale:
            papers.answer(case, row, answer="Section 9 says so.")
        assert stale.value.theirs == {"answer": "Section 4.2 says so now."}

    def _add(self, case: Case, letter_id: UUID, *texts: str) -> None:
        letter_points.add_points(case.reference, letter_id, texts, by=case.county.coordinator, at=case.wait(minutes=1))


class TestRevisedPapers:
    def test_nothing_changed_asks_for_no_new_version(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes", POINTS[:1])
        papers.answer(case, papers.point(case, 1), "not_changed")
        assert answer_of(case, "revised_papers_on_file") is Answer.DONE

    def test_a_change_asks_for_a_final_version_newer_than_the_letter(self, case: Case) -> None:
        papers.letter(case, "cleared_after_changes", POINTS[:1])
        papers.answer(case, papers.point(case, 1))
        assert answer_of(case, "revised_papers_on_file") is None
        agreements.put_on_file(case, "overview_report")
        assert answer_of(case, "revised_papers_on_file") is None
        papers.final_papers(case)
        assert answer_of(case, "revised_papers_on_file") is Answer.DONE


class TestWhoDoesWhat:
    def test_the_chair_and_author_answer_points_and_enter_no_letter(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA, seats=True)
        papers.letter(case, "resubmit", POINTS)
        for number, role in enumerate((Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR), start=1):
            by, row = county.who(role), papers.point(case, number)
            page = page_of(case, by=by)
            assert (page.may_change, page.may_answer) == (False, True)
            entry = AnswerEntry("changed", "Section 3 says so.", case.today)
            letter_points.answer_point(case.reference, row.id, entry, row.version, by=by, at=case.wait(minutes=1))
            with pytest.raises(NotAllowed):
                home_office.add_letter(case.reference, LetterEntry(1), by=by, at=case.at)
            with pytest.raises(NotAllowed):
                submissions(case.reference, by=by, at=case.at)

    def test_the_panel_reads_and_answers_nothing(self, county: County) -> None:
        case = county.review(Stage.HOME_OFFICE_QA, seats=True)
        papers.letter(case, "resubmit", POINTS)
        member, row = county.who(Role.PANEL_MEMBER), papers.point(case, 1)
        page = page_of(case, by=member)
        assert (page.may_change, page.may_answer) == (False, False)
        assert page.rounds[0].letters[0].points[0].asked.point == POINTS[0]
        with pytest.raises(NotAllowed):
            letter_points.answer_point(case.reference, row.id, AnswerEntry(), 1, by=member, at=case.at)

    @pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.AUDITOR])
    def test_whoever_oversees_all_reviews_does_not_read_the_letters(self, case: Case, role: Role) -> None:
        with pytest.raises(NotAllowed):
            page_of(case, by=case.county.who(role))

    def test_a_letter_or_point_of_another_review_is_out_of_reach(self, county: County, case: Case) -> None:
        letter_id = papers.letter(case, "resubmit", POINTS)
        row, other = papers.point(case, 1), county.review(Stage.HOME_OFFICE_QA)
        for unknown in (letter_id, uuid4()):
            with pytest.raises(OutOfReach):
                open_letter(other.reference, unknown, by=county.coordinator, at=other.at)
        for unknown in (row.id, uuid4()):
            with pytest.raises(OutOfReach):
                letter_points.answer_point(
                    other.reference, unknown, AnswerEntry(), 1, by=county.coordinator, at=other.at
                )

    def test_the_page_asks_the_database_as_often_for_ten_points_as_for_one(self, case: Case) -> None:
        letter_id = papers.letter(case, "resubmit", POINTS[:1])
        asked: list[str] = []
        engine = case.county.house.database.engine
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
        page_of(case)
        asked.clear()
        page_of(case)
        for_one = len(asked)
        letter_points.add_points(
            case.reference, letter_id, POINTS * 5, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        page_of(case)
        asked.clear()
        page_of(case)
        assert len(asked) == for_one
