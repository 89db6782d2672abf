"""The page of a review’s block list: who is barred and why, whom to decide about, and who could be put on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.account import Account, Conflict
from dhr_app.database.models.declaration import Declaration
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import BARRED_BECAUSE, LIFTED_BECAUSE
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class BarredLine:
    """One on the list: a person by name and role, or an address without an account; `asked_by` asked to take them off.

    `yours` is whether it was the reader who asked.
    """

    id: UUID
    who: str
    why: str
    on: date | None
    entered_by: str
    asked_by: str
    asked_because: str
    yours: bool


@dataclass(frozen=True)
class UnsureLine:
    """Somebody who is not sure whether they know anybody in the review. `about_you` is decided by somebody else."""

    id: UUID
    who: str
    on: date
    note: str
    about_you: bool


@dataclass(frozen=True)
class BlockListPage:
    """The list, the newest entry first; `people` are those who may be put on it, by the id of their account."""

    reference: str
    barred: tuple[BarredLine, ...]
    unsure: tuple[UnsureLine, ...]
    people: dict[UUID, str]


def block_list_page(reference: str, *, by: Person, at: datetime) -> BlockListPage:
    """The page of the list; what people wrote of whom they know is opened for it. Raises OutOfReach, NotAllowed."""
    with looking(reference, "conflict.see", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        barred = tuple(_barred(look))
        return BlockListPage(reference, barred, tuple(_unsure(look)), _people(look))


def barred_one(reference: str, conflict_id: UUID, *, by: Person, at: datetime) -> BarredLine:
    """One entry of the list. Raises OutOfReach, NotAllowed."""
    page = block_list_page(reference, by=by, at=at)
    return _one_of(page.barred, conflict_id)


def unsure_one(reference: str, declaration_id: UUID, *, by: Person, at: datetime) -> UnsureLine:
    """One of those to decide about. Raises OutOfReach, also where it is decided; NotAllowed."""
    page = block_list_page(reference, by=by, at=at)
    return _one_of(page.unsure, declaration_id)


Line = TypeVar("Line", BarredLine, UnsureLine)


def _one_of(lines: tuple[Line, ...], line_id: UUID) -> Line:
    found = [line for line in lines if line.id == line_id]
    if not found:
        raise OutOfReach
    return found[0]


def _barred(look: Look) -> Iterator[BarredLine]:
    rows = look.session.execute(
        select(Conflict, Account.name, Account.role)
        .outerjoin(Account, Account.id == Conflict.account_id)
        .where(Conflict.review_id == look.review.id)
        .order_by(Conflict.entered_at.desc(), Conflict.id)
    )
    for row, name, role in rows:
        yield BarredLine(
            row.id,
            _called(name, role) if name else f"{row.address}, who has no account",
            BARRED_BECAUSE[row.why],
            london_date(row.entered_at) if row.entered_at else None,
            row.entered_by_name or "",
            row.lift_asked_by_name or "",
            LIFTED_BECAUSE[row.lift_reason] if row.lift_reason else "",
            row.lift_asked_by_id == look.by.id,
        )


def _unsure(look: Look) -> Iterator[UnsureLine]:
    rows = look.session.execute(
        select(Declaration, Account.name, Account.role)
        .join(Account, Account.id == Declaration.account_id)
        .where(
            Declaration.review_id == look.review.id,
            Declaration.answer == "unsure",
            Declaration.decided.is_(None),
            Declaration.replaced_at.is_(None),
        )
        .order_by(Declaration.declared_at, Declaration.id)
    )
    for row, name, role in rows:
        on = london_date(row.declared_at)
        yield UnsureLine(row.id, _called(name, role), on, row.note or "", row.account_id == look.by.id)


def _people(look: Look) -> dict[UUID, str]:
    known = select(Conflict.account_id).where(Conflict.review_id == look.review.id, Conflict.account_id.is_not(None))
    rows = look.session.execute(
        select(Account.id, Account.name, Account.role)
        .where(Account.id.not_in(known))
        .order_by(Account.name, Account.id)
    )
    return {row.id: _called(row.name, row.role) for row in rows}


def _called(name: str, role: str) -> str:
    return f"{name}, {Role(role).label.lower()}"
