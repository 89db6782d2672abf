"""The forms of recommendations: what the report says, to whom, and what those addressed answered."""

from __future__ import annotations

from uuid import UUID

from dhr_app.casework.addressee import LetterEntry, RefusalEntry
from dhr_app.casework.plan import InReport
from dhr_app.casework.recommendation import LONGEST_NUMBER, RecommendationEntry, WithdrawalEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.count_field import CountField
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of, some_of
from dhr_app.workflows.record_wording import ORIGINS, SCOPES, WITHDRAWN_BECAUSE

NO_NAME = "This is made to be published: no name of a person in the case may stand here."
STANDS = "stands"


class RecommendationForm(Versioned):
    """A recommendation; whom it may be addressed to is known at the request."""

    number = line(
        "What is its number?", hint="As the report prints it: 4, 8.1, or 15.10.2.", limit=LONGEST_NUMBER,
        classes="govuk-input--width-10", autocomplete="off",
    )  # fmt: skip
    text = long_text("What does it say?", hint=f"The words of the report. {NO_NAME}")
    scope = one_of(
        "How far does it reach?", SCOPES,
        hint="A national one goes to a department by letter; the others need an action of an agency.",
    )  # fmt: skip
    origin = one_of("Where does it come from?", ORIGINS)
    addressee_ids = some_of("To whom is it addressed?", {}, hint="Tick all that apply. It may be left open for now.")

    @property
    def entry(self) -> RecommendationEntry:
        """What was typed."""
        return RecommendationEntry(
            number=self.number.data or "",
            text=self.text.data or "",
            scope=self.scope.data or "",
            origin=self.origin.data or "",
            addressee_ids=tuple(sorted({UUID(one) for one in self.addressee_ids.data or ()})),
        )


class WithdrawalForm(Versioned):
    """A recommendation no longer stands, or does after all."""

    because = one_of("Why does it no longer stand?", {STANDS: "It stands", **WITHDRAWN_BECAUSE})
    withdrawn_on = DayField("If it does not: since which day?", hint="For example, 27 3 2026.", called="The day")

    @property
    def entry(self) -> WithdrawalEntry:
        """What was typed."""
        because = self.because.data
        return WithdrawalEntry(self.withdrawn_on.data, "" if because in (None, STANDS) else because)


class RefusalForm(Versioned):
    """An addressee will not act on a recommendation, and says so in writing."""

    refused_on = DayField(
        "On which day did it refuse in writing?", hint="The day of its letter or e-mail. Leave it empty if it has not.",
        called="The day of the refusal",
    )  # fmt: skip
    refusal = long_text("What reason does it give?", hint=f"The agency’s own words. {NO_NAME}", limit=4000)

    @property
    def entry(self) -> RefusalEntry:
        """What was typed."""
        return RefusalEntry(self.refused_on.data, self.refusal.data or "")


class LetterForm(Versioned):
    """A national recommendation was sent to its department, which may have answered."""

    sent_on = DayField(
        "On which day was the letter sent?", hint="For example, 27 3 2026.", called="The day of the letter"
    )
    replied_on = DayField(
        "On which day did the department answer?", hint="Leave it empty if it has not.", called="The day of the answer"
    )
    reply = long_text("What did it answer?", hint=f"What it says it does, or why not. {NO_NAME}", limit=4000)

    @property
    def entry(self) -> LetterEntry:
        """What was typed."""
        return LetterEntry(self.sent_on.data, self.replied_on.data, self.reply.data or "")


class InReportForm(Versioned):
    """How many recommendations the report makes."""

    in_report = CountField(
        "How many recommendations does the report make in all?",
        hint="So that everybody sees how many are still to be entered. Leave it empty if nobody knows yet.",
    )

    @property
    def entry(self) -> InReport:
        """What was typed."""
        return InReport(self.in_report.data)


class LongerAnswerForm(Versioned):
    """An agency asked for longer, and its date stays."""

    because = long_text(
        "Why does the date stay?", hint="The agency reads this with its action. No name of a person in the case.",
        limit=1000, rows=4,
    )  # fmt: skip
