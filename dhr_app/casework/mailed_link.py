"""The links that a mail carries and that work once: of an invitation, and to a new password."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import invitation_link, way_in_link
from dhr_app.casework.house import House
from dhr_app.database.models.account import Account
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.way_in import WayIn
from dhr_app.database.named_session import NamedSession

Linked = Invitation | WayIn


def one_of(invitation: Invitation | None, way_in: WayIn | None) -> Linked | None:
    """Whichever of the two a mail is about; None for a mail without such a link."""
    return invitation if invitation is not None else way_in


def is_live(row: Linked, account: Account | None, *, at: datetime) -> bool:
    """Whether the link of a mail can be used; `account` is whose mail it is, None for whoever is invited."""
    if isinstance(row, Invitation):
        return invitation_link.is_live(row, at=at)
    return account is not None and way_in_link.is_live(row, account, at=at)


def with_its_link(body: str, session: NamedSession, row: Linked, in_house: House) -> str:
    """The mail as it is handed over, its link made anew inside a verb: an earlier one opens nothing any more."""
    if isinstance(row, Invitation):
        return invitation_link.with_link(body, invitation_link.mint(session, row, in_house))
    return invitation_link.with_link(body, way_in_link.mint(session, row, in_house))
