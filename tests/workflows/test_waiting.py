from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhr_app.workflows.deadlines import Pause
from dhr_app.workflows.stages import ASIDE, Stage
from dhr_app.workflows.waiting import TURN, AgencyAsk, Holder, Run, Share, StageSpan, Waiting, runs, shares

PARTNERSHIP, CHAIR = Holder(Waiting.PARTNERSHIP), Holder(Waiting.CHAIR)
HOME_OFFICE, ON_HOLD = Holder(Waiting.HOME_OFFICE), Holder(Waiting.ON_HOLD)
BEGAN = date(2026, 1, 1)


def day(number: int) -> date:
    return BEGAN + timedelta(days=number)


def agency(name: str) -> Holder:
    return Holder(Waiting.AGENCY, name)


def lengths(found: tuple[Run, ...]) -> list[tuple[Holder, int]]:
    return [(run.holder, run.days) for run in found]


@pytest.mark.parametrize(
    ("stage", "holder"),
    [
        (Stage.NOTIFICATION,   PARTNERSHIP),
        (Stage.SCOPING,        PARTNERSHIP),
        (Stage.PANEL,          CHAIR),
        (Stage.CHAIR_REPORT,   CHAIR),
        (Stage.HOME_OFFICE_QA, HOME_OFFICE),
        (Stage.PUBLICATION,    PARTNERSHIP),
        (Stage.SEMINAR,        PARTNERSHIP),
    ],
)  # fmt: skip
def test_each_open_stage_has_its_holder(stage, holder):
    assert lengths(runs([StageSpan(stage, day(0))], [], [], until=day(10))) == [(holder, 10)]


@pytest.mark.parametrize("stage", sorted({*ASIDE, Stage.CLOSED}))
def test_at_a_closed_or_aside_stage_nobody_is_waited_for(stage):
    assert runs([StageSpan(stage, day(0))], [], [], until=day(10)) == ()


def test_every_stage_is_either_somebody_s_turn_or_closed_or_aside():
    assert set(TURN) | ASIDE | {Stage.CLOSED} == set(Stage)


def test_in_scoping_a_day_is_the_agency_s_whose_answer_came_last():
    asks = [
        AgencyAsk("Police", day(2), day(6)),
        AgencyAsk("Health", day(2), day(9)),
        AgencyAsk("Housing", day(4), day(5)),
    ]
    found = runs([StageSpan(Stage.SCOPING, day(0))], asks, [], until=day(12))
    assert lengths(found) == [(PARTNERSHIP, 2), (agency("Health"), 7), (PARTNERSHIP, 3)]


def test_an_answer_not_yet_given_is_the_latest_of_all_and_days_that_several_owe_are_theirs_together():
    asks = [AgencyAsk("Police", day(0)), AgencyAsk("Health", day(3)), AgencyAsk("Housing", day(0), day(9))]
    found = runs([StageSpan(Stage.SCOPING, day(0))], asks, [], until=day(12))
    assert lengths(found) == [(agency("Police"), 3), (agency("Health and Police"), 9)]


def test_of_more_than_three_agencies_two_are_named_and_the_others_counted():
    def named(*names):
        (run,) = runs([StageSpan(Stage.SCOPING, day(0))], [AgencyAsk(one, day(0)) for one in names], [], until=day(2))
        return run.holder.agency

    assert named("Police", "Health", "Housing") == "Health, Housing and Police"
    assert named("Police", "Health", "Housing", "Probation", "Refuge") == "Health, Housing and 3 more agencies"


def test_the_panel_s_days_are_the_partnership_s_until_a_chair_is_in_office():
    spans = [StageSpan(Stage.PANEL, day(0), day(8)), StageSpan(Stage.CHAIR_REPORT, day(8))]
    asks = [AgencyAsk("Police", day(1), day(2))]
    found = runs(spans, asks, [], until=day(10), chair_from=day(5))
    assert lengths(found) == [(PARTNERSHIP, 1), (agency("Police"), 1), (PARTNERSHIP, 3), (CHAIR, 5)]
    assert lengths(runs(spans, [], [], until=day(10), chair_from=date.max)) == [(PARTNERSHIP, 8), (CHAIR, 2)]


@pytest.mark.parametrize("stage", [Stage.PANEL, Stage.CHAIR_REPORT])
def test_an_agency_that_owes_an_answer_keeps_the_chair_waiting(stage):
    found = runs([StageSpan(stage, day(0))], [AgencyAsk("Police", day(1), day(4))], [], until=day(6))
    assert lengths(found) == [(CHAIR, 1), (agency("Police"), 3), (CHAIR, 2)]


@pytest.mark.parametrize("stage", [Stage.NOTIFICATION, Stage.HOME_OFFICE_QA, Stage.PUBLICATION, Stage.SEMINAR])
def test_at_the_other_stages_an_agency_s_answer_holds_nothing_up(stage):
    found = runs([StageSpan(stage, day(0))], [AgencyAsk("Police", day(1))], [], until=day(6))
    assert lengths(found) == [(Holder(TURN[stage]), 6)]


def test_days_on_hold_are_the_hold_s_whoever_was_waited_for():
    asks = [AgencyAsk("Police", day(1), day(8))]
    found = runs([StageSpan(Stage.SCOPING, day(0))], asks, [Pause(day(3), day(5)), Pause(day(9))], until=day(12))
    assert lengths(found) == [
        (PARTNERSHIP, 1), (agency("Police"), 2), (ON_HOLD, 2), (agency("Police"), 3), (PARTNERSHIP, 1), (ON_HOLD, 3),
    ]  # fmt: skip


