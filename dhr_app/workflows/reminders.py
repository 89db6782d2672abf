"""What is to be said on a morning, by the rules in use: of each thing the last step that has come, to whom it concerns.

The house's own rules are RULES, in workflows/reminder_rules.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.escalation import Behind, is_reached
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.quiet import NEVER_QUIET, mail_again_on, mornings
from dhr_app.workflows.reminder_rules import (
    EVERY_MORNING,
    MONDAYS,
    RULES,
    WEEKLY,
    Kind,
    Ladder,
    Rule,
)
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

__all__ = ["AHEAD", "EVERY_MORNING", "MONDAYS", "RULES", "SAID", "SECTIONS", "WEEKLY", "Kind", "Ladder", "Rule"]

WEEK = timedelta(days=7)
SOON = 2 * WEEK  # an eve that lies further back is long overtaken by a Monday


TOLD = frozenset(rule.role for rule in RULES)
AHEAD = WEEK  # so far ahead a date is brought up that nobody owes yet, unless a row says further
REMEMBERED = timedelta(days=60)  # a step that came longer ago is said no more: its Mondays came since, or it is past


@dataclass(frozen=True)
class Said:
    """Under which heading a kind of thing stands, whenever it is due, and how it is said; `{day}` is its day."""

    section: str
    words: str = ""


BREACHES = "Breaches of personal data"
ANSWERED = "Answered"
LATE = "Late"
PROMISED = "Promised to the family"
UNDATED = "No date can be kept yet"
TO_TELL = "Still to be told"
SILENT = "Agencies that are silent"
HOLDS = "On hold, to be looked at again"
THIS_WEEK = "Due within a week"
LATER = "Due later"
BEHIND = "Agencies that are behind"
OPENED = "Opened in an emergency"
MAIL = "Mail that was not delivered"
LONGER = "Agencies that ask for longer"
DRAFTS = "Drafts you have not opened"
AGREEMENT = "Waiting for somebody’s agreement"
RECORDS_END = "Records to be destroyed"
CONTACT = "May they be contacted now?"
WHO_SEES = "Do they all still need to see it?"
NOBODYS = "Work that belongs to nobody"
# In this order, in the mail and on the page.
SECTIONS = (
    BREACHES, OPENED, MAIL, ANSWERED, LATE, PROMISED, UNDATED, TO_TELL, SILENT, BEHIND, HOLDS, THIS_WEEK, LATER, LONGER,
    DRAFTS, AGREEMENT, RECORDS_END, CONTACT, WHO_SEES, NOBODYS,
)  # fmt: skip

# The kinds with a heading of their own. Those that have words of their own are never late. All others stand under the
# day on which they are due.
SAID: Mapping[Kind, Said] = {
    Kind.ANSWER:  Said(ANSWERED,  "was answered on {day}"),
    Kind.UNDATED: Said(UNDATED,   "is not entered: without it no date can be kept"),
    Kind.TELLING: Said(TO_TELL),
    Kind.HOLD:    Said(HOLDS),
    Kind.WISH:    Said(LONGER,    "has waited for an answer since {day}"),
    Kind.DRAFT:   Said(DRAFTS,    "was handed in on {day}"),
    Kind.WAITING: Said(AGREEMENT, "has been awaited since {day}"),
    Kind.BARRED:  Said(CONTACT,   "was not to be contacted until {day}: nothing is sent until this is changed"),
    Kind.DISPOSAL: Said(RECORDS_END, "was given on {day}"),
    Kind.DESTROYING: Said(RECORDS_END, "was begun on {day} and is not finished"),
    Kind.LIFTING: Said(AGREEMENT, "has been awaited since {day}"),
    Kind.UNSURE:  Said(AGREEMENT, "has been awaited since {day}"),
    Kind.LEGAL_HOLD: Said(HOLDS),
    Kind.ACCESS:  Said(WHO_SEES,  "waits to be looked through since the stage changed on {day}"),
    Kind.LAPSING: Said(WHO_SEES,  "ends after {day}: keep the seats of those who are still needed"),
    Kind.MEETING: Said(LATE,      "was planned for {day}: say whether it was held"),
    Kind.BREACH:  Said(BREACHES),
    Kind.PROMISE: Said(PROMISED),
    Kind.EMERGENCY: Said(OPENED,  "was over on {day}: the chair of the steering group has not looked at it yet"),
    Kind.MAIL:    Said(MAIL,      "(the newest is of {day})"),
    Kind.ESCALATED: Said(BEHIND),
    Kind.NOBODY:  Said(NOBODYS,   "has no owner"),
    Kind.SEAT:    Said(NOBODYS,   "cannot be seen there: nobody of them has a seat on the review"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is open: what it is, of which review, when it is due (None: it is asked every Monday), where.

    What is about several reviews, or none, has no `review_id` and no `stage`, and the reviews that it is `about`.
    `what` is a deadline’s or duty’s name, or an action’s number; `agency` the agency that owes it, by its name. What
    waits since a day has that as its `due_on`. `more` is what only a page says beside it, never a mail: it may name a
    colleague. `known_to` are those who know it already, and are not told. `behind` is all that an agency is late with,
    where the thing is that it is to be taken further. `ends` is the moment that its hours end, where hours are counted.
    """

    kind: Kind
    subject_id: UUID
    review_id: UUID | None
    reference: str
    stage: Stage | None
    what: str
    path: str
    due_on: date | None = None
    agency_id: UUID | None = None
    agency: str = ""
    more: str = ""
    known_to: frozenset[UUID] = frozenset()
    about: frozenset[UUID] = frozenset()
    behind: Behind | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reminder to write: of this thing, to this person, on the step that lies so many days after the due day."""

    thing: Thing
    person: Person
    due_on: date
    step: int


# What was reminded of so far: the highest step of each kind, subject, due day and person.
Made = Mapping[tuple[str, UUID, date, UUID], int]


def wanted(
    things: Iterable[Thing],
    people: Sequence[Person],
    made: Made,
    *,
    today: date,
    calendar: Calendar,
    rules: Sequence[Rule] = RULES,
    quiet: Collection[date] = frozenset(),
    hush: bool = True,
) -> tuple[Wanted, ...]:
    """What is to be said today: of each thing the last step that has come, to whoever has not heard it.

    A step that was missed is said today; several that were missed are said once. Whatever is said is in `made`
    afterwards, so nothing is said twice, in whichever order days are asked for, and however the rules change between
    them. On a `quiet` day only what may never wait is said; a step that falls on one is said on the next morning, and
    an eve comes on the last morning before. Without `hush` what was said before a quiet day is said on it too.
    """
    of_mail = mornings(calendar, quiet)
    found = []
    for thing in things:
        hushed = thing.kind not in NEVER_QUIET
        if hush and hushed and today in quiet:
            continue
        for rule in rules:
            if rule.kind is not thing.kind:
                continue
            step = step_of(thing, rule.ladder, today, of_mail if hushed else calendar)
            if step is None:
                continue
            due_on, number = step
            for person in people:
                key = (thing.kind.value, thing.subject_id, due_on, person.id)
                if concerns(rule, thing, person, today) and (key not in made or made[key] < number):
                    found.append(Wanted(thing, person, due_on, number))
    return tuple(found)


def concerns(rule: Rule, thing: Thing, person: Person, today: date) -> bool:
    """Whether the person is one of those whom this rule tells of this thing. A conflict of interest tells nobody."""
    if person.role is not rule.role or person.id in thing.known_to:
        return False
    if rule.rung is not None and (thing.behind is None or not is_reached(rule, thing.behind, person, today)):
        return False
    if person.role is Role.AGENCY_CONTRIBUTOR and thing.agency_id != person.agency_id:
        return False
    if thing.about and thing.about <= person.conflicts:
        return False
    return allows(person, rule.permission, review_id=thing.review_id, agency_id=thing.agency_id, on=today)


def step_of(thing: Thing, ladder: Ladder, today: date, calendar: Calendar) -> tuple[date, int] | None:
    """The day the thing is due and the last step of the ladder that has come; None while none has.

    What has no due day is as if due on the first working day of each week. What is taken further is said once for each
    month, which is its due day. No step is said that came longer ago than is remembered: so none is ever said again.
    """
    if thing.behind is not None:
        return (thing.behind.month, 0) if thing.behind.month <= today else None
    monday = first_of_the_week(today, calendar)
    due = thing.due_on or monday
    days = [due - timedelta(days=each) for each in ladder.ahead]
    days += [due + timedelta(days=each) for each in ladder.after]
    if ladder.eve and today - due < SOON and due <= mail_again_on(today, calendar):
        days.append(calendar.last_working_day_before(due))
    if ladder.mondays is not None and monday >= due - timedelta(days=ladder.mondays):
        days.append(monday)
    come = [day for day in days if today - REMEMBERED <= day <= today]
    return (due, (max(come) - due).days) if come else None


def first_of_the_week(today: date, calendar: Calendar) -> date:
    """The first working day of this week, or of the week before while this one has had none yet."""
    monday = today - timedelta(days=today.weekday())
    first = calendar.next_working_day(monday)
    return first if first <= today else calendar.next_working_day(monday - WEEK)
