"""The block list of a review: who is known to somebody in it, and may not open it whatever else they are granted.

An account stands on it, or the work e-mail address of somebody who has no account yet: `check` bars whoever is given
one with that address. Nobody who stands on it is told of the review, and it takes two people to take somebody off.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.emergency_ending import end_running
from dhr_app.casework.extra_grant_ends import end_grants
from dhr_app.casework.scene import Scene, changing
from dhr_app.casework.throttle import address_hash, normal
from dhr_app.database.audit import record
from dhr_app.database.models.account import Account, Conflict, Membership
from dhr_app.database.models.declaration import Declaration
from dhr_app.database.session import NamedSession
from dhr_app.workflows.email_address import looks_right
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import LIFTED_BECAUSE
from dhr_app.workflows.roles import Role

ALREADY = "They stand on the list already."
SOMEBODY_ELSE = "You asked for this: somebody else has to agree before anybody is taken off the list."
NOT_YOUR_OWN = "This is about you: somebody else has to decide it."


def bar_account(reference: str, account_id: UUID | None, *, by: Person, at: datetime) -> None:
    """Put an account on the list: the review is out of its reach from the next click.

    Raises OutOfReach, NotAllowed, and Invalid for an unknown account or one that stands on the list already.
    """
    with changing(reference, "conflict.enter", by=by, at=at) as scene:
        if account_id is None or scene.session.get(Account, account_id) is None:
            raise Invalid({"account_id": "Choose a person from the list."})
        if not enter(scene, account_id, "placed"):
            raise Invalid({"account_id": ALREADY})


def bar_address(reference: str, email: str, *, by: Person, at: datetime) -> None:
    """Put a work e-mail address on the list, or the account that signs in with it.

    Raises OutOfReach, NotAllowed, and Invalid for what is no address or stands on the list already.
    """
    with changing(reference, "conflict.enter", by=by, at=at) as scene:
        address = normal(email)
        if not looks_right(address):
            raise Invalid({"email": "Enter one work e-mail address, like name@agency.example."})
        account_id = scene.session.scalar(select(Account.id).where(Account.email == address))
        if not (enter(scene, account_id, "placed") if account_id is not None else _enter_address(scene, address)):
            raise Invalid({"email": ALREADY})


def enter(scene: Scene, account_id: UUID, why: str) -> bool:
    """Put an account on the list inside a verb and end its seats; False where it stands there. For verbs to share."""
    there = select(Conflict.id).where(Conflict.review_id == scene.review.id, Conflict.account_id == account_id)
    if scene.session.scalar(there) is not None:
        return False
    row = _row(scene, account_id=account_id, why=why)
    scene.record(Happened.CONFLICT_ENTERED, subject=row, why=why)
    _end_seats(scene.session, scene.review.id, account_id, on=scene.today, at=scene.at)
    return True


def standing(review_id: UUID, account_id: UUID | None) -> Select[Declaration]:
    """What an account’s holder declared on a review and has not replaced; for verbs to share."""
    return select(Declaration).where(
        Declaration.review_id == review_id,
        Declaration.account_id == account_id,
        Declaration.replaced_at.is_(None),
    )


def decide(reference: str, declaration_id: UUID, *, take_part: bool, by: Person, at: datetime) -> None:
    """Decide about somebody who was not sure: they take part, or are barred.

    Raises OutOfReach, NotAllowed for whoever it is about, and Over where it is decided or they said something since.
    """
    with changing(reference, "conflict.decide", by=by, at=at) as scene:
        row = scene.session.get(Declaration, declaration_id)
        if row is None or row.review_id != scene.review.id or row.answer != "unsure":
            raise OutOfReach(scene.review.id)
        if row.account_id == by.id:
            raise NotAllowed("conflict.decide", NOT_YOUR_OWN)
        if row.decided is not None or row.replaced_at is not None:
            raise Over("This was decided before, or they have said something else since: look at the list again.")
        row.decided = "allowed" if take_part else "barred"
        row.decided_at, row.decided_by_id, row.decided_by_name = at, by.id, by.name
        scene.record(Happened.DECLARATION_DECIDED, subject=row, decided=row.decided)
        if not take_part:
            enter(scene, row.account_id, "placed")


def ask_off(reference: str, conflict_id: UUID, reason: str, *, by: Person, at: datetime) -> None:
    """Ask, as the first person, that somebody be taken off the list. Raises OutOfReach, NotAllowed, Invalid, Over."""
    with changing(reference, "conflict.lift", by=by, at=at) as scene:
        row = _on_the_list(scene, conflict_id)
        if reason not in LIFTED_BECAUSE:
            raise Invalid({"reason": "Say why they are taken off the list."})
        if row.lift_asked_at is not None:
            raise Over("This was asked for already: a second person has to agree.")
        row.lift_reason, row.lift_asked_at = reason, at
        row.lift_asked_by_id, row.lift_asked_by_name = by.id, by.name
        scene.record(Happened.CONFLICT_LIFT_ASKED, subject=row, reason=reason)


def take_off(reference: str, conflict_id: UUID, *, by: Person, at: datetime) -> None:
    """Take somebody off the list, as the second person. Their seats stay ended; what they declared stands no more.

    Raises OutOfReach, Invalid where nobody asked for it, and NotAllowed for whoever did.
    """
    with changing(reference, "conflict.lift", by=by, at=at) as scene:
        row = _on_the_list(scene, conflict_id)
        if row.lift_asked_at is None or row.lift_reason is None:
            raise Invalid({"conflict": "Nobody has asked yet for them to be taken off the list."})
        if row.lift_asked_by_id == by.id:
            raise NotAllowed("conflict.lift", SOMEBODY_ELSE)
        scene.record(Happened.CONFLICT_LIFTED, subject=row, reason=row.lift_reason)
        for said in scene.session.scalars(standing(scene.review.id, row.account_id).order_by(Declaration.id)):
            said.replaced_at = at
        scene.session.delete(row)


def check(session: NamedSession, account: Account) -> int:
    """Bar an account from every review whose list holds its address; how many these are.

    To be called inside the verb that makes an account, or changes its role, its agency or its address. Its open seats
    on those reviews end at once.
    """
    session.flush()  # a new account’s row is there before anything points to it
    verb = session.verb
    if verb is None:
        raise RuntimeError("The block lists are held against an account inside a verb only.")
    known = select(Conflict.review_id).where(Conflict.account_id == account.id)
    rows = session.scalars(
        select(Conflict)
        .where(
            Conflict.email_sha256 == address_hash(account.email),
            Conflict.account_id.is_(None),
            Conflict.review_id.not_in(known),
        )
        .order_by(Conflict.review_id)
    ).all()
    for row in rows:
        row.account_id, row.why = account.id, "taken_over"
        on, details = london_date(verb.at), {"why": row.why}
        record(
            session, Happened.CONFLICT_ENTERED, happened_on=on, review_id=row.review_id, subject=row, details=details
        )
        _end_seats(session, row.review_id, account.id, on=on, at=verb.at)
    return len(rows)


def _enter_address(scene: Scene, address: str) -> bool:
    hashed = address_hash(address)
    there = select(Conflict.id).where(Conflict.review_id == scene.review.id, Conflict.email_sha256 == hashed)
    if scene.session.scalar(there) is not None:
        return False
    row = _row(scene, email_sha256=hashed, address=address, why="placed")
    scene.record(Happened.CONFLICT_ENTERED, subject=row, why="placed")
    return True


def _row(scene: Scene, **values: object) -> Conflict:
    row = Conflict(
        review_id=scene.review.id,
        entered_at=scene.at,
        entered_by_id=scene.by.id,
        entered_by_name=scene.by.name,
        **values,
    )
    scene.session.add(row)
    return row


def _end_seats(session: NamedSession, review_id: UUID, account_id: UUID, *, on: date, at: datetime) -> None:
    end_running(session, account_id, "conflict", review_id=review_id, at=at)
    end_grants(session, "barred", account_id=account_id, review_id=review_id, at=at)
    seats = select(Membership).where(
        Membership.review_id == review_id,
        Membership.account_id == account_id,
        Membership.ended_at.is_(None),
        or_(Membership.to_on.is_(None), Membership.to_on >= on),
    )
    for seat in session.scalars(seats.order_by(Membership.from_on, Membership.id)):
        seat.to_on, seat.ended_at = on, at
        label = Role(seat.role).label.lower()
        record(
            session, Happened.MEMBER_LEFT, happened_on=on, review_id=review_id, agency_id=seat.agency_id, subject=seat,
            details={"label": label},
        )  # fmt: skip


def _on_the_list(scene: Scene, conflict_id: UUID) -> Conflict:
    row = scene.session.get(Conflict, conflict_id)
    if row is None or row.review_id != scene.review.id:
        raise OutOfReach(scene.review.id)
    return row
