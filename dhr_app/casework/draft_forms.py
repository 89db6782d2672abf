"""What the forms of drafts say before one answers: which review this is, and who would read a version on its panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.draft_names import named, told_the_panel
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.words import what
from dhr_app.database.models.account import Account, Membership
from dhr_app.database.models.draft import Draft
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class HandInPage:
    """Which review a draft is handed in to, by what tells it from others, and who sits on its panel.

    `newest` is the version that was handed in last, if there is one. `title` is that of the document whose next version
    was asked for. `may_share` is whether it is theirs to let the panel read it.
    """

    stage: Stage
    public_name: str
    began_on: date
    next_what: str
    next_on: date | None
    newest: str
    newest_at: datetime | None
    members: tuple[str, ...]
    title: str
    may_share: bool


@dataclass(frozen=True)
class SharePage:
    """One version that may be shared, and the members of the panel who could read it then.

    `title` is what the panel will know it by: “” where that is only its kind and number.
    """

    name: str
    title: str
    shared: bool
    members: tuple[str, ...]


def hand_in_page(reference: str, document: int | None = None, *, by: Person, at: datetime) -> HandInPage:
    """What stands around the form. `document` is the number of another document, whose title is opened.

    Raises OutOfReach, NotAllowed.
    """
    opens = [DataClass.WORKING_PAPERS] if document else []
    with looking(reference, "draft.hand_in", opens=opens, by=by, at=at) as look:
        review = look.review
        drafts = select(Draft).where(Draft.review_id == review.id)
        newest = look.session.scalar(drafts.order_by(Draft.added_at.desc(), Draft.id).limit(1))
        asked = drafts.where(Draft.kind.not_in(list(PAPER_KINDS)), Draft.series == document)
        of_it = look.session.scalar(asked.order_by(Draft.number.desc()).limit(1)) if document else None
        return HandInPage(
            stage=Stage(review.stage),
            public_name=f"{review.public_name}/{review.public_year}" if review.public_name else "",
            began_on=london_date(review.notified_at),
            next_what=what(review.next_what),
            next_on=review.next_on,
            newest=named(newest.kind, newest.series, newest.number) if newest else "",
            newest_at=newest.added_at if newest else None,
            members=_panel(look),
            title=(of_it.title or "") if of_it else "",
            may_share=look.may("draft.share"),
        )


def share_page(reference: str, draft_id: UUID, *, by: Person, at: datetime) -> SharePage:
    """What sharing a version means. Raises OutOfReach, NotAllowed."""
    with looking(reference, "draft.share", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, Draft, draft_id)
        title = told_the_panel(row.title or "", row.filename or "") or ""
        return SharePage(named(row.kind, row.series, row.number), title, row.shared_at is not None, _panel(look))


def _panel(look: Look) -> tuple[str, ...]:
    rows = (
        select(Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.review_id == look.review.id,
            Membership.role == Role.PANEL_MEMBER.value,
            Membership.ended_at.is_(None),
            Membership.from_on <= look.today,
            or_(Membership.to_on.is_(None), Membership.to_on >= look.today),
        )
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return tuple(look.session.scalars(rows))
