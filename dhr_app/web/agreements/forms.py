"""The forms of agreements."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.agreement import REVIEW_SPECIFIC, AgreementEntry
from dhr_app.web.agency_choices import agency_names
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, one_of
from dhr_app.workflows.access import AGREEMENT_KINDS


class AgreementForm(FlaskForm):
    """An agreement with an agency or a contractor."""

    kind = one_of("Which kind of agreement is it?", AGREEMENT_KINDS, missing="Choose the kind of agreement.")
    agency_id = from_list("With which agency?", {}, hint="Leave this empty for a contractor.")
    organisation = line(
        "Or with which contractor?", hint="The firm of an independent chair or author, or their own name."
    )
    review = line(
        "Which review is it for?",
        hint="Only for an agreement for one review: its reference, like DHR-2019-014.",
        classes="govuk-input--width-10",
    )
    signed_on = DayField(
        "When was it signed?", missing="Give the day on which it was signed.", called="The day it was signed"
    )
    ends_on = DayField(
        "When does it end?", hint="Its last day. Leave this empty if it has none.", called="Its last day"
    )

    def offer(self, *, reviews: bool) -> None:
        """Offer the agencies there are, and an agreement for one review only to whoever may see reviews."""
        self.agency_id.choices = {"": "Choose one", **agency_names()}
        if not reviews:
            self.kind.choices = {code: words for code, words in AGREEMENT_KINDS.items() if code != REVIEW_SPECIFIC}
            del self.review

    @property
    def entry(self) -> AgreementEntry:
        """What was entered."""
        return AgreementEntry(
            self.kind.data or "",
            UUID(self.agency_id.data) if self.agency_id.data else None,
            self.organisation.data or "",
            (self.review.data or "") if "review" in self else "",
            self.signed_on.data,
            self.ends_on.data,
        )


class EndForm(FlaskForm):
    """The last day of an agreement."""

    ends_on = DayField("What is its last day?", missing="Give its last day.", called="Its last day")
