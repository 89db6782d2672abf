"""The house's table of reminders: a kind of thing, who hears of it, on which days, and what of that may not be changed.

A coordinator may change the days of a row (casework/reminder_rules.py); `floor` says what a row must say all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dhr_app.workflows.roles import Role


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
    PROMISE = "promise"
    MEETING = "meeting"
    EMERGENCY = "emergency"
    MAIL = "mail"
    ESCALATED = "escalated"


class Rung(StrEnum):
    """Who hears, once a month, of an agency that has something late: each rung after the one below it.

    Below the first stands whoever owns the work: they hear of each thing in their own mail.
    """

    DEPUTIES = "deputies"
    CONTACT = "contact"
    COORDINATOR = "coordinator"
    MEMBER = "member"
    CHAIR = "chair"


@dataclass(frozen=True)
class Ladder:
    """On which days a thing is brought up, counted from the day it is due.

    ahead    so many days before
    eve      on the last morning of mail before
    after    so many days after
    mondays  on the first morning of every week from so many days before it is due, for as long as it is open;
             None: on no Monday as such
    """

    mondays: int | None
    ahead: tuple[int, ...] = ()
    eve: bool = True
    after: tuple[int, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether it brings nothing up on any day."""
        return self.mondays is None and not (self.ahead or self.eve or self.after)

    def joined(self, other: Ladder) -> Ladder:
        """What brings a thing up on every day on which either does."""
        mondays = [each for each in (self.mondays, other.mondays) if each is not None]
        return Ladder(
            max(mondays, default=None),
            tuple(sorted({*self.ahead, *other.ahead}, reverse=True)),
            self.eve or other.eve,
            tuple(sorted({*self.after, *other.after})),
        )

    def covers(self, least: Ladder) -> bool:
        """Whether it brings a thing up on every day on which another ladder does."""
        mondays = least.mondays is None or (self.mondays is not None and self.mondays >= least.mondays)
        days = set(least.ahead) <= set(self.ahead) and set(least.after) <= set(self.after)
        return mondays and days and (self.eve or not least.eve)


@dataclass(frozen=True)
class Rule:
    """A kind of thing, who is told of it, what they must be allowed on that review, and on which days.

    `floor` is the least that is said, whatever else is changed; None: the row may be switched off. A row with a `rung`
    speaks once a month, of each agency whose oldest thing is so many days late as its ladder has `after`.
    """

    kind: Kind
    role: Role
    permission: str
    ladder: Ladder
    floor: Ladder | None = None
    rung: Rung | None = None

    @property
    def key(self) -> str:
        """What the row is known by, whatever its days are: there is one of each kind and role, or rung."""
        return f"{self.kind.value}-{(self.rung or self.role).value}".replace("_", "-")


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
IN_THE_CHAIR = (Role.STEERING_CHAIR, Role.STEERING_DEPUTY)


def late_by(days: int) -> Ladder:
    """Once a month, as soon as an agency's oldest thing is so many days late."""
    return Ladder(mondays=None, eve=False, after=(days,))


