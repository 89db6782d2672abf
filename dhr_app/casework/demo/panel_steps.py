"""What people do about a panel in a case: a chair is appointed and declares, agencies take seats, a chair leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from dhr_app.casework import appointment, leaving, panel, panel_page
from dhr_app.casework.appointment import AppointmentEntry
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.demo.staff import STAFF
from dhr_app.casework.demo.steps import open_seat
from dhr_app.casework.leaving import LeavingEntry
from dhr_app.casework.panel import SeatEntry
from dhr_app.workflows.roles import Role

CHAIR = Role.INDEPENDENT_CHAIR
AUTHOR = Role.REPORT_AUTHOR
TRAINED = -1650  # the day on which Barsetshire’s own chair had done the Home Office’s training

# Who sits for whom, as one reads it on the page.
SEATS = {
    "Barset Refuge":       (f"{STAFF[Role.PANEL_MEMBER].name}, service manager", "domestic_abuse"),
    "Police":              ("Olivia Proudie, detective superintendent", "agency"),
    "Probation":           ("Bernard Dale, head of delivery", "agency"),
    "NHS Barsetshire":     ("Dr Amelia Roper, designated doctor", "agency"),
    "Mental Health Trust": ("Arthur Cheesacre, associate director", "agency"),
    "Adult Social Care":   ("Clara Amedroz, head of safeguarding", "agency"),
}  # fmt: skip


def appointed(
    day: int, declaration: str = "", *, role: Role = CHAIR, holder: str = "", organisation: str = "Self-employed"
) -> Step:
    """Barsetshire’s own chair or author is appointed, or by name somebody without an account."""

    def do(case: Playing, at: datetime) -> None:
        on = case.days.working(day)
        entry = AppointmentEntry(
            role=role.value,
            holder=holder or STAFF[role].name,
            organisation=organisation,
            account_id=None if holder else case.staff[role],
            appointed_on=on,
            independence_declared_on=on if declaration else None,
            declaration=declaration,
            trained_on=None if holder else case.days.working(TRAINED),
        )
        appointment.appoint(case.reference, entry, by=case.person(Role.COORDINATOR), at=at)
        if not holder:
            open_seat(case, role, at)

    return Step(day, do, sealed=(declaration,))


def declared(day: int, declaration: str) -> Step:
    """The chair in office declares their independence."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(Role.COORDINATOR)
        chair, page = _chair(case, at)
        entry = replace(page.entry, independence_declared_on=case.days.working(day), declaration=declaration)
        appointment.correct_appointment(case.reference, chair, entry, page.version, by=by, at=at)

    return Step(day, do, sealed=(declaration,))


def chair_left(day: int, because: str, interim_holder: str) -> Step:
    """The chair in office leaves, and returns every paper the same day."""

    def do(case: Playing, at: datetime) -> None:
        on = case.days.working(day)
        chair, page = _chair(case, at)
        leaving.end_appointment(
            case.reference, chair, LeavingEntry(on, because, on, interim_holder), page.version,
            by=case.person(Role.COORDINATOR), at=at,
        )  # fmt: skip

    return Step(day, do)


def seated(day: int, *agencies: str) -> Step:
    """Agencies take their seats on the panel."""

    def do(case: Playing, at: datetime) -> None:
        for agency in agencies:
            representative, brings = SEATS[agency]
            entry = SeatEntry(case.agencies[agency], brings, representative, "yes", case.days.working(day))
            panel.take_seat(case.reference, entry, by=case.person(Role.COORDINATOR), at=at)

    return Step(day, do)


def panel_made(day: int, folder: str) -> tuple[Step, ...]:
    """Two months before a day the chair is appointed, then the author and the panel."""
    return (
        appointed(day - 60, f"No tie to any agency of the review; declaration on form 2, folder {folder}"),
        appointed(day - 55, role=AUTHOR),
        seated(day - 40, *SEATS),
    )


def _chair(case: Playing, at: datetime) -> tuple[UUID, panel_page.AppointmentPage]:
    by = case.person(Role.COORDINATOR)
    lines = panel_page.panel_page(case.reference, by=by, at=at).appointments
    in_office = next(line for line in lines if line.chairs and line.ended_on is None)
    return in_office.id, panel_page.open_appointment(case.reference, in_office.id, by=by, at=at)
