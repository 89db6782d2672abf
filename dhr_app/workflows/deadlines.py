"""Dates that explain themselves: a due date is the n-th counting day after its anchor, and its trace says why.

A due date is defined in docs/deadlines.md. Only the rule, the stored rows and the calendar enter, never the order in
which they were entered.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from dhr_app.workflows.calendar import ONE_DAY, Calendar, in_words
from dhr_app.workflows.errors import Invalid


class Unit(StrEnum):
    """What a rule counts."""

    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"
    WORKING_DAYS = "working days"


class Roll(StrEnum):
    """What happens to a date that falls on no working day: it stands, or goes forward to the next one."""

    NONE = "none"
    FORWARD = "forward"


class Basis(StrEnum):
    """What a rule rests on: an Act, the statutory guidance, local practice, or a figure to plan with."""

    STATUTE = "statute"
    GUIDANCE = "guidance"
    LOCAL = "local"
    PLANNING = "planning"


@dataclass(frozen=True)
class DeadlineRule:
    """One row of a rule set's deadlines.

    anchor       events of which the latest is day 0 (names: rule_sets.EVENTS, "moved:<move>", "answered:<condition>")
    counts_from  the anchor in words, for the date's working
    met_by       events any of which meets the deadline
    checked      false where the row must still be checked against the guidance in force
    """

    key: str
    name: str
    anchor: tuple[str, ...]
    counts_from: str
    met_by: tuple[str, ...]
    quantity: int
    unit: Unit
    pausable: bool
    roll: Roll
    basis: Basis
    source: str
    checked: bool

    @property
    def period(self) -> str:
        """The length in words: 6 months, 10 working days, 1 week."""
        return _number(self.quantity, self.unit)


@dataclass(frozen=True)
class Pause:
    """The review was on hold from `paused_on` up to, and not counting, `resumed_on`; None while it still is."""

    paused_on: date
    resumed_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this day was spent on hold."""
        return self.paused_on <= day and (self.resumed_on is None or day < self.resumed_on)


@dataclass(frozen=True)
class Extension:
    """On `agreed_on` it was agreed that the date should be `to`."""

    agreed_on: date
    to: date


@dataclass(frozen=True)
class TraceStep:
    """One line of a date's working: `days` takes the date of the line before to `on`; None while there is no date."""

    sentence: str
    days: int
    on: date | None


@dataclass(frozen=True)
class Due:
    """A due date with its working. `on` is None while an open pause stops the clock.

    The trace's first step stands on the anchor with 0 days; anchor plus the days of all steps is the date.
    """

    on: date | None
    trace: tuple[TraceStep, ...]


def due(
    rule: DeadlineRule, anchor: date, pauses: Iterable[Pause], extensions: Iterable[Extension], calendar: Calendar
) -> Due:
    """When the rule's date is, counted from the anchor (day 0).

    `pauses` are those that stop this clock; a rule that is not pausable ignores them all, also after an extension.
    A day in a pause never counts; the latest extension by date agreed (on the same day, the later date) counts
    calendar days afresh from the day it was agreed; the roll comes once, last. An open pause stops the clock only if
    it began on or before the date reached: a date that had passed by then stands. Raises CalendarEnds.
    """
    stopped = _merged(pauses) if rule.pausable else ()
    start, unit, on = anchor, rule.unit, _counted(rule, anchor, calendar)
    clipped = ", the last of its month" if unit is Unit.MONTHS and on.day != anchor.day else ""
    trace = [
        TraceStep(f"Day 0 is {in_words(anchor)}: {rule.counts_from}.", 0, anchor),
        TraceStep(f"{rule.period} on is {in_words(on)}{clipped}.", (on - anchor).days, on),
    ]
    for extension in sorted(extensions, key=_when_agreed):
        for step in _held_up(start, on, unit, _known_on(stopped, extension.agreed_on), calendar):
            trace.append(step)
            on += timedelta(step.days)
        agreed = f"On {in_words(extension.agreed_on)} it was agreed to extend to {in_words(extension.to)}."
        trace.append(TraceStep(agreed, (extension.to - on).days, extension.to))
        start, unit, on = extension.agreed_on, Unit.DAYS, extension.to
    for step in _held_up(start, on, unit, stopped, calendar):
        trace.append(step)
        if step.on is None:
            return Due(None, tuple(trace))
        on = step.on
    if rule.roll is Roll.FORWARD and not calendar.is_working_day(on):
        rolled = calendar.next_working_day(on)
        why = "a bank holiday" if on.weekday() < 5 else f"a {on:%A}"
        sentence = f"{in_words(on)} is {why}: the next working day is {in_words(rolled)}."
        trace.append(TraceStep(sentence, (rolled - on).days, rolled))
        on = rolled
    return Due(on, tuple(trace))


