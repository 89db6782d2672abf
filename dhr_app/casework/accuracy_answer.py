"""What agencies answer to a factual accuracy check, and what becomes of the corrections they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework import clocks
from dhr_app.casework.accuracy import ANSWERED, keep_dates, standing_row
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.rows import in_texts, own_row
from dhr_app.casework.scene import changing, looking, same_version
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import ACCURACY_OUTCOMES


@dataclass(frozen=True)
class CheckEntry:
    """What an agency answers. `outcome` is agreed or corrections; open takes back what was entered by mistake."""

    outcome: str = ""
    answered_on: date | None = None
    corrections: str = ""
    came_from: str = ""


@dataclass(frozen=True)
class SettlingEntry:
    """What became of the corrections, each accepted or not and why."""

    settled_on: date | None = None
    settlement: str = ""


def answer(reference: str, check_id: UUID, entry: CheckEntry, version: int, *, by: Person, at: datetime) -> None:
    """Enter or correct an agency’s answer: by its own contributor, or on its behalf by the coordinator.

    Corrections that change after the chair settled them have to be settled again. Raises Stale with both texts,
    Invalid, NotAllowed for another agency’s check.
    """
    with changing(reference, None, by=by, at=at, doing="accuracy.answer") as scene:
        row = own_row(scene, AccuracyCheck, check_id)
        scene.allow("accuracy.answer", agency_id=row.agency_id)
        standing_row(scene, check_id)
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        on_behalf = by.agency_id != row.agency_id
        faults = _answer_faults(entry, row, scene.today, on_behalf=on_behalf)
        if faults:
            raise Invalid(faults)
        first = row.outcome not in ANSWERED and entry.outcome in ANSWERED
        if (entry.outcome, entry.corrections.strip()) != (row.outcome, row.corrections or ""):
            row.settled_on = None
        row.outcome, row.answered_on = entry.outcome, entry.answered_on
        row.corrections = entry.corrections.strip() or None
        row.came_from = entry.came_from.strip() or None
        row.entered_by_id, row.on_behalf = by.id, on_behalf
        if first and entry.answered_on:
            clocks.happened(scene, "accuracy_answered", entry.answered_on, subject_id=row.id)
            label = ACCURACY_OUTCOMES[entry.outcome].lower()
            scene.record(
                Happened.ACCURACY_ANSWERED, on=entry.answered_on, agency_id=row.agency_id, subject=row, label=label
            )
        else:
            scene.record(Happened.ACCURACY_CHANGED, agency_id=row.agency_id, subject=row)
        keep_dates(scene, row)


def check_answer(reference: str, check_id: UUID, entry: CheckEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid for whatever `answer` would refuse in the entry; nothing is saved. Raises OutOfReach."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        row = own_row(look, AccuracyCheck, check_id)
        raise Invalid(_answer_faults(entry, row, look.today, on_behalf=by.agency_id != row.agency_id))


def settle(reference: str, check_id: UUID, entry: SettlingEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down what became of an agency’s corrections, or correct that. Raises Stale with both texts, Invalid."""
    with changing(reference, "accuracy.settle", by=by, at=at) as scene:
        row = standing_row(scene, check_id)
        if row.outcome != "corrections" or row.answered_on is None:
            raise Invalid({"settlement": "The agency asks for no corrections: there is nothing to settle."})
        same_version(row, version, theirs=in_texts(settling_of(row)), yours=in_texts(entry))
        faults = not_in_future(scene.today, settled_on=entry.settled_on)
        faults |= filled("settlement", entry.settlement, "Say of each correction whether it is made, or why not.")
        if entry.settled_on is None:
            faults["settled_on"] = "Give the day on which the corrections were settled."
        elif entry.settled_on < row.answered_on:
            faults["settled_on"] = f"They came on {in_words(row.answered_on)}: this cannot be earlier."
        if faults:
            raise Invalid(faults)
        first = row.settled_on is None
        row.settled_on, row.settlement = entry.settled_on, entry.settlement.strip()
        kind = Happened.ACCURACY_SETTLED if first else Happened.ACCURACY_CHANGED
        scene.record(kind, on=entry.settled_on if first else None, agency_id=row.agency_id, subject=row)


def entry_of(row: AccuracyCheck) -> CheckEntry:
    """What the agency answered, opened, as its form shows it."""
    answered = row.outcome in ANSWERED
    return CheckEntry(
        row.outcome if answered else "", row.answered_on if answered else None, row.corrections or "",
        row.came_from or "",
    )  # fmt: skip


def settling_of(row: AccuracyCheck) -> SettlingEntry:
    """What became of the corrections, opened, as its form shows it."""
    return SettlingEntry(row.settled_on, row.settlement or "")


def _answer_faults(entry: CheckEntry, row: AccuracyCheck, today: date, *, on_behalf: bool) -> dict[str, str]:
    faults = not_in_future(today, answered_on=entry.answered_on)
    if entry.outcome not in ANSWERED and not (entry.outcome == "open" and row.outcome in ANSWERED):
        faults["outcome"] = "Say whether the agency agrees or asks for corrections."
    elif entry.outcome == "open" and entry.answered_on is not None:
        faults["answered_on"] = "Leave this empty if nothing has come."
    elif entry.outcome in ANSWERED and entry.answered_on is None:
        faults["answered_on"] = "Give the day on which the answer came."
    elif entry.answered_on is not None and entry.answered_on < row.sent_on:
        faults["answered_on"] = f"The passages were sent on {in_words(row.sent_on)}: the answer cannot be earlier."
    if entry.outcome == "corrections":
        faults |= filled("corrections", entry.corrections, "Enter the corrections it asks for.")
    elif entry.corrections.strip():
        faults["corrections"] = "Leave this empty, or choose that it asks for corrections."
    if on_behalf:
        faults |= filled(
            "came_from", entry.came_from, "Say from whose e-mail or letter, and of which day, you enter this."
        )
    return faults
