"""The forms of accuracy checks: whom the passages are sent to, what an agency answers, how corrections are settled."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.accuracy_answer import CheckEntry, SettlingEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.web.said_to import Questions

EXAMPLE = "For example, 27 3 2026."
ANSWERS = {"agreed": "It agrees with its passages", "corrections": "It asks for corrections"}
BY_MISTAKE = {"open": "Nothing has come: an answer was entered by mistake"}

# What the form of an answer says to somebody of the agency itself.
OWN_ANSWERS = {"agreed": "We agree with our passages", "corrections": "We ask for corrections"}
OWN_MISTAKE = {"open": "We have not answered: an answer was entered by mistake"}
TO_THE_AGENCY: Questions = {
    "outcome": "What does your agency answer?",
    "corrections": "Which corrections does your agency ask for?",
    "answered_on": "On which day do you answer?",
}


class SendForm(FlaskForm):
    """Several agencies are sent their passages at once."""

    agency_ids = some_of(
        "Which agencies are sent their passages?", {}, missing="Choose at least one agency.",
        hint="Each is sent only what the report says of it.",
    )  # fmt: skip
    sent_on = DayField(
        "On which day were they sent?", missing="Give the day on which the passages were sent.", hint=EXAMPLE,
        called="The day on which they were sent",
    )  # fmt: skip

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The agencies that were ticked."""
        return tuple(UUID(one) for one in dict.fromkeys(self.agency_ids.data))


class SentOnForm(Versioned):
    """The day on which one agency was sent its passages, corrected."""

    sent_on = DayField(
        "On which day was it sent its passages?", missing="Give the day on which the passages were sent.",
        hint=EXAMPLE, called="The day on which they were sent",
    )  # fmt: skip


class CheckForm(Versioned):
    """What an agency answers."""

    outcome = one_of("What does the agency answer?", ANSWERS)
    corrections = long_text(
        "Which corrections does it ask for?",
        hint="For each: the paragraph, the wording it asks for, and what shows it. Leave it empty if it agrees.",
        rows=10,
    )
    answered_on = DayField("On which day did it answer?", hint=EXAMPLE, called="The day of the answer")
    came_from = line(
        "From whose e-mail or letter do you enter this?", hint="Name, and the day it was sent.", autocomplete="off"
    )

    @property
    def entry(self) -> CheckEntry:
        """What was typed."""
        return CheckEntry(
            outcome=self.outcome.data or "",
            answered_on=self.answered_on.data,
            corrections=self.corrections.data or "",
            came_from=self.came_from.data or "",
        )


class SettlingForm(Versioned):
    """What became of the corrections."""

    settlement = long_text(
        "What became of each correction?", hint="Accepted, or not accepted and why. The agency can read this.", rows=8
    )
    settled_on = DayField("On which day were they settled?", hint=EXAMPLE, called="The day of settling")

    @property
    def entry(self) -> SettlingEntry:
        """What was typed."""
        return SettlingEntry(self.settled_on.data, self.settlement.data or "")
