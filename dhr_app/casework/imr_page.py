"""The pages of IMRs: who was asked and what has come; an agency’s contributor sees only that agency’s own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.asked_by import asked_by
from dhr_app.casework.imr import RequestEntry, request_of, whole_row
from dhr_app.casework.imr_answer import ImrEntry, entry_of
from dhr_app.casework.own_dates import OwnDate, own_dates
from dhr_app.casework.rows import own_row, under_way
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.unseated import unseated_here
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class ImrLine:
    """One agency on the page; nothing of what it wrote. A date is None where the rule set has no such deadline."""

    id: UUID
    agency_id: UUID
    agency: str
    kind: str
    outcome: str
    requested_on: date
    answered_on: date | None
    escalated_on: date | None
    not_required_because: str | None
    chronology_requested: bool
    chronology_received_on: date | None
    author: str | None
    author_independent: str
    signed_off_on: date | None
    due: OwnDate | None
    chronology_due: OwnDate | None


@dataclass(frozen=True)
class ImrsPage:
    """Everybody asked to write. `under_way` is false before the review is commissioned and after its end.

    `unseated` are agencies whose people cannot see that they were asked.
    """

    reference: str
    lines: tuple[ImrLine, ...]
    may_ask: bool
    under_way: bool
    unseated: frozenset[UUID]


@dataclass(frozen=True)
class ImrPage:
    """One agency’s IMR, opened. `asked_by` is who asked; `unseated`: nobody there can see it."""

    reference: str
    line: ImrLine
    version: int
    entry: ImrEntry
    on_behalf: bool
    may_answer: bool
    may_ask: bool
    asked_by: str
    unseated: bool


@dataclass(frozen=True)
class RequestPage:
    """What one agency was asked for, to be corrected."""

    reference: str
    line: ImrLine
    version: int
    entry: RequestEntry


def imrs(reference: str, *, by: Person, at: datetime) -> ImrsPage:
    """The page as it is for this person; opens nothing. Raises OutOfReach, NotAllowed."""
    own = by.role is Role.AGENCY_CONTRIBUTOR
    with looking(reference, "review.reach" if own else "imr.see", by=by, at=at) as look:
        lines = tuple(line for line in _lines(look) if not own or look.may("imr.answer", agency_id=line.agency_id))
        may_ask = look.may("imr.ask")
        waited_for = [line.agency_id for line in lines if line.outcome == "open"]
        unseated = unseated_here(look, waited_for) if may_ask else frozenset()
        return ImrsPage(reference, lines, may_ask, under_way(look), unseated)


def open_imr(reference: str, imr_id: UUID, *, by: Person, at: datetime) -> ImrPage:
    """One agency’s IMR, opened. Raises OutOfReach, NotAllowed for somebody else’s, SealError."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        row = own_row(look, Imr, imr_id)
        if not look.may("imr.read", agency_id=row.agency_id):
            raise NotAllowed("imr.read", "This IMR belongs to another agency.")
    with looking(reference, "review.reach", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = whole_row(look, imr_id)
        (line,) = _lines(look, imr_id)
        goes_on = under_way(look)
        may_answer = goes_on and line.outcome != "not_required" and look.may("imr.answer", agency_id=row.agency_id)
        may_ask = goes_on and look.may("imr.ask")
        unseated = may_ask and row.outcome == "open" and bool(unseated_here(look, [row.agency_id]))
        return ImrPage(
            reference, line, row.version, entry_of(row), row.on_behalf, may_answer, may_ask,
            asked_by(look, row.id), unseated,
        )  # fmt: skip


def imr_request(reference: str, imr_id: UUID, *, by: Person, at: datetime) -> RequestPage:
    """What one agency was asked for. Raises OutOfReach, NotAllowed."""
    with looking(reference, "imr.ask", by=by, at=at) as look:
        row = own_row(look, Imr, imr_id)
        (line,) = _lines(look, imr_id)
        return RequestPage(reference, line, row.version, request_of(row))


def _lines(look: Look, imr_id: UUID | None = None) -> list[ImrLine]:
    dates = own_dates(look)
    rows = (
        select(
            Imr.id, Imr.agency_id, Agency.name.label("agency"), Imr.kind, Imr.outcome, Imr.requested_on,
            Imr.answered_on, Imr.escalated_on, Imr.not_required_because, Imr.chronology_requested,
            Imr.chronology_received_on, Imr.author, Imr.author_independent, Imr.signed_off_on,
        )
        .join(Agency, Agency.id == Imr.agency_id)
        .where(Imr.review_id == look.review.id)
        .order_by(Agency.name)
    )  # fmt: skip
    if imr_id is not None:
        rows = rows.where(Imr.id == imr_id)
    return [
        ImrLine(
            **row._asdict(), due=dates.get(("imr_due", row.id)), chronology_due=dates.get(("chronology_due", row.id))
        )
        for row in look.session.execute(rows)
    ]
