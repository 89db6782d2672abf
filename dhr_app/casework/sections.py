"""Which parts of a review a person may go to: what the ways inside it are shown by."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework.agency_asks import asked_kinds
from dhr_app.casework.scene import looking
from dhr_app.workflows.permissions import Person

SECTIONS = (
    "review.see", "review.outline", "notification.see", "people.see", "family.see", "kept_apart.see", "scoping.see",
    "decision.see", "statement.see",
    "told.record", "plan.see", "openings.see", "access.see", "panel.see", "imr.see", "accuracy.see",
    "terms.see", "meeting.see", "approval.see",
    "publication.see", "learning.see", "closing.see", "records.see", "had_access.see",
    "paper.see", "draft.see", "home_office.see", "handover.see",
)  # fmt: skip


# What an extra grant leads to, whoever holds it.
BESIDE_OWN = frozenset({"kept_apart.see"})

# What an agency’s contributor goes to, by the kind of thing that the agency was asked for.
OWN = {
    "scoping_return": "own.scoping",
    "imr": "own.imrs",
    "accuracy_check": "own.accuracy",
}


def sections(reference: str, *, by: Person, at: datetime) -> frozenset[str]:
    """The permissions among SECTIONS that the person holds on this review. Raises OutOfReach.

    An agency’s contributor holds none of them, unless an extra grant leads to one (BESIDE_OWN), and goes to what that
    agency was asked (OWN).
    """
    with looking(reference, "review.reach", by=by, at=at) as look:
        held = frozenset(permission for permission in SECTIONS if look.may(permission))
        own = () if held - BESIDE_OWN else asked_kinds(look)
        return held | frozenset(OWN[kind] for kind in own)


def may_see(reference: str, permission: str, *, by: Person, at: datetime) -> bool:
    """Whether the person may open a page of this review. Raises OutOfReach, which is written down."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        return look.may(permission)
