"""The overview’s figures against a small county counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dhr_app.casework.action_progress import DoneEntry, report_done
from dhr_app.casework.overview import MOST, Overview, overview
from dhr_app.casework.plan_parts import done_part, withdrawal_part
from dhr_app.casework.recommendation import WithdrawalEntry, withdraw_recommendation
from dhr_app.database.models import Action, Agency, Conflict
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.lateness import LOOK_AGAIN, REPORTED, Band
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.waiting import Waiting
from tests.factories import NOW, OPERATOR
from tests.planning import act, done, recommend, signed_off
from tests.queries import asked_by
from tests.reviews import Case, County


def seen(county: County, *, by: Person | None = None) -> Overview:
    return overview(by=by or county.chair, at=NOW)  # 3 June 2026


def at_stage(page: Overview, stage: Stage) -> tuple[int, int, int, int]:
    (line,) = [line for line in page.stages if line.stage is stage]
    return line.reviews, line.late, line.soon, line.on_hold


def test_where_there_is_no_review_everything_is_nought_and_says_so(bare_county: County) -> None:
    page = seen(bare_county)
    assert (page.reviews, page.late, page.held, page.reported) == (0, 0, 0, 0)
    assert (page.latest, page.on_hold, page.agencies, page.sign_off, page.agree) == ((), (), (), (), ())
    assert all(line.reviews == 0 for line in page.stages)


def test_reviews_are_counted_by_stage_lateness_and_holder(bare_county: County) -> None:
    late = bare_county.review()  # notified on 15 January, to be decided by 15 February: 108 days late
    fresh = bare_county.review(at=NOW - timedelta(days=20))  # to be decided by 14 June
    held = bare_county.review(Stage.PANEL)
    held.take("pause")
    page = seen(bare_county)
    assert at_stage(page, Stage.NOTIFICATION) == (2, 1, 1, 0)
    assert at_stage(page, Stage.PANEL)[0] == 1
    assert at_stage(page, Stage.PANEL)[3] == 1
    assert (page.reviews, page.held) == (3, 1)
    assert sum(page.bands.values()) == 3
    assert page.bands[Band.LATE_LONG] == sum(case.row.sorts_on < date(2026, 3, 5) for case in (late, fresh, held))
    assert page.waiting[Waiting.PARTNERSHIP] == 2
    assert page.waiting[Waiting.ON_HOLD] == 1
    first = next(line for line in page.latest if line.reference == late.reference)
    assert (first.days_late, first.due_on, first.what) == (108, date(2026, 2, 15), "Decision whether to review")
    assert (first.owed_by, first.agencies, first.deferral) == ("partnership", (), None)
    (on_hold,) = page.on_hold
    since = held.row.on_hold_since
    assert since is not None
    assert (on_hold.reference, on_hold.days) == (
        held.reference,
        (date(2026, 6, 3) - since).days + 1,
    )  # today is a day on hold


@pytest.fixture
def planned(county: County) -> Case:
    """A review with an action in every band, by hand: the police own them but one; today is 3 June 2026."""
    case = county.review(Stage.CHAIR_REPORT)
    of = recommend(case)
    act(case, of, target_on=date(2026, 2, 1))  # 122 days late
    act(case, of, target_on=date(2026, 4, 1))  # 63
    act(case, of, target_on=date(2026, 6, 2))  # 1
    act(case, of, target_on=date(2026, 6, 30))  # in 27 days
    act(case, of, target_on=date(2027, 6, 30))
    act(case, of, when="not_yet", target_on=None)
    act(case, of, when="not_yet", target_on=None, owner_id=None)
    act(case, of, when="ongoing", target_on=None, look_again_on=date(2026, 5, 1))  # 33
    done(case, act(case, of, target_on=date(2026, 1, 30)))
    return case


def test_actions_are_counted_by_agency_and_band(county: County, planned: Case) -> None:
    page = seen(county)
    police, nobody = page.agencies
    assert (police.agency, nobody.agency) == ("Barsetshire Police", "No agency yet")
    assert police.bands == {
        REPORTED: 1, Band.LATE_LONG: 1, Band.LATE: 1, Band.LATE_SHORT: 1, LOOK_AGAIN: 1, Band.SOON: 1, Band.LATER: 1,
        Band.UNDATED: 1,
    }  # fmt: skip
    assert (police.open, police.late, nobody.open, page.actions_late, page.reported) == (8, 3, 1, 3, 1)
    assert page.look_again == 1
    assert (police.key, nobody.key) == (str(county.agency("Police")), "")


def test_what_is_signed_off_withdrawn_or_on_a_review_that_left_counts_no_more(county: County, planned: Case) -> None:
    signed_off(planned)
    assert seen(county).agencies[0].open == 7
    of = recommend(planned, "2")
    act(planned, of)
    assert seen(county).agencies[0].open == 8
    part = withdrawal_part(planned.reference, of, by=county.coordinator, at=planned.at)
    entry = WithdrawalEntry(planned.today, "joined")
    withdraw_recommendation(
        planned.reference, of, entry, part.version, by=county.coordinator, at=planned.wait(minutes=1)
    )
    assert seen(county).agencies[0].open == 7
    planned.take("withdraw")
    assert seen(county).agencies == ()


def test_what_an_ended_agency_owned_counts_with_its_successor(county: County) -> None:
    case = county.review(Stage.PANEL)
    act(case, recommend(case))
    with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
        police = session.get_one(Agency, county.agency("Police"))
        police.to_on, police.successor_id = date(2026, 5, 1), county.agency("Probation")
    (line,) = seen(county).agencies
    assert line.agency == "Probation Service, Barsetshire"


def test_the_chair_is_told_what_waits_for_them(county: County, planned: Case) -> None:
    (line,) = seen(county).sign_off
    assert (line.reference, line.actions) == (planned.reference, 1)
    assert seen(county).may_sign_off
    other = county.review(Stage.PANEL)
    other.state("specialist_on_panel", "could_not_be_done")
    other.state("agreed_to_correct", by=county.chair)  # what the chair stated waits for somebody else
    (waits,) = [line for line in seen(county).agree if line.reference == other.reference]
    assert (waits.condition, waits.accepts) == ("specialist_on_panel", True)
    other.take("withdraw")
    assert [line for line in seen(county).agree if line.reference == other.reference] == []  # it is asked no longer
    member = seen(county, by=county.who(Role.STEERING_MEMBER))
    assert (member.agree, member.may_sign_off, len(member.sign_off)) == ((), False, 1)


def test_a_report_taken_back_waits_no_longer(county: County, planned: Case) -> None:
    part_of = next(one for one in planned.rows(Action) if one.done_on)
    part = done_part(planned.reference, part_of.id, by=county.coordinator, at=planned.at)
    report_done(
        planned.reference, part_of.id, DoneEntry(), part.version, by=county.coordinator, at=planned.wait(minutes=1)
    )
    assert seen(county).sign_off == ()


def test_a_review_barred_by_a_conflict_is_in_no_figure(county: County, planned: Case) -> None:
    before = seen(county)
    with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.add(Conflict(review_id=planned.row.id, account_id=county.chair.id))
    page = seen(county)
    assert page.reviews == before.reviews - 1
    assert (page.agencies, page.sign_off) == ((), ())
    assert planned.reference not in {line.reference for line in page.latest}
    assert sum(page.waiting.values()) == sum(before.waiting.values()) - 1


def test_it_asks_as_often_for_many_reviews_as_for_few(county: County, planned: Case) -> None:
    by = county.chair
    few = asked_by(county.house, lambda: seen(county, by=by))
    for _ in range(MOST):
        case = county.notified()
        case.ask("Police", "Probation")
    # The chair is told of the end of records, of requests, of incidents and of emergency access too: five more than
    # anybody else’s page.
    assert asked_by(county.house, lambda: seen(county, by=by)) == few <= 16


def test_a_review_that_is_over_is_counted_apart(county: County) -> None:
    case = county.review(Stage.PANEL)
    before = seen(county)
    case.take("withdraw")
    page = seen(county)
    assert (page.reviews, page.ended) == (before.reviews - 1, before.ended + 1)
    assert page.reviews + page.ended == sum(line.reviews for line in page.stages)
    assert sum(page.bands.values()) == page.reviews


def test_a_late_return_names_the_agency_that_owes_it_and_a_late_telling_the_partnership(bare_county: County) -> None:
    asked = bare_county.review()
    asked.ask("Police", "Probation")
    decided = bare_county.review(Stage.PANEL)
    page = seen(bare_county)
    line = next(line for line in page.latest if line.reference == asked.reference)
    assert line.what == "Scoping return"
    assert (line.owed_by, line.agencies) == ("agency", ("Barsetshire Police", "Probation Service, Barsetshire"))
    telling = next(line for line in page.latest if line.reference == decided.reference)
    assert (telling.owed_by, telling.agencies, telling.what[:5]) == ("partnership", (), "Tell ")


def test_what_was_late_when_it_was_put_on_hold_stays_as_late_as_it_was(bare_county: County) -> None:
    case = bare_county.review(Stage.PANEL)
    case.at = case.at + timedelta(days=60)
    due_on = case.row.next_on
    assert due_on is not None
    case.take("pause", clocks=(), decided_on=case.today, review_by=case.today + timedelta(days=80))
    held_on = case.today
    line = next(line for line in seen(bare_county).latest if line.reference == case.reference)
    assert line.on_hold
    assert line.late_when_held == (held_on - line.due_on).days > 0
    assert line.days_late == (date(2026, 6, 3) - line.due_on).days > line.late_when_held


def test_a_deferred_decision_says_until_when_and_what_it_waits_for(bare_county: County) -> None:
    case = bare_county.review(Stage.SCOPING)
    case.at = NOW - timedelta(days=2)
    case.take("defer", review_by=date(2026, 7, 1), awaited=("post_mortem", "inquest"), decided_on=case.today)
    (line,) = [line for line in seen(bare_county).latest if line.reference == case.reference]
    assert line.deferral is not None
    assert (line.deferral.until, line.deferral.awaited) == (date(2026, 7, 1), "the post-mortem and the inquest")
    assert line.days_late > 0


@pytest.mark.parametrize("role", Role)
def test_it_is_the_steering_group_s_and_the_coordinator_s(county: County, role: Role) -> None:
    by = county.who(role)
    if allows(by, "overview.see", on=NOW.date()):
        assert seen(county, by=by).today == date(2026, 6, 3)
        return
    with pytest.raises(NotAllowed):
        seen(county, by=by)
