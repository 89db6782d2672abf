"""Who may let whom in: the roles that two people give, those that need an agency, and the codes of why."""

from __future__ import annotations

from datetime import timedelta

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

# Whoever holds one of these decides, sees every review or lets others in: one person proposes it, another confirms.
BY_TWO = frozenset(
    {Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.AUDITOR, Role.ADMINISTRATOR}
)  # fmt: skip

# Whoever holds one of these works for an agency, which is said with it.
OF_AN_AGENCY = frozenset({Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR})
# A member of the steering group may speak for a body: what it is behind with is taken to them.
NAMES_AN_AGENCY = OF_AN_AGENCY | {Role.STEERING_MEMBER}

INVITATION_LASTS = timedelta(days=14)

# From the day on which the report's publication was decided nobody needs the case any more but who works on what is
# left: a seat lapses four weeks later, and is kept for twelve weeks at a time where it is still needed.
SEATS_LAPSE_AFTER = timedelta(weeks=4)
SEATS_KEPT_FOR = timedelta(weeks=12)

AGREEMENT_KINDS = {
    "information_sharing": "Information sharing agreement",
    "review_specific": "Agreement for one review",
    "data_processing": "Data processing contract",
}

BLOCKED_BECAUSE = {
    "left_post": "They left their post",
    "no_longer_needed": "They no longer need it",
    "away": "They are away for long",
    "agreement_ended": "The agreement with their organisation ended",
    "concern": "A concern about how the account is used",
}

UNBLOCKED_BECAUSE = {
    "returned": "They are back in their post",
    "agreement_renewed": "A new agreement is in force",
    "concern_settled": "The concern is settled",
    "mistake": "It was blocked by mistake",
}


def needs_two(*roles: Role) -> bool:
    """Whether one of these roles is given, or taken from somebody, only by two people."""
    return not BY_TWO.isdisjoint(roles)


def may_confirm(by: Person, proposed_by: object, about: object = None) -> bool:
    """Whether this person may confirm what that one proposed: another one, and not the one whom it is about."""
    return by.id not in (proposed_by, about)
