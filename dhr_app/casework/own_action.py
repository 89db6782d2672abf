"""An agency’s own action, found by its id by whoever works there: on the review or not, and nothing else of the review.

An agency owes what it took on, and what an agency that ended took on whose successor it is.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import rule_book
from dhr_app.casework.scene import Finding
from dhr_app.casework.successors import standing_behind
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.plan import Action
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.rule_sets import RuleSet


def by_own_action(action_id: UUID, *, by: Person, on: date) -> Finding:
    """The way to the review of an action that the person’s agency owes. It raises OutOfReach for any other action."""

    def find(session: NamedSession) -> tuple[Review, RuleSet]:
        found = session.execute(
            select(Review, RuleSetUsed.content, Action.owner_id)
            .join(Action, Action.review_id == Review.id)
            .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
            .where(Action.id == action_id)
        ).one_or_none()
        if found is None:
            raise OutOfReach
        review, content, owner_id = found
        if not owes(session, owner_id, by=by, review_id=review.id, on=on):
            raise OutOfReach(review.id)
        return review, rule_book.pinned(content)

    return find


def owes(session: NamedSession, owner_id: UUID | None, *, by: Person, review_id: UUID, on: date) -> bool:
    """Whether the person works for the agency that owes this owner’s actions, and no conflict of interest bars them."""
    if by.agency_id is None or not allows(by, "progress.report", review_id=review_id, agency_id=by.agency_id, on=on):
        return False
    return owner_id == by.agency_id or owner_id in standing_behind(session, by.agency_id, on=on)
