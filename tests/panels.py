"""Panels for tests: a chair is appointed, declares, leaves and is replaced, by the verbs that a coordinator uses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dhr_app.casework import appointment, leaving, panel
from dhr_app.casework.appointment import AppointmentEntry
from dhr_app.casework.leaving import LeavingEntry
from dhr_app.casework.panel import SeatEntry
from dhr_app.casework.panel_page import open_appointment
from dhr_app.database.models import Appointment, Membership

if TYPE_CHECKING:
    from tests.reviews import Case

CHAIR = "independent_chair"


def appoint(case: Case, **changes: Any) -> UUID:
    """Appoint somebody, as chair unless it is said otherwise, who has declared their independence."""
    entry = AppointmentEntry(CHAIR, "Septimus Hale", "Self-employed", None, case.today, case.today, "No tie to them.")
    said = replace(entry, **changes)
    return appointment.appoint(case.reference, said, by=case.county.coordinator, at=case.wait(minutes=1))


def correct(case: Case, appointment_id: UUID, version: int | None = None, **changes: Any) -> None:
    """Correct an appointment, everything else as it stands."""
    page = open_appointment(case.reference, appointment_id, by=case.county.coordinator, at=case.at)
    appointment.correct_appointment(
        case.reference, appointment_id, replace(page.entry, **changes), version or page.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def end(case: Case, appointment_id: UUID, version: int | None = None, **changes: Any) -> None:
    """End an appointment today, everything done that has to be; or correct how it ended."""
    page = open_appointment(case.reference, appointment_id, by=case.county.coordinator, at=case.at)
    entry = LeavingEntry(case.today, "stepped_down", case.today, "Ann Thorne, steering group")
    said = replace(page.leaving if page.leaving.ended_on else entry, **changes)
    leaving.end_appointment(
        case.reference, appointment_id, said, version or page.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def take_seat(case: Case, agency: str = "Barset Refuge", **changes: Any) -> UUID:
    """Give an agency a seat, as a specialist domestic abuse service unless it is said otherwise."""
    entry = SeatEntry(case.county.agency(agency), "domestic_abuse", "Ruth Dale, manager", "yes", case.today)
    said = replace(entry, **changes)
    return panel.take_seat(case.reference, said, by=case.county.coordinator, at=case.wait(minutes=1))


def chair_in_office(case: Case) -> UUID:
    """The chair in office, appointed now where there is none; the account of whoever has a chair’s seat is theirs."""
    ids = [row.id for row in case.rows(Appointment) if row.role == CHAIR and row.ended_on is None]
    seats = [row.account_id for row in case.rows(Membership) if row.role == CHAIR and row.to_on is None]
    account_id = seats[0] if seats else None
    if not ids:
        return appoint(case, account_id=account_id)
    if account_id is not None:
        correct(case, ids[0], account_id=account_id)
    return ids[0]


def declared(case: Case) -> None:
    """The chair in office has declared their independence."""
    correct(case, chair_in_office(case), independence_declared_on=case.today, declaration="No tie to them.")


def replaced(case: Case) -> None:
    """The chair in office leaves, everything done that has to be, and another one is appointed."""
    if not case.facts().panel.leavers:
        end(case, chair_in_office(case))
        appoint(case, holder="Lettice Boyce")
