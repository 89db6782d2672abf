"""The form that invites somebody."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.invitation import InvitationEntry
from dhr_app.web.agency_choices import agency_names
from dhr_app.web.fields import from_list, line
from dhr_app.web.role_choices import WHY_TWO, role_names
from dhr_app.workflows.email_address import LONGEST_ADDRESS
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

AGENCY, CONTRACTOR = "agency:", "contractor:"


class InvitationForm(FlaskForm):
    """Who is invited; which review they will sit on is no question here."""

    name = line("What is their name?", missing="Enter their name.", autocomplete="off")
    email = line(
        "What is their work e-mail address?",
        missing="Enter their work e-mail address.",
        limit=LONGEST_ADDRESS,
        type="email",
        autocomplete="off",
        spellcheck=False,
    )
    role = from_list(
        "In which role?",
        {},
        missing="Choose their role.",
        hint=f"Where it says “two people”, somebody else has to confirm it before the mail goes. {WHY_TWO}",
    )
    organisation = from_list(
        "Where do they come from?",
        {},
        missing="Choose where they come from. Whoever is not in the list needs an agreement first.",
        hint="An agreement with this organisation must be in force. Contractors are listed once they have one.",
    )

    def offer(self, contractors: dict[str, str], *, by: Person) -> None:
        """Offer every role, every agency, and the contractors under an agreement."""
        self.role.choices = {"": "Choose one", **role_names(by)}
        agencies = {f"{AGENCY}{key}": name for key, name in agency_names().items()}
        firms = {f"{CONTRACTOR}{key}": f"{name} (contractor)" for key, name in contractors.items()}
        self.organisation.choices = {"": "Choose one", **agencies, **firms}

    @property
    def entry(self) -> InvitationEntry:
        """What was entered."""
        kind, _, key = (self.organisation.data or "").partition(":")
        where = UUID(key) if key else None
        return InvitationEntry(
            self.name.data or "",
            self.email.data or "",
            Role(self.role.data) if self.role.data else None,
            agency_id=where if f"{kind}:" == AGENCY else None,
            agreement_id=where if f"{kind}:" == CONTRACTOR else None,
        )
