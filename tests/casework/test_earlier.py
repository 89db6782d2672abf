"""A review that began before this system: its earlier steps marked, brought in, and its dates from then on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dhr_app.casework import imr
from dhr_app.casework.earlier import EarlierEntry, earlier_page, mark_earlier_step
from dhr_app.casework.panel_page import panel_page
from dhr_app.casework.plan import InReport, count_in_report
from dhr_app.casework.public_name import PublicNameEntry, give_public_name, public_name_page
from dhr_app.casework.review_page import review_page
from dhr_app.casework.seen import seen
from dhr_app.database.models import EarlierStep, Event
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.stages import Stage
from tests.agreements import put_on_file
from tests.panels import appoint
from tests.planning import act, done, plan_of, recommend
from tests.reviews import Case, County


def mark(case: Case, stage: Stage, reached: str = "", was_reached: str = "yes", *, version: int = 0) -> None:
    entry = EarlierEntry(was_reached, reached)
    mark_earlier_step(case.reference, stage, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))


def mark_the_way(case: Case, **reached: str) -> None:
    """Mark each stage up to the last one named, with the day given or none."""
    way = (Stage.SCOPING, Stage.PANEL, Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA, Stage.PUBLICATION, Stage.SEMINAR)
    last = max(way.index(Stage(name)) for name in reached)
    for stage in way[: last + 1]:
        mark(case, stage, reached.get(stage.value, ""))


def running(case: Case) -> dict[str, date | None]:
    calendar = case.county.house.rule_book.calendar
    dates = dates_of(case.facts(), case.rule_set, calendar, today=case.today)
    return {one.rule.key: one.due.on for one in dates if one.waited_for}


class TestMarking:
    def test_a_day_is_kept_as_far_as_it_is_known(self, county: County) -> None:
        case = county.review()
        mark(case, Stage.SCOPING)
        mark(case, Stage.PANEL, "2024")
        mark(case, Stage.CHAIR_REPORT, "2025-03")
        mark(case, Stage.HOME_OFFICE_QA, "2025-11-03")
        page = earlier_page(case.reference, by=county.coordinator, at=case.at)
        assert [(each.stage, each.entry.reached) for each in page.stages if each.version] == [
            (Stage.SCOPING, ""),
            (Stage.PANEL, "2024"),
            (Stage.CHAIR_REPORT, "2025-03"),
            (Stage.HOME_OFFICE_QA, "2025-11-03"),
        ]
        assert page.may_change
        assert case.facts().ending.earlier_steps == 4

    def test_a_mark_is_corrected_and_the_second_of_two_people_is_told(self, county: County) -> None:
        case = county.review()
        mark(case, Stage.PANEL, "2024")
        mark(case, Stage.PANEL, "2023", version=1)
        with pytest.raises(Stale) as refusal:
            mark(case, Stage.PANEL, "2022", version=1)
        assert dict(refusal.value.theirs) == {"reached": "2023"}
        assert [row.reached for row in case.rows(EarlierStep)] == ["2023"]

    def test_a_stage_that_was_not_reached_after_all_counts_no_more(self, county: County) -> None:
        case = county.review()
        mark(case, Stage.PANEL, "2024")
        mark(case, Stage.PANEL, was_reached="no", version=1)
        assert case.facts().ending.earlier_steps == 0

    @pytest.mark.parametrize(
        ("reached", "was_reached", "field"),
        [
            ("2031", "yes", "reached"),
            ("2024-13", "yes", "reached"),
            ("2010", "yes", "reached"),
            ("2024", "no", "reached"),
            ("", "", "was_reached"),
        ],
    )
    def test_what_cannot_be_is_refused(self, county: County, reached: str, was_reached: str, field: str) -> None:
        case = county.review()
        with pytest.raises(Invalid) as refusal:
            mark(case, Stage.PANEL, reached, was_reached)
        assert set(refusal.value.fields) == {field}
        assert case.rows(EarlierStep) == []

    def test_the_stages_were_reached_in_their_order(self, county: County) -> None:
        case = county.review()
        mark(case, Stage.PANEL, "2024-06")
        mark(case, Stage.CHAIR_REPORT, "2024")  # the same year can be later
        with pytest.raises(Invalid, match="was reached later than this"):
            mark(case, Stage.HOME_OFFICE_QA, "2024-05")
        with pytest.raises(Invalid, match="was reached earlier than this"):
            mark(case, Stage.SCOPING, "2024-07-01")

    def test_only_a_stage_of_the_review_s_own_line_is_marked(self, county: County) -> None:
        with pytest.raises(OutOfReach):
            mark(county.review(), Stage.VOID)
        with pytest.raises(OutOfReach):
            mark(county.review(rule_set="local-review"), Stage.HOME_OFFICE_QA)

    def test_nothing_is_marked_once_the_review_goes_on_here(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        with pytest.raises(NotYet) as refusal:
            mark(case, Stage.PANEL)
        assert [reason.sentence for reason in refusal.value.reasons] == [
            "The review goes on in this system: its earlier steps stand."
        ]
        assert not earlier_page(case.reference, by=county.coordinator, at=case.at).may_change

    def test_the_coordinator_marks(self, county: County) -> None:
        case = county.review()
        with pytest.raises(NotAllowed):
            mark_earlier_step(case.reference, Stage.PANEL, EarlierEntry("yes"), 0, by=county.chair, at=case.at)

    def test_the_timeline_is_told_the_stage_and_nothing_else(self, county: County) -> None:
        case = county.review()
        mark(case, Stage.PANEL, "2024")
        event = max(case.rows(Event), key=lambda row: row.recorded_at)
        assert (event.kind, event.details) == ("earlier_step_marked", {"label": "review panel, 2024"})


class TestBringingIn:
    def test_every_stage_on_the_way_must_be_marked(self, county: County) -> None:
        case = county.review()
        mark(case, Stage.SCOPING)
        mark(case, Stage.CHAIR_REPORT)
        case.settle("bring_in", Stage.CHAIR_REPORT)
        with pytest.raises(Invalid, match="Mark first when the review reached “Review panel”"):
            case.move("bring_in", target=Stage.CHAIR_REPORT)
        mark(case, Stage.PANEL)
        assert case.move("bring_in", target=Stage.CHAIR_REPORT) is Stage.CHAIR_REPORT

    def test_the_tracker_says_what_was_before_this_system(self, county: County) -> None:
        case = county.review()
        mark_the_way(case, panel="2024", chair_report="2025-03-03")
        case.take("bring_in", target=Stage.CHAIR_REPORT)
        page = review_page(case.reference, by=county.coordinator, at=case.at)
        notes = {shown.name: shown.note for shown in page.tracker}
        assert notes["Scoping"] == "before this system"
        assert notes["Review panel"] == "2024, before this system"
        assert notes["Chair’s report"] == "3 March 2025, before this system"

    def test_what_was_due_before_is_not_late_and_what_is_due_later_runs(self, county: County) -> None:
        case = county.review()
        month_ago = (case.today - timedelta(days=30)).isoformat()
        mark_the_way(case, panel=month_ago)
        case.take("bring_in", target=Stage.PANEL)
        dates = running(case)
        assert "decision_due" not in dates
        assert set(dates) == {"overview_report_due", "chair_appointed_due"}
        assert all(on is not None and on > case.today for on in dates.values())

    def test_a_date_that_a_later_stage_met_does_not_run(self, county: County) -> None:
        case = county.review()
        month_ago = (case.today - timedelta(days=30)).isoformat()
        mark_the_way(case, panel=month_ago, home_office_qa=(case.today - timedelta(days=3)).isoformat())
        case.take("bring_in", target=Stage.HOME_OFFICE_QA)
        assert "overview_report_due" not in running(case)
        assert "qa_expected" in running(case)

    def test_a_long_past_or_unknown_day_starts_nothing(self, county: County) -> None:
        case = county.review()
        mark_the_way(case, panel="2021-03-01")
        case.take("bring_in", target=Stage.PANEL)
        assert running(case) == {}

    def test_it_goes_where_two_people_agreed_and_nowhere_else(self, county: County) -> None:
        case = county.review()
        mark_the_way(case, panel="", chair_report="")
        case.settle("bring_in", Stage.PANEL)
        with pytest.raises(Invalid, match="Two people agreed to “Review panel”"):
            case.move("bring_in", target=Stage.CHAIR_REPORT)
        assert case.move("bring_in", target=Stage.PANEL) is Stage.PANEL

    def test_its_steps_are_still_corrected_until_it_goes_on(self, county: County) -> None:
        case = county.review()
        mark_the_way(case, panel="2024")
        case.take("bring_in", target=Stage.PANEL)
        mark(case, Stage.PANEL, "2023", version=1)
        case.take("withdraw")
        with pytest.raises(NotYet):
            mark(case, Stage.PANEL, "2022", version=2)


class TestBroughtInAsClosed:
    """Its records are made up here, of what was done elsewhere; and nothing of it is waited for."""

    @pytest.fixture
    def case(self, county: County) -> Case:
        case = county.review()
        case.take("bring_in", target=Stage.CLOSED)
        return case

    def test_it_takes_the_records_of_what_was_done_before(self, case: Case) -> None:
        by = case.county.coordinator
        of = recommend(case, "1", "Police", "Barchester CCG")
        done(case, act(case, of, target_on=case.today - timedelta(days=400)), case.today - timedelta(days=300))
        count_in_report(case.reference, InReport(7), seen(InReport()), by=by, at=case.wait(minutes=1))
        appoint(case)
        put_on_file(case, "overview_report")
        version = public_name_page(case.reference, by=by, at=case.at).version
        give_public_name(case.reference, PublicNameEntry("Alder", 2013), version, by=by, at=case.wait(minutes=1))
        assert (plan_of(case).in_report, plan_of(case).public_name) == (7, "Alder")
        page = panel_page(case.reference, by=by, at=case.at)
        assert (page.may_appoint, len(page.appointments)) == (True, 1)

    def test_nothing_of_it_is_waited_for(self, case: Case) -> None:
        imr.ask(
            case.reference, (case.county.agency("Police"),), imr.RequestEntry("imr", case.today),
            by=case.county.coordinator, at=case.wait(minutes=1),
        )  # fmt: skip
        assert running(case) == {}
        assert (case.row.next_on, case.stage) == (None, Stage.CLOSED)

    def test_once_its_stage_was_corrected_to_closed_it_takes_nothing_more(self, case: Case) -> None:
        for target in (Stage.SEMINAR, Stage.CLOSED):
            case.settle("correct_stage", target)
            case.move("correct_stage", target=target)
        with pytest.raises(NotYet):
            recommend(case)


class TestCorrectingTheStage:
    def test_a_commission_made_by_mistake_leaves_the_decision_due_again(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        due = running(case)["decision_due"]
        case.take("commission")
        assert "decision_due" not in running(case)
        case.wait(days=1)
        case.take("correct_stage", target=Stage.SCOPING)
        assert running(case) == {"decision_due": due}

    def test_a_review_voided_by_mistake_has_its_dates_back(self, county: County) -> None:
        case = county.review()
        before = running(case)
        case.take("void")
        assert running(case) == {}
        case.take("correct_stage", target=Stage.NOTIFICATION)
        assert running(case) == before

    def test_corrected_forward_the_dates_of_the_stage_count_from_the_correction(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        case.take("correct_stage", target=Stage.PANEL)
        dates = running(case)
        assert "decision_due" not in dates
        assert dates["overview_report_due"] is not None
        anchors = {clock.rule: clock.anchor_on for clock in case.facts().clocks}
        assert anchors["overview_report_due"] == case.today

    def test_corrected_to_a_place_aside_nothing_is_waited_for(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.take("correct_stage", target=Stage.WITHDRAWN)
        assert running(case) == {}

    def test_it_goes_where_two_people_agreed_and_nowhere_else(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        case.settle("correct_stage", Stage.SCOPING)
        with pytest.raises(Invalid, match="Two people agreed to “Scoping”"):
            case.move("correct_stage", target=Stage.VOID)
