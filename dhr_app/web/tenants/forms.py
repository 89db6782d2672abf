"""The form of an agency's tenant."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.tenant import LONGEST, TenantEntry
from dhr_app.web.agency_choices import local_names
from dhr_app.web.fields import from_list, line


class TenantForm(FlaskForm):
    """Whose it is, and the two things that its administrator says."""

    agency_id = from_list("Whose people sign in there?", {}, missing="Choose the agency whose people sign in there.")
    issuer = line(
        "Issuer",
        hint="For Entra ID: https://login.microsoftonline.com/, the directory (tenant) id, then /v2.0",
        missing="Enter the issuer of this agency’s tenant.",
        limit=LONGEST,
        spellcheck=False,
        autocomplete="off",
    )
    client_id = line(
        "Client id",
        hint="The number that this site has there. For Entra ID: the application (client) id.",
        missing="Enter the client id that the tenant gave this site.",
        limit=LONGEST,
        spellcheck=False,
        autocomplete="off",
    )

    def offer(self) -> None:
        """Offer the agencies that work with people here today."""
        self.agency_id.choices = {"": "Choose one", **local_names()}

    @property
    def entry(self) -> TenantEntry:
        """What was entered."""
        agency_id = UUID(self.agency_id.data) if self.agency_id.data else None
        return TenantEntry(agency_id, self.issuer.data or "", self.client_id.data or "")
