"""Whoever was let choose a new password follows the link: once, within a day, and by the account's own address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import passwords
from dhr_app.casework.authenticator import end_factor, lock_account
from dhr_app.casework.house import house
from dhr_app.casework.invitation_link import sha256
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.link_try import count_link
from dhr_app.casework.outbox import message_of
from dhr_app.casework.program import Program
from dhr_app.casework.sign_ins import end_all_sign_ins
from dhr_app.casework.way_in_link import DONE_SUBJECT, done_body, is_live
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened

NEW_PASSWORD_PAGE = Program("new password page")


class NoWayIn(RuleError):
    """The same words whether the link is unknown, was used, was taken back or is too old, or the account changed."""

    def __init__(self) -> None:
        super().__init__("This link opens nothing.")


@dataclass(frozen=True)
class ComingBack:
    """A link that works: by which address they sign in, and whether their second factor goes when it is used."""

    email: str
    with_factor: bool


def coming_back(token: str, *, address: str | None, at: datetime) -> ComingBack:
    """Whom the link is for; looking at it uses nothing up.

    Raises NoWayIn, or TooManyTries: a link that opens nothing counts as a wrong password from that network.
    """
    _count(token, address=address, at=at)
    with house().reading() as session:
        row, account = _live(session, token, at=at)
        return ComingBack(account.email, row.with_factor)


def choose_anew(token: str, password: str, *, address: str | None, at: datetime) -> None:
    """Choose a new password by the link. Every sign-in of the account ends, and the link opens nothing after that.

    Where that was asked for too, authenticator, recovery codes and passkeys end with it, and no moment before. Seats
    and declarations stay. Raises NoWayIn, TooManyTries, Invalid for a password that may not be chosen.
    """
    _count(token, address=address, at=at)
    passwords.check_choice(password)
    kept = passwords.hashed(password, house().settings)
    with house().database.transaction(by=NEW_PASSWORD_PAGE, at=at) as session:
        session.queue(ACCOUNTS)
        row, account = _live(session, token, at=at)
        lock_account(session, account.id)
        account.password_hash, row.used_at = kept, at
        if row.with_factor:
            end_factor(session, account.id, at=at)
        end_all_sign_ins(session, account.id, at=at)
        today, details = london_date(at), {"factor": int(row.with_factor)}
        record(session, Happened.WAY_IN_USED, happened_on=today, subject=account, details=details)
        kind = f"way_in_done_{uuid4().hex}"  # one for each, however many there are on a day
        session.add(message_of(kind, account.id, today, DONE_SUBJECT, done_body(row, at=at), at=at))


def _count(token: str, *, address: str | None, at: datetime) -> None:
    def is_good(session: NamedSession) -> bool:
        found = _find(session, token)
        return found is not None and is_live(*found, at=at)

    count_link(token, is_good, by=NEW_PASSWORD_PAGE, address=address, at=at)


def _find(session: NamedSession, token: str) -> tuple[WayIn, Account] | None:
    rows = select(WayIn, Account).join(Account, Account.id == WayIn.account_id)
    found = session.execute(rows.where(WayIn.token_sha256 == sha256(token))).one_or_none()
    return (found[0], found[1]) if found is not None else None


def _live(session: NamedSession, token: str, *, at: datetime) -> tuple[WayIn, Account]:
    found = _find(session, token)
    if found is None or not is_live(*found, at=at):
        raise NoWayIn
    return found
