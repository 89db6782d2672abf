"""What made a review slip: dates moved, put off or met late, times on hold, each with its days and its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dhr_app.casework.as_at import PastReview
from dhr_app.casework.replayed import Move
from dhr_app.casework.words import what
from dhr_app.workflows import record_wording, wording
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.stages import OPEN, Stage

EXTENSION, HOLD, ACTION_DATE, DEFERRAL, MET_LATE = "extension", "hold", "action_date", "deferral", "met_late"


@dataclass(frozen=True)
class Slip:
    """One slip. `kind` is extension, hold, action_date, deferral or met_late; `on` the day it was agreed, or met.

    Of a date, `was` is the first date (of an action, the date before this move) and `to` the new one, None where the
    action is ongoing since. Of a hold, `was` is the day it began and `to` the day it ended, None while it lasts. Of a
    deferral, `to` is the day to take the decision up again. Of a date met late, `was` is that date and `to` the day
    it was met. `days` is how far that is: of a hold the days on hold, today included while it lasts; else from `was`.
    """

    kind: str
    on: date
    what: str
    was: date | None
    to: date | None
    reason: str
    reason_words: str
    days: int = 0


@dataclass(frozen=True)
class Deferral:
    """A decision that is put off: until when, and what is awaited."""

    until: date
    awaited: str


def slips(
    moves: Iterable[Any], moved: Iterable[Move], stood: Iterable[PastReview], *, until: date
) -> dict[UUID, tuple[Slip, ...]]:
    """Every slip of each review in order of its day, up to the end of `until`."""
    found: dict[UUID, list[Slip]] = defaultdict(list)
    for review_id, made in by_review(moves).items():
        found[review_id] += [_extension(row) for row in made if row.name == "extend"]
        found[review_id] += [_deferral(row) for row in made if row.name == "defer"]
        found[review_id] += _holds(made, until)
    for one in moved:
        words = record_wording.MOVED_BECAUSE.get(one.because, "")
        label = f"Action {one.label}"
        days = _between(one.was, one.to)
        found[one.review_id].append(Slip(ACTION_DATE, one.on, label, one.was, one.to, one.because, words, days))
    for review in stood:
        found[review.id] += [_met_late(entry) for entry in review.met_late]
    return {review_id: tuple(sorted(some, key=_in_order)) for review_id, some in found.items()}


def deferrals(moves: Iterable[Any]) -> dict[UUID, Deferral]:
    """The decisions that are put off as things stand after these moves: none was taken since."""
    found = {}
    for review_id, made in by_review(moves).items():
        latest = next((row for row in reversed(made) if row.name == "defer" or not MOVES[row.name].stays), None)
        if latest is not None and latest.name == "defer":
            found[review_id] = Deferral(
                date.fromisoformat(latest.details["review_by"]), awaited_in_words(latest.details)
            )
    return found


def awaited_in_words(details: dict[str, Any]) -> str:
    """What a deferral waits for: “the post-mortem and the inquest”."""
    words = [wording.AWAITED.get(each, each) for each in details.get("awaited", [])]
    plain = [each[:1].lower() + each[1:] for each in words]
    return " and ".join([", ".join(plain[:-1]), *plain[-1:]] if plain[1:] else plain)


def held_since(some: Iterable[Slip]) -> date | None:
    """The day on which the hold began that still lasts."""
    return next((slip.was for slip in some if slip.kind == HOLD and slip.to is None), None)


def _in_order(slip: Slip) -> tuple[date, str, str]:
    return slip.on, slip.kind, slip.what


def by_review(moves: Iterable[Any]) -> dict[UUID, list[Any]]:
    """The moves of each review in their order."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in moves:
        found[row.review_id].append(row)
    return found


def _extension(row: Any) -> Slip:
    details = row.details
    first = date.fromisoformat(details["first"]) if "first" in details else None
    to, reason = date.fromisoformat(details["to"]), details["reason"]
    words = wording.MOVED_BECAUSE.get(reason, "")
    return Slip(EXTENSION, row.decided_on, what(details["rule"]), first, to, reason, words, _between(first, to))


def _deferral(row: Any) -> Slip:
    until, awaited = date.fromisoformat(row.details["review_by"]), awaited_in_words(row.details)
    reason, days = ",".join(row.details.get("awaited", [])), _between(row.decided_on, until)
    return Slip(DEFERRAL, row.decided_on, what("decision_due"), None, until, reason, f"Awaiting {awaited}", days)


def _met_late(entry: dict[str, str]) -> Slip:
    due, met = date.fromisoformat(entry["due"]), date.fromisoformat(entry["met"])
    named = f"{what(entry['what'])}, {entry['agency']}" if entry["agency"] else what(entry["what"])
    return Slip(MET_LATE, met, named, due, met, "", "", _between(due, met))


def _holds(made: Iterable[Any], until: date) -> list[Slip]:
    """Each time on hold; it ends when the review resumes, or leaves its way."""
    found: list[Slip] = []
    held: Any = None
    for row in made:
        ends = row.name == "resume" or Stage(row.to_stage) not in OPEN
        if held is not None and ends:
            found.append(_hold(held, max(row.decided_on, held.decided_on), until))
            held = None
        elif row.name == "pause":
            held = row
    return [*found, _hold(held, None, until)] if held is not None else found


def _hold(row: Any, ended_on: date | None, until: date) -> Slip:
    reason = row.details["reason"]
    words = wording.HELD_BECAUSE.get(reason, "")
    days = _between(row.decided_on, ended_on) if ended_on else (until - row.decided_on).days + 1
    return Slip(HOLD, row.decided_on, "On hold", row.decided_on, ended_on, reason, words, days)


def _between(was: date | None, to: date | None) -> int:
    return (to - was).days if was and to else 0
