"""Which decisions whether to review the steering group chair is told of, and until when none is asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dhr_app.casework.decision import DecisionEntry, prepare_decision
from dhr_app.casework.overview import MOST, overview
from dhr_app.casework.to_decide import DecideLine
from dhr_app.database.models import Conflict, ScopingRequest
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, OPERATOR
from tests.planning import act, recommend
from tests.reporting import report
from tests.reviews import Case, County


def told(county: County) -> list[DecideLine]:
    return list(overview(by=county.chair, at=NOW).decide)  # 3 June 2026


@pytest.fixture
def scoped(bare_county: County) -> Case:
    """Notified twenty days ago, so that the decision is due on 14 June; one agency was asked."""
    return answered(bare_county.review(Stage.SCOPING, at=NOW - timedelta(days=20)))


def answered(case: Case) -> Case:
    """The agency that was asked on the way to scoping has answered."""
    (request,) = case.rows(ScopingRequest)
    case.answer(request)
    return case


def written(case: Case, kind: str = "review") -> None:
    grounds = ("aged_16_or_over", "abuse_or_neglect") if kind == "review" else ("no_link",)
    entry = DecisionEntry(kind, grounds, "It was by a former partner.")
    prepare_decision(case.reference, entry, 0, by=case.county.coordinator, at=case.wait(minutes=1))


def test_where_every_agency_has_answered_the_decision_waits(scoped: Case) -> None:
    (line,) = told(scoped.county)
    assert line == DecideLine(scoped.reference, "", 0, 0, None)


def test_while_an_agency_is_silent_it_waits_only_once_its_day_has_passed(bare_county: County) -> None:
    fresh = bare_county.review(Stage.SCOPING, at=NOW - timedelta(days=20))
    assert told(bare_county) == []
    written(fresh, "not_review")
    assert told(bare_county) == [DecideLine(fresh.reference, "not_review", 1, 0, None)]


def test_a_decision_that_is_late_says_for_how_long(bare_county: County) -> None:
    case = answered(bare_county.review(Stage.SCOPING))  # due on 15 February
    (line,) = told(bare_county)
    assert (line.reference, line.days_late) == (case.reference, 108)


def test_what_is_put_off_waits_from_its_day_on(scoped: Case) -> None:
    scoped.at = NOW - timedelta(days=3)
    scoped.take("defer", review_by=date(2026, 6, 10), awaited=("inquest",), decided_on=scoped.today)
    assert told(scoped.county) == []
    by, later = scoped.county.chair, NOW + timedelta(days=7)
    (line,) = overview(by=by, at=later).decide
    assert line.put_off_until == date(2026, 6, 10)


def test_once_it_is_taken_or_on_hold_it_waits_no_longer(scoped: Case) -> None:
    other = answered(scoped.county.review(Stage.SCOPING, at=NOW - timedelta(days=19)))
    assert len(told(scoped.county)) == 2
    scoped.take("commission")
    other.take("pause")
    assert told(scoped.county) == []


def test_a_review_barred_by_a_conflict_is_not_asked_of_the_chair(scoped: Case) -> None:
    county, chair_id = scoped.county, scoped.county.chair.id
    with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.add(Conflict(review_id=scoped.row.id, account_id=chair_id))
    assert told(county) == []


class TestAnAgencyThatAsksForLonger:
    def asks(self, case: Case, until: date) -> None:
        action_id = act(case, recommend(case, str(until.day)), target_on=date(2026, 7, 1))
        report(case, action_id, "need_longer", wanted_on=until)

    def test_a_long_move_waits_for_the_chair_and_a_short_one_for_the_coordinator_alone(self, county: County) -> None:
        planned = county.review(Stage.CHAIR_REPORT)
        self.asks(planned, date(2026, 7, 29))
        assert overview(by=planned.county.chair, at=NOW).wishes == ()
        self.asks(planned, date(2026, 7, 30))
        (wish,) = overview(by=planned.county.chair, at=NOW).wishes
        assert (wish.agency, wish.wanted_on, wish.due_on) == ("Barsetshire Police", date(2026, 7, 30), date(2026, 7, 1))
        page = overview(by=planned.county.coordinator, at=NOW)
        assert len(page.wishes) == 1 <= MOST
        assert (page.may_move_dates, overview(by=planned.county.chair, at=NOW).may_move_dates) == (True, True)
