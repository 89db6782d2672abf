"""The report of a past day is the same, byte for byte, whatever is done afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from dhr_app import create_app
from dhr_app.casework import plan_parts, public_name
from dhr_app.casework.action import ActionEntry, correct_action, remove_action
from dhr_app.casework.action_progress import DoneEntry, MovedEntry, move_date, report_done
from dhr_app.casework.public_name import PublicNameEntry
from dhr_app.casework.recommendation import WithdrawalEntry, withdraw_recommendation
from dhr_app.casework.seminar import correct_seminar, hold_seminar, remove_seminar, seminar_page
from dhr_app.casework.seminar_checks import SeminarEntry
from dhr_app.casework.sign_off import OutcomeEntry, close_action
from dhr_app.casework.steering_json import as_json
from dhr_app.casework.steering_report import steering_report
from dhr_app.database.models import Action, Recommendation, SeminarReview
from dhr_app.web.overview import report_file
from dhr_app.workflows.errors import Invalid, NotYet
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.installations import Ground
from tests.planning import act, done, recommend
from tests.reviews import Case, County

DAY = date(2026, 3, 1)
Work = Callable[[Case], object]


def written(county: County, day: date = DAY) -> tuple[str, str]:
    """The report of the day as both of its files."""
    found = steering_report(day, at=NOW)
    return json.dumps(as_json(found)), report_file(create_app(house=county.house), found)


def _move(case: Case) -> None:
    row = next(row for row in case.rows(Action) if row.target_on and row.outcome == "open" and not row.removed_on)
    part = plan_parts.action_part(case.reference, row.id, by=case.county.coordinator, at=case.at)
    entry = MovedEntry("by_a_date", row.target_on + timedelta(days=3), None, "larger", "9", case.today)
    move_date(case.reference, row.id, entry, part.version, by=case.county.coordinator, at=case.wait(minutes=1))


def _another_owner(case: Case) -> None:
    row = next(row for row in case.rows(Action) if row.outcome == "open" and not row.removed_on)
    part = plan_parts.action_part(case.reference, row.id, by=case.county.coordinator, at=case.at)
    entry = ActionEntry(**{**vars(part.entry), "owner_id": case.county.agency("Probation")})
    correct_action(case.reference, row.id, entry, part.version, by=case.county.coordinator, at=case.wait(minutes=1))


def _done(case: Case) -> None:
    done(case, next(row.id for row in case.rows(Action) if row.done_on is None and row.owner_id))


def _taken_back(case: Case) -> None:
    row = next(row for row in case.rows(Action) if row.done_on and row.outcome == "open")
    part = plan_parts.done_part(case.reference, row.id, by=case.county.coordinator, at=case.at)
    by = case.county.coordinator
    report_done(case.reference, row.id, DoneEntry(), part.version, by=by, at=case.wait(minutes=1))


def _closed(case: Case) -> None:
    row = next(row for row in case.rows(Action) if row.outcome == "open" and not row.removed_on)
    part = plan_parts.outcome_part(case.reference, row.id, by=case.county.chair, at=case.at)
    entry = OutcomeEntry("superseded", "7", case.today)
    close_action(case.reference, row.id, entry, part.version, by=case.county.chair, at=case.wait(minutes=1))


def _opened_again(case: Case) -> None:
    row = next(row for row in case.rows(Action) if row.outcome != "open")
    part = plan_parts.outcome_part(case.reference, row.id, by=case.county.chair, at=case.at)
    close_action(case.reference, row.id, OutcomeEntry(), part.version, by=case.county.chair, at=case.wait(minutes=1))


def _removed(case: Case) -> None:
    row = next(row for row in case.rows(Action) if row.outcome == "open" and not row.removed_on and not row.done_on)
    remove_action(case.reference, row.id, by=case.county.coordinator, at=case.wait(minutes=1))


def _withdrawn(case: Case) -> None:
    row = next(row for row in case.rows(Recommendation) if row.withdrawn_on is None)
    by = case.county.coordinator
    part = plan_parts.withdrawal_part(case.reference, row.id, by=by, at=case.at)
    entry = WithdrawalEntry(case.today - timedelta(days=60), "joined")
    withdraw_recommendation(case.reference, row.id, entry, part.version, by=by, at=case.wait(minutes=1))


def _named(case: Case) -> None:
    by, year = case.county.coordinator, 2000 + case.at.minute % 20
    version = public_name.public_name_page(case.reference, by=by, at=case.at).version
    entry = PublicNameEntry(f"Campion {case.reference}", year)
    public_name.give_public_name(case.reference, entry, version, by=by, at=case.wait(minutes=1))


def _seminar(case: Case) -> None:
    """Held before the day, told after it."""
    entry = SeminarEntry("Orders", "online", date(2026, 1, 30), (case.reference,))
    hold_seminar(entry, by=case.county.coordinator, at=case.wait(minutes=1))


def _no_seminar(case: Case) -> None:
    remove_seminar(_held(case), by=case.county.coordinator, at=case.wait(minutes=1))


def _another_day(case: Case) -> None:
    page = seminar_page(_held(case), by=case.county.coordinator, at=case.at)
    entry = SeminarEntry(**{**vars(page.entry), "held_on": date(2026, 1, 28)})
    correct_seminar(page.id, entry, page.version, by=case.county.coordinator, at=case.wait(minutes=1))


def _held(case: Case) -> UUID:
    return next(row.seminar_id for row in case.rows(SeminarReview))


def _another_review(case: Case) -> None:
    case.county.review(at=case.wait(minutes=1)).relative()


def _on_hold(case: Case) -> None:
    case.take("pause", decided_on=case.today - timedelta(days=40), review_by=case.today + timedelta(days=20))


WORK: tuple[Work, ...] = (
    lambda case: recommend(case, f"9.{case.at:%j%H%M}"),
    lambda case: act(case, case.rows(Recommendation)[0].id),
    _move, _another_owner, _done, _taken_back, _closed, _opened_again, _removed, _withdrawn, _named, _seminar,
    _no_seminar, _another_day, _another_review, _on_hold,
    lambda case: case.take("resume"),
    lambda case: case.take("extend", new_date=case.today + timedelta(days=500)),
    lambda case: case.ask("Probation"),
    lambda case: case.take("close"),
    lambda case: case.take("withdraw"),
    lambda case: case.take("correct_stage", target=Stage.PANEL),
    lambda case: case.to(Stage.SEMINAR),
)  # fmt: skip


@pytest.fixture
def cases(county: County) -> list[Case]:
    """Reviews with plans, a sign-off and a seminar before the day; all of them wait for what comes after it."""
    found = []
    for number, stage in enumerate((Stage.PANEL, Stage.CHAIR_REPORT, Stage.SEMINAR)):
        case = county.review(stage)
        case.at = datetime(2026, 2, 2 + number, 10, tzinfo=UTC)
        of = recommend(case, "8")
        for days in (10, 90):
            act(case, of, target_on=case.today + timedelta(days=days))
        found.append(case)
    done(found[0], next(row.id for row in found[0].rows(Action)))
    _closed(found[1])
    _seminar(found[2])
    for case in found:
        case.at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return found


@pytest.fixture
def saved(county: County, cases: list[Case], workplace: Ground, tmp_path: Path) -> Ground:
    """The instance as it is now, to begin from again for each example."""
    county.house.database.dispose()
    return workplace.copy(tmp_path / "saved")


STEPS = some.lists(some.tuples(some.integers(0, 2), some.sampled_from(range(len(WORK)))), min_size=1, max_size=10)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=60)


@FEW
@given(steps=STEPS)
def test_whatever_is_done_after_a_day_its_report_stays_as_it_was(
    county: County, cases: list[Case], saved: Ground, workplace: Ground, steps: list[tuple[int, int]]
) -> None:
    it_stays(county, cases, saved, workplace, steps)


@pytest.mark.slow
@MANY
@given(steps=STEPS)
def test_and_whatever_else_is_done(
    county: County, cases: list[Case], saved: Ground, workplace: Ground, steps: list[tuple[int, int]]
) -> None:
    it_stays(county, cases, saved, workplace, steps)


def it_stays(county: County, cases: list[Case], saved: Ground, workplace: Ground, steps: list[tuple[int, int]]) -> None:
    county.house.database.dispose()
    workplace.lay_out(saved)
    again = [replace(case) for case in cases]
    before = written(county)
    for which, what in steps:
        try_to(WORK[what], again[which])
    assert written(county) == before


def test_each_work_of_the_property_can_be_done_and_is_seen_later(county: County, cases: list[Case]) -> None:
    """Or the property would prove nothing."""
    before = written(county)
    did = {number for number, work in enumerate(WORK) for case in cases if try_to(work, case)}
    assert did == set(range(len(WORK)))
    assert written(county) == before
    assert written(county, date(2026, 6, 3)) != before


def try_to(work: Work, case: Case) -> bool:
    """Whether it could be done: the rules refuse what does not fit, and there may be nothing to do it to."""
    case.wait(hours=1)
    try:
        work(case)
    except (Invalid, NotYet, StopIteration, IndexError, AssertionError, KeyError):
        return False
    return True
