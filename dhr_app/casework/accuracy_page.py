"""The pages of factual accuracy checks: whom each version was sent to, who answered, and what that came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.accuracy import ANSWERED
from dhr_app.casework.accuracy_answer import CheckEntry, SettlingEntry, entry_of, settling_of
from dhr_app.casework.asked_by import asked_by
from dhr_app.casework.own_dates import OwnDate, own_dates
from dhr_app.casework.rows import own_row, under_way
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.unseated import unseated_here
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class CheckLine:
    """One check on the page, nothing of it opened. `asked_again`: a later check of the same agency took its place."""

    id: UUID
    agency_id: UUID
    agency: str
    paper_id: UUID
    paper_number: int
    sent_on: date
    outcome: str
    answered_on: date | None
    settled_on: date | None
    voided_on: date | None
    due: OwnDate | None
    asked_again: bool

    @property
    def state(self) -> str:
        """Where the check stands: its outcome, or ask_again, replaced, to_settle, settled."""
        if self.voided_on is not None:
            return "replaced" if self.asked_again else "ask_again"
        if self.outcome == "corrections":
            return "settled" if self.settled_on else "to_settle"
        return self.outcome


@dataclass(frozen=True)
class AccuracyPage:
    """Every check of a review. `report` is the number of the report’s current version, None while there is none.

    `unseated` are agencies whose people cannot see that they were asked.
    """

    reference: str
    checks: tuple[CheckLine, ...]
    report: int | None
    has_this_version: frozenset[UUID]
    may_ask: bool
    under_way: bool
    unseated: frozenset[UUID]


@dataclass(frozen=True)
class CheckPage:
    """One agency’s check, opened. `asked_by` is who sent it; `unseated`: nobody there can see it."""

    reference: str
    line: CheckLine
    version: int
    entry: CheckEntry
    settling: SettlingEntry
    on_behalf: bool
    may_answer: bool
    may_ask: bool
    may_settle: bool
    asked_by: str
    unseated: bool

    @property
    def answered(self) -> bool:
        """Whether the agency has answered."""
        return self.line.outcome in ANSWERED


@dataclass(frozen=True)
class SettlingPage:
    """The corrections of one agency, and what became of them."""

    reference: str
    line: CheckLine
    version: int
    asked_for: CheckEntry
    entry: SettlingEntry


@dataclass(frozen=True)
class SendingEntry:
    """The day on which an agency was sent its passages."""

    sent_on: date | None


@dataclass(frozen=True)
class SendingPage:
    """The sending of one check, to be corrected."""

    reference: str
    line: CheckLine
    version: int
    entry: SendingEntry


def accuracy_checks(reference: str, *, by: Person, at: datetime) -> AccuracyPage:
    """The page as it is for this person; opens nothing. Raises OutOfReach, NotAllowed."""
    own = by.role is Role.AGENCY_CONTRIBUTOR
    with looking(reference, "review.reach" if own else "accuracy.see", by=by, at=at) as look:
        checks = tuple(
            line for line in _lines(look) if not own or look.may("accuracy.answer", agency_id=line.agency_id)
        )
        paper = look.session.execute(
            select(Paper.id, Paper.number).where(
                Paper.review_id == look.review.id, Paper.kind == "overview_report", Paper.superseded_on.is_(None)
            )
        ).one_or_none()
        has_it = frozenset(
            line.agency_id
            for line in checks
            if line.voided_on is None
            and (line.outcome == "open" or (line.outcome != "taken_back" and paper and line.paper_id == paper.id))
        )
        report = paper.number if paper else None
        may_ask = look.may("accuracy.ask")
        waited_for = [line.agency_id for line in checks if line.state == "open"]
        unseated = unseated_here(look, waited_for) if may_ask else frozenset()
        return AccuracyPage(reference, checks, report, has_it, may_ask, under_way(look), unseated)


def open_check(reference: str, check_id: UUID, *, by: Person, at: datetime) -> CheckPage:
    """One agency’s check, opened. Raises OutOfReach, NotAllowed for somebody else’s, SealError."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        row = own_row(look, AccuracyCheck, check_id)
        if not look.may("accuracy.read", agency_id=row.agency_id):
            raise NotAllowed("accuracy.read", "This check belongs to another agency.")
    with looking(reference, "review.reach", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, AccuracyCheck, check_id)
        line = next(line for line in _lines(look) if line.id == row.id)
        goes_on = under_way(look)
        may_ask = goes_on and look.may("accuracy.ask")
        stands = goes_on and row.voided_on is None and row.outcome != "taken_back"
        return CheckPage(
            reference, line, row.version, entry_of(row), settling_of(row), row.on_behalf,
            may_answer=stands and look.may("accuracy.answer", agency_id=row.agency_id),
            may_ask=may_ask,
            may_settle=stands and row.outcome == "corrections" and look.may("accuracy.settle"),
            asked_by=asked_by(look, row.id),
            unseated=may_ask and line.state == "open" and bool(unseated_here(look, [row.agency_id])),
        )  # fmt: skip


def open_settling(reference: str, check_id: UUID, *, by: Person, at: datetime) -> SettlingPage:
    """An agency’s corrections, opened for whoever settles them. Raises OutOfReach where there are none, NotAllowed."""
    with looking(reference, "accuracy.settle", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, AccuracyCheck, check_id)
        line = next(line for line in _lines(look) if line.id == row.id)
        if line.state not in ("to_settle", "settled"):
            raise OutOfReach
        return SettlingPage(reference, line, row.version, entry_of(row), settling_of(row))


def sending(reference: str, check_id: UUID, *, by: Person, at: datetime) -> SendingPage:
    """When one agency was sent its passages. Raises OutOfReach, NotAllowed."""
    with looking(reference, "accuracy.ask", by=by, at=at) as look:
        row = own_row(look, AccuracyCheck, check_id)
        line = next(line for line in _lines(look) if line.id == row.id)
        return SendingPage(reference, line, row.version, SendingEntry(row.sent_on))


def _lines(look: Look) -> list[CheckLine]:
    dates = own_dates(look)
    found = look.session.execute(
        select(
            AccuracyCheck.id, AccuracyCheck.agency_id, Agency.name.label("agency"), AccuracyCheck.paper_id,
            Paper.number.label("paper_number"),
            AccuracyCheck.sent_on, AccuracyCheck.outcome, AccuracyCheck.answered_on, AccuracyCheck.settled_on,
            AccuracyCheck.voided_on,
        )
        .join(Agency, Agency.id == AccuracyCheck.agency_id)
        .join(Paper, Paper.id == AccuracyCheck.paper_id)
        .where(AccuracyCheck.review_id == look.review.id)
        .order_by(Agency.name, AccuracyCheck.sent_on.desc(), AccuracyCheck.id)
    ).all()  # fmt: skip
    standing = {row.agency_id for row in found if row.voided_on is None and row.outcome != "taken_back"}
    return [
        CheckLine(
            **row._asdict(), due=dates.get(("factual_accuracy_due", row.id)), asked_again=row.agency_id in standing
        )
        for row in found
    ]
