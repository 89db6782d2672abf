"""A review’s chair and author are appointed from outside, declare their independence, and one day leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.independence import person, wrong_with_chair
from dhr_app.casework.membership import give_seat, open_seats
from dhr_app.casework.rows import in_texts, own_row
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.account import Account
from dhr_app.database.models.appointment import Appointment
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import APPOINTED_AS
from dhr_app.workflows.roles import Role

CHAIR = Role.INDEPENDENT_CHAIR.value
MISTAKE = "mistake"
CHAIR_APPOINTED = "answered:chair_appointed"


@dataclass(frozen=True)
class AppointmentEntry:
    """Who is appointed as what. `account_id` is their account here, if they have one; `declaration` is sealed."""

    role: str = ""
    holder: str = ""
    organisation: str = ""
    account_id: UUID | None = None
    appointed_on: date | None = None
    independence_declared_on: date | None = None
    declaration: str = ""
    trained_on: date | None = None


def appoint(reference: str, entry: AppointmentEntry, *, by: Person, at: datetime) -> UUID:
    """Appoint a chair or an author; their account, if they have one, reaches the review from now on.

    Raises OutOfReach, NotAllowed, NotYet before the review is commissioned and after its end, and Invalid: also for a
    second chair, and for one who sits for an agency of the review.
    """
    with changing(reference, "appointment.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        check(scene, entry, None)
        row = Appointment(review_id=scene.review.id, role=entry.role, **_columns(entry))
        scene.session.add(row)
        scene.session.flush()
        let_in(scene, row.account_id)
        run_the_clocks(scene, row, None)
        scene.record(Happened.APPOINTED, on=row.appointed_on, subject=row, label=label_of(row))
        _tell_of_independence(scene, row, None)
        return row.id


def correct_appointment(
    reference: str, appointment_id: UUID, entry: AppointmentEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct or add to an appointment, such as a declaration; with another account somebody else reaches the review.

    Raises Stale with both texts, Invalid, OutOfReach, NotAllowed.
    """
    with changing(reference, "appointment.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = own_row(scene, Appointment, appointment_id)
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        check(scene, entry, row)
        was, declared, account_id = day_that_counts(row), row.independence_declared_on, row.account_id
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        if row.ended_on is None and row.account_id != account_id:
            let_out(scene, account_id)
            let_in(scene, row.account_id)
        run_the_clocks(scene, row, was)
        scene.record(Happened.APPOINTMENT_CHANGED, subject=row, label=label_of(row))
        _tell_of_independence(scene, row, declared)


def entry_of(row: Appointment) -> AppointmentEntry:
    """What an appointment says, its declaration opened."""
    return AppointmentEntry(
        row.role, row.holder, row.organisation, row.account_id, row.appointed_on, row.independence_declared_on,
        row.declaration or "", row.trained_on,
    )  # fmt: skip


def check(scene: Scene, entry: AppointmentEntry, row: Appointment | None) -> None:
    """Raise Invalid for what cannot be right of an appointment; `row` is the one that is being corrected."""
    faults = not_in_future(
        scene.today,
        appointed_on=entry.appointed_on,
        independence_declared_on=entry.independence_declared_on,
        trained_on=entry.trained_on,
    )
    if entry.role not in APPOINTED_AS:
        faults["role"] = "Say as what they are appointed."
    faults |= filled("holder", entry.holder, "Give their name.")
    faults |= filled("organisation", entry.organisation, "Say where they come from, or that they work for themselves.")
    if entry.appointed_on is None:
        faults["appointed_on"] = "Give the day of the appointment."
    if entry.declaration.strip() and entry.independence_declared_on is None:
        faults["independence_declared_on"] = "Give the day of the declaration."
    if entry.independence_declared_on is not None:
        faults |= filled("declaration", entry.declaration, "Say what they declared, and where it is kept.")
    if row is not None and entry.role != row.role:
        faults["role"] = "An appointment keeps its role: end this one as a mistake, and appoint them again."
    if row is not None and row.ended_on and entry.appointed_on and entry.appointed_on > row.ended_on:
        faults["appointed_on"] = f"They left on {in_words(row.ended_on)}: this cannot be later."
    account = scene.session.get(Account, entry.account_id) if entry.account_id else None
    if entry.account_id and (row is None or entry.account_id != row.account_id):
        faults |= _wrong_account(entry, account)
    if row is None or row.ended_on is None:
        faults |= _already(scene, entry, row)
        if entry.role == CHAIR:
            faults |= wrong_with_chair(scene, entry.holder, entry.organisation, account)
    if faults:
        raise Invalid(faults)


def day_that_counts(row: Appointment) -> date | None:
    """The day on which somebody was appointed; None of one who never was, but for a mistake."""
    return None if row.ended_because == MISTAKE else row.appointed_on


def run_the_clocks(scene: Scene, row: Appointment, was: date | None) -> None:
    """Bring the dates that wait for a chair, and count from one, into line with the day that counted before.

    Only the first chair meets and starts them: no first meeting of the panel is due because a chair was replaced.
    """
    now = day_that_counts(row)
    if row.role != CHAIR or now == was:
        return
    if now is not None and was is not None:
        clocks.met_by_the_first(scene, CHAIR_APPOINTED, [now], was=was)
        clocks.restart(scene, CHAIR_APPOINTED, now, was=was)
    elif now is not None and clocks.waits_for(scene, CHAIR_APPOINTED):
        clocks.happened(scene, CHAIR_APPOINTED, now)
    elif was is not None and not _another_chair(scene, row):
        clocks.met_by_the_first(scene, CHAIR_APPOINTED, [], was=was)
        clocks.begin_again(scene, CHAIR_APPOINTED, None)


def _another_chair(scene: Scene, row: Appointment) -> bool:
    others = select(Appointment).where(
        Appointment.review_id == scene.review.id, Appointment.role == CHAIR, Appointment.id != row.id
    )
    return any(day_that_counts(other) for other in scene.session.scalars(others.order_by(Appointment.id)))


def _wrong_account(entry: AppointmentEntry, account: Account | None) -> dict[str, str]:
    if account is None or account.blocked_on is not None:
        return {"account_id": "Choose a person from the list."}
    if account.role != entry.role:
        what = Role(account.role).label.lower()
        return {"account_id": f"This is the account of a {what}: choose one that fits the appointment, or none."}
    return {}


def _already(scene: Scene, entry: AppointmentEntry, row: Appointment | None) -> dict[str, str]:
    """Who is in office that keeps somebody else from it: one chair at a time, and nobody twice."""
    others = select(Appointment).where(
        Appointment.review_id == scene.review.id, Appointment.ended_on.is_(None), Appointment.role == entry.role
    )
    for other in scene.session.scalars(others.order_by(Appointment.appointed_on, Appointment.id)):
        if row is not None and other.id == row.id:
            continue
        if entry.role == CHAIR:
            since = in_words(other.appointed_on)
            return {"role": f"{person(other.holder)} has chaired the review since {since}: end that appointment first."}
        if entry.account_id is not None and other.account_id == entry.account_id:
            return {"account_id": "They are in office already."}
    return {}


def _columns(entry: AppointmentEntry) -> dict[str, object]:
    return {
        "holder": entry.holder.strip(),
        "organisation": entry.organisation.strip(),
        "account_id": entry.account_id,
        "appointed_on": entry.appointed_on,
        "independence_declared_on": entry.independence_declared_on,
        "trained_on": entry.trained_on,
        "declaration": entry.declaration.strip() or None,
    }


def let_in(scene: Scene, account_id: UUID | None) -> None:
    """Let the account of somebody in office reach the review, unless it does already. Raises Invalid."""
    if account_id is not None and not open_seats(scene, account_id):
        give_seat(scene, account_id)


def let_out(scene: Scene, account_id: UUID | None) -> None:
    """Let an account reach the review no longer, from this moment."""
    for seat in open_seats(scene, account_id) if account_id is not None else ():
        scene.end_membership(seat)


def _tell_of_independence(scene: Scene, row: Appointment, before: date | None) -> None:
    if row.independence_declared_on is not None and before is None:
        scene.record(Happened.INDEPENDENCE_DECLARED, on=row.independence_declared_on, subject=row, label=label_of(row))


def label_of(row: Appointment) -> str:
    """What somebody is appointed as, for events: “independent chair”."""
    return APPOINTED_AS[row.role].lower()
