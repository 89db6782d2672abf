"""Who is signed in, as the rules see them: role, seats with each review’s stage, conflicts; read at each request."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, or_, select

from dhr_app.casework.house import house
from dhr_app.database.models.account import Account, Conflict, Membership, SignIn
from dhr_app.database.models.declaration import Declaration, Signature
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.kept_apart import SensitiveGrant
from dhr_app.database.models.review import Review
from dhr_app.database.models.second_factor import Authenticator
from dhr_app.database.session import NamedSession
from dhr_app.workflows import permissions
from dhr_app.workflows.emergency import Emergency
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

Rows = Select[*tuple[Any, ...]]
ACCOUNT, SEAT, BAR, EXTRA, SIGN_IN, FACTOR = (
    model.__table__ for model in (Account, Membership, Conflict, SensitiveGrant, SignIn, Authenticator)
)
DECLARED, SIGNED, REVIEW = Declaration.__table__, Signature.__table__, Review.__table__
EMERGENCY, OPEN_REVIEW = EmergencyAccess.__table__, Review.__table__.alias("open_review")
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # a moment at which no emergency access runs any more


@dataclass(frozen=True)
class Arrival:
    """A sign-in that was not ended, with the person behind it."""

    sign_in_id: UUID
    began_at: datetime
    last_seen_at: datetime
    proved_at: datetime | None
    with_code: bool
    tenant_id: UUID | None
    person: Person


def person_of(session: NamedSession, account: Account, *, at: datetime | None = None) -> Person:
    """The person behind an account, with every seat that was not ended: the rules look at the days of the others.

    With the emergency access that they have at a moment, where one is given.
    """
    asked = {"account_id": account.id, "now": at or NEVER, **asked_now()}
    return _person(session.execute(_by_account(), asked).all())


def people_in(session: NamedSession, roles: Collection[Role], *, at: datetime | None = None) -> tuple[Person, ...]:
    """Everybody who may come in and has one of these roles, each with their seats and conflicts.

    With the emergency access that they have at a moment, where one is given.
    """
    known = _people().where(ACCOUNT.c.role.in_(sorted(roles)), ACCOUNT.c.blocked_on.is_(None))
    rows = session.execute(
        known.order_by(None).order_by(
            ACCOUNT.c.id, SEAT.c.from_on, SEAT.c.id, BAR.c.review_id, EXTRA.c.from_on, EXTRA.c.id
        ),
        {"now": at or NEVER, **asked_now()},
    )
    return tuple(_person(list(each)) for _, each in groupby(rows, key=lambda row: row.id))


def arrival(session: NamedSession, token_sha256: bytes, *, at: datetime) -> Arrival | None:
    """The sign-in of this token; None once it is ended or its account blocked.

    The person behind it has the emergency access that runs at this moment.
    """
    rows = session.execute(_by_token(), {"token_sha256": token_sha256, "now": at, **asked_now()}).all()
    if not rows:
        return None
    first = rows[0]
    return Arrival(
        first.sign_in_id,
        first.began_at,
        first.last_seen_at,
        first.proved_at,
        first.with_code,
        first.tenant_id,
        _person(rows),
    )


def asked_now() -> dict[str, str]:
    """Which text of the undertaking has to be signed: what a statement with is_open() is executed with."""
    return {"undertaking": house().rule_book.undertaking.sha256}


# These are asked at every request: one statement each, built once. A seat comes once for each conflict, each extra
# grant, and each emergency access that runs; all are few.


@cache
def _people() -> Rows:
    account, seat, bar, extra, emergency = ACCOUNT.c, SEAT.c, BAR.c, EXTRA.c, EMERGENCY.c
    runs = and_(
        emergency.asked_by_id == account.id, emergency.until_at > bindparam("now"), emergency.ended_at.is_(None)
    )
    return (
        select(
            account.id, account.name, account.role, account.agency_id, bar.review_id.label("barred_id"),
            seat.id.label("seat_id"), seat.review_id, seat.role.label("seat_role"),
            seat.agency_id.label("seat_agency_id"), seat.from_on, seat.to_on, seat.lapses_on,
            is_open().label("seat_is_open"), REVIEW.c.stage.label("seat_stage"),
            emergency.review_id.label("opened_id"), emergency.until_at,
            OPEN_REVIEW.c.reference.label("opened_reference"),
            extra.id.label("extra_id"), extra.review_id.label("extra_review_id"),
            extra.from_on.label("extra_from_on"), extra.to_on.label("extra_to_on"),
        )
        .select_from(ACCOUNT)
        .outerjoin(SEAT, and_(seat.account_id == account.id, seat.ended_at.is_(None)))
        .outerjoin(REVIEW, REVIEW.c.id == seat.review_id)
        .outerjoin(BAR, bar.account_id == account.id)
        .outerjoin(EMERGENCY, runs)
        .outerjoin(OPEN_REVIEW, OPEN_REVIEW.c.id == emergency.review_id)
        .outerjoin(EXTRA, and_(extra.account_id == account.id, extra.ended_at.is_(None)))
        .order_by(seat.from_on, seat.id, bar.review_id, extra.from_on, extra.id)
    )  # fmt: skip


def is_open() -> ColumnElement[bool]:
    """Whether whoever has a seat declared no conflict, or may take part, and signed the present undertaking."""
    declared, signed = DECLARED.c, SIGNED.c
    clear_of_conflict = (
        select(declared.id)
        .where(
            declared.account_id == SEAT.c.account_id,
            declared.review_id == SEAT.c.review_id,
            declared.replaced_at.is_(None),
            or_(declared.answer == "none", declared.decided == "allowed"),
        )
        .exists()
    )
    undertaken = (
        select(signed.id)
        .where(
            signed.account_id == SEAT.c.account_id,
            signed.review_id == SEAT.c.review_id,
            signed.sha256 == bindparam("undertaking"),
        )
        .exists()
    )
    return and_(clear_of_conflict, undertaken)


@cache
def _by_account() -> Rows:
    return _people().where(ACCOUNT.c.id == bindparam("account_id"))


@cache
def _by_token() -> Rows:
    sign_in, factor = SIGN_IN.c, FACTOR.c
    counts = select(factor.id).where(
        factor.account_id == ACCOUNT.c.id, factor.confirmed_at.is_not(None), factor.ended_at.is_(None)
    )
    return (
        _people()
        .add_columns(sign_in.id.label("sign_in_id"), sign_in.began_at, sign_in.last_seen_at, sign_in.proved_at)
        .add_columns(sign_in.tenant_id, exists(counts).label("with_code"))
        .join(SIGN_IN, sign_in.account_id == ACCOUNT.c.id)
        .where(
            sign_in.token_sha256 == bindparam("token_sha256"),
            sign_in.ended_at.is_(None),
            ACCOUNT.c.blocked_on.is_(None),
        )
    )


def _person(rows: Sequence[Row[Any]]) -> Person:
    first = rows[0]
    seats = {
        row.seat_id: permissions.Membership(
            row.review_id,
            Role(row.seat_role),
            row.seat_agency_id,
            row.from_on,
            row.to_on,
            row.lapses_on,
            is_open=bool(row.seat_is_open),
            stage=Stage(row.seat_stage),
        )
        for row in rows
        if row.seat_id is not None
    }
    extra = {
        row.extra_id: permissions.ExtraGrant(row.extra_review_id, row.extra_from_on, row.extra_to_on)
        for row in rows
        if row.extra_id is not None
    }
    return Person(
        id=first.id,
        name=first.name,
        role=Role(first.role),
        agency_id=first.agency_id,
        memberships=tuple(seats.values()),
        conflicts=frozenset(row.barred_id for row in rows if row.barred_id is not None),
        emergencies=_emergencies(rows),
        extra=tuple(extra.values()),
        proved_at=getattr(first, "proved_at", None),
    )


def _emergencies(rows: Sequence[Row[Any]]) -> tuple[Emergency, ...]:
    found = {
        row.opened_id: Emergency(row.opened_id, row.opened_reference, row.until_at)
        for row in rows
        if row.opened_id is not None
    }
    return tuple(sorted(found.values(), key=lambda each: each.reference))
