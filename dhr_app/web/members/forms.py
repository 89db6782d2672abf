"""The form that gives somebody a seat on a review."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.membership import MembersPage
from dhr_app.web.fields import from_list
from dhr_app.workflows.roles import Role


class SeatForm(FlaskForm):
    """The role and the agency are those of the person’s account."""

    account_id = from_list("Who is given a seat?", {}, missing="Choose a person from the list.")

    def offer(self, page: MembersPage, *, agency: str = "") -> None:
        """Offer whoever may be given a seat; the one contributor of an agency that a link names stands chosen.

        Whoever was given one in another tab is still known here, so that the answer says so.
        """
        people = {
            str(one.id): ", ".join(filter(None, (one.name, one.role.label.lower(), one.agency)))
            for one in page.candidates
            if not one.sits or self.is_submitted()
        }
        self.account_id.choices = {"": "Choose one", **people}
        free = [
            one
            for one in page.candidates
            if one.role is Role.AGENCY_CONTRIBUTOR and str(one.agency_id) == agency and not one.sits
        ]
        if len(free) == 1 and not self.is_submitted():
            self.account_id.data = str(free[0].id)

    @property
    def chosen(self) -> UUID | None:
        """Whose account was chosen."""
        return UUID(self.account_id.data) if self.account_id.data else None
