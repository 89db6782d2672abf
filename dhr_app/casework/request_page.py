"""The log of requests for information, and one of them; a list opens nothing, and an auditor reads dates and codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.draft_names import named
from dhr_app.casework.house import house
from dhr_app.casework.information_request import due_of, links_of, request_row
from dhr_app.casework.named_reviews import NOTHING, About, about_of, names_gone, opening_names
from dhr_app.casework.request_checks import SOMEBODY_ELSE_S, AnswerEntry, RequestEntry
from dhr_app.casework.rows import agency_names
from dhr_app.casework.scene import require
from dhr_app.casework.working_days import working_days
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.request_dates import AnswerDue, State, state_of
from dhr_app.workflows.request_wording import REQUESTS_SHORT

FIRST = tuple(State)  # what is late comes first in a list


@dataclass(frozen=True)
class RequestLine:
    """One request in a list. `days` is how many days late it is, below zero how many are left; None without a day."""

    id: UUID
    number: int
    kind: str
    asked_on: date
    body: str
    about: About
    due: AnswerDue
    state: State
    days: int | None
    decision: str
    decided_on: date | None


@dataclass(frozen=True)
class RequestsPage:
    """Every request that the person may be told of: the open ones by their day, then the decided, the latest first."""

    lines: tuple[RequestLine, ...]
    may_change: bool


@dataclass(frozen=True)
class FileGiven:
    """A file of a review that was given, or may be: which, and of which review."""

    id: UUID
    reference: str
    what: str


@dataclass(frozen=True)
class RequestPage:
    """One request. `words` is whether what is sealed of it is shown; `destroyed` whether it is gone with the names.

    Whoever one of its reviews is closed to reads none of the words: they are about all of them.

    `files` are those that may be given, `given` those that were.
    """

    line: RequestLine
    version: int
    entry: RequestEntry
    answer: AnswerEntry
    files: tuple[FileGiven, ...]
    given: tuple[FileGiven, ...]
    words: bool
    destroyed: bool
    may_change: bool


def requests_page(*, by: Person, at: datetime) -> RequestsPage:
    """The log; opens nothing. Raises NotAllowed."""
    today = london_date(at)
    require(by, "requests.see", on=today)
    with house().reading() as session:
        lines = request_lines(session, by=by, on=today)
    return RequestsPage(lines, allows(by, "requests.change", on=today))


def request_lines(
    session: NamedSession, *, undecided: bool = False, review_id: UUID | None = None, by: Person, on: date
) -> tuple[RequestLine, ...]:
    """The requests that the person may be told of, in four questions however many there are."""
    rows = select(InformationRequest).order_by(InformationRequest.number.desc())
    if undecided:
        rows = rows.where(InformationRequest.decision.is_(None))
    if review_id is not None:
        rows = rows.where(
            InformationRequest.id.in_(select(RequestReview.request_id).where(RequestReview.review_id == review_id))
        )
    found = session.scalars(rows).all()
    if not found:
        return ()
    about = about_of(session, RequestReview, RequestReview.request_id, [row.id for row in found], by=by, on=on)
    bodies = agency_names(session, [row.body_id for row in found])
    days = working_days(session)
    lines = [_line(row, about.get(row.id, NOTHING), bodies, on, days) for row in found]
    return tuple(sorted((line for line in lines if not line.about.closed), key=_order))


def due_requests(session: NamedSession, *, by: Person, on: date) -> tuple[RequestLine, ...]:
    """Those that are late or due within a week, the latest first."""
    lines = request_lines(session, undecided=True, by=by, on=on)
    return tuple(line for line in lines if line.state in (State.OVERDUE, State.DUE_SOON))


def request_page(request_id: UUID, permission: str = "requests.see", *, by: Person, at: datetime) -> RequestPage:
    """One request; what is sealed of it is opened for whoever reads it, and the trail knows before.

    Raises NotAllowed, and OutOfReach where all that it is about is closed to the person.
    """
    today = london_date(at)
    require(by, permission, on=today)
    with house().reading() as session:
        page = _page(session, request_id, by=by, today=today)
        about = page.line.about
        gone = names_gone(session, about.ids)
    readable = [review_id for review_id in about.ids if review_id not in gone]
    if about.closed:
        raise OutOfReach
    if permission != "requests.see" and not about.whole:
        raise NotAllowed(permission, SOMEBODY_ELSE_S)
    if not (readable and about.whole) or not allows(by, "requests.read", on=today):
        return page
    with opening_names(readable[:1], by=by, at=at) as session:
        link = next((each for each in links_of(session, request_id) if each.review_id == readable[0]), None)
        return page if link is None else _with_words(page, link)


def _page(session: NamedSession, request_id: UUID, *, by: Person, today: date) -> RequestPage:
    row = request_row(session, request_id)
    about = about_of(session, RequestReview, RequestReview.request_id, [row.id], by=by, on=today).get(row.id, NOTHING)
    line = _line(row, about, agency_names(session, [row.body_id]), today, working_days(session))
    links = [link for link in links_of(session, row.id) if link.review_id in about.ids]
    drafts = tuple(sorted(draft for link in links for draft in link.drafts))
    references = dict(zip(about.ids, about.references, strict=True))
    files = _files(session, about.ids, references)
    gone = names_gone(session, about.ids)
    return RequestPage(
        line,
        row.version,
        RequestEntry(
            row.kind, row.asked_on, ", ".join(about.references), "", "", row.body_id, row.passed_on, row.due_by,
            row.identity_asked_on, row.identity_confirmed_on, row.extended_months, row.extended_because or "",
        ),
        AnswerEntry(
            row.decision or "", row.decided_on, tuple(row.exemptions), row.means or "", row.given_on, "", "", drafts
        ),
        files,
        tuple(each for each in files if str(each.id) in drafts),
        False,
        bool(about.ids) and gone >= set(about.ids),
        allows(by, "requests.change", on=today) and about.whole,
    )  # fmt: skip


def _with_words(page: RequestPage, link: RequestReview) -> RequestPage:
    entry = {**vars(page.entry), "asker": link.asker or "", "wanted": link.wanted or ""}
    answer = {**vars(page.answer), "given": link.given or "", "given_to": link.given_to or ""}
    return RequestPage(**{**vars(page), "entry": RequestEntry(**entry), "answer": AnswerEntry(**answer), "words": True})


def _files(session: NamedSession, ids: Collection[UUID], references: Mapping[UUID, str]) -> tuple[FileGiven, ...]:
    """The files of these reviews by kind and number: what they are called is sealed."""
    rows: Iterable[Any] = session.execute(
        select(Draft.id, Draft.review_id, Draft.kind, Draft.series, Draft.number)
        .where(Draft.review_id.in_(list(ids)))
        .order_by(Draft.review_id, Draft.kind, Draft.series, Draft.number)
    )
    found = [
        FileGiven(
            row.id,
            references[row.review_id],
            named(row.kind, row.series, row.number),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.reference, each.what)))


def _line(
    row: InformationRequest, about: About, bodies: Mapping[UUID, str], today: date, days: Calendar
) -> RequestLine:
    due = due_of(row, days)
    waits = row.identity_asked_on is not None and row.identity_confirmed_on is None
    state = state_of(due, decided=row.decision is not None, waits_for_identity=waits, today=today)
    return RequestLine(
        row.id,
        row.number,
        REQUESTS_SHORT[row.kind],
        row.asked_on,
        bodies[row.body_id] if row.body_id else "",
        about,
        due,
        state,
        None if due.on is None else (today - due.on).days,
        row.decision or "",
        row.decided_on,
    )


def _order(line: RequestLine) -> tuple[int, int, int, int]:
    if line.state is State.DECIDED:
        return (1, 0, -(line.decided_on or date.min).toordinal(), -line.number)
    return (0, FIRST.index(line.state), (line.due.on or date.max).toordinal(), line.number)
