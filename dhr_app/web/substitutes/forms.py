"""The forms of an agency's contact."""

from __future__ import annotations

from flask_wtf import FlaskForm

from dhr_app.casework.substitutes import SubstituteEntry
from dhr_app.web.fields import line, one_of
from dhr_app.workflows.access import BLOCKED_BECAUSE
from dhr_app.workflows.email_address import LONGEST_ADDRESS


class SubstituteForm(FlaskForm):
    """Who is to work for the agency too: the role and the agency are the contact's own."""

    name = line("What is their name?", missing="Enter their name.", autocomplete="off")
    email = line(
        "What is their work e-mail address?",
        missing="Enter their work e-mail address.",
        limit=LONGEST_ADDRESS,
        type="email",
        autocomplete="off",
        spellcheck=False,
    )

    @property
    def entry(self) -> SubstituteEntry:
        """What was entered."""
        return SubstituteEntry(self.name.data or "", self.email.data or "")


class EndForm(FlaskForm):
    """Why somebody works for the agency no longer."""

    reason = one_of("Why?", BLOCKED_BECAUSE, missing="Choose the reason.")
