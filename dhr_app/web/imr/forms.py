"""The forms of IMRs: what agencies are asked for, what each sends, and why nothing has to come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.imr import RequestEntry
from dhr_app.casework.imr_answer import ImrEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.web.said_to import Questions
from dhr_app.workflows.record_wording import IMR_KINDS, IMR_NOT_REQUIRED_BECAUSE
from dhr_app.workflows.wording import YES_NO_NOT_KNOWN

YES_NO = {"yes": "Yes", "no": "No"}
HAS_IT_COME = {
    "open": "Not yet: the agency is writing it",
    "received": "Yes",
    "nil": "The agency has nothing to report",
}
EXAMPLE = "For example, 27 3 2026."
NO_NAMES = "Name and post of a member of staff; nobody involved in the case."

# What the form of an answer says to somebody of the agency itself.
TO_THE_AGENCY: Questions = {
    "outcome": "Is your agency’s report ready?",
    "answered_on": (
        "On which day do you send it?", f"{EXAMPLE} Leave it empty if that is today, or while you are still writing."
    ),
    "author": ("Who writes it for your agency?", NO_NAMES),
    "signed_off_by": "Who has signed it off for your agency?",
    "chronology_received_on": (
        "On which day do you send the chronology?", f"{EXAMPLE} Leave it empty until you have."
    ),
    "findings": (
        "What did your agency find?",
        "In short: its contact, what was done well, what it has learnt, and how you send the document itself. No names "
        "are needed: write “the person who died”, “the partner”.",
    ),
}  # fmt: skip
READY = {"open": "Not yet: we are writing it", "received": "Yes", "nil": "We have nothing to report"}

REQUEST_WORDS = {"chronology_requested": {"True": "Yes", "False": "No"}}


class AskForm(FlaskForm):
    """Several agencies are asked at once."""

    agency_ids = some_of("Which agencies are asked?", {}, missing="Choose at least one agency.")
    kind = one_of(
        "What is each asked for?", IMR_KINDS, missing="Choose what they are asked for.",
        hint="A summary report is enough where an agency had little contact.",
    )  # fmt: skip
    chronology_requested = one_of(
        "Is a chronology asked for as well?", YES_NO, missing="Say whether a chronology is asked for."
    )
    requested_on = DayField(
        "On which day were they asked?", missing="Give the day on which they were asked.", hint=EXAMPLE,
        called="The day on which they were asked",
    )  # fmt: skip

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The agencies that were ticked."""
        return tuple(UUID(one) for one in dict.fromkeys(self.agency_ids.data))

    @property
    def entry(self) -> RequestEntry:
        """What they are asked for."""
        return RequestEntry(self.kind.data or "", self.requested_on.data, self.chronology_requested.data == "yes")


class RequestForm(Versioned):
    """What one agency was asked for, corrected."""

    kind = one_of("What is the agency asked for?", IMR_KINDS, missing="Choose what it is asked for.")
    chronology_requested = one_of(
        "Is a chronology asked for as well?", YES_NO, missing="Say whether a chronology is asked for."
    )
    requested_on = DayField(
        "On which day was it asked?", missing="Give the day on which it was asked.", hint=EXAMPLE,
        called="The day on which it was asked",
    )  # fmt: skip

    @property
    def entry(self) -> RequestEntry:
        """What was typed."""
        return RequestEntry(self.kind.data or "", self.requested_on.data, self.chronology_requested.data == "yes")


def request_typed_from(entry: RequestEntry) -> dict[str, Any]:
    """A form’s first values."""
    return {**vars(entry), "chronology_requested": "yes" if entry.chronology_requested else "no"}


class AnswerForm(Versioned):
    """What the agency has sent so far."""

    outcome = one_of("Has the IMR or summary report come?", HAS_IT_COME)
    answered_on = DayField(
        "On which day did it come?", hint=f"{EXAMPLE} Leave it empty while the agency is still writing.",
        called="The day on which it came",
    )  # fmt: skip
    author = line("Who writes it?", hint=NO_NAMES, autocomplete="off")
    author_independent = one_of(
        "Is the author independent?", YES_NO_NOT_KNOWN,
        hint="They had no part in the case, and manage nobody who had.",
    )  # fmt: skip
    author_trained = one_of("Has the author been trained to write one, or done it before?", YES_NO_NOT_KNOWN)
    signed_off_by = line(
        "Who has signed it off for the agency?", hint=f"Somebody senior. {NO_NAMES}", autocomplete="off"
    )
    signed_off_on = DayField("On which day was it signed off?", hint=EXAMPLE, called="The day of the sign-off")
    chronology_received_on = DayField(
        "On which day did the chronology come?", hint=f"{EXAMPLE} Leave it empty until it has.",
        called="The day of the chronology",
    )  # fmt: skip
    findings = long_text(
        "What did the agency find?",
        hint="In short: its contact, what was done well, what it has learnt, and where the document itself is kept.",
        rows=10,
    )
    came_from = line(
        "From whose e-mail or letter do you enter this?", hint="Name, and the day it was sent.", autocomplete="off"
    )

    @property
    def entry(self) -> ImrEntry:
        """What was typed."""
        return ImrEntry(
            outcome=self.outcome.data or "",
            answered_on=self.answered_on.data,
            chronology_received_on=self.chronology_received_on.data,
            author=self.author.data or "",
            author_independent=self.author_independent.data or "not_known",
            author_trained=self.author_trained.data or "not_known",
            signed_off_by=self.signed_off_by.data or "",
            signed_off_on=self.signed_off_on.data,
            findings=self.findings.data or "",
            came_from=self.came_from.data or "",
        )


class EscalateForm(FlaskForm):
    """An agency’s silence was taken to somebody more senior."""

    escalated_on = DayField("On which day was it taken further?", hint=EXAMPLE, called="The day of the escalation")


class NotRequiredForm(FlaskForm):
    """Nothing has to be written after all."""

    because = one_of("Why is it not required?", IMR_NOT_REQUIRED_BECAUSE, missing="Say why it is not required.")
