"""What the pages of a review’s panel show: who is appointed, who sits on it, and what is still to be put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.appointment import MISTAKE, AppointmentEntry, entry_of
from dhr_app.casework.leaving import LeavingEntry, leaving_of
from dhr_app.casework.panel import SeatEntry, seat_of
from dhr_app.casework.rows import agency_names, own_row, rows_of, under_way
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.account import Account, Conflict, Membership
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.panel import PanelSeat
from dhr_app.workflows.lifecycle import MOVES, moves_from
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import APPOINTED_AS, LEFT_BECAUSE, SEAT_BRINGS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

CHAIR = Role.INDEPENDENT_CHAIR.value


@dataclass(frozen=True)
class AppointmentLine:
    """One appointment. `reaches` says whether their account opens the review now; else since when it does not."""

    id: UUID
    role: str
    chairs: bool
    holder: str
    organisation: str
    has_account: bool
    reaches: bool
    access_ended_on: date | None
    appointed_on: date
    independence_declared_on: date | None
    trained_on: date | None
    ended_on: date | None
    ended_because: str
    mistaken: bool
    papers_returned_on: date | None
    interim_holder: str
    replaced: bool


@dataclass(frozen=True)
class SeatLine:
    """One seat on the panel."""

    id: UUID
    agency: str
    representative: str
    brings: str
    specialist: bool
    not_involved: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class PanelPage:
    """The panel. `strays` are those who reach the review as its chair and are not its chair in office.

    With `may_replace` a chair has left, and the replacement is still to be recorded as a step of the review.
    """

    reference: str
    commissioned: bool
    appointments: tuple[AppointmentLine, ...]
    seats: tuple[SeatLine, ...]
    strays: tuple[str, ...]
    may_appoint: bool
    may_read: bool
    may_seat: bool
    may_replace: bool

    @property
    def chaired(self) -> bool:
        """Whether somebody chairs the review now."""
        return any(line.chairs and line.ended_on is None for line in self.appointments)

    @property
    def without_access(self) -> bool:
        """Whether somebody in office has an account that does not reach the review: their seat was ended."""
        return any(line.has_account and not line.reaches and line.ended_on is None for line in self.appointments)

    @property
    def specialist(self) -> bool:
        """Whether a specialist domestic abuse service sits on the panel now."""
        return any(line.specialist and line.to_on is None for line in self.seats)


@dataclass(frozen=True)
class Holder:
    """An account that fits an appointment."""

    id: UUID
    name: str
    role: str


@dataclass(frozen=True)
class AppointmentPage:
    """One appointment, opened; without `line` a new one is to be made."""

    reference: str
    line: AppointmentLine | None
    version: int
    entry: AppointmentEntry
    leaving: LeavingEntry
    accounts: tuple[Holder, ...]
    may_change: bool


@dataclass(frozen=True)
class SeatPage:
    """One seat on the panel, to be corrected or ended."""

    reference: str
    line: SeatLine
    version: int
    entry: SeatEntry


def panel_page(reference: str, *, by: Person, at: datetime) -> PanelPage:
    """Who chairs the review, who writes it, who sits on its panel; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "panel.see", by=by, at=at) as look:
        memberships = _memberships(look)
        order = (Appointment.ended_on.is_not(None), Appointment.role, Appointment.appointed_on)
        rows = rows_of(look, Appointment, *order)
        in_office = {row.account_id for row in rows if row.role == CHAIR and row.ended_on is None}
        strays = tuple(
            name
            for seat, name in memberships
            if seat.role == CHAIR and seat.to_on is None and seat.account_id not in in_office
        )
        commissioned = under_way(look)
        return PanelPage(
            reference,
            commissioned,
            tuple(_line(row, memberships) for row in rows),
            _seats(look),
            strays,
            commissioned and look.may("appointment.change"),
            look.may("appointment.read"),
            commissioned and look.may("panel.change"),
            _may_replace(look, rows),
        )


def _may_replace(look: Look, rows: list[Appointment]) -> bool:
    left = any(row.role == CHAIR and row.ended_on and row.ended_because != MISTAKE and not row.used_by for row in rows)
    starts_here = MOVES["replace_chair"] in moves_from(Stage(look.review.stage), look.rule_set)
    return left and starts_here and look.may("move.replace_chair")


