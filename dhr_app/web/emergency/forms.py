"""The forms of emergency access: asking, answering as the second person, and looking at it afterwards."""

from __future__ import annotations

from flask_wtf import FlaskForm

from dhr_app.casework.emergency import EmergencyEntry
from dhr_app.web.again import AsksAgain, code_again, password_again
from dhr_app.web.fields import from_list, line, long_text, one_of
from dhr_app.workflows.emergency import ASKED_BECAUSE, FOUND, REFUSED_BECAUSE


class AskForm(FlaskForm):
    """Which review, and why now."""

    reference = line(
        "Which review do you need to read?",
        hint="Its reference, like DHR-2026-014.",
        missing="Enter the reference of the review, like DHR-2026-014.",
        autocomplete="off",
        spellcheck=False,
        classes="govuk-input--width-10",
    )
    reason = one_of("Why now?", ASKED_BECAUSE, missing="Choose why you need it now.")
    words = long_text(
        "What has happened, and what do you need to read?",
        rows=4,
        autocomplete="off",
        hint="Only whoever answers reads this, and it is kept sealed with the review. Leave out what is not needed.",
        missing="Say what has happened and what you need to read: a second person decides by it.",
    )

    @property
    def entry(self) -> EmergencyEntry:
        """What was typed."""
        return EmergencyEntry(self.reference.data or "", self.reason.data or "", self.words.data or "")


class AnswerForm(AsksAgain):
    """The second person’s."""

    answer = one_of(
        "What do you answer?",
        {"confirm": "Confirm: they read the review for 60 minutes, from now", "refuse": "Refuse"},
        missing="Choose whether you confirm or refuse it.",
    )
    because = from_list("If you refuse: why?", REFUSED_BECAUSE)
    password = password_again()
    code = code_again()


class LookForm(FlaskForm):
    """What the steering chair found."""

    found = one_of("What did you find?", FOUND, missing="Choose what you found.")
