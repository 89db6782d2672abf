"""What the mornings’ mails said of a review, as lines of its timeline: of which thing, to which role, never whom."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from dhr_app.casework.outbox import State
from dhr_app.casework.scene import Look
from dhr_app.casework.words import what
from dhr_app.database.models.account import Account
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.reminder import Message, Reminder
from dhr_app.workflows.reminder_rules import Kind
from dhr_app.workflows.roles import Role

MOST = 3  # things that one line names

# What was spoken of, where it is no date; and what one must be allowed on the review to read that it was.
SPOKEN_OF = {
    Kind.DATE:    ("a date",                             "review.see"),
    Kind.ASK:     ("what an agency was asked for",       "review.see"),
    Kind.HOLD:    ("the hold",                           "review.see"),
    Kind.TELLING: ("whom to tell",                       "review.see"),
    Kind.UNDATED: ("the day we became aware",            "review.see"),
    Kind.ACTION:  ("an action of the plan",              "plan.see"),
    Kind.NOBODY:  ("work that belongs to nobody",        "plan.see"),
    Kind.WISH:    ("a request for longer",               "plan.see"),
    Kind.ANSWER:  ("the answer to a request for longer", "plan.see"),
    Kind.PROMISE: ("an update that was promised to a family member", "family.see"),
    Kind.MEETING: ("a planned meeting that has passed",  "meeting.see"),
    Kind.SEAT:    ("what an agency cannot see",          "access.see"),
    Kind.ACCESS:  ("who can see the review",             "access.see"),
    Kind.LAPSING: ("seats that end",                     "access.see"),
    Kind.DRAFT:   ("a draft",                            "draft.see"),
    Kind.WAITING: ("a statement that waits for somebody’s agreement", "statement.see"),
    Kind.BARRED:  ("a family member who may perhaps be contacted",    "family.see"),
    Kind.EMERGENCY: ("what was opened in an emergency",  "emergency.see"),
    Kind.UNSURE:  ("a decision about a conflict of interest",         "conflict.see"),
    Kind.LEGAL_HOLD: ("a hold on the records",           "records.see"),
    Kind.LIFTING: ("the lifting of a hold on the records", "records.see"),
    Kind.DISPOSAL: ("notice that records are destroyed", "records.see"),
    Kind.DESTROYING: ("records whose destruction is not finished",    "records.see"),
}  # fmt: skip
WENT_OUT = (State.SENT.value, State.DELIVERED.value)
AGENCYS = "a contributor of {agency}"


@dataclass(frozen=True)
class ToldOf:
    """One day’s mail to the people of one role about one review."""

    on: date
    text: str


def reminded(look: Look, *, after: date | None, until: date | None) -> tuple[ToldOf, ...]:
    """The reminders of a review that went out, later than one day and up to another, latest first; in one query.

    Without those of things that the reader may not know of.
    """
    rows = look.session.execute(
        select(
            Reminder.rule, Reminder.made_on, Account.role, Agency.name.label("of_agency"),
            Deadline.rule.label("deadline"),
        )
        .join(Message, Message.id == Reminder.message_id)
        .join(Account, Account.id == Reminder.account_id)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .outerjoin(Deadline, Deadline.id == Reminder.subject_id)
        .where(Reminder.of_review_id == look.review.id, Message.state.in_(WENT_OUT))
        .where(*([Reminder.made_on > after] if after else []), *([Reminder.made_on <= until] if until else []))
        .order_by(Reminder.made_on.desc(), Account.role, Agency.name, Reminder.rule, Reminder.id)
    )  # fmt: skip
    days: dict[tuple[date, str], dict[str, None]] = defaultdict(dict)
    seen = {kind for kind, (_, permission) in SPOKEN_OF.items() if look.may(permission)}
    for row in rows:
        if row.rule in seen:
            days[row.made_on, _whom(row)][_of_what(row)] = None
    return tuple(ToldOf(on, f"Reminded {whom} of {_named(list(things))}") for (on, whom), things in days.items())


def _whom(row: Any) -> str:
    role = Role(row.role)
    if role is Role.AGENCY_CONTRIBUTOR and row.of_agency:
        return AGENCYS.format(agency=row.of_agency)
    return f"the {role.label[:1].lower()}{role.label[1:]}"


def _of_what(row: Any) -> str:
    return f"“{what(row.deadline)}”" if row.deadline else SPOKEN_OF[Kind(row.rule)][0]


def _named(things: list[str]) -> str:
    shown, rest = things[:MOST], len(things) - MOST
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if shown[1:] else shown[0]
