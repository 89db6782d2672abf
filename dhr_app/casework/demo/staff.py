"""Who works in Barsetshire: one person for each role, with one password for all."""

from __future__ import annotations

from dataclasses import dataclass

from dhr_app.workflows.lifecycle import Decider
from dhr_app.workflows.roles import Role

# Public on purpose: `dhr demo` prints it, guards invented people with it, and refuses a production installation.
# With whom the county has an agreement on sharing information.
SHARING = (
    "Barsetshire CSP", "Police", "Probation", "Mental Health Trust", "Barchester Hospitals", "Barset Refuge",
    "Fire and Rescue",
)  # fmt: skip
PASSWORD = "calm herons over barchester"  # noqa: S105


@dataclass(frozen=True)
class Colleague:
    """An account of the demo; `agency` is the short name of the agency they come from, empty for none."""

    name: str
    role: Role
    agency: str = ""

    @property
    def email(self) -> str:
        """The work address: mary.thorne@barsetshire.example."""
        return f"{self.name.lower().replace(' ', '.')}@barsetshire.example"

    @property
    def post(self) -> str:
        """Name and role, as a statement names whoever states it."""
        return f"{self.name}, {self.role.label.lower()}"


STAFF = {
    colleague.role: colleague
    for colleague in (
        Colleague("Mary Thorne",        Role.COORDINATOR),
        Colleague("Theophilus Grantly", Role.STEERING_CHAIR),
        Colleague("Martha Dunstable",   Role.STEERING_DEPUTY),
        Colleague("Mark Robarts",       Role.STEERING_MEMBER,   "Mental Health Trust"),
        Colleague("Eleanor Harding",    Role.INDEPENDENT_CHAIR),
        Colleague("Francis Arabin",     Role.REPORT_AUTHOR),
        Colleague("Grace Crawley",      Role.PANEL_MEMBER,       "Barset Refuge"),
        Colleague("Lily Dale",          Role.AGENCY_CONTRIBUTOR, "Mental Health Trust"),
        Colleague("Patience Oriel",     Role.AUDITOR),
        Colleague("Ethelbert Stanhope", Role.ADMINISTRATOR),
    )
}  # fmt: skip

# Who decides a move, in the words of its record.
DECIDERS = {
    Decider.COORDINATOR:          STAFF[Role.COORDINATOR].name,
    Decider.DECIDING_BODY:        "Barsetshire Review Steering Group",
    Decider.SECRETARY_OF_STATE:   "Secretary of State",
    Decider.INDEPENDENT_CHAIR:    STAFF[Role.INDEPENDENT_CHAIR].name,
    Decider.PARTNERSHIP:          "Barsetshire Community Safety Partnership",
    Decider.HOME_OFFICE:          "Home Office quality assurance panel",
    Decider.STEERING_CHAIR:       STAFF[Role.STEERING_CHAIR].name,
    Decider.CHAIR_OR_PARTNERSHIP: STAFF[Role.INDEPENDENT_CHAIR].name,
}  # fmt: skip
