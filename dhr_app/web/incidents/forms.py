"""The forms of an incident: what was found, and what was done about it."""

from __future__ import annotations

from dhr_app.casework.incident_checks import IncidentEntry, OutcomeEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.count_field import CountField
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of
from dhr_app.workflows.request_wording import (
    ICO_DECISIONS,
    INCIDENT_KINDS,
    LATE_BECAUSE,
    LESSONS,
    NOT_NOTIFIED_BECAUSE,
    PEOPLE_TOLD,
)

CLOCK = "By the clock of twenty-four hours, like 9:40 or 16:05."


class FoundForm(Versioned):
    """What an administrator, who reads no reviews, may say: what it is, and since when somebody knows."""

    kind = one_of("What happened?", INCIDENT_KINDS, missing="Choose what happened.")
    aware_on = DayField(
        "On which day did somebody of us become aware?", called="The day",
        hint="If the Information Commissioner has to be told, it is within 72 hours of this moment.",
        missing="Give the day on which somebody became aware.",
    )  # fmt: skip
    aware_time = line(
        "At what time?", hint=CLOCK, missing="Give the time.", classes="govuk-input--width-5", autocomplete="off"
    )
    people = CountField("How many people does it concern, roughly?", hint="Leave it empty if that is not known yet.")

    @property
    def entry(self) -> IncidentEntry:
        """What was typed."""
        return IncidentEntry(
            self.kind.data or "", self.aware_on.data, self.aware_time.data or "", self.people.data, *self.words
        )

    @property
    def words(self) -> tuple[str, str]:
        """Which reviews, and what happened: not asked here."""
        return "", ""


class IncidentForm(FoundForm):
    """The same for whoever reads reviews: which of them it touched, and what happened, in words."""

    reviews = line(
        "Which reviews does it touch?", autocomplete="off",
        hint="Their references, like DHR-2019-014, with a comma between. Leave it empty if none, or if not known yet.",
    )  # fmt: skip
    what_happened = long_text(
        "What happened to their records?", rows=5, autocomplete="off",
        hint="Kept sealed with each of these reviews, and destroyed with its names.",
    )  # fmt: skip

    @property
    def words(self) -> tuple[str, str]:
        """Which reviews, and what happened."""
        return self.reviews.data or "", self.what_happened.data or ""


class OutcomeForm(Versioned):
    """What was decided and done so far; it may be filled in bit by bit."""

    contained_on = DayField("When was it contained?", called="The day", hint="Leave it empty while it is not.")
    contained_time = line("At what time?", hint=CLOCK, classes="govuk-input--width-5", autocomplete="off")
    ico = one_of("Is the Information Commissioner told?", ICO_DECISIONS)
    ico_because = from_list("If not: why?", NOT_NOTIFIED_BECAUSE)
    notified_on = DayField("When was the Commissioner told?", called="The day", hint="Leave it empty until it is done.")
    notified_time = line("At what time?", hint=CLOCK, classes="govuk-input--width-5", autocomplete="off")
    late_because = from_list("If more than 72 hours had passed: why?", LATE_BECAUSE)
    ico_reference = line(
        "What is the Commissioner’s reference?", hint="Like IC-123456-A1B2.", classes="govuk-input--width-20",
        autocomplete="off",
    )  # fmt: skip
    told = one_of("Were the people told whose data it is?", PEOPLE_TOLD)
    told_on = DayField("If they were told: when?", called="The day")
    lessons = some_of("What was changed afterwards?", LESSONS, hint="Tick all that apply.")
    learnt = long_text(
        "What was learnt?", rows=4, autocomplete="off", hint="Kept sealed with each review that it touches."
    )

    @property
    def entry(self) -> OutcomeEntry:
        """What was typed."""
        return OutcomeEntry(
            ico=self.ico.data or "",
            ico_because=self.ico_because.data or "",
            notified_on=self.notified_on.data,
            notified_time=self.notified_time.data or "",
            late_because=self.late_because.data or "",
            ico_reference=self.ico_reference.data or "",
            told=self.told.data or "",
            told_on=self.told_on.data,
            contained_on=self.contained_on.data,
            contained_time=self.contained_time.data or "",
            lessons=tuple(sorted(self.lessons.data or ())),
            learnt=self.learnt.data or "",
        )
