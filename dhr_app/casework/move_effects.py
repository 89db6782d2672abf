"""What some moves do beside changing the stage, and what their own forms must say for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import clocks, handover, publication_moves, stage_clocks
from dhr_app.casework.earlier import unmarked
from dhr_app.casework.scene import Scene
from dhr_app.database.models.account import Membership
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.statement import Statement
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.dates import REVIEW_THE_HOLD
from dhr_app.workflows.deadlines import Extension, check_extension
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.lifecycle import Move
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN, Stage
from dhr_app.workflows.wording import AWAITED, HELD_BECAUSE, HOLD_ASKED_OF, MOVED_BECAUSE

if TYPE_CHECKING:
    from dhr_app.casework.move import MoveEntry

A_YEAR = timedelta(days=366)
FIVE_YEARS = 5 * A_YEAR

Effect = Callable[[Scene, "MoveEntry"], dict[str, Any]]
Fault = Callable[[Scene, "MoveEntry"], dict[str, str]]


def apply(scene: Scene, move: Move, entry: MoveEntry, from_stage: Stage) -> dict[str, Any]:
    """Do what the move does beside changing the stage; returns its details in codes, for the row of the move."""
    if not move.stays:
        scene.review.deferred_until = None
        _leave(scene, entry)
    if move.name == "correct_stage":
        stage_clocks.corrected(scene, from_stage, Stage(scene.review.stage), entry.decided_on)
    effect = EFFECTS.get(move.name)
    return effect(scene, entry) if effect else {}


def wrong(scene: Scene, move: Move, entry: MoveEntry) -> Mapping[str, str]:
    """What the move's own part of the form says that cannot be right, by field."""
    fault = FAULTS.get(move.name)
    return fault(scene, entry) if fault else {}


# --- Defer ----------------------------------------------------------------------------------------------------------


def _defer_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    faults = {}
    if not entry.awaited or set(entry.awaited) - set(AWAITED):
        faults["awaited"] = "Say what is awaited."
    if entry.review_by is None or not entry.decided_on < entry.review_by <= entry.decided_on + A_YEAR:
        faults["review_by"] = "Give a day within a year of the deferral on which the decision is taken up again."
    return faults


