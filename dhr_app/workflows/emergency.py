"""Emergency access: a review is opened for reading, for sixty minutes, to somebody who cannot wait for a seat on it.

One person asks and says why, another confirms, and everybody on the review is told. Domestic homicide reviews have no
statute for it: the sixty minutes, of the question and of the reading, are this system's own rule (decision 33).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role

WAITS = timedelta(minutes=60)  # for somebody's answer, from the moment it is asked
LASTS = timedelta(minutes=60)  # from the moment it is confirmed

# Never an auditor or an administrator, who are to know of reviews what the trail holds, nor an agency's contributor.
MAY_ASK = frozenset(
    {
        Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER,
        Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER,
    }
)  # fmt: skip

ASKED_BECAUSE = {
    "at_risk": "Somebody may be at risk now",
    "court_today": "A court or a coroner asks today",
    "nobody_there": "The people in charge of it cannot be reached",
    "other": "Another reason",
}

REFUSED_BECAUSE = {
    "ask_in_charge": "The people in charge of the review can be reached: ask them",
    "not_needed": "What is asked for can be done without opening the review",
    "not_certain": "It could not be made certain that the question comes from them",
    "other": "Another reason: speak with whoever refused it",
}

FOUND = {
    "rightly": "It was needed, and what was opened fits the reason",
    "talked": "It was talked through with them, and nothing more is to be done",
    "incident": "It was not as it should be: an incident is recorded",
}

OVER_BECAUSE = {
    "clock": "Its 60 minutes were over",
    "early": "It was ended early",
    "conflict": "A conflict of interest came to light",
    "account": "The account was blocked, or given another role",
}

SENTENCES = {
    Happened.EMERGENCY_ASKED:     "Emergency access was asked for: {because}",
    Happened.EMERGENCY_WITHDRAWN: "Emergency access was asked for, and the question was withdrawn",
    Happened.EMERGENCY_CONFIRMED: "Emergency access was confirmed by a second person, to read for 60 minutes",
    Happened.EMERGENCY_REFUSED:   "Emergency access was refused: {because}",
    Happened.EMERGENCY_LAPSED:    "Emergency access was asked for, and nobody answered within 60 minutes",
    Happened.EMERGENCY_ENDED:     "Emergency access ended: {because}",
    Happened.EMERGENCY_LOOKED_AT: "Emergency access was looked at afterwards: {because}",
}  # fmt: skip
_BECAUSE = {
    Happened.EMERGENCY_ASKED:     ASKED_BECAUSE,
    Happened.EMERGENCY_REFUSED:   REFUSED_BECAUSE,
    Happened.EMERGENCY_ENDED:     OVER_BECAUSE,
    Happened.EMERGENCY_LOOKED_AT: FOUND,
}  # fmt: skip


class State(StrEnum):
    """How an emergency access stands."""

    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    LAPSED = "lapsed"
    RUNNING = "running"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """Its name on screen."""
        return LABELS[self]


LABELS = {
    State.ASKED:     "Waits for a second person",
    State.WITHDRAWN: "Withdrawn by whoever asked",
    State.REFUSED:   "Refused",
    State.LAPSED:    "Lapsed: nobody answered within 60 minutes",
    State.RUNNING:   "Running",
    State.ENDED:     "Over",
}  # fmt: skip


@dataclass(frozen=True)
class Emergency:
    """A review that is open to somebody until a moment (aware, UTC), which is the first at which it is shut again."""

    review_id: UUID
    reference: str
    until_at: datetime


def because(kind: Happened, code: str) -> str:
    """The words of a code inside a sentence of SENTENCES; empty for other kinds of event."""
    words = _BECAUSE.get(kind, {}).get(code, "")
    return words[:1].lower() + words[1:]


def state_of(
    *,
    asked_at: datetime,
    withdrawn_at: datetime | None,
    decided_at: datetime | None,
    until_at: datetime | None,
    ended_at: datetime | None,
    at: datetime,
) -> State:
    """How it stands at this moment, by the clock alone: it waits for no job that writes the end down."""
    if withdrawn_at is not None:
        return State.WITHDRAWN
    if decided_at is None:
        return State.ASKED if at < asked_at + WAITS else State.LAPSED
    if until_at is None:
        return State.REFUSED
    return State.RUNNING if ended_at is None and at < until_at else State.ENDED


def minutes_left(until_at: datetime, at: datetime) -> int:
    """Whole minutes until then, the one that has begun counted; none once it is over."""
    return max(0, -((at - until_at) // timedelta(minutes=1)))
