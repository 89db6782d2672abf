"""The form that says who an agency's contact is."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.agency_contact import ContactPage
from dhr_app.web.fields import from_list


class ContactForm(FlaskForm):
    """One of the agency's contributors, or nobody."""

    account_id = from_list("Who is the single point of contact?", {})

    def offer(self, page: ContactPage) -> None:
        """Offer the agency's contributors; whoever it is stands chosen."""
        self.account_id.choices = {"": "Nobody", **page.candidates}
        if not self.is_submitted():
            self.account_id.data = str(page.account_id or "")

    @property
    def chosen(self) -> UUID | None:
        """Whose account was chosen; None for nobody."""
        return UUID(self.account_id.data) if self.account_id.data else None
