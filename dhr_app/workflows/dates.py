"""The dates of one review: each clock with its working, and which of them comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from dhr_app.workflows.calendar import Calendar, in_words
from dhr_app.workflows.deadlines import DeadlineRule, Due, Extension, Pause, TraceStep, days_late, due, would_be
from dhr_app.workflows.facts import Clock, ReviewFacts
from dhr_app.workflows.rule_sets import RuleSet

REVIEW_THE_HOLD = "hold_review_due"
TAKE_UP_THE_DECISION = "deferral_review_by"
AWARE = "aware"
NOT_SHOWN = "This counts from the day the partnership became aware, which is shown with the notification."


class Clocks(Protocol):
    """What the dates of a review need of its facts: its clocks, what stops them, and what was agreed about them."""

    @property
    def clocks(self) -> Sequence[Clock]:
        """Its deadlines."""
        ...

    @property
    def pauses(self) -> Mapping[str, Sequence[Pause]]:
        """Its times on hold, by the rule whose clock they stop."""
        ...

    @property
    def extensions(self) -> Mapping[UUID, Sequence[Extension]]:
        """The later dates agreed, by deadline."""
        ...


@dataclass(frozen=True)
class ReviewDate:
    """One deadline of a review as it stands: its rule, its first date, its date now and how that came about."""

    clock_id: UUID
    rule: DeadlineRule
    agency_id: UUID | None
    first_due_on: date
    met_on: date | None
    ended: bool
    due: Due
    if_resumed: date | None

    @property
    def waited_for(self) -> bool:
        """Whether the date is still to be met."""
        return self.met_on is None and not self.ended

    @property
    def moved(self) -> bool:
        """Whether the date is no longer the first one."""
        return self.due.on != self.first_due_on

    def late(self, today: date) -> int:
        """Calendar days late, on the day it was met or today; 0 on the due date itself."""
        return days_late(self.due, self.met_on or today)

    def overdue(self, today: date) -> bool:
        """Whether it is unmet and its date has passed. Due today is not overdue."""
        return self.waited_for and self.late(today) > 0


def dates_of(facts: Clocks, rule_set: RuleSet, calendar: Calendar, *, today: date) -> tuple[ReviewDate, ...]:
    """Every deadline of the review, unmet first, each by its date."""
    rules = {rule.key: rule for rule in rule_set.deadlines}
    found = [_date_of(clock, rules[clock.rule], facts, calendar, today) for clock in facts.clocks]
    return tuple(sorted(found, key=_in_order))


def _in_order(one: ReviewDate) -> tuple[bool, date, str, UUID]:
    return not one.waited_for, one.due.on or date.max, one.rule.key, one.clock_id


def _date_of(clock: Clock, rule: DeadlineRule, facts: Clocks, calendar: Calendar, today: date) -> ReviewDate:
    pauses = facts.pauses.get(clock.rule, ())
    extensions = facts.extensions.get(clock.clock_id, ())
    if_resumed = None
    if clock.anchor_on is None:
        latest = max(extensions, key=lambda one: (one.agreed_on, one.to), default=None)
        found = _from_a_sealed_day(clock, rule, latest.to if latest else None)
    else:
        found = due(rule, clock.anchor_on, pauses, extensions, calendar)
        if found.on is None:
            if_resumed = would_be(rule, clock.anchor_on, pauses, extensions, calendar, resumed_on=today).on
    return ReviewDate(
        clock.clock_id, rule, clock.agency_id, clock.first_due_on, clock.met_on, clock.ended, found, if_resumed
    )


def _from_a_sealed_day(clock: Clock, rule: DeadlineRule, extended_to: date | None) -> Due:
    """The date whose day 0 is not kept in clear. The words are those of any date whose day 0 one may not see."""
    steps = [TraceStep(NOT_SHOWN, 0, clock.first_due_on)]
    if extended_to is not None:
        days = (extended_to - clock.first_due_on).days
        steps.append(TraceStep(f"It was agreed to extend to {in_words(extended_to)}.", days, extended_to))
    return Due(steps[-1].on, tuple(steps))


def veiled(one: ReviewDate) -> ReviewDate:
    """The date for somebody who may not see the notification: without the day the partnership became aware.

    Every such date looks the same, so that nothing shows for which reviews that day is also the day of a death.
    """
    if AWARE not in one.rule.anchor:
        return one
    return replace(one, due=Due(one.due.on, (TraceStep(NOT_SHOWN, 0, one.due.on),)))


def next_date(facts: ReviewFacts, rule_set: RuleSet, calendar: Calendar) -> tuple[date, str] | None:
    """The earliest unmet date, overdue ones included: a deadline, a duty, the day to look
    at a hold again, or the day to take up a deferred decision.

    Independent of today, so that it can be kept in a column; None sorts last. The text is a rule's key.
    """
    dates = dates_of(facts, rule_set, calendar, today=facts.notified_in_system_on)
    unmet = [(one.due.on, one.rule.key) for one in dates if one.waited_for and one.due.on is not None]
    unmet += [(duty.due_on, f"duty_{duty.name}") for duty in facts.duties]
    if facts.open_pause is not None:
        unmet.append((facts.open_pause.review_by, REVIEW_THE_HOLD))
    if facts.deferred_until is not None:
        unmet.append((facts.deferred_until, TAKE_UP_THE_DECISION))
    return min(unmet, default=None)
