"""The forms of a request for information: what was asked, and how it was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from dhr_app.casework.request_checks import AnswerEntry, RequestEntry
from dhr_app.casework.request_page import FileGiven
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of
from dhr_app.workflows.request_dates import FOI
from dhr_app.workflows.request_wording import (
    DPA_EXEMPTIONS,
    EXTENDED_BECAUSE,
    EXTENSIONS,
    FOI_EXEMPTIONS,
    GIVEN_BY,
    REQUEST_DECISIONS,
    REQUEST_KINDS,
)


class RequestForm(Versioned):
    """What was asked, by whom, about which reviews; and what can stop or move its date."""

    kind = one_of("What kind is it?", REQUEST_KINDS, missing="Choose what kind it is.")
    asked_on = DayField(
        "When was it received?", hint="The day on which it reached the body that answers. For example, 27 3 2026.",
        called="The day", missing="Give the day on which the request was received.",
    )  # fmt: skip
    reviews = line(
        "Which reviews is it about?", hint="Like DHR-2019-014, with a comma between. Leave it empty if none.",
        autocomplete="off",
    )  # fmt: skip
    asker = line(
        "Who asked?",
        hint="Kept sealed with the review, and destroyed with its names. Leave it empty for a public body, or if it "
        "is about no review: the body that answers knows who it was.",
        autocomplete="off",
    )
    wanted = long_text("What was asked for?", hint="Kept sealed with the review.", rows=4, autocomplete="off")
    body_id = from_list(
        "Which body was it passed to?",
        {},
        hint="The partnership is no public authority: one of its members has to answer.",
    )
    passed_on = DayField("When was it passed on?", called="The day")
    due_by = DayField(
        "If whoever asked gave a day: until when?", called="The day",
        hint="Not for freedom of information or subject access: their day is counted.",
    )  # fmt: skip
    identity_asked_on = DayField(
        "Subject access: if they were asked who they are, when?", called="The day",
        hint="No time runs until it is confirmed.",
    )  # fmt: skip
    identity_confirmed_on = DayField("When was it confirmed who they are?", called="The day")
    extended_months = from_list(
        "Subject access: was the answer put off?",
        EXTENSIONS,
        hint="They have to be told, and why, within the first month.",
    )
    extended_because = from_list("Why was it put off?", EXTENDED_BECAUSE)

    def offer(self, bodies: Mapping[str, str]) -> None:
        """Offer the bodies there are."""
        self.body_id.choices = {"": "Not passed on yet", **bodies}

    @property
    def entry(self) -> RequestEntry:
        """What was typed."""
        return RequestEntry(
            kind=self.kind.data or "",
            asked_on=self.asked_on.data,
            reviews=self.reviews.data or "",
            asker=self.asker.data or "",
            wanted=self.wanted.data or "",
            body_id=UUID(self.body_id.data) if self.body_id.data else None,
            passed_on=self.passed_on.data,
            due_by=self.due_by.data,
            identity_asked_on=self.identity_asked_on.data,
            identity_confirmed_on=self.identity_confirmed_on.data,
            extended_months=int(self.extended_months.data or 0),
            extended_because=self.extended_because.data or "",
        )


class AnswerForm(Versioned):
    """How a request was decided; exemptions and files are offered when the form is made."""

    decision = one_of("What was decided?", REQUEST_DECISIONS, missing="Choose what was decided.")
    decided_on = DayField("On which day?", called="The day", missing="Give the day of the decision.")
    exemptions = some_of("If something was held back: under which exemption?", {}, hint="Tick all that apply.")
    means = from_list("If something was given: how?", GIVEN_BY)
    given_on = DayField("When was it given?", called="The day")
    given_to = line("To whom?", hint="Kept sealed with the review, and destroyed with its names.", autocomplete="off")
    given = long_text("What was given?", hint="Kept sealed with the review.", rows=4, autocomplete="off")
    drafts = some_of("Which files of the review were given?", {}, hint="Tick all that apply.")

    def offer(self, kind: str, files: Sequence[FileGiven]) -> None:
        """Offer the exemptions of this kind of request, and the files there are."""
        self.exemptions.choices = dict(FOI_EXEMPTIONS if kind == FOI else DPA_EXEMPTIONS)
        self.drafts.choices = {str(each.id): f"{each.reference}: {each.what}" for each in files}

    @property
    def entry(self) -> AnswerEntry:
        """What was typed."""
        return AnswerEntry(
            decision=self.decision.data or "",
            decided_on=self.decided_on.data,
            exemptions=tuple(sorted(self.exemptions.data or ())),
            means=self.means.data or "",
            given_on=self.given_on.data,
            given=self.given.data or "",
            given_to=self.given_to.data or "",
            drafts=tuple(sorted(self.drafts.data or ())),
        )
