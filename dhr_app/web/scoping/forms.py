"""The forms of scoping: whom to ask, what an agency answers, and that its silence was taken further."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.scoping import ReturnEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.web.said_to import Questions
from dhr_app.workflows.wording import SCOPING_OUTCOMES, YES_NO_NOT_KNOWN

ANSWERS = {"in": "Yes: it knew them", "nil": "No: nothing to return"}
WORDS = {"outcome": SCOPING_OUTCOMES}

OWN_ANSWERS = {"in": "Yes: we knew them", "nil": "No: we have nothing to return"}

# What the form of a return says to somebody of the agency itself.
TO_THE_AGENCY: Questions = {
    "outcome": "Did your agency know anybody involved?",
    "what_is_known": (
        "What does your agency know?",
        "Who was known, from when until when, and what contact it was. No names are needed: write “the person who "
        "died”, “the partner”, “the older child”. Leave it empty if there is nothing to return.",
    ),
    "records_secured": "Are your agency’s records secured?",
    "answered_on": "On which day do you answer?",
}


class AskForm(FlaskForm):
    """Several agencies are asked at once."""

    agency_ids = some_of("Which agencies are asked?", {}, missing="Choose at least one agency.")
    asked_on = DayField(
        "On which day were they asked?", missing="Give the day on which they were asked.",
        hint="For example, 27 3 2026.", called="The day on which they were asked",
    )  # fmt: skip

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The agencies that were ticked."""
        return tuple(UUID(one) for one in dict.fromkeys(self.agency_ids.data))


class EscalateForm(FlaskForm):
    """An agency’s silence was taken to somebody more senior."""

    escalated_on = DayField(
        "On which day was it taken further?", hint="For example, 27 3 2026.", called="The day of the escalation"
    )


class ReturnForm(Versioned):
    """What an agency returns."""

    outcome = one_of("Did the agency know anybody involved?", ANSWERS)
    what_is_known = long_text(
        "What does it know?",
        hint="Who was known, from when until when, and what contact it was. Leave it if there is nothing to return.",
        rows=10,
    )
    records_secured = one_of(
        "Are the agency’s records secured?", YES_NO_NOT_KNOWN, hint="So that nothing is altered or destroyed."
    )
    answered_on = DayField(
        "On which day did the agency answer?", hint="For example, 27 3 2026.", called="The day of the answer"
    )
    came_from = line(
        "From whose e-mail or letter do you enter this?", hint="Name, and the day it was sent.", autocomplete="off"
    )

    @property
    def entry(self) -> ReturnEntry:
        """What was typed."""
        return ReturnEntry(
            outcome=self.outcome.data or "",
            answered_on=self.answered_on.data,
            records_secured=self.records_secured.data or "",
            what_is_known=self.what_is_known.data or "",
            came_from=self.came_from.data or "",
        )
