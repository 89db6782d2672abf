"""The sorts of things that stand in the audit trail, as whoever reads it asks for them."""

from __future__ import annotations

from enum import StrEnum

from dhr_app.workflows.events import SHOWN, Happened


class Sort(StrEnum):
    """One sort. What is in none of the others is work on a review's records."""

    OPENED = "opened"
    REFUSED = "refused"
    RECORDS = "records"
    ACCESS = "access"
    SIGN_INS = "sign_ins"
    PROGRAM = "program"

    @property
    def label(self) -> str:
        """Its name on screen."""
        return LABELS[self]


LABELS = {
    Sort.OPENED:   "Details opened, read or searched for",
    Sort.REFUSED:  "Steps and pages refused",
    Sort.RECORDS:  "Work on reviews and their records",
    Sort.ACCESS:   "Accounts, and who sits on which review",
    Sort.SIGN_INS: "Sign-ins, authenticators, passkeys, and passwords typed again",
    Sort.PROGRAM:  "The program itself: mail, nightly work, exports of this trail",
}  # fmt: skip

_KINDS: dict[Sort, frozenset[Happened]] = {
    Sort.OPENED:   SHOWN | {Happened.SEARCHED, Happened.DUPLICATES_SOUGHT},
    Sort.REFUSED:  frozenset({Happened.REFUSED}),
    Sort.ACCESS:   frozenset({Happened.ACCOUNT_CREATED, Happened.MEMBER_JOINED, Happened.MEMBER_LEFT,
                              Happened.SEATS_LAPSE, Happened.SEATS_LAPSE_NO_MORE, Happened.SEAT_KEPT,
                              Happened.SEAT_LAPSED,
                              Happened.AGREEMENT_ADDED, Happened.AGREEMENT_ENDED, Happened.CONTACT_SET,
                              Happened.CONTACT_ENDED, Happened.INVITED, Happened.INVITATION_CONFIRMED,
                              Happened.INVITATION_SENT_AGAIN, Happened.INVITATION_WITHDRAWN,
                              Happened.INVITATION_ACCEPTED, Happened.ACCOUNT_BLOCKED, Happened.ACCOUNT_UNBLOCKED,
                              Happened.ACCOUNT_UNBLOCK_PROPOSED, Happened.ACCOUNT_CHANGE_PROPOSED,
                              Happened.ACCOUNT_CHANGE_WITHDRAWN,
                              Happened.ACCOUNT_CHANGED, Happened.WORK_TAKEN_OVER, Happened.WORK_LEFT_BEHIND,
                              Happened.DECLARATION_MADE, Happened.DECLARATION_DECIDED, Happened.UNDERTAKING_SIGNED,
                              Happened.WAY_IN_ASKED, Happened.WAY_IN_CONFIRMED, Happened.WAY_IN_WITHDRAWN,
                              Happened.WAY_IN_GIVEN, Happened.WAY_IN_USED,
                              Happened.CONFLICT_ENTERED, Happened.CONFLICT_LIFT_ASKED, Happened.CONFLICT_LIFTED,
                              Happened.ACCESS_CONFIRMED, Happened.EXTRA_GRANT_GIVEN, Happened.EXTRA_GRANT_ENDED,
                              Happened.EMERGENCY_ASKED, Happened.EMERGENCY_WITHDRAWN, Happened.EMERGENCY_CONFIRMED,
                              Happened.EMERGENCY_REFUSED, Happened.EMERGENCY_LAPSED, Happened.EMERGENCY_ENDED,
                              Happened.EMERGENCY_LOOKED_AT,
                              Happened.LINK_SENT, Happened.LINK_WITHDRAWN,
                              Happened.CALENDAR_LINK_MADE, Happened.CALENDAR_LINK_WITHDRAWN, Happened.CALENDAR_FETCHED,
                              Happened.TENANT_ADDED, Happened.TENANT_CONFIRMED, Happened.TENANT_TAKEN_BACK,
                              Happened.TENANT_TURNED_OFF, Happened.TENANT_TURNED_ON}),
    Sort.SIGN_INS: frozenset({Happened.SIGNED_IN, Happened.SIGN_IN_FAILED, Happened.SIGN_IN_THROTTLED,
                              Happened.SIGNED_OUT, Happened.PROVED_AGAIN, Happened.PROOF_REFUSED,
                              Happened.SIGN_IN_ENDED, Happened.LINK_OPENED, Happened.LINK_CODE_REFUSED,
                              Happened.CODE_ASKED, Happened.CODE_REFUSED,
                              Happened.AUTHENTICATOR_SET_UP, Happened.AUTHENTICATOR_TAKEN_AWAY,
                              Happened.RECOVERY_CODES_MADE, Happened.RECOVERY_CODE_USED, Happened.PASSKEY_ADDED,
                              Happened.PASSKEY_ENDED, Happened.PASSKEY_USED, Happened.PASSKEY_WENT_BACK,
                              Happened.PASSWORD_CHANGED,
                              Happened.TENANT_REFUSED, Happened.IDENTITY_BOUND, Happened.IDENTITY_ENDED}),
    Sort.PROGRAM:  frozenset({Happened.JOB_DONE, Happened.JOB_FAILED, Happened.TRAIL_PROVED, Happened.TRAIL_BROKEN,
                              Happened.TRAIL_EXPORTED, Happened.REMINDERS_WRITTEN, Happened.MESSAGE_SENT,
                              Happened.MESSAGE_DELIVERED, Happened.MESSAGES_WITHDRAWN, Happened.REMINDER_RULE_CHANGED,
                              Happened.REMINDER_RULE_PUT_BACK, Happened.QUIET_DAYS_SET, Happened.QUIET_DAYS_ENDED,
                              Happened.MESSAGE_REFUSED, Happened.NEXT_DATE_MENDED, Happened.PARTNERSHIP_SEEDED,
                              Happened.RULE_SET_ADOPTED, Happened.UNDERTAKING_ADOPTED,
                              Happened.BANK_HOLIDAY_ADDED, Happened.BANK_HOLIDAY_TAKEN_BACK}),
}  # fmt: skip


def kinds_of(sort: Sort) -> frozenset[Happened]:
    """The kinds of event that are of this sort."""
    if sort is Sort.RECORDS:
        return frozenset(Happened).difference(*_KINDS.values())
    return _KINDS[sort]
