"""The audit of an action plan counts from the minute that closed its last action, and from none while one is open."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.scene import Scene
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.plan import Action, Recommendation

EVENT = "last_action_complete"


def tell(scene: Scene) -> None:
    """Let the audit’s date follow the actions as they are now: verbs call this after whatever opens or closes one."""
    last = _last_minute(scene)
    rules = [rule.key for rule in scene.rule_set.deadlines_from(EVENT)]
    counting = select(Deadline.anchor_on).where(
        Deadline.review_id == scene.review.id, Deadline.rule.in_(rules), Deadline.ended_on.is_(None)
    )
    if last is not None and last in set(scene.session.scalars(counting)):
        return
    clocks.begin_again(scene, EVENT, last)


def _last_minute(scene: Scene) -> date | None:
    """The day of the last minute, or None while an action of a recommendation that stands is open, or there is none."""
    scene.session.flush()
    standing = (
        select(Action.outcome, Action.minute_on)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .where(Action.review_id == scene.review.id, Action.removed_on.is_(None), Recommendation.withdrawn_on.is_(None))
        .order_by(Action.minute_on, Action.id)
    )
    days = [(row.outcome, row.minute_on) for row in scene.session.execute(standing)]
    if any(outcome == "open" for outcome, _ in days):
        return None
    return max((on for _, on in days if on is not None), default=None)
