"""The forms of actions: what an agency does by when, why a date moves, what shows it is done, how it was closed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.action import WHEN, ActionEntry
from dhr_app.casework.action_progress import DoneEntry, MovedEntry
from dhr_app.casework.plan_rows import ActionShown
from dhr_app.casework.sign_off import OutcomeEntry, Seen
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of
from dhr_app.web.plan.forms import NO_NAME
from dhr_app.workflows.record_wording import ACTION_OUTCOMES, MOVED_BECAUSE

MINUTE = {
    "label": "What is the number of the minute?",
    "hint": "As the minutes of the steering group count it: 14, or 3.2.",
}


class ActionForm(Versioned):
    """An action. Its date is entered once; a date that stands is moved on a page of its own."""

    text = long_text("What will the agency do?", hint=f"One action, so that it can be seen to be done. {NO_NAME}")
    owner_id = from_list("Which agency does it?", {}, hint="Leave it open if that is not agreed yet.")
    when = one_of("By when?", WHEN)
    target_on = DayField(
        "If by a date: which?", hint="If only a month is agreed, give its last day.", called="The date"
    )
    look_again_on = DayField(
        "If ongoing: when is it looked at again?", hint="For example, 27 3 2027.", called="The day to look again"
    )
    milestones = long_text("What are its key milestones?", hint=f"Leave it empty if there are none. {NO_NAME}", rows=3)

    @property
    def entry(self) -> ActionEntry:
        """What was typed."""
        return ActionEntry(
            text=self.text.data or "",
            owner_id=UUID(self.owner_id.data) if self.owner_id.data else None,
            milestones=self.milestones.data or "",
            when=self.when.data or "",
            target_on=self.target_on.data,
            look_again_on=self.look_again_on.data,
        )


class MoveDateForm(Versioned):
    """The date of an action moves."""

    because = one_of("Why does the date move?", MOVED_BECAUSE)
    when = one_of("By when is it to be done now?", {code: WHEN[code] for code in ("by_a_date", "ongoing")})
    to_on = DayField("If by a date: which?", hint="For example, 27 3 2027.", called="The new date")
    look_again_on = DayField(
        "If ongoing: when is it looked at again?", hint="For example, 27 3 2027.", called="The day to look again"
    )
    minute = line(
        "Which minute agrees to it?",
        hint="Needed where the date moves more than four weeks past the first one, or to no date at all.",
        limit=40, classes="govuk-input--width-10", autocomplete="off",
    )  # fmt: skip
    minute_on = DayField("Of which day is that minute?", called="The day of the minute")

    @property
    def entry(self) -> MovedEntry:
        """What was typed."""
        return MovedEntry(
            self.when.data or "",
            self.to_on.data,
            self.look_again_on.data,
            self.because.data or "",
            self.minute.data or "",
            self.minute_on.data,
        )


class DoneForm(Versioned):
    """An agency reports its action as done."""

    done_on = DayField(
        "On which day was it done?", hint="Leave it empty if it is not done after all.", called="The day it was done"
    )
    evidence = long_text(
        "What shows it?",
        hint=f"A statement of a named senior officer of the agency will do; no case material. {NO_NAME}",
        limit=4000,
    )

    @property
    def entry(self) -> DoneEntry:
        """What was typed."""
        return DoneEntry(self.done_on.data, self.evidence.data or "")


class OutcomeForm(Versioned):
    """What became of one action, by which minute."""

    outcome = one_of("What became of it?", ACTION_OUTCOMES)
    minute = line(MINUTE["label"], hint=MINUTE["hint"], limit=40, classes="govuk-input--width-10", autocomplete="off")
    minute_on = DayField("Of which day is the minute?", hint="For example, 27 3 2026.", called="The day of the minute")

    @property
    def entry(self) -> OutcomeEntry:
        """What was typed; an open action has no minute."""
        outcome = self.outcome.data or ""
        if outcome == "open":
            return OutcomeEntry()
        return OutcomeEntry(outcome, self.minute.data or "", self.minute_on.data)


class SignOffForm(FlaskForm):
    """The consent list: every action reported as done, ticked until somebody pulls it."""

    chosen = some_of("Which are signed off?", {}, hint="All are ticked. Untick those the meeting wanted to look at.")
    minute = line(MINUTE["label"], hint=MINUTE["hint"], limit=40, classes="govuk-input--width-10", autocomplete="off")
    minute_on = DayField("Of which day is the minute?", hint="For example, 27 3 2026.", called="The day of the minute")

    def offer(self, actions: Sequence[ActionShown]) -> None:
        """Offer these actions, each with the version its reader sees."""
        self.chosen.choices = {f"{one.id}.{one.version}": f"{one.label}, {one.owner}" for one in actions}
        if not self.is_submitted():
            self.chosen.data = list(self.chosen.choices)

    @property
    def ticked(self) -> tuple[Seen, ...]:
        """The actions left ticked, as they were seen."""
        parts = [one.rsplit(".", 1) for one in self.chosen.data or ()]
        return tuple(Seen(UUID(action_id), int(version)) for action_id, version in parts)
