"""How an action, a recommendation or a seminar stands, put into each event about it: a past day can be told again."""

from __future__ import annotations

from typing import Any

from dhr_app.database.models.learning import Seminar
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.named_session import NamedSession


def snapshot(session: NamedSession, subject: object | None) -> dict[str, Any]:
    """What the event of this subject says beside its own details: ids, codes and days. Mostly that is nothing.

    A row that belongs to an action, as an agency's report does, tells of that action.
    """
    if isinstance(subject, Recommendation):
        return {"recommendation": subject.id, "withdrawn": subject.withdrawn_on}
    if isinstance(subject, Seminar):
        return {"seminar": subject.id, "held": subject.held_on}
    action_id = getattr(subject, "action_id", None)
    action = subject if action_id is None else session.get(Action, action_id)
    if not isinstance(action, Action):
        return {}
    return {
        "action": action.id,
        "of": action.recommendation_id,
        "owner": action.owner_id,
        "target": action.target_on,
        "look_again": action.look_again_on,
        "done": action.done_on,
        "outcome": action.outcome or "open",
        "minuted": action.minute_on,
        "removed": action.removed_on,
    }
