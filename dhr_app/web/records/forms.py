"""The forms of the end of a review’s records: holding them, giving notice, and two people who confirm."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm

from dhr_app.casework.disposal_notice import GIVEN_BY_PEOPLE
from dhr_app.casework.legal_hold import HoldEntry
from dhr_app.web.again import AsksAgain, code_again, password_again
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.workflows.record_wording import HOLD_REASONS, STOPPED_BECAUSE


class HoldForm(FlaskForm):
    """Why nothing may be destroyed."""

    reason = one_of("Why must nothing be destroyed?", HOLD_REASONS, missing="Choose the reason.")
    words = long_text(
        "Which proceedings, or whose request?",
        missing="Say which proceedings or whose request it is. Do not name the people.",
        hint="Its name or number, and where the letter is kept. Do not name anybody in the case.",
        limit=1000,
        rows=3,
    )
    review_by = DayField(
        "On which day should this be looked at again?",
        hint="Within a year. The hold goes on after that day: it ends only when somebody lifts it.",
        called="The day to look at this again",
    )

    @property
    def entry(self) -> HoldEntry:
        """What was typed."""
        return HoldEntry(self.reason.data or "", self.words.data or "", self.review_by.data)


class LiftForm(AsksAgain):
    """Nothing but that it is meant, by whoever is signed in."""

    password = password_again()
    code = code_again()


class NoticeForm(FlaskForm):
    """Which of the records that are due the notice is for."""

    classes = some_of("Which records?", {}, missing="Choose at least one.")

    def __init__(self, due: Iterable[tuple[str, str]]) -> None:
        super().__init__(data={"classes": [each for each, _ in due]})
        self.classes.choices = dict(due)


class StopForm(FlaskForm):
    """Why the notice is ended."""

    because = one_of(
        "Why is the notice ended?",
        {each: STOPPED_BECAUSE[each].capitalize() for each in GIVEN_BY_PEOPLE},
        missing="Say why.",
    )


class ConfirmForm(AsksAgain):
    """The first person’s password."""

    password = password_again()
    code = code_again()


class SecondForm(AsksAgain):
    """The second person’s: the reference first, so that it is this review that is meant."""

    typed = line(
        "Type the reference of the review",
        missing="Type the reference of the review.",
        autocomplete="off",
        spellcheck=False,
        classes="govuk-input--width-10",
    )
    password = password_again()
    code = code_again()
