"""What an agency sends: who wrote it, who signed it off, its chronology, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework import clocks
from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.imr import ANSWERED, keep_dates, record, whole_row
from dhr_app.casework.rows import in_texts, own_row
from dhr_app.casework.scene import changing, looking, same_version
from dhr_app.database.models.imr import Imr
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.wording import YES_NO_NOT_KNOWN


@dataclass(frozen=True)
class ImrEntry:
    """What the agency has sent so far. `outcome` is open while it still writes, received, or nil.

    `author` and `signed_off_by` are members of staff; `came_from` tells whose e-mail it was entered from.
    """

    outcome: str = "open"
    answered_on: date | None = None
    chronology_received_on: date | None = None
    author: str = ""
    author_independent: str = "not_known"
    author_trained: str = "not_known"
    signed_off_by: str = ""
    signed_off_on: date | None = None
    findings: str = ""
    came_from: str = ""


DAYS = ("answered_on", "chronology_received_on", "signed_off_on")
TEXTS = ("author", "signed_off_by", "findings", "came_from")


def record_answer(reference: str, imr_id: UUID, entry: ImrEntry, version: int, *, by: Person, at: datetime) -> None:
    """Enter or correct what an agency sent: by its own contributor, or on its behalf by the coordinator.

    Raises Stale with both texts, Invalid, NotAllowed for another agency’s IMR.
    """
    with changing(reference, None, by=by, at=at, doing="imr.answer") as scene:
        row = whole_row(scene, imr_id)
        scene.allow("imr.answer", agency_id=row.agency_id)
        scene.must_be_commissioned()
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        on_behalf = by.agency_id != row.agency_id
        faults = _answer_faults(entry, row, scene.today, on_behalf=on_behalf)
        if faults:
            raise Invalid(faults)
        came = entry.outcome in ANSWERED and row.outcome not in ANSWERED
        chronology_came = entry.chronology_received_on is not None and row.chronology_received_on is None
        for name, value in vars(entry).items():
            setattr(row, name, (value.strip() or None) if name in TEXTS else value)
        row.entered_by_id, row.on_behalf = by.id, on_behalf
        if came and entry.answered_on:
            clocks.happened(scene, "imr_received", entry.answered_on, subject_id=row.id)
            kind = Happened.IMR_NIL if entry.outcome == "nil" else Happened.IMR_RECEIVED
            record(scene, kind, row, on=entry.answered_on)
        if chronology_came and entry.chronology_received_on:
            clocks.happened(scene, "chronology_received", entry.chronology_received_on, subject_id=row.id)
            record(scene, Happened.CHRONOLOGY_RECEIVED, row, on=entry.chronology_received_on)
        if not came and not chronology_came:
            record(scene, Happened.IMR_CHANGED, row)
        keep_dates(scene, row)


def check_answer(reference: str, imr_id: UUID, entry: ImrEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid for whatever record_answer would refuse in the entry; nothing is saved. Raises OutOfReach."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        row = own_row(look, Imr, imr_id)
        raise Invalid(_answer_faults(entry, row, look.today, on_behalf=by.agency_id != row.agency_id))


def entry_of(row: Imr) -> ImrEntry:
    """What the agency sent, opened, as its form shows it."""
    answered = row.outcome in ANSWERED
    return ImrEntry(
        row.outcome if answered else "open", row.answered_on if answered else None, row.chronology_received_on,
        row.author or "", row.author_independent, row.author_trained, row.signed_off_by or "", row.signed_off_on,
        row.findings or "", row.came_from or "",
    )  # fmt: skip


def _answer_faults(entry: ImrEntry, row: Imr, today: date, *, on_behalf: bool) -> dict[str, str]:
    days = {name: getattr(entry, name) for name in DAYS}
    before = f"The agency was asked on {in_words(row.requested_on)}: this cannot be earlier."
    faults = not_in_future(today, **days)
    faults |= {name: before for name, day in days.items() if day is not None and day < row.requested_on}
    faults |= known_codes(entry, {"author_independent": YES_NO_NOT_KNOWN, "author_trained": YES_NO_NOT_KNOWN})
    if entry.outcome not in ("open", *ANSWERED):
        faults["outcome"] = "Say whether it has come."
    if row.outcome == "not_required":
        faults["outcome"] = "This is not required: ask for it again first."
    if row.outcome == "no_reply" and entry.outcome == "open":
        faults["outcome"] = "This was closed as no reply: say what has come after all."
    if entry.outcome in ANSWERED and entry.answered_on is None:
        faults["answered_on"] = "Give the day on which it came."
    if entry.outcome == "open" and entry.answered_on is not None:
        faults["answered_on"] = "Leave this empty while the agency is still writing."
    if entry.chronology_received_on and not row.chronology_requested:
        faults["chronology_received_on"] = "The agency was not asked for a chronology."
    if entry.outcome == "received":
        faults |= filled("author", entry.author, "Say who wrote it: name and post.")
    if entry.signed_off_on is not None:
        faults |= filled("signed_off_by", entry.signed_off_by, "Say who signed it off on that day.")
    if entry.signed_off_by.strip() and entry.signed_off_on is None:
        faults["signed_off_on"] = "Give the day on which it was signed off."
    if entry.signed_off_by.strip() and entry.signed_off_by.strip().casefold() == entry.author.strip().casefold():
        faults["signed_off_by"] = "Nobody signs off what they wrote: name somebody more senior."
    if on_behalf:
        faults |= filled(
            "came_from", entry.came_from, "Say from whose e-mail or letter, and of which day, you enter this."
        )
    return faults
