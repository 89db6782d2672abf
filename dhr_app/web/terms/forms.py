"""The forms of the terms of reference: what a version says, and where the panel agreed it."""

from __future__ import annotations

from uuid import UUID

from dhr_app.casework.terms import AgreementEntry, TermsEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField, PartialDayField
from dhr_app.web.fields import from_list, long_text

AS_MUCH_AS_KNOWN = "As much of the date as is set: 2018, 9 2018 or 14 9 2018. This is sealed."


class TermsForm(Versioned):
    """What a version says."""

    drafted_on = DayField(
        "Of which day is this draft?", missing="Give the day of this draft.", hint="For example, 27 3 2026.",
        called="The day of the draft",
    )  # fmt: skip
    period_from = PartialDayField(
        "From when does the review look at what happened?", hint=AS_MUCH_AS_KNOWN, called="The beginning of the period"
    )
    period_to = PartialDayField("Until when?", hint=AS_MUCH_AS_KNOWN, called="The end of the period")
    lines_of_enquiry = long_text(
        "What is the review to find out?",
        missing="Say what the review is to find out.",
        hint="The lines of enquiry, the agencies to be asked, what the family asked to be looked at. This is sealed.",
        rows=12,
        autocomplete="off",
    )

    @property
    def entry(self) -> TermsEntry:
        """What was typed."""
        return TermsEntry(
            drafted_on=self.drafted_on.data,
            period_from=self.period_from.data or "",
            period_to=self.period_to.data or "",
            lines_of_enquiry=self.lines_of_enquiry.data or "",
        )


class AgreementForm(Versioned):
    """Where the panel agreed a version: at one of its meetings, or without one."""

    meeting_id = from_list("At which meeting of the review panel?", {})
    agreed_on = DayField(
        "Or without a meeting: on which day?",
        hint="Only if the panel agreed by e-mail or letter. Leave it empty for a meeting.",
        called="The day of the agreement",
    )

    @property
    def entry(self) -> AgreementEntry:
        """What was chosen."""
        chosen = self.meeting_id.data
        return AgreementEntry(UUID(chosen) if chosen else None, self.agreed_on.data)