def new_appointment(reference: str, *, by: Person, at: datetime) -> AppointmentPage:
    """What the form of a new appointment begins with. Raises OutOfReach, NotAllowed."""
    with looking(reference, "appointment.change", by=by, at=at) as look:
        return AppointmentPage(reference, None, 0, AppointmentEntry(), LeavingEntry(), _holders(look), may_change=True)


def open_appointment(
    reference: str, appointment_id: UUID, permission: str = "appointment.read", *, by: Person, at: datetime
) -> AppointmentPage:
    """One appointment with what was declared, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, permission, opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, Appointment, appointment_id)
        may_change = look.may("appointment.change")
        return AppointmentPage(
            reference,
            _line(row, _memberships(look)),
            row.version,
            entry_of(row),
            leaving_of(row),
            _holders(look, row.account_id) if may_change else (),
            may_change,
        )


def may_take_seat(reference: str, *, by: Person, at: datetime) -> None:
    """Let somebody begin the form of a new seat. Raises OutOfReach, NotAllowed."""
    with looking(reference, "panel.change", by=by, at=at):
        return


def seat_page(reference: str, seat_id: UUID, *, by: Person, at: datetime) -> SeatPage:
    """One seat, for whoever may correct it. Raises OutOfReach, NotAllowed."""
    with looking(reference, "panel.change", by=by, at=at) as look:
        row = own_row(look, PanelSeat, seat_id)
        line = next(line for line in _seats(look) if line.id == seat_id)
        return SeatPage(reference, line, row.version, seat_of(row))


def _memberships(look: Look) -> list[tuple[Membership, str]]:
    rows = (
        select(Membership, Account.name)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.review_id == look.review.id, Membership.role.in_(APPOINTED_AS))
        .order_by(Membership.from_on, Membership.id)
    )
    return [(seat, name) for seat, name in look.session.execute(rows)]


def _line(row: Appointment, memberships: list[tuple[Membership, str]]) -> AppointmentLine:
    ends = [seat.to_on for seat, _ in memberships if seat.account_id == row.account_id]
    reaches = row.ended_on is None and None in ends
    return AppointmentLine(
        id=row.id,
        role=APPOINTED_AS[row.role],
        chairs=row.role == CHAIR,
        holder=row.holder,
        organisation=row.organisation,
        has_account=row.account_id is not None,
        reaches=reaches,
        access_ended_on=None if reaches else max((end for end in ends if end is not None), default=None),
        appointed_on=row.appointed_on,
        independence_declared_on=row.independence_declared_on,
        trained_on=row.trained_on,
        ended_on=row.ended_on,
        ended_because=LEFT_BECAUSE.get(row.ended_because or "", ""),
        mistaken=row.ended_because == MISTAKE,
        papers_returned_on=row.papers_returned_on,
        interim_holder=row.interim_holder or "",
        replaced=row.used_by is not None,
    )


def _seats(look: Look) -> tuple[SeatLine, ...]:
    rows = rows_of(look, PanelSeat, PanelSeat.to_on.is_not(None), PanelSeat.from_on)
    names = agency_names(look.session, [row.agency_id for row in rows])
    lines = [
        SeatLine(
            row.id, names[row.agency_id], row.representative, SEAT_BRINGS[row.brings], row.brings == "domestic_abuse",
            row.not_involved, row.from_on, row.to_on,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.to_on is not None, line.agency)))


def _holders(look: Look, *also: UUID | None) -> tuple[Holder, ...]:
    """The accounts of chairs and authors that nothing bars from the review, and whichever was chosen before."""
    barred = select(Conflict.account_id).where(Conflict.review_id == look.review.id)
    free = Account.role.in_(APPOINTED_AS) & Account.blocked_on.is_(None) & Account.id.not_in(barred)
    rows = select(Account.id, Account.name, Account.role).where(free | Account.id.in_([one for one in also if one]))
    return tuple(
        Holder(row.id, row.name, Role(row.role).label.lower())
        for row in look.session.execute(rows.order_by(Account.name, Account.id))
    )
