"""The forms of a publication: how it is planned, and who approved it."""

from __future__ import annotations

from dhr_app.casework.publication import ApprovalEntry, PublicationEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of
from dhr_app.workflows.record_wording import PUBLICATION_MODES

LIKE = "For example, 27 3 2026."


class PublicationForm(Versioned):
    """A publication as it is planned; of one that was done, also when, and when it was taken down."""

    mode = one_of(
        "How much of the report is published?", PUBLICATION_MODES,
        hint="What is approved is this much: if you change it afterwards, it must be approved again.",
    )  # fmt: skip
    planned_on = DayField(
        "On which day is it to be published?",
        hint="The family is told this day first. It is held against the days they asked to avoid.",
        called="The planned day",
    )
    address = line(
        "At which web address?",
        hint="Leave it empty until it is known. No name of a person in the case may stand in it.",
        autocomplete="off",
    )  # fmt: skip
    agencies_told_on = DayField(
        "On which day were the agencies told?",
        hint="Leave it empty until they are. Five working days after the last of the family, at the earliest.",
        called="The day on which the agencies were told",
    )
    press_told_on = DayField(
        "On which day was the press told?",
        hint="Leave it empty if it was not. Five working days after the last of the family, at the earliest.",
        called="The day on which the press was told",
    )
    published_on = DayField("On which day was it published?", hint=LIKE, called="The day of publication")
    taken_down_on = DayField("On which day was it taken down?", hint=LIKE, called="The day it was taken down")

    def ask_only(self, *asked: str) -> None:
        """Leave out those of its days that the steps of the review say, unless they are `asked`."""
        for name in ("planned_on", "published_on", "taken_down_on"):
            if name not in asked:
                delattr(self, name)

    @property
    def entry(self) -> PublicationEntry:
        """What was typed."""
        days = ("planned_on", "agencies_told_on", "press_told_on", "published_on", "taken_down_on")
        return PublicationEntry(
            mode=self.mode.data or "",
            address=self.address.data or "",
            **{name: self[name].data for name in days if name in self},
        )


class ApprovalForm(Versioned):
    """Who approved a publication."""

    approved_by = line(
        "Who approved it?", hint="Name and post of the steering group’s chair or deputy.", autocomplete="off"
    )
    approved_on = DayField("On which day?", hint=LIKE, called="The day of the approval")
    evidence = long_text(
        "What shows the approval?", hint="The minute, letter or e-mail, and where it is kept.", rows=3, limit=1000
    )

    @property
    def entry(self) -> ApprovalEntry:
        """What was typed."""
        return ApprovalEntry(self.approved_by.data or "", self.approved_on.data, self.evidence.data or "")
