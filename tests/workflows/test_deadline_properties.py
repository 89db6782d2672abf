from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from dhr_app.workflows.deadlines import DeadlineRule, Extension, Pause, Roll, Unit, due, would_be
from tests.workflows.walker import CALENDAR, HORIZON, SIX_MONTHS, walk

Row = TypeVar("Row")

moderately = settings(deadline=None, max_examples=250)
days = st.dates(date(2019, 1, 1), date(2029, 12, 31))
anchors = st.dates(date(2022, 1, 1), date(2025, 12, 31))
near = st.integers(-60, 400)

rules = st.builds(
    lambda unit, quantity, pausable, roll: replace(
        SIX_MONTHS, unit=unit, quantity=quantity % 18 + 1 if unit is Unit.MONTHS else quantity,
        pausable=pausable, roll=roll,
    ),
    st.sampled_from(Unit), st.integers(1, 60), st.booleans(), st.sampled_from(Roll),
)  # fmt: skip


@st.composite
def cases(draw, *, may_be_open: bool = True) -> tuple[DeadlineRule, date, list[Pause], list[Extension]]:
    """A rule, an anchor, and pauses and extensions near enough to it to matter."""
    anchor = draw(anchors)
    on_hold = st.builds(
        lambda start, length: Pause(anchor + timedelta(start), length and anchor + timedelta(start + length - 1)),
        near, st.integers(1, 120) | st.none() if may_be_open else st.integers(1, 120),
    )  # fmt: skip
    extended = st.builds(
        lambda agreed, length: Extension(anchor + timedelta(agreed), anchor + timedelta(agreed + length)),
        st.integers(0, 300), st.integers(1, 300),
    )  # fmt: skip
    pauses = draw(st.lists(on_hold, max_size=4))
    return draw(rules), anchor, pauses, draw(st.lists(extended, max_size=3))


@moderately
@given(cases())
def test_a_due_date_is_what_stepping_from_day_to_day_finds(case):
    rule, anchor, pauses, extensions = case
    found = due(rule, anchor, pauses, extensions, CALENDAR).on
    assert found == walk(rule, anchor, pauses, extensions, CALENDAR, horizon=HORIZON)


@moderately
@given(cases(may_be_open=False))
def test_a_due_date_is_never_earlier_for_a_pause(case):
    rule, anchor, pauses, extensions = case
    held_up = due(rule, anchor, pauses, extensions, CALENDAR).on
    free = due(rule, anchor, [], extensions, CALENDAR).on
    assert held_up is not None
    assert free is not None
    assert held_up >= free


@moderately
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(case, shuffler: random.Random):
    rule, anchor, pauses, extensions = case
    as_entered = due(rule, anchor, pauses, extensions, CALENDAR)
    assert due(rule, anchor, mixed(pauses, shuffler), mixed(extensions, shuffler), CALENDAR) == as_entered


@moderately
@given(cases())
def test_the_trace_adds_up_to_the_date(case):
    rule, anchor, pauses, extensions = case
    found = due(rule, anchor, pauses, extensions, CALENDAR)
    on = anchor
    for step in found.trace:
        on += timedelta(step.days)
        assert step.on in (on, None)
    assert found.on == found.trace[-1].on
    assert (found.on is None) == (None in [step.on for step in found.trace])


@moderately
@given(cases(), days)
def test_if_resumed_there_is_always_a_date_and_no_day_on_hold_counted(case, resumed_on):
    rule, anchor, pauses, extensions = case
    ended = [
        pause if pause.resumed_on else Pause(pause.paused_on, max(pause.paused_on, resumed_on)) for pause in pauses
    ]
    found = would_be(rule, anchor, pauses, extensions, CALENDAR, resumed_on=resumed_on).on
    assert found == walk(rule, anchor, ended, extensions, CALENDAR, horizon=HORIZON)


def mixed(rows: Sequence[Row], shuffler: random.Random) -> list[Row]:
    return shuffler.sample(list(rows), len(rows))
