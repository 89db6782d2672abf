"""The form of one earlier step: was the stage reached, and when, as far as it is known."""

from __future__ import annotations

from dhr_app.casework.earlier import EarlierEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import PartialDayField
from dhr_app.web.fields import one_of

REACHED = {"yes": "Yes", "no": "No"}


class EarlierForm(Versioned):
    """One stage before this system."""

    was_reached = one_of("Was this stage reached before this system?", REACHED)
    reached = PartialDayField(
        "When was it reached?",
        hint="As much as is known: a year, a month and year, or the day. Leave it empty if not known.",
        called="The day",
    )

    @property
    def entry(self) -> EarlierEntry:
        """What was typed."""
        return EarlierEntry(self.was_reached.data or "", self.reached.data or "")
