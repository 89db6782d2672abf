"""Who uses the system: nine roles and a deputy; family, Home Office and Commissioner have no account."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the partnership; memberships say on which review."""

    COORDINATOR = "coordinator"
    STEERING_CHAIR = "steering_chair"
    STEERING_DEPUTY = "steering_deputy"
    STEERING_MEMBER = "steering_member"
    INDEPENDENT_CHAIR = "independent_chair"
    REPORT_AUTHOR = "report_author"
    PANEL_MEMBER = "panel_member"
    AGENCY_CONTRIBUTOR = "agency_contributor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role's name on screen."""
        return LABELS[self]


LABELS = {
    Role.COORDINATOR:        "Coordinator",
    Role.STEERING_CHAIR:     "Steering group chair",
    Role.STEERING_DEPUTY:    "Steering group deputy chair",
    Role.STEERING_MEMBER:    "Steering group member",
    Role.INDEPENDENT_CHAIR:  "Independent chair",
    Role.REPORT_AUTHOR:      "Report author",
    Role.PANEL_MEMBER:       "Review panel member",
    Role.AGENCY_CONTRIBUTOR: "Agency contributor",
    Role.AUDITOR:            "Auditor",
    Role.ADMINISTRATOR:      "Administrator",
}  # fmt: skip

# These roles reach a review only through a membership of it, from a date to a date.
BY_MEMBERSHIP = frozenset({Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR})
