"""The forms on accounts."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.account_change import ChangeEntry
from dhr_app.casework.account_page import AccountPage
from dhr_app.web.agency_choices import local_names
from dhr_app.web.fields import from_list, line, one_of
from dhr_app.web.role_choices import WHY_TWO, role_names
from dhr_app.workflows.access import BLOCKED_BECAUSE, UNBLOCKED_BECAUSE
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role


class FindForm(FlaskForm):
    """Whose account is looked for."""

    name = line("Find somebody", hint="Part of a name or of an address.", autocomplete="off")


class ReasonForm(FlaskForm):
    """Why an account is blocked, or let in again."""

    reason = one_of("Why?", {}, missing="Choose the reason.")

    def offer(self, *, blocked: bool) -> None:
        """Offer the reasons of what can be done now."""
        self.reason.choices = dict(UNBLOCKED_BECAUSE if blocked else BLOCKED_BECAUSE)


class ChangeForm(FlaskForm):
    """Another role or agency."""

    role = from_list(
        "What is their role?",
        {},
        missing="Choose their role.",
        hint="Where it says “two people”, somebody else has to confirm it. So it is where they have such a role now. "
        f"{WHY_TWO}",
    )
    agency_id = from_list(
        "Which agency do they work for?",
        {},
        hint="For a panel member or an agency’s contributor; for a steering group member, if they speak for one.",
    )

    def offer(self, page: AccountPage, *, by: Person) -> None:
        """Offer the roles and the agencies; what they are now stands chosen."""
        self.role.choices = {"": "Choose one", **role_names(by)}
        self.agency_id.choices = {"": "None", **local_names()}
        if not self.is_submitted():
            self.role.data, self.agency_id.data = page.role.value, str(page.agency_id or "")

    @property
    def entry(self) -> ChangeEntry:
        """What was chosen."""
        agency_id = UUID(self.agency_id.data) if self.agency_id.data else None
        return ChangeEntry(Role(self.role.data) if self.role.data else None, agency_id)
