"""The form that gives somebody a seat on a review."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.membership import MembersPage
from dhr_app.web.fields import from_list


class SeatForm(FlaskForm):
    """The role and the agency are those of the person’s account."""

    account_id = from_list("Who is given a seat?", {}, missing="Choose a person from the list.")

    def offer(self, page: MembersPage) -> None:
        """Offer whoever may be given a seat."""
        people = {
            str(one.id): ", ".join(filter(None, (one.name, one.role.label.lower(), one.agency)))
            for one in page.candidates
        }
        self.account_id.choices = {"": "Choose one", **people}

    @property
    def chosen(self) -> UUID | None:
        """Whose account was chosen."""
        return UUID(self.account_id.data) if self.account_id.data else None
