"""A year, day by day: three reviews remind whom a table made by hand says; some things hold of all mail."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from dhr_app.database.models import Action
from dhr_app.database.verify import verify
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.reminders import WEEK
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN
from tests.factories import StoppedClock
from tests.mailserver import mail_server
from tests.reviews import Case, County
from tests.stories.year import AT_WORK, FIRST, Told, Year
from tests.stories.year_plans import (
    PROTECTED,
    Planner,
    a_hold_that_nobody_looks_at,
    a_plan_of_three_actions,
    an_agency_that_stays_silent,
    the_others,
)

TABLE = Path(__file__).parents[1] / "data" / "year_of_reminders.csv"
MARY, JOHN = "Mary Thorne", "John Eames"
LEAVES = date(2026, 7, 10)
FORTNIGHT = timedelta(days=14)

pytestmark = pytest.mark.slow


@pytest.fixture
def year(bare_county: County, app: Flask, clock: StoppedClock) -> Iterator[Year]:
    """The county on the first of June with its people, and a mail server."""
    with mail_server() as server:
        house = bare_county.house
        post = replace(
            house, settings=replace(house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example")
        )
        made = Year(bare_county, post, app, clock, server)
        made.at(FIRST - timedelta(days=30), AT_WORK)
        made.person(Role.COORDINATOR, 1, MARY)
        made.person(Role.COORDINATOR, 2, JOHN)
        made.person(Role.STEERING_CHAIR, 1, "Theophilus Grantly")
        made.person(Role.STEERING_DEPUTY, 1, "Martha Dunstable")
        made.person(Role.INDEPENDENT_CHAIR, 1, "Eleanor Harding")
        made.person(Role.AGENCY_CONTRIBUTOR, 1, "Roger Scatcherd", "Police")
        made.on(LEAVES, lambda: made.leaves(Role.COORDINATOR, 2))
        yield made


def test_a_year_says_what_is_due_to_whom_it_concerns_once_and_names_nobody(year: Year) -> None:
    plan = Planner(year)
    a_plan_of_three_actions(plan)
    a_hold_that_nobody_looks_at(plan)
    an_agency_that_stays_silent(plan)
    tabled = {*plan.cases, "held", "silent"}
    the_others(plan)
    unsaid: list[str] = []
    for day in year.run():
        year.open_every_link(day)
        if (day - FIRST) % FORTNIGHT == timedelta(days=2):  # Wednesdays: what was late was said on a Monday
            unsaid += _late_and_unsaid(plan, year, day)
    told = year.told()
    assert unsaid == []
    _as_the_table_says(told, {plan.cases[name].reference for name in tabled})
    _once_and_only_on_working_days(year, told)
    _to_whoever_may_see_it_and_without_a_name(year, plan)
    with year.county.house.reading() as session:
        assert verify(session) == []
    assert year.asked > len(year.letters) > 300  # it was a year of mail, with links in it


# --- The table -------------------------------------------------------------------------------------------------------


def _as_the_table_says(told: list[Told], references: set[str]) -> None:
    """Of the kinds in the table every reminder stands in it, on its day, and nothing else does."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        wanted = Counter((row["day"], row["person"], row["reference"], row["kind"]) for row in csv.DictReader(file))
    assert {reference for _, _, reference, _ in wanted} == references
    kinds = {kind for *_, kind in wanted}
    found = Counter(
        (str(one.day), one.person, one.reference, one.kind)
        for one in told
        if one.reference in references and one.kind in kinds
    )
    assert sorted((wanted - found).elements()) == [], "what the table says and nobody was told"
    assert sorted((found - wanted).elements()) == [], "what somebody was told and the table does not say"


# --- What always holds -----------------------------------------------------------------------------------------------


def _once_and_only_on_working_days(year: Year, told: list[Told]) -> None:
    calendar = year.county.house.rule_book.calendar
    assert [each for each in year.letters if not calendar.is_working_day(each.day)] == []
    a_day = Counter((letter.day, letter.address) for letter in year.letters)
    assert [each for each, times in a_day.items() if times > 1] == []
    steps: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for one in told:
        steps[one.kind, one.subject_id, one.due_on, one.person].append(one.step)
    assert [each for each, said in steps.items() if said != sorted(set(said))] == []


def _to_whoever_may_see_it_and_without_a_name(year: Year, plan: Planner) -> None:
    barred = plan.cases["barred"].reference
    johns = [letter for letter in year.letters if year.people[letter.address] == JOHN]
    assert max(letter.day for letter in johns) <= LEAVES
    assert [letter.day for letter in johns if barred in letter.references] == []
    assert any(barred in letter.references for letter in year.letters if year.people[letter.address] == MARY)
    for letter in year.letters:
        said = f"{letter.subject}\n{letter.text}"
        assert [word for word in PROTECTED if word in said] == [], letter.day
        assert [name for name in year.people.values() if name in said] == [], letter.day


def _late_and_unsaid(plan: Planner, year: Year, day: date) -> list[str]:
    """What has been late for more than a week, by the review’s own dates and actions, and was not said to Mary."""
    said = {(one.subject_id, one.due_on) for one in year.told() if one.person == MARY}
    return [
        f"{day}: {what} of {case.reference}, due on {due_on}"
        for case in plan.cases.values()
        for what, subject_id, due_on in _open(case, year, day)
        if due_on < day - WEEK and (subject_id, due_on) not in said
    ]


def _open(case: Case, year: Year, day: date) -> Iterator[tuple[str, object, date]]:
    calendar = year.county.house.rule_book.calendar
    for one in dates_of(case.facts(), case.rule_set, calendar, today=day):
        if one.waited_for and one.due.on is not None:
            yield one.rule.key, one.clock_id, one.due.on
    if case.stage not in OPEN:
        return
    with year.county.house.reading() as session:
        actions = select(Action).where(
            Action.review_id == case.row.id, Action.outcome == "open", Action.done_on.is_(None)
        )
        for action in session.scalars(actions.order_by(Action.id)):
            due_on = action.look_again_on if action.ongoing else action.target_on
            if due_on is not None:
                yield "an action", action.id, due_on
