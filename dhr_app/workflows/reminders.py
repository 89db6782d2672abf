"""Who is reminded of what, on which days: one table, RULES, and the days on which each of its rows speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from dhr_app.workflows.calendar import ONE_DAY, Calendar
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

WEEK = timedelta(days=7)
SOON = 2 * WEEK  # an eve that lies further off has not come yet, or is long overtaken by a Monday


class Kind(StrEnum):
    """What sort of thing somebody is reminded of."""

    DATE = "date"
    TELLING = "telling"
    HOLD = "hold"
    ASK = "ask"
    ACTION = "action"
    ANSWER = "answer"
    NOBODY = "nobody"
    SEAT = "seat"
    UNDATED = "undated"
    WISH = "wish"
    DRAFT = "draft"
    WAITING = "waiting"
    BARRED = "barred"
    DISPOSAL = "disposal"
    DESTROYING = "destroying"
    LEGAL_HOLD = "legal_hold"
    LIFTING = "lifting"
    UNSURE = "unsure"
    ACCESS = "access"
    LAPSING = "lapsing"
    REQUEST = "request"
    BREACH = "breach"


@dataclass(frozen=True)
class Ladder:
    """On which days a thing is brought up, counted from the day it is due.

    ahead    so many days before
    eve      on the last working day before
    after    so many days after
    mondays  on the first working day of every week from so many days before it is due, for as long as it is open;
             None: on no Monday as such
    """

    mondays: int | None
    ahead: tuple[int, ...] = ()
    eve: bool = True
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A kind of thing, who is told of it, what they must be allowed on that review, and on which days."""

    kind: Kind
    role: Role
    permission: str
    ladder: Ladder


EVERY_MORNING = Ladder(mondays=7, ahead=(7,), after=(1,))
WEEKLY = Ladder(mondays=7)
MONDAYS = Ladder(mondays=0, eve=False)
ONCE = Ladder(mondays=None, eve=False, after=(0,))
FROM_THE_START = Ladder(mondays=366, ahead=(7,), after=(1,))  # from the day it is owed: no duty has a year
SINCE = Ladder(mondays=0, eve=False, after=(0,))  # what is not due on a day but waits since one
ONCE_AHEAD = Ladder(mondays=None, eve=False, ahead=(7,))  # what ends by itself on its day, unless somebody minds
HOURS = Ladder(mondays=3, ahead=(3, 2, 1), after=(0, 1))  # 72 of them: every morning is one of few

# Who hears that records end: who gives notice of it, and who confirms it.
OF_THE_PARTNERSHIP = (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY)

# A coordinator hears every morning what is new and on Mondays of everything; the others on Mondays, and on the eve.
RULES = (
    Rule(Kind.DATE,    Role.COORDINATOR,        "review.change",    EVERY_MORNING),
    Rule(Kind.TELLING, Role.COORDINATOR,        "told.record",      FROM_THE_START),
    Rule(Kind.HOLD,    Role.COORDINATOR,        "move.resume",      EVERY_MORNING),
    Rule(Kind.ASK,     Role.COORDINATOR,        "review.change",    EVERY_MORNING),
    Rule(Kind.ACTION,  Role.COORDINATOR,        "plan.change",      EVERY_MORNING),
    Rule(Kind.NOBODY,  Role.COORDINATOR,        "plan.change",      MONDAYS),
    Rule(Kind.SEAT,    Role.COORDINATOR,        "review.change",    MONDAYS),
    Rule(Kind.UNDATED, Role.COORDINATOR,        "notification.change", SINCE),
    Rule(Kind.WISH,    Role.COORDINATOR,        "plan.answer_longer", SINCE),
    Rule(Kind.DRAFT,   Role.COORDINATOR,        "draft.see",        SINCE),
    Rule(Kind.WAITING, Role.COORDINATOR,        "statement.see",    SINCE),
    Rule(Kind.BARRED,  Role.COORDINATOR,        "family.change",    SINCE),
    Rule(Kind.ACCESS,  Role.COORDINATOR,        "access.confirm",   SINCE),
    Rule(Kind.LAPSING, Role.COORDINATOR,        "review.change",    ONCE_AHEAD),
    Rule(Kind.REQUEST, Role.COORDINATOR,        "requests.change",  EVERY_MORNING),
    *(Rule(Kind.BREACH, role,                   "incidents.change", HOURS) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.DISPOSAL, role,                 "records.see",      SINCE) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.DESTROYING, role,               "records.see",      SINCE) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.LIFTING, role,                  "hold.lift",        SINCE) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.UNSURE, role,                   "conflict.decide",  SINCE) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.LEGAL_HOLD, role,               "records.see",      WEEKLY) for role in OF_THE_PARTNERSHIP),
    Rule(Kind.DATE,    Role.INDEPENDENT_CHAIR,  "review.see",       WEEKLY),
    Rule(Kind.HOLD,    Role.INDEPENDENT_CHAIR,  "move.resume",      WEEKLY),
    Rule(Kind.ASK,     Role.INDEPENDENT_CHAIR,  "imr.see",          WEEKLY),
    Rule(Kind.ASK,     Role.AGENCY_CONTRIBUTOR, "imr.answer",       WEEKLY),
    Rule(Kind.ACTION,  Role.AGENCY_CONTRIBUTOR, "progress.report",  WEEKLY),
    Rule(Kind.ANSWER,  Role.AGENCY_CONTRIBUTOR, "progress.report",  ONCE),
)  # fmt: skip
TOLD = frozenset(rule.role for rule in RULES)
AHEAD = WEEK  # so far ahead a date is brought up that nobody owes yet


