"""The forms of a bank holiday that was proclaimed after the list was made."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from dhr_app.casework.bank_holidays import HolidayEntry
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line


class HolidayForm(FlaskForm):
    """A new day; `mark` is there once somebody looked at what it moves."""

    day = DayField("Which day is it?", hint="For example, 8 5 2028.", called="The day", missing="Give the day.")
    name = line(
        "What is it called?", hint="As it was proclaimed. Name nobody of a review here.", autocomplete="off",
        missing="Give its name, as it was proclaimed.",
    )  # fmt: skip
    source = line(
        "Where was it proclaimed?", hint="The Gazette or a page of the government, with its day.",
        autocomplete="off", missing="Say where it was proclaimed, so that anybody can look it up.",
    )  # fmt: skip
    mark = HiddenField()

    @property
    def entry(self) -> HolidayEntry:
        """What was typed."""
        return HolidayEntry(self.day.data, self.name.data or "", self.source.data or "")


class TakeBackForm(FlaskForm):
    """That a day which was added is taken back."""

    mark = HiddenField()
