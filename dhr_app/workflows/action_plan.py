"""An action plan as the rules see it: what a recommendation still lacks, and how each action stands on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dhr_app.workflows.record_wording import ACTION_OUTCOMES

SOON = timedelta(days=28)
# A date that moves further than this past the first one is the steering group chair's to agree.
SHORT_MOVE = timedelta(days=28)
# Whoever says nothing of an action for longer than this is silent.
QUARTER = timedelta(days=91)
NATIONAL = "national"


@dataclass(frozen=True)
class ActionSeen:
    """What the rules ask of an action. `label` is its recommendation's number and its own: 10.1.1/2.

    `blocked`: in its last report the agency says that something stands in the way.
    """

    label: str
    owned: bool
    target_on: date | None
    ongoing: bool
    look_again_on: date | None
    done_on: date | None
    outcome: str
    blocked: bool = False

    @property
    def dated(self) -> bool:
        """Whether it has a date, or is ongoing with a day to look at it again."""
        return self.target_on is not None or (self.ongoing and self.look_again_on is not None)

    @property
    def open(self) -> bool:
        """Whether nobody has signed it off or minuted another end."""
        return self.outcome == "open"


@dataclass(frozen=True)
class AddresseeSeen:
    """What the rules ask of an addressee: whether it is a national body, and whether it refused in writing."""

    national: bool
    refused: bool


@dataclass(frozen=True)
class State:
    """How an action stands, in words, with the colour of its badge."""

    code: str
    words: str
    colour: str


def lacking(
    scope: str, addressees: Sequence[AddresseeSeen], actions: Sequence[ActionSeen], sent_on: date | None
) -> tuple[str, ...]:
    """What a recommendation that stands still lacks before the action plan is complete, a sentence for each thing."""
    missing = [] if addressees else ["It is addressed to nobody yet."]
    return (*missing, *(_of_a_national(addressees, sent_on) if scope == NATIONAL else _of_a_local(addressees, actions)))


def _of_a_national(addressees: Sequence[AddresseeSeen], sent_on: date | None) -> list[str]:
    missing = []
    if addressees and not any(one.national for one in addressees):
        missing.append("No national department is named among those it is addressed to.")
    if sent_on is None:
        missing.append("The letter to the department is not recorded yet.")
    return missing


def _of_a_local(addressees: Sequence[AddresseeSeen], actions: Sequence[ActionSeen]) -> list[str]:
    missing = []
    asked = any(not one.refused for one in addressees)
    if asked and not any(one.owned and one.dated for one in actions):
        missing.append("It has no action yet that has an owner and a date.")
    for one in actions:
        if one.open and not one.owned:
            missing.append(f"Action {one.label} has no owner.")
        if one.open and not one.dated:
            missing.append(f"Action {one.label} has no date, nor a day to look at it again.")
    return missing


def state_of(action: ActionSeen, today: date) -> State:
    """How an action stands today, from its dates and what was reported and minuted; nobody types this."""
    if not action.open:
        done = action.outcome == "signed_off"
        return State(action.outcome, ACTION_OUTCOMES[action.outcome], "green" if done else "grey")
    if action.done_on is not None:
        return State("reported", "Reported as done", "purple")
    if action.ongoing and action.look_again_on is not None:
        late = action.look_again_on < today
        return State("look_again", "Look again", "red") if late else State("ongoing", "Ongoing", "blue")
    if action.target_on is None:
        return State("undated", "No date yet", "grey")
    if action.target_on < today:
        return State("late", "Late", "red")
    if action.blocked:
        return State("blocked", "Blocked", "red")
    if action.target_on <= today + SOON:
        return State("soon", "Due soon", "black")
    return State("under_way", "Under way", "blue")


def silent_since(action: ActionSeen, heard_on: date | None, today: date) -> date | None:
    """The day since which nothing was heard of an open action, once that is more than a quarter ago; else None.

    `heard_on` is the day of its last report, or the day it was entered; None where nobody knows that day.
    """
    waits = action.open and action.owned and action.done_on is None
    return heard_on if waits and heard_on is not None and heard_on + QUARTER < today else None


def needs_minute(first_on: date, to_on: date | None) -> bool:
    """Whether a move of a date is more than a short one: past the first date by four weeks, or to no date at all."""
    return to_on is None or to_on - first_on > SHORT_MOVE
