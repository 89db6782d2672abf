"""Seminars are entered once for all the reviews they were about; their figures can be right together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dhr_app.casework.learning import learning_page
from dhr_app.casework.seminar import (
    SeminarPage,
    correct_seminar,
    hold_seminar,
    record_figures,
    remove_seminar,
    reviews_to_choose,
    seminar_page,
)
from dhr_app.casework.seminar_checks import SeminarEntry, SeminarFigures
from dhr_app.database.models import Deadline
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County


def said(*cases: Case, **changes: Any) -> SeminarEntry:
    entry = SeminarEntry(
        theme="Coercive control", format="hybrid", held_on=cases[0].today if cases else None,
        reviews=tuple(case.reference for case in cases), speakers=("expert", "family"), invited=80, registered=70,
    )  # fmt: skip
    return replace(entry, **changes)


def hold(*cases: Case, by: Person | None = None, **changes: Any) -> UUID:
    entry = said(*cases, **changes)
    return hold_seminar(entry, by=by or cases[0].county.coordinator, at=cases[0].wait(minutes=1))


def correct(seminar_id: UUID, *cases: Case, version: int = 1, by: Person | None = None, **changes: Any) -> SeminarEntry:
    entry = said(*cases, **changes)
    correct_seminar(seminar_id, entry, version, by=by or cases[0].county.coordinator, at=cases[0].wait(minutes=1))
    return entry


def record(case: Case, seminar_id: UUID, version: int = 1, **figures: Any) -> SeminarFigures:
    entry = SeminarFigures(**figures)
    record_figures(seminar_id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))
    return entry


def seen(case: Case, seminar_id: UUID, *, by: Person | None = None) -> SeminarPage:
    return seminar_page(seminar_id, by=by or case.county.coordinator, at=case.at)


def met_on(case: Case) -> date | None:
    (row,) = [row for row in case.rows(Deadline) if row.rule == "seminar_due"]
    return row.met_on


def told(case: Case) -> list[tuple[str, object]]:
    return [(event.kind, event.details.get("label")) for event in case.events()]


@pytest.fixture
def pair(county: County) -> tuple[Case, Case]:
    """A review whose report is settled, and another that was closed."""
    case, other = county.review(Stage.SEMINAR), county.review(Stage.CLOSED)
    other.at = case.at = max(case.at, other.at)
    return case, other


def test_a_seminar_is_recorded_with_each_of_its_reviews(pair: tuple[Case, Case]) -> None:
    case, other = pair
    seminar_id = hold(case, other)
    for each, others in ((case, 1), (other, 1)):
        (line,) = learning_page(each.reference, by=case.county.chair, at=case.at).shared
        assert (line.id, line.theme, line.came, line.others) == (seminar_id, "Coercive control", 0, others)
        assert each.facts().ending.shared == 1
        assert told(each)[-1] == (Happened.LEARNING_SHARED, "at a seminar, in person and online")
    assert met_on(case) == case.today
    with case.county.house.reading() as session:
        assert verify(session) == []


def test_its_page_shows_what_was_entered(pair: tuple[Case, Case]) -> None:
    case, other = pair
    seminar_id = hold(case, other)
    page = seen(case, seminar_id)
    assert page.entry == replace(said(case, other), reviews=tuple(sorted((case.reference, other.reference))))
    assert (page.figures, page.whole, page.may_change) == (SeminarFigures(), True, True)


def test_another_way_of_sharing_needs_its_minute(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    with pytest.raises(Invalid) as refusal:
        hold(case, format="another_way")
    assert refusal.value.fields == {"minuted": "Give the minute in which it was recorded: its number and day."}
    hold(case, format="another_way", minuted="Minute 9 of 12 March")
    assert told(case)[-1] == (Happened.LEARNING_SHARED, "in another way that was minuted")
    assert "learning_shared" not in case.needed("close")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"theme": " "}, {"theme": "Say what it was about, in a few words."}),
        ({"format": ""}, {"format": "Choose from the list."}),
        ({"held_on": None}, {"held_on": "Give the day."}),
        ({"held_on": date(2031, 5, 1)}, {"held_on": "1 May 2031 has not come yet: check the day."}),
        ({"speakers": ("mayor",)}, {"speakers": "Choose from the list."}),
        ({"reviews": ()}, {"reviews": "Choose at least one review."}),
        ({"invited": -1}, {"invited": "Give a number from 0 to 100,000."}),
        ({"registered": 100_001}, {"registered": "Give a number from 0 to 100,000."}),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    county: County, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    case = county.review(Stage.SEMINAR)
    with pytest.raises(Invalid) as refusal:
        hold(case, **changes)
    assert refusal.value.fields == fields
    assert case.facts().ending.shared == 0
    seminar_id = hold(case)
    with pytest.raises(Invalid):
        correct(seminar_id, case, **changes)


def test_a_review_whose_report_is_not_settled_is_refused_by_its_reference(county: County) -> None:
    case, early = county.review(Stage.SEMINAR), county.review(Stage.PANEL)
    with pytest.raises(Invalid) as refusal:
        hold(case, early)
    assert refusal.value.fields == {
        "reviews": f"{early.reference} is at “Review panel”: its report is not settled yet."
    }
    with pytest.raises(OutOfReach):
        hold(case, reviews=("DHR-2031-001",))


def test_reviews_to_choose_are_those_whose_report_is_settled(pair: tuple[Case, Case]) -> None:
    case, other = pair
    offered = {one.reference for one in reviews_to_choose(by=case.county.coordinator, at=case.at)}
    assert offered == {case.reference, other.reference}
    barred = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
    assert {one.reference for one in reviews_to_choose(by=barred, at=case.at)} == {other.reference}
    with pytest.raises(NotAllowed):
        reviews_to_choose(by=case.county.chair, at=case.at)


def test_a_correction_changes_its_reviews_and_the_days_they_meet(pair: tuple[Case, Case]) -> None:
    case, other = pair
    seminar_id = hold(other)
    case.at = other.at
    earlier = case.today - timedelta(days=0)
    entry = correct(seminar_id, case, held_on=earlier, theme="Stalking")
    assert seen(case, seminar_id).entry == entry
    assert (case.facts().ending.shared, other.facts().ending.shared) == (1, 0)
    assert (met_on(case), told(case)[-1][0]) == (earlier, Happened.LEARNING_SHARED)
    assert told(other)[-1][0] == Happened.SEMINAR_REMOVED


def test_a_corrected_day_is_the_day_its_date_was_met(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    case.wait(days=9)
    seminar_id = hold(case)
    right = case.today - timedelta(days=4)
    correct(seminar_id, case, held_on=right)
    assert (met_on(case), told(case)[-1][0]) == (right, Happened.SEMINAR_CHANGED)


def test_one_that_was_entered_by_mistake_is_taken_off_and_its_date_waited_for_again(pair: tuple[Case, Case]) -> None:
    case, other = pair
    first, second = hold(case, other), hold(case, held_on=case.today)
    record(case, first, attendance={str(case.county.agency("Police")): 4})
    remove_seminar(first, by=case.county.coordinator, at=case.wait(minutes=1))
    assert (case.facts().ending.shared, met_on(case), other.facts().ending.shared) == (1, case.today, 0)
    remove_seminar(second, by=case.county.coordinator, at=case.wait(minutes=1))
    assert (case.facts().ending.shared, met_on(case)) == (0, None)
    with pytest.raises(OutOfReach):
        seen(case, first)


def test_who_came_and_what_they_said_is_recorded_and_corrected(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    police, refuge = str(county.agency("Police")), str(county.agency("Barset Refuge"))
    seminar_id = hold(case)
    figures = record(
        case, seminar_id, attendance={police: 12, refuge: 7}, surveys_sent=19, surveys_returned=15,
        ratings={"excellent": 9, "good": 6},
    )  # fmt: skip
    page = seen(case, seminar_id)
    assert (page.figures, page.version) == (figures, 2)
    assert page.agencies == {police: "Barsetshire Police", refuge: "Barset Refuge and Outreach"}
    assert learning_page(case.reference, by=county.chair, at=case.at).shared[0].came == 19
    corrected = record(case, seminar_id, 2, attendance={police: 11}, surveys_returned=15, surveys_sent=19)
    assert seen(case, seminar_id).figures == corrected


@pytest.mark.parametrize(
    ("figures", "fields"),
    [
        ({"surveys_sent": 10, "surveys_returned": 11},
         {"surveys_returned": "11 came back of 10 that were sent: check the two figures."}),
        ({"surveys_returned": 5, "ratings": {"excellent": 4, "poor": 2}},
         {"surveys_returned": "5 forms were returned, and 6 rated the seminar: check the figures."}),
        ({"ratings": {"good": 1}},
         {"surveys_returned": "No form is recorded as returned, and 1 rated the seminar: check the figures."}),
        ({"ratings": {"splendid": 1}, "surveys_returned": 1}, {"ratings": "Choose from the list."}),
        ({"surveys_sent": -2}, {"surveys_sent": "Give a number from 0 to 100,000."}),
        ({"attendance": {"6e5e5c2e-0000-4000-8000-000000000000": 3}},
         {"attendance": "This agency is not known to the partnership."}),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_right_together_are_refused(
    county: County, figures: Mapping[str, Any], fields: dict[str, str]
) -> None:
    case = county.review(Stage.SEMINAR)
    seminar_id = hold(case)
    with pytest.raises(Invalid) as refusal:
        record(case, seminar_id, **figures)
    assert refusal.value.fields == fields
    assert seen(case, seminar_id).figures == SeminarFigures()


def test_fewer_ratings_than_forms_are_no_fault(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    seminar_id = hold(case)
    figures = record(case, seminar_id, surveys_sent=9, surveys_returned=9, ratings={"fair": 1})
    assert seen(case, seminar_id).figures == figures


def test_whoever_saves_second_is_told_both_texts_though_only_the_attendance_differs(county: County) -> None:
    case = county.review(Stage.SEMINAR)
    police = str(county.agency("Police"))
    seminar_id = hold(case)
    record(case, seminar_id, attendance={police: 12})
    with pytest.raises(Stale) as stale:
        record(case, seminar_id, attendance={police: 11})
    assert set(stale.value.yours) == {"attendance"}
    with pytest.raises(Stale) as stale:
        correct(seminar_id, case, theme="Stalking")
    assert stale.value.yours == {"theme": "Stalking"}
    correct(seminar_id, case, version=2, theme="Stalking")
    with pytest.raises(Stale):
        record(case, seminar_id, 2, attendance={police: 11})


def test_whoever_has_a_conflict_with_one_of_its_reviews_neither_reads_of_it_nor_changes_the_seminar(
    pair: tuple[Case, Case],
) -> None:
    case, other = pair
    seminar_id = hold(case, other)
    barred = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
    page = seen(case, seminar_id, by=barred)
    assert (page.entry.reviews, page.whole, page.may_change) == ((other.reference,), False, False)
    with pytest.raises(NotAllowed):
        correct(seminar_id, other, by=barred)
    from_both = replace(barred, conflicts=frozenset({case.row.id, other.row.id}))
    with pytest.raises(OutOfReach):
        seen(case, seminar_id, by=from_both)


def test_the_steering_group_sees_it_and_only_the_coordinator_enters_it(county: County) -> None:
    case = county.review(Stage.SEMINAR, seats=True)
    seminar_id = hold(case)
    for role in (Role.STEERING_CHAIR, Role.STEERING_MEMBER):
        who = county.who(role)
        assert not seen(case, seminar_id, by=who).may_change
        with pytest.raises(NotAllowed):
            hold(case, by=who)
        with pytest.raises(NotAllowed):
            correct(seminar_id, case, by=who)
        with pytest.raises(NotAllowed):
            remove_seminar(seminar_id, by=who, at=case.at)
    for role in (Role.PANEL_MEMBER, Role.INDEPENDENT_CHAIR, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            seen(case, seminar_id, by=county.who(role))
    with pytest.raises(OutOfReach):
        seen(case, uuid4())
