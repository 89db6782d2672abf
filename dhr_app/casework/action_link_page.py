"""The links of one action as its coordinator sees them, and what is filled in where another is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.action import label_of
from dhr_app.casework.invitations_page import MAIL
from dhr_app.casework.link_mail import LINK, is_live
from dhr_app.casework.progress_page import closed_because
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.successors import agency_now
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.agreement import AgencyContact
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.reminder import Message
from dhr_app.workflows.permissions import Person


@dataclass(frozen=True)
class LinkLine:
    """One link. Of `used_on`, `withdrawn_on` at most one is a day; a link that is `live` works `until` that day."""

    id: UUID
    email: str
    sent_on: date
    sent_by: str
    until: date
    used_on: date | None
    withdrawn_on: date | None
    live: bool
    mail: str


@dataclass(frozen=True)
class LinksPage:
    """An action with its links, newest first. `closed` is a sentence where it takes no report.

    `suggested` is the address of its agency’s single point of contact; empty where there is none.
    """

    label: str
    text: str
    agency: str
    suggested: str
    closed: str
    links: tuple[LinkLine, ...]


def links_page(reference: str, action_id: UUID, *, by: Person, at: datetime) -> LinksPage:
    """The links of one action. Raises OutOfReach, NotAllowed."""
    with looking(reference, "action_link.send", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        of = look.session.get_one(Recommendation, row.recommendation_id)
        agency_id = agency_now(look.session, row.owner_id, on=look.today) if row.owner_id else None
        agency = look.session.get(Agency, agency_id) if agency_id else None
        return LinksPage(
            label_of(of, row), row.text, agency.name if agency else "", _contact(look, agency_id),
            closed_because(look, of, row), _lines(look, row.id, at=at),
        )  # fmt: skip


def _contact(look: Look, agency_id: UUID | None) -> str:
    contact = (
        select(Account.email)
        .join(AgencyContact, AgencyContact.account_id == Account.id)
        .where(AgencyContact.agency_id == agency_id)
    )
    return look.session.scalar(contact) or ""


def _lines(look: Look, action_id: UUID, *, at: datetime) -> tuple[LinkLine, ...]:
    rows = look.session.execute(
        select(ActionLink, Account.name, Message.state)
        .join(Account, Account.id == ActionLink.made_by_id)
        .outerjoin(Message, (Message.link_id == ActionLink.id) & (Message.kind == LINK))
        .where(ActionLink.action_id == action_id)
        .order_by(ActionLink.made_at.desc(), ActionLink.id)
    )
    return tuple(
        LinkLine(
            link.id, link.email, london_date(link.made_at), name, london_date(link.expires_at),
            london_date(link.used_at) if link.used_at else None,
            london_date(link.withdrawn_at) if link.withdrawn_at else None, is_live(link, at=at), MAIL.get(state, ""),
        )
        for link, name, state in rows
    )  # fmt: skip