@dataclass(frozen=True)
class Said:
    """Under which heading a kind of thing stands, whenever it is due, and how it is said; `{day}` is its day."""

    section: str
    words: str = ""


BREACHES = "Breaches of personal data"
ANSWERED = "Answered"
LATE = "Late"
UNDATED = "No date can be kept yet"
TO_TELL = "Still to be told"
SILENT = "Agencies that are silent"
HOLDS = "On hold, to be looked at again"
THIS_WEEK = "Due within a week"
LONGER = "Agencies that ask for longer"
DRAFTS = "Drafts you have not opened"
AGREEMENT = "Waiting for somebody’s agreement"
RECORDS_END = "Records to be destroyed"
CONTACT = "May they be contacted now?"
WHO_SEES = "Do they all still need to see it?"
NOBODYS = "Work that belongs to nobody"
# In this order, in the mail and on the page.
SECTIONS = (
    BREACHES, ANSWERED, LATE, UNDATED, TO_TELL, SILENT, HOLDS, THIS_WEEK, LONGER, DRAFTS, AGREEMENT, RECORDS_END,
    CONTACT, WHO_SEES, NOBODYS,
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
    Kind.BREACH:  Said(BREACHES),
    Kind.NOBODY:  Said(NOBODYS,   "has no owner"),
    Kind.SEAT:    Said(NOBODYS,   "cannot be seen there: nobody of them has a seat on the review"),
}  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """One thing that is open: what it is, of which review, when it is due (None: it is asked every Monday), where.

    What is about several reviews, or none, has no `review_id` and no `stage`, and the reviews that it is `about`.
    `what` is a deadline’s or duty’s name, or an action’s number; `agency` the agency that owes it, by its name. What
    waits since a day has that as its `due_on`. `more` is what only a page says beside it, never a mail: it may name a
    colleague. `known_to` are those who know it already, and are not told.
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


@dataclass(frozen=True)
class Wanted:
    """A reminder to write: of this thing, to this person, on the step that lies so many days after the due day."""

    thing: Thing
    person: Person
    due_on: date
    step: int


# What was reminded of so far: the highest step of each kind, subject, due day and person.
Made = Mapping[tuple[str, UUID, date, UUID], int]


def wanted(
    things: Iterable[Thing], people: Sequence[Person], made: Made, *, today: date, calendar: Calendar
) -> tuple[Wanted, ...]:
    """What is to be said today: of each thing the last step that has come, to whoever has not heard it.

    A step that was missed is said today; several that were missed are said once. Whatever is said is in `made`
    afterwards, so nothing is said twice, in whichever order days are asked for.
    """
    found = []
    for thing in things:
        for rule in RULES:
            if rule.kind is not thing.kind or (step := step_of(thing, rule.ladder, today, calendar)) is None:
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
    if person.role is Role.AGENCY_CONTRIBUTOR and thing.agency_id != person.agency_id:
        return False
    if thing.about and thing.about <= person.conflicts:
        return False
    return allows(person, rule.permission, review_id=thing.review_id, agency_id=thing.agency_id, on=today)


def step_of(thing: Thing, ladder: Ladder, today: date, calendar: Calendar) -> tuple[date, int] | None:
    """The day the thing is due and the last step of the ladder that has come; None while none has.

    What has no due day is as if due on the first working day of each week.
    """
    monday = first_of_the_week(today, calendar)
    due = thing.due_on or monday
    days = [due - timedelta(days=each) for each in ladder.ahead]
    days += [due + timedelta(days=each) for each in ladder.after]
    if ladder.eve and abs(due - today) < SOON:
        days.append(_working_day_before(due, calendar))
    if ladder.mondays is not None and monday >= due - timedelta(days=ladder.mondays):
        days.append(monday)
    come = [day for day in days if day <= today]
    return (due, (max(come) - due).days) if come else None


def first_of_the_week(today: date, calendar: Calendar) -> date:
    """The first working day of this week, or of the week before while this one has had none yet."""
    monday = today - timedelta(days=today.weekday())
    first = calendar.next_working_day(monday)
    return first if first <= today else calendar.next_working_day(monday - WEEK)


def _working_day_before(day: date, calendar: Calendar) -> date:
    before = day - ONE_DAY
    while not calendar.is_working_day(before):
        before -= ONE_DAY
    return before
