"""Actions: what an agency does about a recommendation, by when; its date is moved in the open, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework import last_action
from dhr_app.casework.checks import EARLIEST, filled
from dhr_app.casework.rows import own_row, unknown_agencies
from dhr_app.casework.scene import Look, Scene, changing
from dhr_app.casework.seen import still_stands
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.workflows.action_plan import ActionSeen
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

FURTHEST = timedelta(days=3653)  # ten years ahead is a slip of the year
BY_A_DATE, ONGOING, NOT_YET = "by_a_date", "ongoing", "not_yet"
WHEN = {BY_A_DATE: "By a date", ONGOING: "Ongoing", NOT_YET: "Not agreed yet"}


@dataclass(frozen=True)
class ActionEntry:
    """What the form says. `when` is one of WHEN, with the day it asks for: a target date, or one to look again."""

    text: str = ""
    owner_id: UUID | None = None
    milestones: str = ""
    when: str = ""
    target_on: date | None = None
    look_again_on: date | None = None


def add_action(reference: str, recommendation_id: UUID, entry: ActionEntry, *, by: Person, at: datetime) -> UUID:
    """Enter an action of a recommendation that stands. Raises OutOfReach, NotAllowed, NotYet, Invalid."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        of = own_row(scene, Recommendation, recommendation_id)
        faults = _faults(scene, entry, None)
        if of.withdrawn_on is not None:
            faults["text"] = "This recommendation was withdrawn: nothing is asked of it."
        if faults:
            raise Invalid(faults)
        number = scene.session.scalar(select(func.max(Action.number)).where(Action.recommendation_id == of.id)) or 0
        row = Action(
            review_id=of.review_id, recommendation_id=of.id, number=number + 1,
            first_target_on=entry.target_on if entry.when == BY_A_DATE else None, **_columns(entry),
        )  # fmt: skip
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.ACTION_ADDED, agency_id=row.owner_id, subject=row, number=label_of(of, row))
        last_action.tell(scene)
        return row.id


def correct_action(
    reference: str, action_id: UUID, entry: ActionEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct an action; a date that stands is not changed here but moved. Raises Stale with both texts, Invalid."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        row, of = open_action(scene, action_id)
        still_stands(entry_of(row), version, entry)
        faults = _faults(scene, entry, row)
        if row.target_on is not None and (entry.when, entry.target_on) != (BY_A_DATE, row.target_on):
            faults["target_on"] = "The date is moved on a page of its own, so that the first one stays to be seen."
        if faults:
            raise Invalid(faults)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        row.first_target_on = row.first_target_on or row.target_on
        scene.record(Happened.ACTION_CHANGED, agency_id=row.owner_id, subject=row, number=label_of(of, row))


def remove_action(reference: str, action_id: UUID, *, by: Person, at: datetime) -> None:
    """Take an action entered by mistake off the plan; the record stays. Raises Invalid once it is reported as done."""
    with changing(reference, "plan.change", by=by, at=at) as scene:
        row, of = open_action(scene, action_id)
        if row.done_on is not None:
            raise Invalid({"action": "It is reported as done: take that report back first."})
        row.removed_on = scene.today
        scene.record(Happened.ACTION_REMOVED, agency_id=row.owner_id, subject=row, number=label_of(of, row))
        last_action.tell(scene)


def label_of(of: Recommendation, row: Action) -> str:
    """What an action is called: the second one of recommendation 10.1.1 is 10.1.1/2."""
    return f"{of.number}/{row.number}"


def seen_by_the_rules(of: Recommendation, row: Action, *, blocked: bool = False) -> ActionSeen:
    """What the rules ask of an action; `blocked` is what its last report says."""
    return ActionSeen(
        label_of(of, row), row.owner_id is not None, row.target_on, row.ongoing, row.look_again_on, row.done_on,
        row.outcome, blocked,
    )  # fmt: skip


def entry_of(row: Action) -> ActionEntry:
    """An action as its form would say it."""
    when = BY_A_DATE if row.target_on else ONGOING if row.ongoing else NOT_YET
    return ActionEntry(row.text, row.owner_id, row.milestones or "", when, row.target_on, row.look_again_on)


def open_action(scene: Scene, action_id: UUID) -> tuple[Action, Recommendation]:
    """An action that may still be changed, and its recommendation. Raises Invalid once a minute closed it."""
    scene.must_be_commissioned()
    row = own_row(scene, Action, action_id)
    if row.removed_on is not None:
        raise Invalid({"action": "This action was taken off the plan."})
    if row.outcome != "open":
        raise Invalid({"action": "This action is closed by a minute: the steering group chair opens it again first."})
    return row, scene.session.get_one(Recommendation, row.recommendation_id)


def _columns(entry: ActionEntry) -> dict[str, object]:
    return {
        "text": entry.text.strip(),
        "owner_id": entry.owner_id,
        "milestones": entry.milestones.strip() or None,
        "target_on": entry.target_on if entry.when == BY_A_DATE else None,
        "ongoing": entry.when == ONGOING,
        "look_again_on": entry.look_again_on if entry.when == ONGOING else None,
    }


def _faults(scene: Scene, entry: ActionEntry, row: Action | None) -> dict[str, str]:
    faults = filled("text", entry.text, "Enter what the agency does.")
    if entry.owner_id is not None and (row is None or row.owner_id != entry.owner_id):
        faults |= unknown_agencies(scene, "owner_id", [entry.owner_id], scene.today)
    if entry.when not in WHEN:
        faults["when"] = "Say by when, or that this is not agreed yet."
    elif entry.when == BY_A_DATE:
        faults |= day_fault(scene, "target_on", entry.target_on, "Give the date by which it is to be done.")
    elif entry.when == ONGOING:
        faults |= day_fault(scene, "look_again_on", entry.look_again_on, "Give the day on which to look at it again.")
    return faults | _days_not_asked(entry)


def _days_not_asked(entry: ActionEntry) -> dict[str, str]:
    """A day that was typed but would not be kept, beside its box: nothing typed is dropped without a word."""
    not_asked = {"target_on": entry.target_on, "look_again_on": entry.look_again_on}
    not_asked.pop({BY_A_DATE: "target_on", ONGOING: "look_again_on"}.get(entry.when, ""), None)
    choose = {"target_on": WHEN[BY_A_DATE], "look_again_on": WHEN[ONGOING]}
    return {
        name: f"You gave a day here but chose “{WHEN[entry.when]}”: choose “{choose[name]}”, or empty this."
        for name, day in not_asked.items()
        if day is not None and entry.when in WHEN
    }


def day_fault(scene: Scene | Look, name: str, day: date | None, missing: str) -> dict[str, str]:
    """What is wrong with a day still to come, under its field: it is missing, or its year is a slip."""
    if day is None:
        return {name: missing}
    if day < EARLIEST:
        return {name: f"There were no reviews before {in_words(EARLIEST)}: check the year."}
    if day > scene.today + FURTHEST:
        return {name: "That is more than ten years ahead: check the year."}
    return {}
