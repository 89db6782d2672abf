"""The links that a mail carries and that work once: of an invitation, to a new password, and to one action."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import invitation_link, link_mail, way_in_link
from dhr_app.casework.house import House
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession

Linked = Invitation | WayIn | ActionLink


def one_of(*rows: Linked | None) -> Linked | None:
    """Whichever of them a mail is about; None for a mail without such a link."""
    return next((row for row in rows if row is not None), None)


def is_live(row: Linked, account: Account | None, *, at: datetime) -> bool:
    """Whether the link of a mail can be used; `account` is whose mail it is, None for whoever is invited."""
    if isinstance(row, Invitation):
        return invitation_link.is_live(row, at=at)
    if isinstance(row, ActionLink):
        return link_mail.is_live(row, at=at)
    return account is not None and way_in_link.is_live(row, account, at=at)


def with_its_link(body: str, session: NamedSession, row: Linked, in_house: House, *, kind: str, at: datetime) -> str:
    """The mail as it is handed over, its link or code made anew in a verb: an earlier one opens nothing any more."""
    if isinstance(row, Invitation):
        return invitation_link.with_link(body, invitation_link.mint(session, row, in_house))
    if isinstance(row, ActionLink):
        return link_mail.completed(session, kind, body, row, in_house, at=at)
    return invitation_link.with_link(body, way_in_link.mint(session, row, in_house))
