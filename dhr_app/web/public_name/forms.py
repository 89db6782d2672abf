"""The form of a review’s public name."""

from __future__ import annotations

from dhr_app.casework.public_name import LONGEST, PublicNameEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.count_field import CountField
from dhr_app.web.fields import line


class PublicNameForm(Versioned):
    """A pseudonym and the year of the death."""

    public_name = line(
        "What is the review called in public?",
        hint="The pseudonym that the family chose or agreed to. Leave both empty if there is none yet.",
        limit=LONGEST, autocomplete="off",
    )  # fmt: skip
    public_year = CountField("In which year was the death?", hint="For example, 2024.")

    @property
    def entry(self) -> PublicNameEntry:
        """What was typed."""
        return PublicNameEntry(" ".join((self.public_name.data or "").split()), self.public_year.data)
