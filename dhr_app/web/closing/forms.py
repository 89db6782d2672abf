"""The forms of a review’s end: until when its records are kept, and what the audit of its action plan found."""

from __future__ import annotations

from dhr_app.casework.closing import AuditEntry, RetentionEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, one_of
from dhr_app.workflows.record_wording import AUDIT_FOUND


class RetentionForm(Versioned):
    """How long the records are kept."""

    keep_until = DayField(
        "Until which day are the records kept?", hint="For example, 27 3 2033.", called="The day until which"
    )
    policy = line(
        "Which policy says so?", hint="Whose policy it is, and its year. Do not name anybody in the case.",
        autocomplete="off",
    )  # fmt: skip

    @property
    def entry(self) -> RetentionEntry:
        """What was typed."""
        return RetentionEntry(self.keep_until.data, self.policy.data or "")


class AuditForm(Versioned):
    """The audit of the action plan."""

    audited_on = DayField("On which day was it audited?", hint="For example, 27 3 2026.", called="The day of the audit")
    audit_found = one_of("What did the audit find?", AUDIT_FOUND)

    @property
    def entry(self) -> AuditEntry:
        """What was typed."""
        return AuditEntry(self.audited_on.data, self.audit_found.data or "")
