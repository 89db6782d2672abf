"""The whole demo worked out before it is played: which days it happens on, which references it gives, what it seals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dhr_app.casework import notification, people
from dhr_app.casework.demo.playing import Days, Step
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.deadlines import Roll, due
from dhr_app.workflows.rule_sets import RuleSet

OPENED = -1700  # the day on which the accounts were made


@dataclass(frozen=True)
class Case:
    """One death and what became of its review. `key` says what it shows; days count from the demo’s today.

    The death is on a Sunday at or before `died`; with `aware_that_day` the partnership knew of it on the same day.
    """

    key: str
    rule_set: str
    died: int
    aware: int
    notification: NotificationEntry
    victims: tuple[PersonEntry, ...]
    steps: tuple[Step, ...]
    lead: str = "Barsetshire CSP"
    aware_that_day: bool = False


@dataclass(frozen=True)
class Planned:
    """A case with its days filled in, and the reference it will be given."""

    case: Case
    reference: str
    aware_on: date
    notification: NotificationEntry
    victims: tuple[PersonEntry, ...]


@dataclass(frozen=True)
class Plan:
    """Every case in the order of notification."""

    days: Days
    cases: tuple[Planned, ...]

    @property
    def references(self) -> dict[str, str]:
        """The reference of each case, by what it shows."""
        return {planned.case.key: planned.reference for planned in self.cases}

    @property
    def sealed(self) -> list[str]:
        """Every value that the demo keeps sealed, in order, once each."""
        return sorted({text for planned in self.cases for text in _sealed(planned) if text})


def plan(cases: Iterable[Case], rule_sets: Iterable[RuleSet], calendar: Calendar, *, today: date) -> Plan:
    """Work the demo out for a day."""
    days = Days(today, calendar)
    in_order = sorted(cases, key=lambda case: case.aware)
    taken = _days_in_clear(days, in_order, list(rule_sets))
    given: Counter[int] = Counter()
    planned = []
    for case in in_order:
        died_on = _quiet_sunday(days, case.died, taken)
        year = days.working(case.aware).year
        given[year] += 1
        aware_on = died_on if case.aware_that_day else days.working(case.aware)
        planned.append(
            Planned(
                case,
                f"DHR-{year}-{given[year]:03}",
                aware_on,
                replace(case.notification, aware_on=aware_on, found_on=died_on.isoformat()),
                tuple(replace(victim, died_on=died_on.isoformat()) for victim in case.victims),
            )
        )
    return Plan(days, tuple(planned))


def _days_in_clear(days: Days, cases: list[Case], rule_sets: list[RuleSet]) -> set[date]:
    """Every Sunday that can stand somewhere in clear: people work on working days, and few dates fall on others."""
    standing = [rule for rule_set in rule_sets for rule in rule_set.deadlines if rule.roll is Roll.NONE]
    from_notice = [rule for rule in standing if "aware" in rule.anchor]
    from_a_move = [rule for rule in standing if any(event.startswith("moved:") for event in rule.anchor)]
    begins = [(rule, case.aware) for rule in from_notice for case in cases]
    begins += [(rule, step.day) for rule in from_a_move for case in cases for step in case.steps]
    found = {due(rule, days.working(offset), (), (), days.calendar).on for rule, offset in begins}
    return {days.today, *(day for day in found if day)}


def _quiet_sunday(days: Days, offset: int, taken: set[date]) -> date:
    """The last Sunday up to a day that stands nowhere in clear, so that looking for a death’s day proves something."""
    day = days.today + timedelta(days=offset)
    while day.weekday() != 6 or day in taken:
        day -= timedelta(days=1)
    taken.add(day)
    return day


def _sealed(planned: Planned) -> Iterator[str]:
    yield from (getattr(planned.notification, name) for name in notification.SEALED_TEXTS)
    for victim in planned.victims:
        yield from (getattr(victim, name) for name in people.SEALED)
    for step in planned.case.steps:
        yield from step.sealed
