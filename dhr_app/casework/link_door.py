"""From the link in a mail to a visit: a code is sent to the address that the link went to, and typed in here.

Looking at a link changes nothing: mail is opened by machines before its reader sees it. A code is good for the browser
that asked for it, for ten minutes and five tries; what a link sends in an hour, and takes in all, is counted with it.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.link_mail import CODE, CODE_BODY, CODE_SUBJECT, code_hmac, sha256
from dhr_app.casework.link_reach import Behind, behind
from dhr_app.casework.outbox import message_of, unsend
from dhr_app.casework.program import Program
from dhr_app.casework.throttle import TooManyTries, take_try, telling_of_throttling
from dhr_app.database.audit import record
from dhr_app.database.models.account import SignInAttempt
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.reminder import Message
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.action_links import CODE_TRIES, CODES_AN_HOUR, VISIT_LASTS
from dhr_app.workflows.errors import Invalid, RuleError
from dhr_app.workflows.events import Happened

LINK_PAGE = Program("link page")
AN_HOUR = timedelta(hours=1)
NOT_RIGHT = (
    "That code is not right, or too old. Enter the one in the newest mail. After five tries, or ten minutes, ask for "
    "another."
)


class NoLink(RuleError):
    """The same words whether a link is unknown, used, withdrawn or too old, or a visit is over."""

    def __init__(self) -> None:
        super().__init__("This link opens nothing.")


@dataclass(frozen=True)
class ByLink:
    """Whoever holds a link: nobody is known by name, but for which agency they act. They hold no key."""

    agency_id: UUID

    @property
    def id(self) -> None:
        """No account."""
        return

    @property
    def name(self) -> str:
        """What the trail calls them."""
        return "the link sent to an agency"


def opened(token: str, *, address: str | None, at: datetime) -> None:
    """Whether a link works; looking at one that does writes nothing and uses nothing up.

    Raises NoLink, or TooManyTries: a link that opens nothing counts as a wrong password from that network.
    """
    with house().reading() as session:
        if behind(session, _of_token(session, token), at=at) is not None:
            return
    with (
        telling_of_throttling(by=LINK_PAGE, at=at),
        house().database.transaction(by=LINK_PAGE, at=at) as session,
    ):
        take_try(session, sha256(token), address, house().settings, at=at)
    raise NoLink


def ask_code(token: str, *, address: str | None, at: datetime) -> str:
    """Send a code to the address that the link went to; returns what the browser that asked shows with it.

    Raises NoLink, and TooManyTries where the link sent five within the hour, or one that opens nothing was tried often.
    """
    opened(token, address=address, at=at)
    browser = secrets.token_urlsafe(32)
    with house().database.transaction(by=LINK_PAGE, at=at) as session:
        session.hold()
        link = _must_lead_on(session, _of_token(session, token, lock=True), at=at).link
        asked = select(Message.made_at).where(
            Message.link_id == link.id, Message.kind == CODE, Message.made_at > at - AN_HOUR
        )
        made = session.scalars(asked.order_by(Message.made_at.desc()).limit(CODES_AN_HOUR)).all()
        if len(made) >= CODES_AN_HOUR:
            raise TooManyTries(made[-1] + AN_HOUR)
        unsend(session, Message.link_id == link.id, Message.kind == CODE, at=at)
        link.browser_sha256, link.code_hmac, link.code_until, link.code_tries = sha256(browser), None, None, 0
        message = message_of(CODE, None, london_date(at), CODE_SUBJECT, CODE_BODY, at=at)
        message.link_id = link.id
        session.add(message)
    return browser


def enter_code(token: str, browser: str, typed: str, *, address: str | None, at: datetime) -> str:
    """Begin a visit by the code that was mailed; returns its token, which is bound to this link alone.

    Raises NoLink, TooManyTries before the code is looked at, and Invalid beside “code” for a wrong one.
    """
    opened(token, address=address, at=at)
    with (
        telling_of_throttling(by=LINK_PAGE, at=at),
        house().database.transaction(by=LINK_PAGE, at=at) as session,
    ):
        attempt = take_try(session, sha256(f"code {token}"), address, house().settings, at=at)
    visit = _visit(token, browser, typed, attempt.id, at=at)
    if visit is None:
        raise Invalid({"code": NOT_RIGHT})
    return visit


def _visit(token: str, browser: str, typed: str, attempt_id: UUID, *, at: datetime) -> str | None:
    """The token of the visit that a right code begins; None for a wrong one, which is counted."""
    with house().reading() as session:
        agency_id = _must_lead_on(session, _of_token(session, token), at=at).link.agency_id
    with house().database.transaction(by=ByLink(agency_id), at=at) as session:
        session.hold()
        found = _must_lead_on(session, _of_token(session, token, lock=True), at=at)
        link = found.link
        if not _is_right(link, browser, typed, at=at):
            link.code_tries, link.wrong_codes = link.code_tries + 1, link.wrong_codes + 1
            _tell(session, found, Happened.LINK_CODE_REFUSED, at=at)
            return None
        visit = secrets.token_urlsafe(32)
        link.code_hmac = link.code_until = link.browser_sha256 = None
        link.visit_sha256, link.visit_until = sha256(visit), at + VISIT_LASTS
        session.get_one(SignInAttempt, attempt_id).succeeded = True
        _tell(session, found, Happened.LINK_OPENED, at=at)
        return visit


def _is_right(link: ActionLink, browser: str, typed: str, *, at: datetime) -> bool:
    if link.code_hmac is None or link.code_until is None or link.browser_sha256 is None:
        return False
    code = "".join(typed.split())
    same = hmac.compare_digest(link.browser_sha256, sha256(browser))
    same &= hmac.compare_digest(link.code_hmac, code_hmac(link, code, house()))
    return same and at < link.code_until and link.code_tries < CODE_TRIES


def _tell(session: NamedSession, found: Behind, kind: Happened, *, at: datetime) -> None:
    record(
        session, kind, happened_on=london_date(at), review_id=found.look.review.id, agency_id=found.link.agency_id,
        subject=found.link, details={"number": found.label},
    )  # fmt: skip


def _of_token(session: NamedSession, token: str, *, lock: bool = False) -> ActionLink | None:
    rows = select(ActionLink).where(ActionLink.token_sha256 == sha256(token))
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return session.scalars(rows).one_or_none()


def _must_lead_on(session: NamedSession, link: ActionLink | None, *, at: datetime) -> Behind:
    found = behind(session, link, at=at)
    if found is None:
        raise NoLink
    return found
