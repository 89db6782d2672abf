"""The form in which somebody says whose account they have."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.tenant import organisations
from dhr_app.web.fields import one_of


class OrganisationForm(FlaskForm):
    """One of the organisations through which one may sign in."""

    tenant_id = one_of("Which organisation’s account do you have?", {}, missing="Choose your organisation.")

    def offer(self) -> None:
        """Offer those that are turned on."""
        self.tenant_id.choices = organisations()

    @property
    def chosen(self) -> UUID | None:
        """Whose tenant was chosen."""
        return UUID(self.tenant_id.data) if self.tenant_id.data else None
