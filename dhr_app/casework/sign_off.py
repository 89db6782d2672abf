"""The steering group chair closes actions by a minute: signed off, superseded or not taken forward, many at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework import last_action
from dhr_app.casework.action import label_of
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Scene, changing
from dhr_app.casework.seen import still_stands
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import ACTION_OUTCOMES

OPEN, SIGNED_OFF = "open", "signed_off"


@dataclass(frozen=True)
class OutcomeEntry:
    """What became of an action, and the minute that says so. Open has no minute."""

    outcome: str = OPEN
    minute: str = ""
    minute_on: date | None = None


@dataclass(frozen=True)
class Seen:
    """An action on a consent list, as its reader saw it: what was reported as done may have changed since."""

    action_id: UUID
    version: int


def sign_off(
    reference: str, chosen: tuple[Seen, ...], minute: str, minute_on: date | None, *, by: Person, at: datetime
) -> int:
    """Sign off every action chosen from the consent list, by one minute; returns how many.

    Raises Invalid where one is not reported as done, was closed, or was changed since the list was read: none is
    signed off then.
    """
    with changing(reference, "plan.close_action", by=by, at=at) as scene:
        scene.must_be_commissioned()
        entry = OutcomeEntry(SIGNED_OFF, minute, minute_on)
        each_once = list(dict.fromkeys(chosen))
        rows = [(own_row(scene, Action, one.action_id), one.version) for one in each_once]
        faults = {} if rows else {"chosen": "Leave at least one action ticked."}
        for row, version in rows:
            if row.version != version:
                faults["chosen"] = f"Action {_label(scene, row)} was changed since you opened this list: read it again."
            elif row.outcome != OPEN:
                faults["chosen"] = f"Action {_label(scene, row)} is closed already."
            else:
                faults |= _faults(scene, row, entry, beside="chosen")
        if faults:
            raise Invalid(faults)
        for row, _ in rows:
            _close(scene, row, entry)
        last_action.tell(scene)
        return len(rows)


def close_action(
    reference: str, action_id: UUID, entry: OutcomeEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Close one action by a minute, correct how it was closed, or open it again. Raises Stale, Invalid."""
    with changing(reference, "plan.close_action", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, Action, action_id)
        if row.removed_on is not None:
            raise Invalid({"outcome": "This action was taken off the plan."})
        still_stands(outcome_of(row), version, entry)
        faults = _faults(scene, row, entry, beside="outcome")
        if entry.outcome == OPEN == row.outcome:
            faults["outcome"] = "It is open already: say what became of it."
        if faults:
            raise Invalid(faults)
        _close(scene, row, entry)
        last_action.tell(scene)


def outcome_of(row: Action) -> OutcomeEntry:
    """What became of an action, as its form would say it."""
    return OutcomeEntry(row.outcome, row.minute or "", row.minute_on)


def _close(scene: Scene, row: Action, entry: OutcomeEntry) -> None:
    closes = entry.outcome != row.outcome
    row.outcome = entry.outcome
    shut = entry.outcome != OPEN
    row.minute, row.minute_on = (entry.minute.strip(), entry.minute_on) if shut else (None, None)
    label = ACTION_OUTCOMES[entry.outcome].lower() if shut else "open again"
    scene.record(
        Happened.ACTION_CLOSED if closes else Happened.ACTION_CHANGED,
        on=row.minute_on if closes else None, agency_id=row.owner_id, subject=row,
        number=_label(scene, row), label=label,
    )  # fmt: skip


def _faults(scene: Scene, row: Action, entry: OutcomeEntry, *, beside: str) -> dict[str, str]:
    if entry.outcome not in ACTION_OUTCOMES:
        return {"outcome": "Choose from the list."}
    if entry.outcome == OPEN:
        return {}
    faults = not_in_future(scene.today, minute_on=entry.minute_on)
    faults |= filled("minute", entry.minute, "Give the number of the minute.")
    if entry.minute_on is None:
        faults["minute_on"] = "Give the day of the minute."
    if entry.outcome == SIGNED_OFF and (row.done_on is None or not row.evidence):
        faults[beside] = (
            f"Action {_label(scene, row)} is not reported as done with evidence: it cannot be signed off yet."
        )
    elif entry.outcome == SIGNED_OFF and row.done_on and entry.minute_on and entry.minute_on < row.done_on:
        faults["minute_on"] = (
            f"Action {_label(scene, row)} was done on {in_words(row.done_on)}: its minute cannot be earlier."
        )
    return faults


def _label(scene: Scene, row: Action) -> str:
    return label_of(scene.session.get_one(Recommendation, row.recommendation_id), row)
