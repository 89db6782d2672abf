"""The moves that let a review wait: a decision put off, a hold begun and ended, a date moved to a later day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework import clocks
from dhr_app.casework.scene import Scene
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.review import MoveMade
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.dates import REVIEW_THE_HOLD
from dhr_app.workflows.deadlines import Extension, check_extension
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.wording import AWAITED, HELD_BECAUSE, HOLD_ASKED_OF, MOVED_BECAUSE

if TYPE_CHECKING:
    from dhr_app.casework.move import MoveEntry

A_YEAR = timedelta(days=366)
FIVE_YEARS = 5 * A_YEAR


# --- Defer ----------------------------------------------------------------------------------------------------------


def defer_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """What is awaited, and until when: no longer than a year."""
    faults = {}
    if not entry.awaited or set(entry.awaited) - set(AWAITED):
        faults["awaited"] = "Say what is awaited."
    if entry.review_by is None or not entry.decided_on < entry.review_by <= entry.decided_on + A_YEAR:
        faults["review_by"] = "Give a day within a year of the deferral on which the decision is taken up again."
    return faults


def defer(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The review-by date of a decision that is put off."""
    scene.review.deferred_until = entry.review_by
    return {"awaited": list(entry.awaited), "review_by": str(entry.review_by)}


# --- On hold --------------------------------------------------------------------------------------------------------


def pause_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """Who was asked, why, which dates stop, and a day to look at it again."""
    faults = _looked_at_again_wrong(scene, entry)
    if entry.reason_code not in HELD_BECAUSE:
        faults["reason_code"] = "Say why the review is put on hold."
    if set(entry.clocks) - {rule.key for rule in scene.rule_set.deadlines if rule.pausable}:
        faults["clocks"] = "Choose only dates that may stand still."
    return faults


