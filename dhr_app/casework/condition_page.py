"""A condition’s page: what it asks, and everything that was stated about it, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import paper_rests
from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.statement import conditions_asked, known_condition, last_rested_on, not_theirs, rested_on
from dhr_app.database.models.account import Account
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.statement import Statement
from dhr_app.database.session import NamedSession
from dhr_app.workflows.answers import WHY_NOT_APPLICABLE, Answer
from dhr_app.workflows.conditions import Condition
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class SignedFile:
    """A file by its SHA-256; `name` is the version on file that it is, empty where it is none."""

    sha256: str
    name: str


@dataclass(frozen=True)
class StatementShown:
    """A statement as a page shows it, opened; `awaits` says whose agreement is still needed, `void` why it is void.

    `may_withdraw` is whether it is the reader’s to take back, where nothing rests on it.
    """

    id: UUID
    answer: Answer
    stage: str
    stated_by: str
    stated_on: date
    recorded_by: str
    reason: str
    evidence: str
    present: str
    files: tuple[SignedFile, ...]
    awaits: str
    void: str
    seconded_by: str
    withdrawn: bool
    used: bool
    may_second: bool
    may_accept: bool
    may_withdraw: bool


@dataclass(frozen=True)
class ConditionPage:
    """One condition with everything that was stated about it, newest first.

    `signs` are the current papers that a statement about files would sign; `not_signed_yet` says why it cannot.
    """

    reference: str
    condition: Condition
    statements: tuple[StatementShown, ...]
    may_state: bool
    signs: tuple[SignedFile, ...] = ()
    not_signed_yet: str = ""


def condition_page(reference: str, name: str, *, by: Person, at: datetime) -> ConditionPage:
    """A condition and what was stated about it, opened. Raises OutOfReach, NotAllowed, SealError."""
    condition = known_condition(name)
    opens = [DataClass.WORKING_PAPERS] if by.role in condition.stated_by else []
    with looking(reference, "statement.see", opens=opens, by=by, at=at) as look:
        rows = look.session.scalars(
            select(Statement)
            .where(Statement.review_id == look.review.id, Statement.condition == name)
            .order_by(Statement.recorded_at.desc(), Statement.id)
        ).all()
        names = _names(look.session, rows)
        asked = condition in conditions_asked(Stage(look.review.stage), look.rule_set)
        may_second = asked and condition.two_people and look.may("statement.second")
        may_accept = asked and look.may("statement.accept")
        may_state = asked and look.may("statement.make") and by.role in condition.stated_by
        rested = last_rested_on(look.session, look.review.id, name)
        papers = _papers(look) if condition.files else {}
        shown = tuple(
            _shown(
                row,
                names,
                papers,
                by,
                rested,
                may_second=may_second,
                may_accept=may_accept,
                opened=bool(opens),
                may_withdraw=may_state and not not_theirs(look.session, row, by),
            )
            for row in rows
        )
        page = ConditionPage(reference, condition, shown, may_state)
        return _with_papers(page, look, papers) if condition.files else page


def statement_page(
    reference: str, statement_id: UUID, permission: str, *, by: Person, at: datetime
) -> tuple[ConditionPage, StatementShown]:
    """One statement that somebody with the permission may settle, opened, with its condition.

    Raises OutOfReach, also once it was taken back, NotAllowed, also where it is not theirs to take back, SealError.
    """
    with looking(reference, permission, by=by, at=at) as look:
        row = look.session.get(Statement, statement_id)
        if row is None or row.review_id != look.review.id or row.withdrawn_at is not None:
            raise OutOfReach(look.review.id)
        if permission == "statement.make" and (sentence := not_theirs(look.session, row, by)):
            raise NotAllowed(permission, sentence)
        name = row.condition
    page = condition_page(reference, name, by=by, at=at)
    return page, next(one for one in page.statements if one.id == statement_id)


def _with_papers(page: ConditionPage, look: Look, papers: Mapping[str, str]) -> ConditionPage:
    current = paper_rests.current_papers(look)
    signs = tuple(SignedFile(sha256, papers[sha256]) for sha256 in paper_rests.signed_hashes(current))
    return replace(page, signs=signs, not_signed_yet=paper_rests.not_to_be_signed(current))


def _papers(look: Look) -> dict[str, str]:
    """Every version on file by its SHA-256: what it is called."""
    rows = rows_of(look, Paper, Paper.kind, Paper.number)
    return {row.sha256: f"{PAPER_KINDS[row.kind]}, version {row.number}" for row in rows}


def _names(session: NamedSession, rows: Sequence[Statement]) -> dict[UUID, str]:
    ids = {row.recorded_by_id for row in rows} | {row.second_id for row in rows if row.second_id}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)).order_by(Account.name))
    return {row.id: row.name for row in found}


def _shown(
    row: Statement,
    names: dict[UUID, str],
    papers: Mapping[str, str],
    by: Person,
    rested: datetime | None,
    *,
    may_second: bool,
    may_accept: bool,
    opened: bool,
    may_withdraw: bool,
) -> StatementShown:
    waiting = row.withdrawn_at is None and row.voided_on is None and not row.counts
    could_not = row.answer == Answer.COULD_NOT_BE_DONE.value
    other = by.id != row.recorded_by_id
    awaits = "the steering group chair’s acceptance" if could_not else "a second person’s agreement"
    return StatementShown(
        id=row.id,
        answer=Answer(row.answer),
        stage=Stage(row.about).label if row.about else "",
        stated_by=row.stated_by,
        stated_on=row.stated_on,
        recorded_by=names.get(row.recorded_by_id, ""),
        reason=WHY_NOT_APPLICABLE.get(row.reason_code or "", ""),
        evidence=(row.evidence or "") if opened else "",
        present=_present(row),
        files=tuple(SignedFile(sha256, papers.get(sha256, "")) for sha256 in row.file_hashes),
        awaits=awaits if waiting else "",
        void=paper_rests.void_because(row.voided_on, row.voided_because),
        seconded_by=names.get(row.second_id, "") if row.second_id else "",
        withdrawn=row.withdrawn_at is not None,
        used=rested_on(row, rested),
        may_second=waiting and not could_not and may_second and other,
        may_accept=waiting and could_not and may_accept and other,
        may_withdraw=may_withdraw,
    )


def _present(row: Statement) -> str:
    """How many organisations agreed, where a statement was made of that before there were records of meetings."""
    if not row.organisations:
        return ""
    return "By circulation" if row.organisations == ["by_circulation"] else str(len(row.organisations))
