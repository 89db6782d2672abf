"""The terms of reference: drafted, corrected, agreed by the panel; what is agreed stands, and is drafted anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import undefer

from dhr_app.casework import clocks, meeting_rests
from dhr_app.casework.checks import filled, not_in_future, partial_day
from dhr_app.casework.meeting_choices import meeting_of
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.terms import Terms
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.partial_dates import earliest, latest
from dhr_app.workflows.permissions import Person

AGREED = "answered:terms_agreed"


@dataclass(frozen=True)
class TermsEntry:
    """A version’s content, sealed but for the day of the draft.

    The period under review is known to the day, the month or the year (“2018-09”).
    """

    drafted_on: date | None = None
    period_from: str = ""
    period_to: str = ""
    lines_of_enquiry: str = ""


@dataclass(frozen=True)
class AgreementEntry:
    """Where and when the panel agreed: at a meeting, whose day counts, or without one on a day of its own."""

    meeting_id: UUID | None = None
    agreed_on: date | None = None


def draft(reference: str, entry: TermsEntry, *, by: Person, at: datetime) -> UUID:
    """Draft the first version, or a new one once the last is agreed. Raises NotAllowed, NotYet, Invalid."""
    with changing(reference, "terms.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        former = rows_of(scene, Terms, Terms.number)
        faults = _faults(entry, scene.today)
        if former and former[-1].agreed_on is None:
            faults["terms"] = f"Version {former[-1].number} is a draft still: correct it, or record that it was agreed."
        elif former and entry.drafted_on and entry.drafted_on < former[-1].drafted_on:
            faults["drafted_on"] = (
                f"Version {former[-1].number} is of {in_words(former[-1].drafted_on)}: a newer one cannot be earlier."
            )
        if faults:
            raise Invalid(faults)
        row = Terms(review_id=scene.review.id, number=len(former) + 1, **_columns(entry))
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.TERMS_DRAFTED, on=entry.drafted_on, subject=row, number=row.number)
        return row.id


def correct(reference: str, terms_id: UUID, entry: TermsEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct a draft. Raises Stale with both texts, and Invalid for a version that is agreed: draft a new one."""
    with changing(reference, "terms.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = _row(scene, terms_id)
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        faults = _faults(entry, scene.today)
        if row.agreed_on is not None:
            faults["terms"] = f"Version {row.number} is agreed and is not changed any more: draft a new version."
        if faults:
            raise Invalid(faults)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        scene.record(Happened.TERMS_CHANGED, subject=row, number=row.number)


def agree(reference: str, terms_id: UUID, entry: AgreementEntry, version: int, *, by: Person, at: datetime) -> None:
    """Record that the panel agreed a version, or correct when and where it did.

    Raises Stale with both texts, and Invalid for a meeting that is not one of the review panel.
    """
    with changing(reference, "terms.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = _row(scene, terms_id)
        same_version(row, version, theirs=in_texts(agreement_of(row)), yours=in_texts(entry))
        agreed_on = _agreed_on(scene, row, entry)
        was = row.agreed_on
        row.agreed_on, row.meeting_id = agreed_on, entry.meeting_id
        if was is None:
            clocks.happened(scene, AGREED, agreed_on)
        meeting_rests.first_panel(scene, was=was)
        kind = Happened.TERMS_AGREED if was is None else Happened.TERMS_CHANGED
        scene.record(kind, on=agreed_on, subject=row, number=row.number)


def _faults(entry: TermsEntry, today: date) -> dict[str, str]:
    faults = not_in_future(today, drafted_on=entry.drafted_on)
    if entry.drafted_on is None:
        faults["drafted_on"] = "Give the day of this draft."
    faults |= partial_day("period_from", entry.period_from, today) | partial_day("period_to", entry.period_to, today)
    bounds = entry.period_from and entry.period_to
    if bounds and not faults and latest(entry.period_to) < earliest(entry.period_from):
        faults["period_to"] = "The period cannot end before it begins."
    return faults | filled("lines_of_enquiry", entry.lines_of_enquiry, "Say what the review is to find out.")


def _agreed_on(scene: Scene, row: Terms, entry: AgreementEntry) -> date:
    """The day of the agreement. Raises Invalid."""
    if entry.meeting_id is None:
        field, day = "agreed_on", entry.agreed_on
        faults = not_in_future(scene.today, agreed_on=day)
    else:
        field, faults = "meeting_id", {}
        meeting = meeting_of(scene, entry.meeting_id, "panel")
        day = meeting.held_on if meeting else None
        if meeting is None:
            faults["meeting_id"] = "Choose a meeting of the review panel from the list."
        elif entry.agreed_on not in (None, day):
            faults["agreed_on"] = (
                f"The meeting was on {in_words(meeting.held_on)}: leave the day empty, or give that one."
            )
    if day is None:
        faults.setdefault(field, "Choose the meeting, or give the day.")
    elif day < row.drafted_on:
        faults.setdefault(
            field, f"Version {row.number} is of {in_words(row.drafted_on)}: it cannot have been agreed earlier."
        )
    if faults or day is None:
        raise Invalid(faults)
    return day


def _row(scene: Scene, terms_id: UUID) -> Terms:
    return own_row(scene, Terms, terms_id, undefer(Terms.lines_of_enquiry_ct))


def _columns(entry: TermsEntry) -> dict[str, object]:
    return {
        "drafted_on": entry.drafted_on,
        "period_from": entry.period_from or None,
        "period_to": entry.period_to or None,
        "lines_of_enquiry": entry.lines_of_enquiry.strip() or None,
    }


def entry_of(row: Terms) -> TermsEntry:
    """A version’s content, opened."""
    return TermsEntry(row.drafted_on, row.period_from or "", row.period_to or "", row.lines_of_enquiry or "")


def agreement_of(row: Terms) -> AgreementEntry:
    """Where and when a version was agreed, as its form shows it."""
    return AgreementEntry(row.meeting_id, None if row.meeting_id else row.agreed_on)