def _defer(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    scene.review.deferred_until = entry.review_by
    return {"awaited": list(entry.awaited), "review_by": str(entry.review_by)}


# --- On hold --------------------------------------------------------------------------------------------------------


def _pause_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    rule = scene.rule_set.deadline(REVIEW_THE_HOLD)
    latest = clocks.first_due(scene, REVIEW_THE_HOLD, entry.decided_on)
    pausable = {rule.key for rule in scene.rule_set.deadlines if rule.pausable}
    faults = {}
    if entry.review_by is None or not entry.decided_on < entry.review_by <= latest:
        faults["review_by"] = (
            f"Look at the hold again within {rule.period}: choose a day after {in_words(entry.decided_on)} "
            f"and no later than {in_words(latest)}."
        )
    if entry.reason_code not in HELD_BECAUSE:
        faults["reason_code"] = "Say why the review is put on hold."
    if entry.who_was_asked not in HOLD_ASKED_OF:
        faults["who_was_asked"] = "Say who was asked: the officer in charge, the CPS or the coroner."
    if set(entry.clocks) - pausable:
        faults["clocks"] = "Choose only dates that may stand still."
    return faults


def _pause(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
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


def _open_pause(scene: Scene) -> PauseRow:
    rows = select(PauseRow).where(PauseRow.review_id == scene.review.id, PauseRow.resumed_on.is_(None))
    return scene.session.scalars(rows.order_by(PauseRow.paused_on, PauseRow.id)).one()


def _resume_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    faults = {}
    if not entry.ended_by.strip():
        faults["ended_by"] = "Say what ended the hold, and the new timetable."
    if entry.decided_on < (began := _open_pause(scene).paused_on):
        faults["decided_on"] = f"The review has been on hold since {in_words(began)}: it cannot resume before that day."
    return faults


def _resume(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    pause = _open_pause(scene)
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


def _extend_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    deadline = _deadline(scene, entry.deadline_id)
    if deadline is None:
        return {"deadline_id": "Choose which date is extended."}
    if entry.new_date is None:
        return {"new_date": "Give the new date."}
    if entry.new_date > entry.decided_on + FIVE_YEARS:
        return {"new_date": "This is more than five years on: check the year."}
    if entry.reason_code not in MOVED_BECAUSE:
        return {"reason_code": "Say why the date is moved."}
    facts = scene.facts()
    try:
        check_extension(
            scene.rule_set.deadline(deadline.rule),
            deadline.anchor_on or deadline.first_due_on - timedelta(days=1),
            facts.pauses.get(deadline.rule, ()),
            facts.extensions.get(deadline.id, ()),
            scene.calendar,
            proposed=Extension(entry.decided_on, entry.new_date),
        )
    except Invalid as refusal:
        return dict(refusal.fields)
    return {}


def _extend(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
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
    return {"rule": deadline.rule, "to": str(entry.new_date), "reason": entry.reason_code}


# --- Leaving, returning, bringing in --------------------------------------------------------------------------------


def _transfer_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    return handover.wrong_receiver(scene, entry.receiver_id) or handover.another_receiver(scene, entry.receiver_id)


def _transfer(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    return {"receiver": str(entry.receiver_id)}


def _bring_in_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    if entry.as_at is None or entry.as_at > scene.today:
        return {"as_at": "Give the day, not in the future, on which the review stood at this stage."}
    target = entry.target or Stage.NOTIFICATION
    if lacking := unmarked(scene, target):
        stages = ", ".join(f"“{stage.label}”" for stage in lacking)
        return {"target": f"Mark first when the review reached {stages}, or choose an earlier stage."}
    return _agreed_to_another(scene, "agreed_to_bring_in", target)


def _bring_in(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    stage_clocks.brought_in(scene, Stage(scene.review.stage), entry.as_at or scene.today)
    return {"as_at": str(entry.as_at)}


def _correct_stage_wrong(scene: Scene, entry: MoveEntry) -> dict[str, str]:
    if entry.target is not None and entry.target.value == scene.review.stage:
        return {"target": "The review stands at this stage already: choose another."}
    return _agreed_to_another(scene, "agreed_to_correct", entry.target) if entry.target else {}


def _agreed_to_another(scene: Scene, condition: str, target: Stage) -> dict[str, str]:
    """Two people agreed to one stage: the review goes to no other."""
    agreed = select(Statement.about).where(
        Statement.review_id == scene.review.id,
        Statement.condition == condition,
        Statement.counts.is_(True),
        Statement.withdrawn_at.is_(None),
        Statement.used_by.is_(None),
    )
    about = scene.session.scalars(agreed.order_by(Statement.recorded_at.desc(), Statement.id)).first()
    if about is None or about == target.value:
        return {}
    return {"target": f"Two people agreed to “{Stage(about).label}”: choose that, or have this one agreed to first."}


def _leave(scene: Scene, entry: MoveEntry) -> None:
    """However a review comes to its end, access ends with it; off its way it is no longer on hold."""
    stage = Stage(scene.review.stage)
    if stage not in OPEN and scene.review.on_hold_since is not None:
        pause = _open_pause(scene)
        pause.resumed_on = max(entry.decided_on, pause.paused_on)
        scene.review.on_hold_since = None
    if stage not in OPEN | {Stage.NOT_REVIEWED}:
        _end_memberships(scene)


def _replace_chair(scene: Scene, entry: MoveEntry) -> dict[str, Any]:
    """Former chairs’ seats ended as their appointments did. One given before there were appointments ends here.

    Of such seats the newest stays where the new chair sits on the review already.
    """
    rows = select(Appointment.account_id).where(
        Appointment.review_id == scene.review.id,
        Appointment.role == Role.INDEPENDENT_CHAIR.value,
        Appointment.ended_on.is_(None),
    )
    in_office = set(scene.session.scalars(rows))
    seats = scene.session.scalars(
        select(Membership)
        .where(
            Membership.review_id == scene.review.id,
            Membership.role == Role.INDEPENDENT_CHAIR.value,
            Membership.to_on.is_(None),
        )
        .order_by(Membership.from_on, Membership.id)
    ).all()
    former = [seat for seat in seats if seat.account_id not in in_office] if in_office else seats[:-1] or seats
    for seat in former:
        scene.end_membership(seat)
    return {}


def _end_memberships(scene: Scene) -> None:
    """Closing or leaving ends access."""
    rows = select(Membership).where(Membership.review_id == scene.review.id, Membership.to_on.is_(None))
    for membership in scene.session.scalars(rows.order_by(Membership.id)):
        scene.end_membership(membership)


EFFECTS: dict[str, Effect] = {
    "defer": _defer,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "transfer": _transfer,
    "bring_in": _bring_in,
    "replace_chair": _replace_chair,
    "publish": publication_moves.publish,
    "withhold": publication_moves.withhold,
    "take_down": publication_moves.take_down,
    "publish_again": publication_moves.publish_again,
}
FAULTS: dict[str, Fault] = {
    "defer": _defer_wrong,
    "pause": _pause_wrong,
    "resume": _resume_wrong,
    "extend": _extend_wrong,
    "transfer": _transfer_wrong,
    "bring_in": _bring_in_wrong,
    "correct_stage": _correct_stage_wrong,
    "publish": publication_moves.publish_wrong,
    "take_down": publication_moves.take_down_wrong,
    "publish_again": publication_moves.publish_wrong,
}