def test_a_review_that_was_closed_and_reopened_leaves_the_closed_days_out():
    spans = [
        StageSpan(Stage.SEMINAR, day(0), day(4)), StageSpan(Stage.CLOSED, day(4), day(20)),
        StageSpan(Stage.SEMINAR, day(20)),
    ]  # fmt: skip
    found = runs(spans, [], [], until=day(25))
    assert [(run.from_on, run.to_on) for run in found] == [(day(0), day(4)), (day(20), day(25))]
    assert shares(found) == (Share(PARTNERSHIP, 9),)


def test_two_moves_on_one_day_leave_no_run_of_no_days():
    spans = [
        StageSpan(Stage.NOTIFICATION, day(0), day(3)), StageSpan(Stage.SCOPING, day(3), day(3)),
        StageSpan(Stage.PANEL, day(3)),
    ]  # fmt: skip
    assert lengths(runs(spans, [], [], until=day(5))) == [(PARTNERSHIP, 3), (CHAIR, 2)]


def test_a_day_that_two_spans_claim_is_the_later_one_s():
    spans = [StageSpan(Stage.PANEL, day(0), day(8)), StageSpan(Stage.HOME_OFFICE_QA, day(5), day(10))]
    assert lengths(runs(spans, [], [], until=day(10))) == [(CHAIR, 5), (HOME_OFFICE, 5)]


def test_nothing_after_the_day_asked_about_is_counted():
    spans = [StageSpan(Stage.PANEL, day(0), day(8)), StageSpan(Stage.CHAIR_REPORT, day(8))]
    assert lengths(runs(spans, [AgencyAsk("Police", day(20))], [Pause(day(30))], until=day(4))) == [(CHAIR, 4)]


def test_shares_come_in_the_bar_s_order_agencies_by_most_days_and_then_by_name():
    days = [
        (ON_HOLD, 2),
        (agency("Police"), 3),
        (HOME_OFFICE, 9),
        (agency("Health"), 3),
        (agency("Housing"), 8),
        (CHAIR, 1),
    ]
    found, at = [], 0
    for holder, length in days:
        found.append(Run(holder, day(at), day(at + length)))
        at += length
    names = ["", "Housing", "Health", "Police", "", ""]
    assert [share.holder.agency for share in shares(tuple(found))] == names
    assert [share.holder.kind for share in shares(tuple(found))] == sorted(
        (holder.kind for holder, _ in days), key=list(Waiting).index
    )


@st.composite
def reviews(draw) -> tuple[list[StageSpan], list[AgencyAsk], list[Pause], date]:
    """Stages one after another, the last perhaps open, with answers owed and pauses anywhere near them."""
    cuts = sorted(draw(st.lists(st.integers(0, 200), min_size=2, max_size=8)))
    stages = draw(st.lists(st.sampled_from(Stage), min_size=len(cuts) - 1, max_size=len(cuts) - 1))
    spans = [StageSpan(stage, day(a), day(b)) for stage, a, b in zip(stages, cuts, cuts[1:], strict=False)]
    if draw(st.booleans()):
        spans[-1] = StageSpan(spans[-1].stage, spans[-1].from_on)
    number, length = st.integers(-20, 220), st.none() | st.integers(0, 80)
    asks = [
        AgencyAsk(name, day(start), None if days is None else day(start + days))
        for name, start, days in draw(st.lists(st.tuples(st.sampled_from("ABCD"), number, length), max_size=6))
    ]
    pauses = [
        Pause(day(start), None if days is None else day(start + days))
        for start, days in draw(st.lists(st.tuples(number, length), max_size=3))
    ]
    return spans, asks, pauses, day(draw(st.integers(0, 250)))


def asked_day_by_day(at: date, spans: list[StageSpan], asks: list[AgencyAsk], pauses: list[Pause]) -> Holder | None:
    """Whose one day is, asked of that day alone."""
    current = [span for span in spans if span.from_on <= at and (span.to_on is None or at < span.to_on)]
    if not current or current[0].stage not in TURN:
        return None
    if any(pause.paused_on <= at and (pause.resumed_on is None or at < pause.resumed_on) for pause in pauses):
        return ON_HOLD
    if current[0].stage in (Stage.SCOPING, Stage.PANEL, Stage.CHAIR_REPORT):
        owing = [ask for ask in asks if ask.asked_on <= at and (ask.answered_on is None or at < ask.answered_on)]
        for last in (None, *sorted({ask.answered_on for ask in owing if ask.answered_on}, reverse=True)):
            names = sorted({ask.agency for ask in owing if ask.answered_on == last})
            if names:
                named = names if len(names) < 4 else [*names[:2], "2 more agencies"]
                return agency(" and ".join([", ".join(named[:-1]), named[-1]] if named[1:] else named))
    return Holder(TURN[current[0].stage])


@settings(deadline=None, max_examples=200)
@given(reviews())
def test_every_day_has_exactly_one_holder_and_the_shares_add_up(review):
    spans, asks, pauses, until = review
    found = runs(spans, asks, pauses, until=until)
    by_day = {}
    for run in found:
        for number in range(run.days):
            by_day[run.from_on + timedelta(days=number)] = run.holder
    expected = {}
    for number in range((until - BEGAN).days):
        holder = asked_day_by_day(day(number), spans, asks, pauses)
        if holder is not None:
            expected[day(number)] = holder
    assert by_day == expected
    assert sum(run.days for run in found) == sum(share.days for share in shares(found)) == len(expected)
