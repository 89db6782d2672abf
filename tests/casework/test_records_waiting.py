"""What of the end of records waits for the steering group’s chair, or the deputy, on the overview."""

from __future__ import annotations

from datetime import timedelta

from dhr_app.casework import legal_hold
from dhr_app.casework.disposal import confirm
from dhr_app.casework.legal_hold import HoldEntry
from dhr_app.casework.overview import overview
from dhr_app.casework.records_waiting import DISPOSAL, LIFTING, LOOK_AGAIN, RecordsLine
from dhr_app.database.models import LegalHold
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.disposals import deputy, last_day_over, noticed
from tests.reviews import Case, County


def told(case: Case, by: Person | None = None) -> list[RecordsLine]:
    return list(overview(by=by or case.county.chair, at=case.at).records)


def hold(case: Case, *, days: int = 90) -> HoldEntry:
    return HoldEntry("inquest", "Inquest 14 of 2033", case.today + timedelta(days=days))


def test_a_disposal_waits_for_the_first_person_and_then_for_another(county: County) -> None:
    case = county.review(Stage.CLOSED)
    number = noticed(last_day_over(case))
    assert told(case) == [RecordsLine(DISPOSAL, case.reference, number, True)]
    confirm(case.reference, number, by=deputy(case), at=case.wait(minutes=1))
    assert told(case) == [RecordsLine(DISPOSAL, case.reference, number, False)]
    assert told(case, deputy(case)) == []
    case.wait(days=28)
    assert told(case, deputy(case)) == []
    case.wait(days=1)  # a confirmation counts for four weeks
    assert told(case, deputy(case)) == told(case) == [RecordsLine(DISPOSAL, case.reference, number, True)]


def test_while_its_notice_runs_and_for_those_who_confirm_nothing_it_is_not_there(county: County) -> None:
    case = county.review(Stage.CLOSED)
    noticed(last_day_over(case))
    assert told(case, county.who(Role.STEERING_MEMBER)) == told(case, county.coordinator) == []
    case.wait(days=-1)
    assert told(case) == []


def test_a_hold_that_somebody_asks_to_have_lifted_waits_for_somebody_else(county: County) -> None:
    case = county.review(Stage.CLOSED)
    legal_hold.place(case.reference, hold(case), by=county.coordinator, at=case.wait(minutes=1))
    (row,) = case.rows(LegalHold)
    assert told(case) == []
    legal_hold.lift(case.reference, row.id, by=county.coordinator, at=case.wait(minutes=1))
    assert told(case) == [RecordsLine(LIFTING, case.reference, None, False)]


def test_a_freeze_whose_day_has_come_is_to_be_looked_at_again(county: County) -> None:
    """It is of no review, so that no line of a review’s tells of it."""
    case = county.review(Stage.CLOSED)
    legal_hold.freeze(hold(case, days=3), by=county.chair, at=case.wait(minutes=1))
    assert told(case) == []
    case.wait(days=3)
    assert told(case) == [RecordsLine(LOOK_AGAIN, "", None, False)]
