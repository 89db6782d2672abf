"""Which parts of a review a person may go to: what the ways inside it are shown by."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework.scene import looking
from dhr_app.workflows.permissions import Person

SECTIONS = (
    "review.see", "notification.see", "people.see", "family.see", "scoping.see", "decision.see", "statement.see",
    "told.record", "plan.see", "openings.see", "panel.see", "imr.see", "accuracy.see",
    "terms.see", "meeting.see", "approval.see",
    "publication.see", "learning.see", "closing.see",
    "paper.see", "draft.see", "home_office.see", "handover.see",
)  # fmt: skip


def sections(reference: str, *, by: Person, at: datetime) -> frozenset[str]:
    """The permissions among SECTIONS that the person holds on this review. Raises OutOfReach."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        return frozenset(permission for permission in SECTIONS if look.may(permission))
