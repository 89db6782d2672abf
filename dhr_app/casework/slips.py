"""What made a review slip: dates extended, dates of actions moved, times on hold, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dhr_app.casework.replayed import Move
from dhr_app.casework.words import what
from dhr_app.workflows import record_wording, wording
from dhr_app.workflows.stages import OPEN, Stage

EXTENSION, HOLD, ACTION_DATE = "extension", "hold", "action_date"


@dataclass(frozen=True)
class Slip:
    """One slip. `kind` is extension, hold or action_date; `on` the day it was agreed.

    Of a date, `was` is the first date (of an action, the date before this move) and `to` the new one, None where the
    action is ongoing since. Of a hold, `was` is the day it began and `to` the day it ended, None while it lasts.
    """

    kind: str
    on: date
    what: str
    was: date | None
    to: date | None
    reason: str
    reason_words: str


def slips(moves: Iterable[Any], moved: Iterable[Move]) -> dict[UUID, tuple[Slip, ...]]:
    """Every slip of each review in order of its day, from the moves it made and the dates of actions that moved."""
    found: dict[UUID, list[Slip]] = defaultdict(list)
    for review_id, made in _by_review(moves).items():
        found[review_id] += [_extension(row) for row in made if row.name == "extend"]
        found[review_id] += _holds(made)
    for one in moved:
        words = record_wording.MOVED_BECAUSE.get(one.because, "")
        found[one.review_id].append(
            Slip(ACTION_DATE, one.on, f"Action {one.label}", one.was, one.to, one.because, words)
        )
    return {review_id: tuple(sorted(some, key=_in_order)) for review_id, some in found.items()}


def _in_order(slip: Slip) -> tuple[date, str, str]:
    return slip.on, slip.kind, slip.what


def _by_review(moves: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in moves:
        found[row.review_id].append(row)
    return found


def _extension(row: Any) -> Slip:
    details = row.details
    first = date.fromisoformat(details["first"]) if "first" in details else None
    reason = details["reason"]
    words = wording.MOVED_BECAUSE.get(reason, "")
    return Slip(
        EXTENSION, row.decided_on, what(details["rule"]), first, date.fromisoformat(details["to"]), reason, words
    )


def _holds(made: Iterable[Any]) -> list[Slip]:
    """Each time on hold; it ends when the review resumes, or leaves its way."""
    found: list[Slip] = []
    held: Any = None
    for row in made:
        ends = row.name == "resume" or Stage(row.to_stage) not in OPEN
        if held is not None and ends:
            found.append(_hold(held, max(row.decided_on, held.decided_on)))
            held = None
        elif row.name == "pause":
            held = row
    return [*found, _hold(held, None)] if held is not None else found


def _hold(row: Any, ended_on: date | None) -> Slip:
    reason = row.details["reason"]
    words = wording.HELD_BECAUSE.get(reason, "")
    return Slip(HOLD, row.decided_on, "On hold", row.decided_on, ended_on, reason, words)
