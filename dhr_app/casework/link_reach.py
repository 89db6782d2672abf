"""What a one-action link reaches, asked anew at each use: its action, while that is its agency’s and takes reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.action import label_of
from dhr_app.casework.agreement import agreement_with
from dhr_app.casework.link_mail import is_live
from dhr_app.casework.outgoing import MayNotLeave, must_not_name
from dhr_app.casework.progress_page import closed_because
from dhr_app.casework.scene import Look
from dhr_app.casework.successors import agency_now
from dhr_app.casework.throttle import address_hash
from dhr_app.casework.troubles import SealError
from dhr_app.database.models.account import Account, Conflict
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role


@dataclass(frozen=True)
class Behind:
    """What a link that works leads to, as it stands in one session."""

    link: ActionLink
    action: Action
    of: Recommendation
    look: Look

    @property
    def label(self) -> str:
        """What the action is called."""
        return label_of(self.of, self.action)


@dataclass(frozen=True)
class _Words:
    """What leaves the system to whoever holds the link."""

    reference: str
    label: str
    text: str


def behind(session: NamedSession, row: ActionLink | None, *, at: datetime) -> Behind | None:
    """What a link leads to; None once it opens nothing, whyever."""
    if row is None or not is_live(row, at=at):
        return None
    found = session.execute(
        select(Action, Recommendation, Review, RuleSetUsed.content)
        .join(Recommendation, Recommendation.id == Action.recommendation_id)
        .join(Review, Review.id == Action.review_id)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Action.id == row.action_id)
    ).one_or_none()
    if found is None:
        return None
    action, of, review, content = found
    today = london_date(at)
    look = Look(session, review, rule_book.pinned(content), in_its_place(row), today)
    if closed_because(look, of, action) or action.owner_id is None:
        return None
    if agency_now(session, action.owner_id, on=today) != row.agency_id:
        return None  # another agency took it over
    if not may_be_sent(session, row.email, agency_id=row.agency_id, review_id=review.id, on=today):
        return None
    return Behind(row, action, of, look)


def may_be_sent(session: NamedSession, email: str, *, agency_id: UUID, review_id: UUID, on: date) -> bool:
    """Whether a link to an action of this agency may go to this address.

    An agreement with the agency is in force, as for an invitation; the address, or the account that signs in with it,
    does not stand on the review’s block list; and where it is somebody’s account, they work for the agency and may
    come in.
    """
    if agreement_with(session, agency_id, on=on) is None:
        return False
    account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
    if account is not None and (account.agency_id != agency_id or account.blocked_on is not None):
        return False
    listed = [Conflict.email_sha256 == address_hash(email)]
    if account is not None:
        listed.append(Conflict.account_id == account.id)
    barred = select(Conflict.id).where(Conflict.review_id == review_id, or_(*listed)).limit(1)
    return session.scalar(barred) is None


def names_nobody(reference: str, label: str, text: str, *, at: datetime) -> bool:
    """Whether what a link shows names nobody whom its review protects; False too where that cannot be read.

    Nobody’s reason for keeping a word counts here: what leaves to somebody without an account names nobody at all.
    """
    try:
        must_not_name(_Words(reference, label, text), [reference], what="The link", at=at)
    except (MayNotLeave, SealError):
        return False
    return True


def in_its_place(row: ActionLink) -> Person:
    """Somebody of the link’s agency with no seat anywhere, for rules that ask who is there: nobody is known by name."""
    return Person(row.id, "the holder of a link", Role.AGENCY_CONTRIBUTOR, row.agency_id)