# A coordinator hears every morning what is new and on Mondays of everything; the others on Mondays, and on the eve.
# The ladder's days: the steering member's 14 and the chair's 28 are domain.md 1.20; those below them are ours.
RULES = (
    Rule(Kind.DATE,    Role.COORDINATOR,        "review.change",    EVERY_MORNING, MONDAYS),
    Rule(Kind.TELLING, Role.COORDINATOR,        "told.record",      FROM_THE_START, MONDAYS),
    Rule(Kind.HOLD,    Role.COORDINATOR,        "move.resume",      EVERY_MORNING),
    Rule(Kind.ASK,     Role.COORDINATOR,        "review.change",    EVERY_MORNING),
    Rule(Kind.ACTION,  Role.COORDINATOR,        "plan.change",      EVERY_MORNING),
    Rule(Kind.NOBODY,  Role.COORDINATOR,        "plan.change",      MONDAYS),
    Rule(Kind.SEAT,    Role.COORDINATOR,        "review.change",    MONDAYS),
    Rule(Kind.UNDATED, Role.COORDINATOR,        "notification.change", SINCE, MONDAYS),
    Rule(Kind.WISH,    Role.COORDINATOR,        "plan.answer_longer", SINCE),
    Rule(Kind.DRAFT,   Role.COORDINATOR,        "draft.see",        SINCE),
    Rule(Kind.WAITING, Role.COORDINATOR,        "statement.see",    SINCE),
    Rule(Kind.BARRED,  Role.COORDINATOR,        "family.change",    SINCE),
    Rule(Kind.ACCESS,  Role.COORDINATOR,        "access.confirm",   SINCE),
    Rule(Kind.LAPSING, Role.COORDINATOR,        "review.change",    ONCE_AHEAD),
    Rule(Kind.REQUEST, Role.COORDINATOR,        "requests.change",  EVERY_MORNING, MONDAYS),
    Rule(Kind.PROMISE, Role.COORDINATOR,        "family.change",    EVERY_MORNING, MONDAYS),
    Rule(Kind.MEETING, Role.COORDINATOR,        "meeting.plan",     SINCE),
    Rule(Kind.MAIL,    Role.COORDINATOR,        "messages.see",     SINCE),
    Rule(Kind.EMERGENCY, Role.COORDINATOR,      "emergency.see",    SINCE, MONDAYS),
    *(Rule(Kind.EMERGENCY, role,                "emergency.look",   SINCE, MONDAYS) for role in IN_THE_CHAIR),
    *(Rule(Kind.BREACH, role,                   "incidents.change", HOURS, HOURS) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.DISPOSAL, role,                 "records.see",      SINCE, MONDAYS) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.DESTROYING, role,               "records.see",      SINCE, MONDAYS) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.LIFTING, role,                  "hold.lift",        SINCE) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.UNSURE, role,                   "conflict.decide",  SINCE) for role in OF_THE_PARTNERSHIP),
    *(Rule(Kind.LEGAL_HOLD, role,               "records.see",      WEEKLY) for role in OF_THE_PARTNERSHIP),
    Rule(Kind.DATE,    Role.INDEPENDENT_CHAIR,  "review.see",       WEEKLY),
    Rule(Kind.HOLD,    Role.INDEPENDENT_CHAIR,  "move.resume",      WEEKLY),
    Rule(Kind.ASK,     Role.INDEPENDENT_CHAIR,  "imr.see",          WEEKLY),
    Rule(Kind.PROMISE, Role.INDEPENDENT_CHAIR,  "family.change",    WEEKLY),
    Rule(Kind.ASK,     Role.AGENCY_CONTRIBUTOR, "imr.answer",       WEEKLY),
    Rule(Kind.ACTION,  Role.AGENCY_CONTRIBUTOR, "progress.report",  WEEKLY),
    Rule(Kind.ANSWER,  Role.AGENCY_CONTRIBUTOR, "progress.report",  ONCE),
    Rule(Kind.ESCALATED, Role.AGENCY_CONTRIBUTOR, "owed.see",       late_by(1),  rung=Rung.DEPUTIES),
    Rule(Kind.ESCALATED, Role.AGENCY_CONTRIBUTOR, "owed.see",       late_by(3),  rung=Rung.CONTACT),
    Rule(Kind.ESCALATED, Role.COORDINATOR,      "day.see",          late_by(7),  rung=Rung.COORDINATOR),
    Rule(Kind.ESCALATED, Role.STEERING_MEMBER,  "overview.see",     late_by(14), rung=Rung.MEMBER),
    *(Rule(Kind.ESCALATED, role, "overview.see", late_by(28), rung=Rung.CHAIR) for role in IN_THE_CHAIR),
)  # fmt: skip