def pause(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The hold begins."""
    scene.session.add(
        PauseRow(
            review_id=scene.review.id,
            paused_on=entry.decided_on,
            review_by=entry.review_by,
            reason_code=entry.reason_code,
            asked_of=entry.who_was_asked,
            clocks=list(entry.clocks),
            goes_on=entry.reason or None,
        )
    )
    scene.review.on_hold_since = entry.decided_on
    return {"reason": entry.reason_code, "review_by": str(entry.review_by), "clocks": list(entry.clocks)}


def keep_hold_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """Who was asked, why it goes on, and the next day to look at it; on no day before it began or was last kept."""
    faults = _looked_at_again_wrong(scene, entry)
    if entry.reason_code not in HELD_BECAUSE:
        faults["reason_code"] = "Say why the hold is kept."
    return faults | _before_the_hold(scene, entry)


def keep_hold(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The hold goes on and is looked at again on a new day; the day before it stands in the move."""
    pause = open_pause(scene)
    was = pause.review_by
    if entry.review_by is not None:
        pause.review_by = entry.review_by
    return {
        "reason": entry.reason_code,
        "asked_of": entry.who_was_asked,
        "was": str(was),
        "review_by": str(entry.review_by),
    }


def _before_the_hold(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """That the hold in force had not begun yet on this day, or was looked at and kept later."""
    if entry.decided_on < (began := open_pause(scene).paused_on):
        return {"decided_on": f"The review has been on hold since {in_words(began)}: give that day or a later one."}
    if (last := _last_kept(scene)) and entry.decided_on < last:
        return {"decided_on": f"The hold was last looked at on {in_words(last)}: give that day or a later one."}
    return {}


def _last_kept(scene: Scene) -> date | None:
    """The latest day on which the hold in force was kept. A hold may begin on the day on which another was kept."""
    began = select(func.max(MoveMade.seq)).where(MoveMade.review_id == scene.review.id, MoveMade.name == "pause")
    kept = select(func.max(MoveMade.decided_on)).where(
        MoveMade.review_id == scene.review.id,
        MoveMade.name == "keep_hold",
        MoveMade.seq > began.scalar_subquery(),
    )
    return scene.session.scalar(kept)


def _looked_at_again_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """Who was asked, and a day within the rule set’s period on which the hold is looked at again."""
    rule = scene.rule_set.deadline(REVIEW_THE_HOLD)
    latest = clocks.first_due(scene, REVIEW_THE_HOLD, entry.decided_on)
    faults = {}
    if entry.review_by is None or not entry.decided_on < entry.review_by <= latest:
        faults["review_by"] = (
            f"Look at the hold again within {rule.period}: choose a day after {in_words(entry.decided_on)} "
            f"and no later than {in_words(latest)}."
        )
    if entry.who_was_asked not in HOLD_ASKED_OF:
        faults["who_was_asked"] = "Say who was asked: the officer in charge, the CPS or the coroner."
    return faults


def open_pause(scene: Scene) -> PauseRow:
    """The hold that the review is on."""
    rows = select(PauseRow).where(PauseRow.review_id == scene.review.id, PauseRow.resumed_on.is_(None))
    return scene.session.scalars(rows.order_by(PauseRow.paused_on, PauseRow.id)).one()


def resume_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """What ended the hold, on no day before it began or was last kept."""
    faults = {}
    if not entry.ended_by.strip():
        faults["ended_by"] = "Say what ended the hold, and the new timetable."
    return faults | _before_the_hold(scene, entry)


def resume(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The hold ends."""
    pause = open_pause(scene)
    pause.resumed_on = entry.decided_on
    scene.review.on_hold_since = None
    return {"days_on_hold": (entry.decided_on - pause.paused_on).days}


# --- Extend ---------------------------------------------------------------------------------------------------------


def _deadline(scene: Scene, deadline_id: UUID | None) -> Deadline | None:
    rows = select(Deadline).where(
        Deadline.review_id == scene.review.id,
        Deadline.id == deadline_id,
        Deadline.met_on.is_(None),
        Deadline.ended_on.is_(None),
    )
    return scene.session.scalars(rows).one_or_none()


def extend_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    """Which date moves, to which later day, and why."""
    deadline = _deadline(scene, entry.deadline_id)
    faults = {}
    if deadline is None:
        faults["deadline_id"] = "Choose which date is extended."
    if entry.new_date is None:
        faults["new_date"] = "Give the new date."
    elif entry.new_date > entry.decided_on + FIVE_YEARS:
        faults["new_date"] = "This is more than five years on: check the year."
    elif deadline is not None:
        faults |= _extension_wrong(scene, deadline, Extension(entry.decided_on, entry.new_date))
    if entry.reason_code not in MOVED_BECAUSE:
        faults["reason_code"] = "Say why the date is moved."
    return faults


def _extension_wrong(scene: Scene, deadline: Deadline, proposed: Extension) -> Mapping[str, str]:
    facts = scene.facts()
    try:
        check_extension(
            scene.rule_set.deadline(deadline.rule),
            deadline.anchor_on or deadline.first_due_on - timedelta(days=1),
            facts.pauses.get(deadline.rule, ()),
            facts.extensions.get(deadline.id, ()),
            scene.calendar,
            proposed=proposed,
        )
    except Invalid as refusal:
        return refusal.fields
    return {}


def extend(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """The later day is kept beside the first, which stays."""
    deadline = _deadline(scene, entry.deadline_id)
    if deadline is None:
        raise Invalid({"deadline_id": "Choose which date is extended."})
    scene.session.add(
        ExtensionRow(
            review_id=scene.review.id,
            deadline_id=deadline.id,
            agreed_on=entry.decided_on,
            to_on=entry.new_date,
            reason_code=entry.reason_code,
        )
    )
    return {
        "rule": deadline.rule,
        "first": str(deadline.first_due_on),
        "to": str(entry.new_date),
        "reason": entry.reason_code,
    }
