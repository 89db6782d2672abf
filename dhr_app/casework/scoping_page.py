"""The pages of scoping: who was asked and who answered; an agency’s contributor sees only that agency’s own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.asked_by import asked_by
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.scoping import ReturnEntry, entry_of
from dhr_app.casework.unseated import unseated_here
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class RequestLine:
    """One agency on the scoping page; nothing of its return."""

    id: UUID
    agency_id: UUID
    agency: str
    asked_on: date
    outcome: str
    answered_on: date | None
    escalated_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class ScopingPage:
    """Everybody asked about a review. `unseated` are agencies whose people cannot see that they were asked."""

    reference: str
    requests: tuple[RequestLine, ...]
    may_ask: bool
    unseated: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class ReturnPage:
    """One agency’s return, opened. `asked_by` is who asked; `unseated`: nobody there can see it."""

    reference: str
    line: RequestLine
    version: int
    entry: ReturnEntry
    on_behalf: bool
    may_answer: bool
    may_ask: bool
    asked_by: str
    unseated: bool


def scoping_page(reference: str, *, by: Person, at: datetime) -> ScopingPage:
    """Who was asked and who answered; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "scoping.see", by=by, at=at) as look:
        lines, may_ask = tuple(_lines(look)), look.may("scoping.ask")
        waited_for = [line.agency_id for line in lines if line.outcome == "open"]
        return ScopingPage(reference, lines, may_ask, unseated_here(look, waited_for) if may_ask else frozenset())


def own_requests(reference: str, *, by: Person, at: datetime) -> ScopingPage:
    """What the person’s own agency was asked on this review. Raises OutOfReach."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        mine = tuple(line for line in _lines(look) if look.may("scoping.answer", agency_id=line.agency_id))
        return ScopingPage(reference, mine, may_ask=False)


def what_was_asked(reference: str, *, by: Person, at: datetime) -> ScopingPage:
    """The scoping page as it is for this person: everybody asked, or for an agency’s contributor only its own."""
    own = by.role is Role.AGENCY_CONTRIBUTOR
    return (own_requests if own else scoping_page)(reference, by=by, at=at)


def open_return(reference: str, request_id: UUID, *, by: Person, at: datetime) -> ReturnPage:
    """One agency’s return, opened. Raises OutOfReach, NotAllowed for somebody else’s, SealError."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        row = own_row(look, ScopingRequest, request_id)
        if not look.may("scoping.read", agency_id=row.agency_id):
            raise NotAllowed("scoping.read", "This return belongs to another agency.")
    with looking(reference, "review.reach", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, ScopingRequest, request_id)
        line = next(line for line in _lines(look) if line.id == row.id)
        may_answer = look.may("scoping.answer", agency_id=row.agency_id)
        may_ask = look.may("scoping.ask")
        unseated = may_ask and row.outcome == "open" and bool(unseated_here(look, [row.agency_id]))
        return ReturnPage(
            reference, line, row.version, entry_of(row), row.on_behalf, may_answer, may_ask,
            asked_by(look, row.id), unseated,
        )  # fmt: skip


def _lines(look: Look) -> list[RequestLine]:
    due = {clock.subject_id: clock.first_due_on for clock in look.facts().clocks if clock.subject_id}
    rows = look.session.execute(
        select(
            ScopingRequest.id, ScopingRequest.agency_id, Agency.name, ScopingRequest.asked_on, ScopingRequest.outcome,
            ScopingRequest.answered_on, ScopingRequest.escalated_on,
        )
        .join(Agency, Agency.id == ScopingRequest.agency_id)
        .where(ScopingRequest.review_id == look.review.id)
        .order_by(Agency.name)
    )  # fmt: skip
    return [RequestLine(*row, due.get(row[0])) for row in rows]
