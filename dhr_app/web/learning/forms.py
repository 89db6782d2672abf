"""The form of a learning briefing."""

from __future__ import annotations

from dhr_app.casework.learning import BriefingEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, some_of
from dhr_app.workflows.record_wording import BRIEFING_SENT_TO


class BriefingForm(Versioned):
    """A briefing that was issued."""

    issued_on = DayField(
        "On which day was it issued?", hint="For example, 27 3 2026.", called="The day on which it was issued"
    )
    sent_to = some_of("To whom was it sent?", BRIEFING_SENT_TO, hint="Tick all that apply.")
    kept = line("Where is it kept?", hint="The folder or web page where it can be found again.", autocomplete="off")

    @property
    def entry(self) -> BriefingEntry:
        """What was typed."""
        return BriefingEntry(self.issued_on.data, tuple(self.sent_to.data or ()), self.kept.data or "")
