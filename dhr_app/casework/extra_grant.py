"""The extra grant that opens what is kept apart on a review: given by somebody else, for a reason, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.extra_grant_ends import end_one
from dhr_app.casework.principal import people_in, person_of
from dhr_app.casework.scene import Look, Scene, changing, looking
from dhr_app.database.models.account import Account
from dhr_app.database.models.kept_apart import SensitiveGrant
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over, ProofNeeded
from dhr_app.workflows.events import Happened
from dhr_app.workflows.kept_apart import (
    BARRED,
    GRANT_LASTS,
    GRANTED_BECAUSE,
    NO_PLACE,
    YOURSELF,
    grant_faults,
    may_hold,
)
from dhr_app.workflows.permissions import DataClass, Person, allows, may_open_once_proved
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role

OF_THEIR_OWN = "They chair this review, so it opens for them without a grant."
SEAT_GIVEN = (
    "They have this review by a seat, and coordinators give seats: the steering group’s chair lets them open what is "
    "kept apart, so that two people do."
)


@dataclass(frozen=True)
class GrantEntry:
    """To whom, why (a code of kept_apart.GRANTED_BECAUSE), from which day until which (both included)."""

    account_id: UUID | None = None
    because: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class GrantForm:
    """Who may be given a grant, by the id of their account, and the days that the form begins with."""

    people: dict[UUID, str]
    from_on: date
    to_on: date


@dataclass(frozen=True)
class GrantLine:
    """A grant that stands, or will: who holds it, why, until when, and who gave it."""

    id: UUID
    who: str
    because: str
    from_on: date
    to_on: date
    given_by: str


def give(reference: str, entry: GrantEntry, *, by: Person, at: datetime) -> UUID:
    """Give somebody the extra grant on a review. Whoever gives it showed just now who they are.

    Raises ProofNeeded, OutOfReach, NotAllowed, NotYet on a closed review, and Invalid: for oneself, for whoever is
    barred, has no place on the review, or holds a grant already, without a reason, and for days that cannot be.
    """
    with changing(reference, "extra_grant.give", by=by, at=at) as scene:
        if not by.proved(at):
            raise ProofNeeded
        scene.must_be_open()
        account = scene.session.get(Account, entry.account_id) if entry.account_id else None
        if account is not None and not _theirs_to_let(Role(account.role), scene):
            raise NotAllowed("extra_grant.seated", SEAT_GIVEN)
        faults = grant_faults(because=entry.because, from_on=entry.from_on, to_on=entry.to_on, today=scene.today)
        if fault := _whom_not(scene, account):
            faults["account_id"] = fault
        if faults or account is None or entry.from_on is None or entry.to_on is None:
            raise Invalid(faults)
        row = SensitiveGrant(
            review_id=scene.review.id,
            account_id=account.id,
            from_on=entry.from_on,
            to_on=entry.to_on,
            because=entry.because,
            given_at=at,
            given_by_id=by.id,
            given_by_name=by.name,
        )
        scene.session.add(row)
        label, until = Role(account.role).label.lower(), str(row.to_on)
        scene.record(Happened.EXTRA_GRANT_GIVEN, subject=row, label=label, until=until, because=row.because)
        return row.id


def end(reference: str, grant_id: UUID, *, by: Person, at: datetime) -> None:
    """Take a grant back: it opens nothing from the next click. Raises OutOfReach, NotAllowed, Over where it ended."""
    with changing(reference, "extra_grant.end", by=by, at=at) as scene:
        row = scene.session.get(SensitiveGrant, grant_id)
        if row is None or row.review_id != scene.review.id:
            raise OutOfReach(scene.review.id)
        if row.ended_at is not None:
            raise Over("This grant has ended before.")
        end_one(scene.session, row, scene.session.get_one(Account, row.account_id).role, "taken_back", at=at)


def grant_form(reference: str, *, by: Person, at: datetime) -> GrantForm:
    """What the form of a new grant offers. Raises OutOfReach, NotAllowed."""
    with looking(reference, "extra_grant.give", by=by, at=at) as look:
        found = sorted(
            (
                one
                for one in people_in(look.session, tuple(Role))
                if one.id != by.id
                and may_hold(one, look.review.id, look.today)
                and not _opens_anyway(one, look)
                and _theirs_to_let(one.role, look)
            ),
            key=lambda one: (one.name, one.id),
        )
        people = {one.id: f"{one.name}, {one.role.label.lower()}" for one in found}
        return GrantForm(people, look.today, look.today + GRANT_LASTS)


def grant_lines(look: Look) -> tuple[GrantLine, ...]:
    """The grants that nobody ended and whose last day is not over, in the order of their last days."""
    rows = look.session.execute(
        select(SensitiveGrant, Account.name, Account.role)
        .join(Account, Account.id == SensitiveGrant.account_id)
        .where(
            SensitiveGrant.review_id == look.review.id,
            SensitiveGrant.ended_at.is_(None),
            SensitiveGrant.to_on >= look.today,
        )
        .order_by(SensitiveGrant.to_on, Account.name, SensitiveGrant.id)
    )
    return tuple(
        GrantLine(
            row.id,
            f"{name}, {Role(role).label.lower()}",
            GRANTED_BECAUSE[row.because],
            row.from_on,
            row.to_on,
            row.given_by_name,
        )
        for row, name, role in rows
    )


def _whom_not(scene: Scene, account: Account | None) -> str:
    """Why this account cannot be given a grant, in a sentence; empty where it can."""
    if account is None or account.blocked_on is not None:
        return "Choose a person from the list."
    if account.id == scene.by.id:
        return YOURSELF
    person = person_of(scene.session, account)
    if scene.review.id in person.conflicts:
        return BARRED
    if not may_hold(person, scene.review.id, scene.today):
        return NO_PLACE
    if any(each.review_id == scene.review.id and each.to_on >= scene.today for each in person.extra):
        until = max(each.to_on for each in person.extra if each.review_id == scene.review.id)
        return f"They hold a grant until {in_words(until)}: take that one back first."
    return OF_THEIR_OWN if _opens_anyway(person, scene) else ""


def _theirs_to_let(role: Role, at: Scene | Look) -> bool:
    """Whether somebody in this role is for the person to let open it: whoever gives the seats does not give both."""
    return role not in BY_MEMBERSHIP or allows(at.by, "extra_grant.seated", review_id=at.review.id, on=at.today)


def _opens_anyway(person: Person, at: Scene | Look) -> bool:
    """Whether it opens for them without a grant on this review, or by one they hold."""
    return may_open_once_proved(person, at.review.id, DataClass.SENSITIVE, on=at.today)