def would_be(
    rule: DeadlineRule,
    anchor: date,
    pauses: Iterable[Pause],
    extensions: Iterable[Extension],
    calendar: Calendar,
    *,
    resumed_on: date,
) -> Due:
    """When the date would be if the open pause ended on `resumed_on`; on or before the day it began, it never was."""
    ended = [pause if pause.resumed_on else replace(pause, resumed_on=resumed_on) for pause in pauses]
    return due(rule, anchor, ended, extensions, calendar)


def check_extension(
    rule: DeadlineRule,
    anchor: date,
    pauses: Iterable[Pause],
    extensions: Sequence[Extension],
    calendar: Calendar,
    *,
    proposed: Extension,
) -> None:
    """Raise Invalid unless the new date is later than the day it was agreed and than the date it replaces.

    Like is compared with like: the date replaced is taken as it stood on the day agreed, before any later pause.
    An extension agreed later than the proposed one, but entered before it, must go on being later too.
    """
    if proposed.agreed_on < anchor:
        raise Invalid({"decided_on": f"The date counts from {in_words(anchor)}: nothing can be agreed before that."})
    earlier = [extension for extension in extensions if extension.agreed_on <= proposed.agreed_on]
    later = [extension for extension in extensions if extension.agreed_on > proposed.agreed_on]
    pairs = [(earlier, proposed)]
    if later:
        pairs.append(([*earlier, proposed], min(later, key=_when_agreed)))
    stopped = _merged(pauses)
    for standing, new in pairs:
        replaced = due(rule, anchor, _known_on(stopped, new.agreed_on), standing, calendar).on
        floor = max(replaced or anchor, new.agreed_on)
        if new.to <= floor:
            what = "the date it replaces" if floor == replaced else "the day it was agreed"
            sentence = f"The new date, {in_words(new.to)}, must be later than {in_words(floor)}, {what}."
            raise Invalid({"new_date": sentence})


def days_late(due: Due, met_on_or_today: date) -> int:
    """How many calendar days after its date a deadline was met, or today still is not. Due today is not late: 0."""
    return max(0, (met_on_or_today - due.on).days) if due.on else 0


def _number(number: int, unit: str) -> str:
    return f"{number} {unit if number != 1 else unit.removesuffix('s')}"


def _when_agreed(extension: Extension) -> tuple[date, date]:
    return extension.agreed_on, extension.to


def _counted(rule: DeadlineRule, anchor: date, calendar: Calendar) -> date:
    """The n-th day after the anchor, before any pause."""
    match rule.unit:
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(anchor, rule.quantity)
        case Unit.DAYS:
            return anchor + timedelta(days=rule.quantity)
        case Unit.WEEKS:
            return anchor + timedelta(weeks=rule.quantity)
        case Unit.MONTHS:
            years, month = divmod(anchor.month - 1 + rule.quantity, 12)
            year, month = anchor.year + years, month + 1
            return date(year, month, min(anchor.day, monthrange(year, month)[1]))


def _merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same days on hold in order, without overlap and without pauses of no length; at most the last is open."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.paused_on):
        if pause.resumed_on and pause.resumed_on <= pause.paused_on:
            continue
        before = merged[-1] if merged else None
        if before is None or (before.resumed_on and before.resumed_on < pause.paused_on):
            merged.append(pause)
        elif before.resumed_on:
            resumed_on = pause.resumed_on and max(before.resumed_on, pause.resumed_on)
            merged[-1] = replace(before, resumed_on=resumed_on)
    return tuple(merged)


def _known_on(merged: Sequence[Pause], day: date) -> tuple[Pause, ...]:
    """The days on hold up to and including this one, each pause closed."""
    after = day + ONE_DAY
    return tuple(Pause(p.paused_on, min(p.resumed_on or after, after)) for p in merged if p.paused_on <= day)


def _held_up(start: date, on: date, unit: Unit, merged: Sequence[Pause], calendar: Calendar) -> Iterator[TraceStep]:
    """The steps by which pauses after `start` put the date off; the last has no date if an open pause reaches it."""
    for pause in merged:
        first = max(pause.paused_on, start + ONE_DAY)
        if first > on:
            return
        if pause.resumed_on is None:
            sentence = f"On hold since {in_words(pause.paused_on)}: there is no date until the review resumes."
            yield TraceStep(sentence, 0, None)
            return
        if unit is Unit.WORKING_DAYS:
            lost = calendar.working_days_between(first, pause.resumed_on)
            put_off = calendar.add_working_days(on, lost)
            days = _number(lost, "working days")
        else:
            lost = max(0, (pause.resumed_on - first).days)
            put_off = on + timedelta(days=lost)
            days = _number(lost, "days")
        if lost:
            last = in_words(pause.resumed_on - ONE_DAY)
            sentence = f"On hold from {in_words(first)} to {last}: {days} not counted, so {in_words(put_off)}."
            yield TraceStep(sentence, (put_off - on).days, put_off)
            on = put_off
