"""What some moves do beside changing the stage, and what their own forms must say for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from dhr_app.casework import handover, lapsing, promises, publication_moves, stage_clocks, waiting_moves
from dhr_app.casework.earlier import unmarked
from dhr_app.casework.extra_grant_ends import end_grants
from dhr_app.casework.scene import Scene
from dhr_app.database.models.account import Membership
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.statement import Statement
from dhr_app.workflows.lifecycle import Move
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN, Stage

if TYPE_CHECKING:
    from dhr_app.casework.move import MoveEntry

Effect = Callable[[Scene, "MoveEntry"], dict[str, Any]]
Fault = Callable[[Scene, "MoveEntry"], dict[str, str]]


def apply(scene: Scene, move: Move, entry: MoveEntry, from_stage: Stage) -> dict[str, Any]:
    """Do what the move does beside changing the stage; returns its details in codes, for the row of the move."""
    if not move.stays:
        scene.review.deferred_until = None
        _leave(scene, entry)
        lapsing.moved(scene, from_stage)
        if (from_stage in OPEN) != (Stage(scene.review.stage) in OPEN):
            promises.refresh_all(scene)
    if move.name == "correct_stage":
        stage_clocks.corrected(scene, from_stage, Stage(scene.review.stage), entry.decided_on)
    effect = EFFECTS.get(move.name)
    return effect(scene, entry) if effect else {}


def wrong(scene: Scene, move: Move, entry: MoveEntry) -> Mapping[str, str]:
    """What the move's own part of the form says that cannot be right, by field."""
    fault = FAULTS.get(move.name)
    return fault(scene, entry) if fault else {}


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
        pause = waiting_moves.open_pause(scene)
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
    end_grants(scene.session, "review_ended", review_id=scene.review.id, at=scene.at)


EFFECTS: dict[str, Effect] = {
    "defer": waiting_moves.defer,
    "pause": waiting_moves.pause,
    "keep_hold": waiting_moves.keep_hold,
    "resume": waiting_moves.resume,
    "extend": waiting_moves.extend,
    "transfer": _transfer,
    "bring_in": _bring_in,
    "replace_chair": _replace_chair,
    "publish": publication_moves.publish,
    "withhold": publication_moves.withhold,
    "take_down": publication_moves.take_down,
    "publish_again": publication_moves.publish_again,
}
FAULTS: dict[str, Fault] = {
    "defer": waiting_moves.defer_wrong,
    "pause": waiting_moves.pause_wrong,
    "keep_hold": waiting_moves.keep_hold_wrong,
    "resume": waiting_moves.resume_wrong,
    "extend": waiting_moves.extend_wrong,
    "transfer": _transfer_wrong,
    "bring_in": _bring_in_wrong,
    "correct_stage": _correct_stage_wrong,
    "publish": publication_moves.publish_wrong,
    "take_down": publication_moves.take_down_wrong,
    "publish_again": publication_moves.publish_wrong,
}
