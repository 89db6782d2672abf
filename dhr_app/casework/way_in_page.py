"""What lets somebody choose a new password, as the pages on accounts show it: what waits, and what went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.outbox import State
from dhr_app.casework.way_in_link import is_live
from dhr_app.database.models.account import Account
from dhr_app.database.models.reminder import Message
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.access import may_confirm
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role
from dhr_app.workflows.way_in import WAITS, how_sure

NOT_SENT = {
    State.WAITING.value: "The mail waits for the mail server.",
    State.DEAD.value: "The mail was not taken: check the address.",
    State.OUTDATED.value: "The mail was not sent: ask for it anew.",
    State.WITHDRAWN.value: "The mail was not sent: ask for it anew.",
    State.HELD.value: "The mail is held.",
}


@dataclass(frozen=True)
class WayInLine:
    """One that is not settled. `until` is when the link ends, or what waits can be confirmed no more.

    `waits` is whether a second person has to confirm it; `mail` is empty where nothing is wrong with the mail.
    """

    id: UUID
    account_id: UUID
    name: str
    role: Role
    made_sure: str
    with_factor: bool
    by: str
    asked_at: datetime
    until: datetime
    waits: bool
    mail: str
    may_confirm: bool
    may_take_back: bool


def ways_in(session: NamedSession, *, account_id: UUID | None = None, by: Person, at: datetime) -> list[WayInLine]:
    """What is not settled, of one account or of all, the oldest first. A link that is dead is no line."""
    whose = [WayIn.account_id == account_id] if account_id else []
    rows = session.execute(
        select(WayIn, Account, Message.state)
        .join(Account, Account.id == WayIn.account_id)
        .outerjoin(Message, Message.way_in_id == WayIn.id)
        .where(_unsettled(), *whose)
        .order_by(WayIn.made_at, WayIn.id)
    )
    may = allows(by, "accounts.confirm", on=london_date(at))
    return [
        _line(row, account, state or "", may, by, at)
        for row, account, state in rows
        if is_live(row, account, at=at) or _may_be_confirmed(row, at)
    ]


def waiting_for(*, by: Person, at: datetime) -> ColumnElement[bool]:
    """Of rows: what waits for this person to confirm it."""
    return and_(
        _unsettled(), WayIn.expires_at.is_(None), WayIn.made_at > at - WAITS,
        WayIn.made_by_id != by.id, WayIn.account_id != by.id,
    )  # fmt: skip


def _unsettled() -> ColumnElement[bool]:
    return and_(WayIn.used_at.is_(None), WayIn.withdrawn_at.is_(None))


def _may_be_confirmed(row: WayIn, at: datetime) -> bool:
    return row.expires_at is None and row.made_at + WAITS - at > timedelta(0)


def _line(row: WayIn, account: Account, state: str, may: bool, by: Person, at: datetime) -> WayInLine:
    waits = row.expires_at is None
    return WayInLine(
        row.id,
        row.account_id,
        account.name,
        Role(account.role),
        how_sure(row.made_sure),
        row.with_factor,
        row.made_by_name,
        row.made_at,
        row.expires_at or row.made_at + WAITS,
        waits,
        NOT_SENT.get(state, ""),
        waits and may and may_confirm(by, row.made_by_id, row.account_id),
        may,
    )
