"""What a request for information and its decision say, and what of it cannot be right."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.checks import known_codes, not_in_future
from dhr_app.casework.named_reviews import names_gone
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.models.partnership import Agency
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import Calendar, CalendarEnds
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.request_dates import FOI, MOST_MONTHS, SUBJECT_ACCESS, answer_due
from dhr_app.workflows.request_wording import (
    DPA_EXEMPTIONS,
    EXTENDED_BECAUSE,
    FOI_EXEMPTIONS,
    GIVEN,
    GIVEN_BY,
    HELD_BACK,
    REQUEST_DECISIONS,
    REQUEST_KINDS,
)

COUNTED = (FOI, SUBJECT_ACCESS)  # requests whose last day the law gives
UNDER_NO_KEY = "Name a review first: words about people are kept only under the key of a review."
DESTROYED = "The names of these reviews are destroyed: nothing about people can be kept with them any more."
SOMEBODY_ELSE_S = "This is for somebody else to see to: ask the steering group’s chair who."
EARLIER = "This lies before the day on which it was received: check both days."


@dataclass(frozen=True)
class RequestEntry:
    """What was asked. `reviews` are references as typed; `asker` and `wanted` are sealed under those reviews’ keys."""

    kind: str = ""
    asked_on: date | None = None
    reviews: str = ""
    asker: str = ""
    wanted: str = ""
    body_id: UUID | None = None
    passed_on: date | None = None
    due_by: date | None = None
    identity_asked_on: date | None = None
    identity_confirmed_on: date | None = None
    extended_months: int = 0
    extended_because: str = ""


@dataclass(frozen=True)
class AnswerEntry:
    """What was decided, and, where something was given: what, to whom, how, when. `drafts` are ids of files here."""

    decision: str = ""
    decided_on: date | None = None
    exemptions: tuple[str, ...] = ()
    means: str = ""
    given_on: date | None = None
    given: str = ""
    given_to: str = ""
    drafts: tuple[str, ...] = ()


def check_request(entry: RequestEntry, session: NamedSession, calendar: Calendar, *, today: date) -> None:
    """Raise Invalid with a sentence for each field of a request that cannot be right."""
    faults = not_in_future(
        today, asked_on=entry.asked_on, passed_on=entry.passed_on, identity_asked_on=entry.identity_asked_on,
        identity_confirmed_on=entry.identity_confirmed_on,
    ) | known_codes(entry, {"kind": REQUEST_KINDS})  # fmt: skip
    if entry.asked_on is None:
        faults["asked_on"] = "Give the day on which the request was received."
    else:
        for name in ("passed_on", "due_by", "identity_asked_on", "identity_confirmed_on"):
            day = getattr(entry, name)
            if day is not None and day < entry.asked_on:
                faults.setdefault(name, EARLIER)
    faults |= _faults_of_dates(entry)
    body = session.get(Agency, entry.body_id) if entry.body_id else None
    if entry.body_id and body is None:
        faults["body_id"] = "Choose from the list."
    if entry.passed_on and body is None:
        faults.setdefault("body_id", "Say which body it was passed to.")
    if body is not None and entry.passed_on is None:
        faults.setdefault("passed_on", "Give the day on which it was passed on.")
    if not entry.reviews.strip():
        for name in ("asker", "wanted"):
            if getattr(entry, name).strip():
                faults[name] = UNDER_NO_KEY
    if not faults and entry.asked_on is not None:
        try:
            answer_due(entry.kind, entry.asked_on, extended_months=entry.extended_months, calendar=calendar)
        except CalendarEnds as unknown:
            faults["asked_on"] = unknown.sentence
    if faults:
        raise Invalid(faults)


def _faults_of_dates(entry: RequestEntry) -> dict[str, str]:
    """What only some kinds of request have."""
    faults = {}
    if entry.kind in COUNTED and entry.due_by is not None:
        faults["due_by"] = "For this kind the law says until when: leave this empty."
    if entry.kind != SUBJECT_ACCESS and (entry.identity_asked_on or entry.identity_confirmed_on):
        faults["identity_asked_on"] = (
            "Only a subject access request waits until who asks is confirmed: leave this empty."
        )
    elif entry.identity_confirmed_on and not entry.identity_asked_on:
        faults["identity_asked_on"] = "Give the day on which they were asked who they are."
    elif (
        entry.identity_asked_on
        and entry.identity_confirmed_on
        and entry.identity_confirmed_on < entry.identity_asked_on
    ):
        faults["identity_confirmed_on"] = "This lies before the day on which they were asked: check both days."
    if entry.kind != SUBJECT_ACCESS and entry.extended_months:
        faults["extended_months"] = "Only the answer to a subject access request can be put off: leave this empty."
    elif not 0 <= entry.extended_months <= MOST_MONTHS:
        faults["extended_months"] = "It can be put off by one month or two."
    elif entry.extended_months and entry.extended_because not in EXTENDED_BECAUSE:
        faults["extended_because"] = "Say why it is put off: the law knows two reasons."
    elif entry.extended_because and not entry.extended_months:
        faults["extended_months"] = "Say by how much it is put off, or leave out the reason."
    return faults


def check_answer(
    entry: AnswerEntry, row: InformationRequest, links: Collection[RequestReview], session: NamedSession, *, today: date
) -> None:
    """Raise Invalid with a sentence for each field of a decision that cannot be right."""
    faults = known_codes(entry, {"decision": REQUEST_DECISIONS})
    faults |= not_in_future(today, decided_on=entry.decided_on, given_on=entry.given_on)
    if entry.decided_on is None:
        faults["decided_on"] = "Give the day of the decision."
    elif entry.decided_on < row.asked_on:
        faults.setdefault("decided_on", EARLIER)
    if entry.decision in REQUEST_DECISIONS:
        faults |= _faults_of_exemptions(entry, row.kind) | _faults_of_giving(entry)
    if entry.given.strip() or entry.given_to.strip():
        name = "given" if entry.given.strip() else "given_to"
        if not links:
            faults[name] = UNDER_NO_KEY
        elif {link.review_id for link in links} <= names_gone(session, [link.review_id for link in links]):
            faults[name] = DESTROYED
    known = reviews_of_drafts(session, entry.drafts)
    if set(entry.drafts) - {draft for draft, of in known.items() if of in {link.review_id for link in links}}:
        faults["drafts"] = "Choose files of the reviews that this request is about."
    if faults:
        raise Invalid(faults)


def _faults_of_exemptions(entry: AnswerEntry, kind: str) -> dict[str, str]:
    fitting = FOI_EXEMPTIONS if kind == FOI else DPA_EXEMPTIONS
    if set(entry.exemptions) - set(fitting):
        act = "the Freedom of Information Act" if kind == FOI else "the Data Protection Act"
        return {"exemptions": f"A request of this kind is decided under {act}: choose among its exemptions."}
    if entry.decision in HELD_BACK and kind in COUNTED and not entry.exemptions:
        return {"exemptions": "Something was held back: say under which exemption."}
    if entry.decision not in HELD_BACK and entry.exemptions:
        return {"exemptions": "Nothing was held back: untick these, or choose another decision."}
    return {}


def _faults_of_giving(entry: AnswerEntry) -> dict[str, str]:
    if entry.decision not in GIVEN:
        said = [name for name in ("means", "given_on", "given", "given_to", "drafts") if getattr(entry, name)]
        return dict.fromkeys(said[:1], "By this decision nothing was given: leave this empty.")
    faults = {}
    if entry.means not in GIVEN_BY:
        faults["means"] = "Say how it was given."
    if entry.given_on is None:
        faults["given_on"] = "Give the day on which it was given."
    elif entry.decided_on and entry.given_on < entry.decided_on:
        faults["given_on"] = "It was given before it was decided: check both days."
    return faults


def reviews_of_drafts(session: NamedSession, drafts: Collection[str]) -> dict[str, UUID]:
    """The review of each of these files, by its id; of what is no file nothing."""
    ids = []
    for each in drafts:
        try:
            ids.append(UUID(each))
        except ValueError:
            return {}
    rows = session.execute(select(Draft.id, Draft.review_id).where(Draft.id.in_(ids)).order_by(Draft.id))
    return {str(row.id): row.review_id for row in rows}
