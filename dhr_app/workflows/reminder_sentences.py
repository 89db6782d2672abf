"""The sentences of the audit trail about reminders; on a review’s timeline stands each reminder itself instead."""

from __future__ import annotations

from dhr_app.workflows.events import Happened

OF_REMINDERS = {
    Happened.REMINDERS_WRITTEN:      "Reminders were written",
    Happened.MESSAGES_WITHDRAWN:     "Messages that had not gone out were withdrawn: what they said has changed",
    Happened.REMINDER_RULE_CHANGED:  "The days of a row of the reminders were changed: {label}",
    Happened.REMINDER_RULE_PUT_BACK: "A row of the reminders was put back to the house’s own days: {label}",
    Happened.QUIET_DAYS_SET:         "Days were set on which no mail goes out, until {until}",
    Happened.QUIET_DAYS_ENDED:       "Days on which no mail goes out were ended",
    Happened.MESSAGE_SENT:           "A message was sent",
    Happened.MESSAGE_DELIVERED:      "A message was delivered",
    Happened.MESSAGE_REFUSED:        "A mail server refused a message",
}  # fmt: skip
