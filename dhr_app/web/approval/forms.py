"""The forms of an approval: how the report was agreed, and that it was reported to the next meeting."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.approval_entry import ApprovalEntry
from dhr_app.casework.approval_page import ApprovalPage
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, one_of
from dhr_app.web.meeting.choices import offered
from dhr_app.workflows.record_wording import AGREED_HOW


class ApprovalForm(Versioned):
    """How the approving body agreed the report."""

    how = one_of("How was it agreed?", {}, missing="Say how it was agreed.")
    meeting_id = from_list("If at a meeting: which?", {})
    agreed_on = DayField(
        "If without a meeting: on which day?", hint="Leave it empty for a meeting.", called="The day of the agreement"
    )
    reported_on = DayField(
        "If without a meeting: on which day was it reported to the next one?",
        hint="Leave it empty if that is still to come. Agreed by circulation, it counts only from then on.",
        called="The day of the report",
    )
    evidence = line(
        "What shows it?", missing="Say what shows it, and where it is kept.",
        hint="The minute or the e-mail, and where it is kept. This is sealed.", autocomplete="off",
    )  # fmt: skip

    def offer(self, page: ApprovalPage) -> None:
        """Offer the ways there are, and the meetings of the approving body."""
        self.how.choices = {
            code: words for code, words in AGREED_HOW.items() if code != "steering_chair" or page.sent_before
        }
        self.meeting_id.choices = offered(page.meetings)
        self.meeting_id.description = f"At least {page.quorum} different organisations make it quorate."

    @property
    def entry(self) -> ApprovalEntry:
        """What was typed."""
        chosen = self.meeting_id.data
        return ApprovalEntry(
            how=self.how.data or "",
            meeting_id=UUID(chosen) if chosen else None,
            agreed_on=self.agreed_on.data,
            reported_on=self.reported_on.data,
            evidence=self.evidence.data or "",
        )


class ReportForm(FlaskForm):
    """An approval without a meeting was reported to the next one."""

    reported_on = DayField(
        "On which day was it reported to the next meeting?", missing="Give the day.", hint="For example, 27 3 2026.",
        called="The day of the report",
    )  # fmt: skip


class TakeBackForm(FlaskForm):
    """One button: the approval was entered by mistake."""
