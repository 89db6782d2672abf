"""The forms of the reminders: other days for one row, and days on which no mail goes out."""

from __future__ import annotations

from flask_wtf import FlaskForm

from dhr_app.casework.quiet_days import QuietEntry
from dhr_app.casework.reminder_rules import RulePage
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, one_of
from dhr_app.workflows.reminder_edits import FURTHEST, FURTHEST_MONDAY, RuleEntry

ON, OFF = "on", "off"
SWITCH = {ON: "Yes", OFF: "No, switch it off"}
YES_NO = {"yes": "Yes", "no": "No"}
SHORT = "govuk-input--width-20"


class RuleForm(FlaskForm):
    """The days of one row. A rung of the ladder has one number of days and asks for no more."""

    off = one_of("Is anybody told of this by mail?", SWITCH)
    ahead = line(
        "How many days before?", hint=f"Numbers from 1 to {FURTHEST} with commas between, like 14, 7.", classes=SHORT,
        autocomplete="off",
    )  # fmt: skip
    eve = one_of("On the last working day before, too?", YES_NO)
    after = line(
        "How many days after?", hint=f"Numbers from 0 to {FURTHEST} with commas between. 0 is the day itself.",
        classes=SHORT, autocomplete="off",
    )  # fmt: skip
    mondays = line(
        "On Mondays, from how many days before?", classes="govuk-input--width-5", autocomplete="off",
        inputmode="numeric",
        hint=f"From 0 to {FURTHEST_MONDAY}; then every Monday while it is open. Leave it empty for no Monday as such.",
    )  # fmt: skip

    def fill(self, page: RulePage) -> None:
        """Show the days as they stand; of a rung, one number."""
        if page.is_rung:
            self.after.label.text = "How many days late is the oldest thing when this rung hears of it?"
            self.after.description = f"One number from 0 to {FURTHEST}, counted on the first day of the month."
        if self.is_submitted():
            return
        entry = page.entry
        self.off.data = OFF if entry.off else ON
        self.eve.data = "yes" if entry.eve else "no"
        self.ahead.data, self.after.data, self.mondays.data = entry.ahead, entry.after, entry.mondays

    @property
    def entry(self) -> RuleEntry:
        """What was typed."""
        return RuleEntry(
            off=self.off.data == OFF,
            ahead=self.ahead.data or "",
            eve=self.eve.data == "yes",
            after=self.after.data or "",
            mondays=self.mondays.data or "",
        )


class QuietForm(FlaskForm):
    """From which day to which no mail goes out."""

    from_on = DayField("Which is the first quiet day?", called="The day", missing="Give the first quiet day.")
    to_on = DayField("Which is the last?", called="The day", hint="Leave it empty for one day.")

    @property
    def entry(self) -> QuietEntry:
        """What was typed."""
        return QuietEntry(self.from_on.data, self.to_on.data)
