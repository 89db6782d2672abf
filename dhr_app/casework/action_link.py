"""A coordinator sends an agency a link with which somebody there reports once on one action, and can withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, union

from dhr_app.casework.action import label_of, open_action
from dhr_app.casework.link_mail import CODE, LINK, LINK_SUBJECT, link_body
from dhr_app.casework.link_reach import may_be_sent, names_nobody
from dhr_app.casework.outbox import message_of, unsend
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Scene, changing, looking
from dhr_app.casework.successors import agency_now
from dhr_app.casework.throttle import normal
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.reminder import Message
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.action_links import LINK_LASTS
from dhr_app.workflows.email_address import looks_right
from dhr_app.workflows.errors import Invalid, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

NOBODY = "Nobody owns this action yet: name the agency first."
WITHDRAWN = "Its recommendation was withdrawn: nothing is asked of it any more."
NAMES = (
    "The words of this action may name somebody whom the review protects, so they go to nobody without an account. "
    "Correct the action first, or enter the agency’s report yourself."
)
NOT_THERE = (
    "No link can go to this address. It has to be of {agency}, under an agreement in force. Give another address, or "
    "enter the agency’s report yourself."
)
SURE = "Nobody of {agency} is known here at “{place}”. Check the address letter by letter, then tick this box."


@dataclass(frozen=True)
class LinkEntry:
    """To which address a link goes. With `sure` one is meant whose part after the @ is new here for the agency."""

    email: str = ""
    sure: bool = False


def send_link(reference: str, action_id: UUID, entry: LinkEntry, *, by: Person, at: datetime) -> UUID:
    """Send a link to an action to an address of the agency that owns it; an open one to the same action ends by that.

    Raises OutOfReach, NotAllowed, NotYet where nothing can be added to the review, and Invalid where the action takes
    no report, may name somebody, or the address may have no link.
    """
    clean = _names_nobody(reference, action_id, by=by, at=at)
    with changing(reference, "action_link.send", by=by, at=at) as scene:
        row, of = open_action(scene, action_id)
        if row.owner_id is None or of.withdrawn_on is not None:
            raise Invalid({"action": NOBODY if row.owner_id is None else WITHDRAWN})
        agency = scene.session.get_one(Agency, agency_now(scene.session, row.owner_id, on=scene.today))
        email = _address(scene, entry, agency)
        if not clean:
            raise Invalid({"action": NAMES})
        for before in _open_links(scene.session, row.id):
            _withdraw(scene, before)
        link = ActionLink(
            action_id=row.id, agency_id=agency.id, email=email, made_at=at, made_by_id=by.id, expires_at=at + LINK_LASTS
        )
        scene.session.add(link)
        scene.session.flush()
        message = message_of(LINK, None, scene.today, LINK_SUBJECT, link_body(link), at=at)
        message.link_id = link.id
        scene.session.add(message)
        scene.record(Happened.LINK_SENT, agency_id=agency.id, subject=link, number=label_of(of, row))
        return link.id


def withdraw_link(reference: str, link_id: UUID, *, by: Person, at: datetime) -> UUID:
    """Withdraw a link: it opens nothing from now on, whoever has it open. Returns the id of its action.

    Raises OutOfReach, NotAllowed, Over where it was used or withdrawn before.
    """
    with changing(reference, "action_link.send", by=by, at=at) as scene:
        link = scene.session.get(ActionLink, link_id, with_for_update=True)
        if link is None:
            raise OutOfReach(scene.review.id)
        row = own_row(scene, Action, link.action_id)
        if link.used_at is not None:
            raise Over("This link was used: the report that came by it stands with the action.")
        if link.withdrawn_at is not None:
            raise Over("This link was withdrawn before.")
        _withdraw(scene, link)
        of = scene.session.get_one(Recommendation, row.recommendation_id)
        scene.record(Happened.LINK_WITHDRAWN, agency_id=link.agency_id, subject=link, number=label_of(of, row))
        return row.id


def _withdraw(scene: Scene, link: ActionLink) -> None:
    link.withdrawn_at = scene.at
    unsend(scene.session, Message.link_id == link.id, Message.kind.in_((LINK, CODE)), at=scene.at)


def _open_links(session: NamedSession, action_id: UUID) -> list[ActionLink]:
    unsettled = select(ActionLink).where(
        ActionLink.action_id == action_id, ActionLink.used_at.is_(None), ActionLink.withdrawn_at.is_(None)
    )
    return list(session.scalars(unsettled.order_by(ActionLink.made_at, ActionLink.id).with_for_update()))


def _address(scene: Scene, entry: LinkEntry, agency: Agency) -> str:
    """The address, as it is kept. Raises Invalid, in the same words for whatever bars it."""
    email = normal(entry.email)
    if not looks_right(email):
        raise Invalid({"email": "Enter one work e-mail address, like name@organisation.org."})
    if not may_be_sent(scene.session, email, agency_id=agency.id, review_id=scene.review.id, on=scene.today):
        raise Invalid({"email": NOT_THERE.format(agency=agency.name)})
    place = email.rpartition("@")[2]
    if not entry.sure and place not in _places(scene.session, agency.id):
        raise Invalid({"sure": SURE.format(agency=agency.name, place=place)})
    return email


def _places(session: NamedSession, agency_id: UUID) -> set[str]:
    """What stands after the @ of addresses where somebody of the agency was found: of an account, or a link they used.

    One that was only typed proves nothing.
    """
    known = union(
        select(Account.email).where(Account.agency_id == agency_id),
        select(Invitation.email).where(Invitation.agency_id == agency_id, Invitation.used_at.is_not(None)),
        select(ActionLink.email).where(ActionLink.agency_id == agency_id, ActionLink.used_at.is_not(None)),
    )
    return {email.rpartition("@")[2] for email in session.scalars(known.order_by("email"))}


def _names_nobody(reference: str, action_id: UUID, *, by: Person, at: datetime) -> bool:
    """Hold the words of the action against what its review protects, before the verb: what is opened is told first."""
    with looking(reference, "action_link.send", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        label = label_of(look.session.get_one(Recommendation, row.recommendation_id), row)
        text = row.text
    return names_nobody(reference, label, text, at=at)
