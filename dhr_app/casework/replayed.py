"""Action plans and seminars as they stood, told again from their events: each says how its subject stood after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import ASIDE, Stage


@dataclass(frozen=True)
class Move:
    """The date of an action that moved: `was` is None where it had none, `to` where the action is ongoing since."""

    review_id: UUID
    label: str
    on: date
    was: date | None
    to: date | None
    because: str


@dataclass
class PastAction:
    """An action as its last event told it. `done_at` and `closed_at` are when that was recorded."""

    review_id: UUID
    of: str
    label: str = ""
    owner: UUID | None = None
    target: date | None = None
    look_again: date | None = None
    done: date | None = None
    done_at: datetime | None = None
    outcome: str = "open"
    minuted: date | None = None
    closed_at: datetime | None = None
    removed: bool = False

    def take(self, details: dict[str, Any], at: datetime) -> None:
        """What an event says of it. A report or a minute that is corrected keeps the moment it was first recorded."""
        self.label = str(details.get("number", self.label))
        self.owner = UUID(details["owner"]) if details.get("owner") else None
        self.target, self.look_again = _day(details.get("target")), _day(details.get("look_again"))
        done, outcome = _day(details.get("done")), details["outcome"]
        self.done_at = None if done is None else self.done_at or at
        self.closed_at = None if outcome == "open" else self.closed_at if outcome == self.outcome else at
        self.done, self.outcome, self.minuted = done, outcome, _day(details.get("minuted"))
        self.removed = details.get("removed") is not None


@dataclass
class PastPlans:
    """Every action plan as it stood: its actions by id, the recommendations withdrawn, the dates that moved."""

    actions: dict[str, PastAction] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    moved: list[Move] = field(default_factory=list)

    def standing(self, stages: dict[UUID, Stage]) -> Iterator[PastAction]:
        """The actions that count: of a recommendation that stands, on a review that has not left its way."""
        for action in self.actions.values():
            stands = action.of not in self.withdrawn and not action.removed
            if stands and stages.get(action.review_id, Stage.VOID) not in ASIDE:
                yield action


def plans(happened: Iterable[Any]) -> PastPlans:
    """Every plan, replayed: the last event of each action says how it stands."""
    found = PastPlans()
    for event in happened:
        details = event.details
        if "recommendation" in details:
            (found.withdrawn.add if details.get("withdrawn") else found.withdrawn.discard)(details["recommendation"])
        if "action" not in details:
            continue
        action = found.actions.setdefault(details["action"], PastAction(event.review_id, details["of"]))
        if event.kind == Happened.ACTION_DATE_MOVED:
            to, on = _day(details.get("target")), london_date(event.recorded_at)
            because = str(details.get("because", ""))
            found.moved.append(Move(event.review_id, str(details["number"]), on, action.target, to, because))
        action.take(details, event.recorded_at)
    return found


@dataclass(frozen=True)
class Dated:
    """Something that happened on a day, and the moment it was recorded."""

    on: date
    recorded_at: datetime


def seminars(happened: Iterable[Any]) -> list[Dated]:
    """Each seminar that was about at least one review, on the day last given for it."""
    days: dict[str, date] = {}
    recorded: dict[str, datetime] = {}
    about: dict[str, set[UUID]] = defaultdict(set)
    for event in happened:
        if "seminar" not in event.details:
            continue
        which = event.details["seminar"]
        if event.kind == Happened.LEARNING_SHARED:
            about[which].add(event.review_id)
            recorded.setdefault(which, event.recorded_at)
        elif event.kind == Happened.SEMINAR_REMOVED:
            about[which].discard(event.review_id)
        if event.details.get("held"):
            days[which] = date.fromisoformat(event.details["held"])
    return [Dated(days[which], recorded[which]) for which, of in about.items() if of]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
