"""Who sits on a review: in which role, for which agency, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.casework.principal import asked_now, is_open
from dhr_app.casework.scene import Scene, changing, looking
from dhr_app.database.models.account import Account, Conflict, Membership
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.access import SEATS_KEPT_FOR
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.windows import is_over

OPENS_NOTHING = (
    "The publication is decided: a seat opens nothing to an agency contributor any more. An agency reports on its own "
    "actions without one."
)


@dataclass(frozen=True)
class MemberLine:
    """One seat on a review; `is_open` once its holder declared no conflict and signed the undertaking.

    `lapses_on` is its last day once the publication is decided, unless it is kept for longer (`may_keep`).
    """

    id: UUID
    name: str
    role: Role
    agency: str
    from_on: date
    to_on: date | None
    lapses_on: date | None
    is_open: bool
    may_keep: bool


@dataclass(frozen=True)
class Candidate:
    """An account that may be given a seat; `sits` where it has one already."""

    id: UUID
    name: str
    role: Role
    agency: str
    agency_id: UUID | None
    sits: bool


@dataclass(frozen=True)
class MembersPage:
    """Who sits on a review, and who could."""

    reference: str
    members: tuple[MemberLine, ...]
    candidates: tuple[Candidate, ...]
    may_change: bool
    may_bar: bool
    may_keep: bool


def join(reference: str, account_id: UUID | None, *, by: Person, at: datetime) -> None:
    """Give an account its seat on a review from today, in its own role and for its own agency.

    Raises Invalid for an account that is unknown, blocked, already seated, barred by a conflict of interest, or whose
    role sits on no review.
    """
    with changing(reference, "review.change", by=by, at=at) as scene:
        scene.must_be_open()
        if account_id is not None and open_seats(scene, account_id):
            raise Invalid({"account_id": "This person sits on the review already."})
        give_seat(scene, account_id)


def give_seat(scene: Scene, account_id: UUID | None) -> None:
    """Seat an account on the review, in its own role and for its own agency, from today; for verbs to share.

    Raises Invalid for one that is unknown, blocked, barred by a conflict of interest, or whose role sits on no review.
    """
    account = scene.session.get(Account, account_id) if account_id else None
    if account is None or account.blocked_on is not None or Role(account.role) not in BY_MEMBERSHIP:
        raise Invalid({"account_id": "Choose a person from the list."})
    barred = select(Conflict).where(Conflict.review_id == scene.review.id, Conflict.account_id == account.id)
    if scene.session.scalars(barred).first() is not None:
        raise Invalid({"account_id": "A conflict of interest bars this person from the review."})
    stage = Stage(scene.review.stage)
    if stage is Stage.SEMINAR and is_over(Role(account.role), stage):
        raise Invalid({"account_id": OPENS_NOTHING})
    row = Membership(
        review_id=scene.review.id,
        account_id=account.id,
        role=account.role,
        agency_id=account.agency_id,
        from_on=scene.today,
        lapses_on=scene.today + SEATS_KEPT_FOR if stage is Stage.SEMINAR else None,
    )
    scene.session.add(row)
    label = Role(account.role).label.lower()
    scene.record(Happened.MEMBER_JOINED, agency_id=account.agency_id, subject=row, label=label)


def open_seats(scene: Scene, account_id: UUID) -> list[Membership]:
    """The seats by which an account reaches the review now."""
    seats = select(Membership).where(
        Membership.review_id == scene.review.id,
        Membership.account_id == account_id,
        Membership.to_on.is_(None),
        or_(Membership.lapses_on.is_(None), Membership.lapses_on >= scene.today),
    )
    return list(scene.session.scalars(seats.order_by(Membership.from_on, Membership.id)))


def leave(reference: str, membership_id: UUID, *, by: Person, at: datetime) -> None:
    """End a seat today: what it opened is out of reach at the next click. Raises OutOfReach."""
    with changing(reference, "review.change", by=by, at=at) as scene:
        row = scene.session.get(Membership, membership_id)
        if row is None or row.review_id != scene.review.id or row.to_on is not None:
            raise OutOfReach
        scene.end_membership(row)
        scene.record(Happened.MEMBER_LEFT, agency_id=row.agency_id, subject=row, label=Role(row.role).label.lower())


def members_page(reference: str, *, by: Person, at: datetime) -> MembersPage:
    """Who sits on a review. Raises OutOfReach, NotAllowed."""
    with looking(reference, "review.see", by=by, at=at) as look:
        rows = look.session.execute(
            select(Membership, Account.name, Agency.name, is_open())
            .join(Account, Account.id == Membership.account_id)
            .outerjoin(Agency, Agency.id == Membership.agency_id)
            .where(Membership.review_id == look.review.id)
            .order_by(Membership.to_on.is_not(None), Membership.from_on, Account.name),
            asked_now(),
        ).all()
        seated = {row.account_id for row, *_ in rows if row.to_on is None and not _lapsed(row, look.today)}
        may_change, stage = look.may("review.change"), Stage(look.review.stage)
        keeping = may_change and stage is Stage.SEMINAR
        members = tuple(
            MemberLine(
                row.id, name, Role(row.role), agency or "", row.from_on, row.to_on, row.lapses_on, opened,
                keeping and not is_over(Role(row.role), stage),
            )
            for row, name, agency, opened in rows
        )  # fmt: skip
        candidates = look.session.execute(
            select(Account.id, Account.name, Account.role, Agency.name, Account.agency_id)
            .outerjoin(Agency, Agency.id == Account.agency_id)
            .where(Account.role.in_([role.value for role in BY_MEMBERSHIP]), Account.blocked_on.is_(None))
            .order_by(Account.name)
        )
        offered = tuple(
            Candidate(each, name, Role(role), agency or "", its, each in seated)
            for each, name, role, agency, its in candidates
        )
        return MembersPage(
            reference,
            members,
            offered if may_change else (),
            may_change,
            look.may("conflict.see"),
            keeping,
        )


def _lapsed(row: Membership, today: date) -> bool:
    return row.lapses_on is not None and row.lapses_on < today
