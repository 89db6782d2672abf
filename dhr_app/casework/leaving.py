"""Whoever was appointed leaves one day: when, why, what became of their papers, and who holds the review meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.appointment import (
    MISTAKE,
    check,
    day_that_counts,
    entry_of,
    label_of,
    let_in,
    let_out,
    run_the_clocks,
)
from dhr_app.casework.checks import known_codes, not_in_future
from dhr_app.casework.rows import in_texts, own_row
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.appointment import Appointment
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import LEFT_BECAUSE


@dataclass(frozen=True)
class LeavingEntry:
    """How an appointment ended. Of a chair, `interim_holder` holds the review until the next one begins."""

    ended_on: date | None = None
    ended_because: str = ""
    papers_returned_on: date | None = None
    interim_holder: str = ""


def end_appointment(
    reference: str, appointment_id: UUID, entry: LeavingEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Record that somebody left, or correct what was recorded of it: from now on they reach the review no longer.

    Raises Stale with both texts, Invalid, OutOfReach, NotAllowed, NotYet.
    """
    with changing(reference, "appointment.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = own_row(scene, Appointment, appointment_id)
        same_version(row, version, theirs=in_texts(leaving_of(row)), yours=in_texts(entry))
        _check_leaving(scene, row, entry)
        first, was = row.ended_on is None, day_that_counts(row)
        row.ended_on, row.ended_because = entry.ended_on, entry.ended_because
        row.papers_returned_on = entry.papers_returned_on
        row.interim_holder = entry.interim_holder.strip() or None
        if first:
            let_out(scene, row.account_id)
        run_the_clocks(scene, row, was)
        left = first and row.ended_because != MISTAKE
        kind = Happened.APPOINTMENT_ENDED if left else Happened.APPOINTMENT_CHANGED
        scene.record(kind, on=row.ended_on if left else None, subject=row, label=label_of(row))


def take_back_leaving(reference: str, appointment_id: UUID, *, by: Person, at: datetime) -> None:
    """Record that somebody did not leave after all: they are in office again, and their account reaches the review.

    Raises Invalid once a move rests on their leaving, or another chair is in office.
    """
    with changing(reference, "appointment.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = own_row(scene, Appointment, appointment_id)
        if row.ended_on is None:
            raise Invalid({"ended_on": "They are in office."})
        if row.used_by is not None:
            raise Invalid({"ended_on": "The replacement of the chair rests on this: it cannot be taken back."})
        was = day_that_counts(row)
        row.ended_on = row.ended_because = row.papers_returned_on = row.interim_holder = None
        check(scene, entry_of(row), row)
        run_the_clocks(scene, row, was)
        let_in(scene, row.account_id)
        scene.record(Happened.APPOINTMENT_CHANGED, subject=row, label=label_of(row))


def leaving_of(row: Appointment) -> LeavingEntry:
    """How an appointment ended, as far as it did."""
    return LeavingEntry(row.ended_on, row.ended_because or "", row.papers_returned_on, row.interim_holder or "")


def _check_leaving(scene: Scene, row: Appointment, entry: LeavingEntry) -> None:
    faults = not_in_future(scene.today, ended_on=entry.ended_on, papers_returned_on=entry.papers_returned_on)
    faults |= known_codes(entry, {"ended_because": LEFT_BECAUSE})
    if entry.ended_on is None:
        faults["ended_on"] = "Give the day on which they left."
    for name in ("ended_on", "papers_returned_on"):
        day = getattr(entry, name)
        if day is not None and day < row.appointed_on:
            faults[name] = f"They were appointed on {in_words(row.appointed_on)}: this cannot be earlier."
    if row.used_by is not None and entry.ended_because == MISTAKE:
        faults["ended_because"] = "The replacement of the chair rests on their leaving: it was no mistake."
    if faults:
        raise Invalid(faults)
