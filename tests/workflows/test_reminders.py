"""The table of reminders: on which days each row speaks, to whom, and that nothing is said twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dhr_app.workflows.escalation import Behind, Late
from dhr_app.workflows.permissions import Membership, Person
from dhr_app.workflows.reminders import (
    EVERY_MORNING,
    MONDAYS,
    RULES,
    WEEKLY,
    Kind,
    Ladder,
    Made,
    Thing,
    first_of_the_week,
    step_of,
    wanted,
)
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.workflows.rule_book import calendar

REVIEW, POLICE, HEALTH = uuid4(), uuid4(), uuid4()
LONG_AGO = date(2026, 1, 5)
WEDNESDAY = date(2026, 6, 3)
MONDAY = date(2026, 6, 8)


def thing(kind: Kind, due_on: date | None, *, agency_id: UUID | None = None, subject_id: UUID | None = None) -> Thing:
    owed = agency_id or (POLICE if kind in (Kind.ASK, Kind.ACTION, Kind.ANSWER, Kind.ESCALATED) else None)
    late = Late(Kind.ACTION, REVIEW, date(2026, 1, 1))
    behind = Behind(POLICE, due_on, (late,)) if kind is Kind.ESCALATED and due_on else None
    return Thing(
        kind, subject_id or uuid4(), REVIEW, "DHR-2026-001", Stage.PANEL, "A thing", "/reviews/DHR-2026-001",
        due_on, owed, "Barsetshire Police" if owed else "", behind=behind,
    )  # fmt: skip


def person(
    role: Role, *, agency_id: UUID | None = None, sits: bool = False, barred: bool = False, until: date | None = None
) -> Person:
    seats = (Membership(REVIEW, role, agency_id, LONG_AGO, until, is_open=True, stage=Stage.PANEL),) if sits else ()
    return Person(uuid4(), "Nobody", role, agency_id, seats, frozenset({REVIEW} if barred else ()))


COORDINATOR = person(Role.COORDINATOR)
CHAIR = person(Role.INDEPENDENT_CHAIR, sits=True)
CONTRIBUTOR = person(Role.AGENCY_CONTRIBUTOR, agency_id=POLICE, sits=True)
EVERYBODY = (COORDINATOR, CHAIR, CONTRIBUTOR)


def days_told(one: Thing, to: Person, first: date, days: int) -> list[date]:
    """The days on which somebody hears of a thing, when each day is asked for in its turn."""
    made: dict[tuple[str, UUID, date, UUID], int] = {}
    told = []
    for number in range(days):
        today = first + timedelta(days=number)
        if calendar().is_working_day(today) and _say((one,), (to,), made, today):
            told.append(today)
    return told


def _say(
    things: tuple[Thing, ...], people: tuple[Person, ...], made: dict[tuple[str, UUID, date, UUID], int], today: date
) -> int:
    said = wanted(things, people, made, today=today, calendar=calendar())
    for each in said:
        made[each.thing.kind.value, each.thing.subject_id, each.due_on, each.person.id] = each.step
    return len(said)


class TestTheDays:
    def test_a_coordinator_hears_a_week_ahead_on_the_eve_the_day_after_and_each_monday(self) -> None:
        due = date(2026, 6, 17)  # a Wednesday
        told = days_told(thing(Kind.DATE, due), COORDINATOR, date(2026, 6, 1), 40)
        assert told == [date(2026, 6, day) for day in (10, 15, 16, 18, 22, 29)] + [date(2026, 7, 6)]

    def test_an_agency_hears_on_mondays_and_on_the_eve(self) -> None:
        due = date(2026, 6, 17)
        told = days_told(thing(Kind.ACTION, due), CONTRIBUTOR, date(2026, 6, 1), 40)
        assert told == [date(2026, 6, day) for day in (15, 16, 22, 29)] + [date(2026, 7, 6)]

    def test_what_is_due_on_a_monday_is_announced_on_the_friday(self) -> None:
        assert date(2026, 6, 12) in days_told(thing(Kind.ASK, date(2026, 6, 15)), CONTRIBUTOR, date(2026, 6, 9), 5)

    def test_where_monday_is_a_bank_holiday_the_week_begins_on_tuesday(self) -> None:
        late = thing(Kind.ACTION, date(2026, 5, 1))
        assert days_told(late, CONTRIBUTOR, date(2026, 5, 23), 7) == [date(2026, 5, 26)]
        assert first_of_the_week(date(2026, 5, 25), calendar()) == date(2026, 5, 18)

    def test_work_of_nobody_is_brought_up_once_a_week(self) -> None:
        assert days_told(thing(Kind.NOBODY, None), COORDINATOR, WEDNESDAY, 14) == [WEDNESDAY, MONDAY, date(2026, 6, 15)]

    def test_somebody_to_be_told_is_brought_up_from_the_day_it_is_owed(self) -> None:
        due = WEDNESDAY + timedelta(days=14)
        told = days_told(thing(Kind.TELLING, due), COORDINATOR, WEDNESDAY, 20)
        assert told == [WEDNESDAY, MONDAY, *(date(2026, 6, day) for day in (10, 15, 16, 18, 22))]

    def test_what_waits_since_a_day_is_brought_up_at_once_and_every_monday(self) -> None:
        for kind in (Kind.UNDATED, Kind.WISH, Kind.DRAFT, Kind.WAITING, Kind.BARRED):
            told = days_told(thing(kind, WEDNESDAY), COORDINATOR, WEDNESDAY - timedelta(days=2), 20)
            assert told == [WEDNESDAY, MONDAY, date(2026, 6, 15)]

    def test_nobody_hears_of_what_they_know(self) -> None:
        known = replace(thing(Kind.DRAFT, WEDNESDAY), known_to=frozenset({COORDINATOR.id}))
        other = person(Role.COORDINATOR)
        said = wanted((known,), (COORDINATOR, other), {}, today=WEDNESDAY, calendar=calendar())
        assert [one.person.id for one in said] == [other.id]

    @pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.NOBODY, Kind.TELLING}))
    def test_whatever_is_far_off_is_not_mentioned(self, kind: Kind) -> None:
        far = thing(kind, WEDNESDAY + timedelta(days=30))
        assert wanted((far,), EVERYBODY, {}, today=WEDNESDAY, calendar=calendar()) == ()

    def test_a_date_beyond_the_known_bank_holidays_stops_nothing(self) -> None:
        for due in (date(2099, 1, 1), date(1999, 1, 1)):
            step_of(thing(Kind.DATE, due), EVERY_MORNING, WEDNESDAY, calendar())

    def test_an_answer_is_said_once_on_the_next_morning_there_is(self) -> None:
        told = days_told(thing(Kind.ANSWER, date(2026, 6, 5)), CONTRIBUTOR, date(2026, 6, 5), 30)
        assert told == [date(2026, 6, 5)]
        told = days_told(thing(Kind.ANSWER, date(2026, 6, 5)), CONTRIBUTOR, date(2026, 6, 6), 30)
        assert told == [date(2026, 6, 8)]


TABLE = [(rule.kind, rule.role) for rule in RULES]


class TestWhom:
    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("role", Role)
    def test_each_role_hears_of_what_the_table_says_and_of_nothing_else(self, kind: Kind, role: Role) -> None:
        who = person(role, agency_id=POLICE, sits=True)
        due = None if kind in (Kind.NOBODY, Kind.SEAT) else WEDNESDAY - timedelta(days=1)
        said = wanted((thing(kind, due),), (who,), {}, today=WEDNESDAY, calendar=calendar())
        assert bool(said) is ((kind, role) in TABLE)

    @pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.role)
    def test_a_conflict_of_interest_is_told_nothing(self, who: Person) -> None:
        barred = person(who.role, agency_id=who.agency_id, sits=True, barred=True)
        late = tuple(thing(kind, WEDNESDAY - timedelta(days=1)) for kind in Kind)
        assert wanted(late, (barred,), {}, today=WEDNESDAY, calendar=calendar()) == ()

    def test_an_agency_hears_of_its_own_alone(self) -> None:
        late = tuple(thing(kind, date(2026, 6, 1), agency_id=HEALTH) for kind in (Kind.ASK, Kind.ACTION))
        assert wanted(late, (CONTRIBUTOR,), {}, today=WEDNESDAY, calendar=calendar()) == ()

    def test_an_agency_hears_of_its_actions_without_a_seat_and_of_what_the_review_asks_only_with_one(self) -> None:
        without = person(Role.AGENCY_CONTRIBUTOR, agency_id=POLICE)
        late = tuple(thing(kind, date(2026, 6, 1)) for kind in (Kind.ASK, Kind.ACTION))
        said = wanted(late, (without,), {}, today=WEDNESDAY, calendar=calendar())
        assert [one.thing.kind for one in said] == [Kind.ACTION]

    @pytest.mark.parametrize("who", [person(Role.INDEPENDENT_CHAIR),
                                     person(Role.INDEPENDENT_CHAIR, sits=True, until=date(2026, 6, 2))])  # fmt: skip
    def test_a_chair_hears_of_reviews_they_chair_now(self, who: Person) -> None:
        late = thing(Kind.DATE, date(2026, 6, 1))
        assert wanted((late,), (who,), {}, today=WEDNESDAY, calendar=calendar()) == ()
        assert wanted((late,), (CHAIR,), {}, today=WEDNESDAY, calendar=calendar())


DAYS = st.integers(0, 60).map(lambda number: date(2026, 5, 4) + timedelta(days=number))
KINDS = st.sampled_from(sorted(set(Kind) - {Kind.NOBODY}))
THINGS = st.lists(st.builds(thing, KINDS, DAYS), max_size=6).map(tuple)


class TestNothingIsSaidTwice:
    @given(things=THINGS, days=st.lists(DAYS, max_size=12))
    @settings(max_examples=150, deadline=None)
    def test_in_whichever_order_days_are_asked_for_and_however_often(
        self, things: tuple[Thing, ...], days: list[date]
    ) -> None:
        made: dict[tuple[str, UUID, date, UUID], int] = {}
        ever: set[tuple[UUID, date, UUID, int]] = set()
        for today in days:
            said = wanted(things, EVERYBODY, made, today=today, calendar=calendar())
            new = [(one.thing.subject_id, one.due_on, one.person.id, one.step) for one in said]
            assert len(set(new)) == len(new)
            assert not ever & set(new)
            ever |= set(new)
            _say(things, EVERYBODY, made, today)
            assert wanted(things, EVERYBODY, made, today=today, calendar=calendar()) == ()

    @given(things=THINGS, first=DAYS, missed=st.integers(1, 9))
    @settings(max_examples=150, deadline=None)
    def test_after_missed_days_everything_they_would_have_said_is_said_once(
        self, things: tuple[Thing, ...], first: date, missed: int
    ) -> None:
        """Whoever was told on none of the days hears on the last of them of the same things as whoever was on each."""
        daily: dict[tuple[str, UUID, date, UUID], int] = {}
        _say(things, EVERYBODY, daily, first)
        at_once = dict(daily)
        heard = set()
        for number in range(1, missed + 1):
            today = first + timedelta(days=number)
            said = wanted(things, EVERYBODY, daily, today=today, calendar=calendar())
            heard |= {(one.thing.subject_id, one.person.id) for one in said}
            _say(things, EVERYBODY, daily, today)
        caught_up = wanted(things, EVERYBODY, at_once, today=first + timedelta(days=missed), calendar=calendar())
        assert {(one.thing.subject_id, one.person.id) for one in caught_up} == heard
        assert len(caught_up) == len(heard)

    def test_a_date_that_was_moved_is_a_new_date(self) -> None:
        moved = uuid4()
        made: Made = {(Kind.DATE.value, moved, date(2026, 6, 1), COORDINATOR.id): 5}
        late = thing(Kind.DATE, date(2026, 6, 2), subject_id=moved)
        assert wanted((late,), (COORDINATOR,), made, today=WEDNESDAY, calendar=calendar())


@pytest.mark.parametrize("ladder", [EVERY_MORNING, WEEKLY, MONDAYS, Ladder(mondays=7, ahead=(28, 14), after=(1, 7))])
def test_the_step_never_falls_as_days_go_by(ladder: Ladder) -> None:
    late = thing(Kind.DATE, date(2026, 6, 17))
    steps = [step_of(late, ladder, WEDNESDAY + timedelta(days=number), calendar()) for number in range(60)]
    numbers = [step[1] for step in steps if step is not None]
    assert numbers == sorted(numbers)
