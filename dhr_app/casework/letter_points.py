"""The points of a Home Office letter: entered in their order, corrected, and each answered: changed, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.home_office import HomeOfficeLetter, LetterPoint
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import POINT_OUTCOMES


@dataclass(frozen=True)
class PointEntry:
    """A point as the letter makes it, sealed, and whether a change there touches the family."""

    point: str = ""
    touches_family: bool = False


@dataclass(frozen=True)
class AnswerEntry:
    """How a point was answered: changed, or not changed and why. `answer` is sealed."""

    outcome: str = ""
    answer: str = ""
    answered_on: date | None = None
    touches_family: bool = False


def add_points(reference: str, letter_id: UUID, points: Sequence[str], *, by: Person, at: datetime) -> None:
    """Enter more points of a letter, numbered on. Raises OutOfReach, NotAllowed, NotYet, and Invalid without one."""
    with changing(reference, "home_office.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, HomeOfficeLetter, letter_id)
        if not any(text.strip() for text in points):
            raise Invalid({"points": "Enter at least one point."})
        enter_points(scene, row, points)


def correct_point(reference: str, point_id: UUID, entry: PointEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct the words of a point. Raises Stale with both texts, Invalid, NotYet, OutOfReach, NotAllowed."""
    with changing(reference, "home_office.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, LetterPoint, point_id)
        same_version(row, version, theirs=in_texts(point_entry(row)), yours=in_texts(entry))
        faults = filled("point", entry.point, "Enter what the letter asks for.")
        if faults:
            raise Invalid(faults)
        row.point, row.touches_family = entry.point.strip(), entry.touches_family
        scene.record(Happened.POINT_CHANGED, subject=row, number=row.number)


def answer_point(reference: str, point_id: UUID, entry: AnswerEntry, version: int, *, by: Person, at: datetime) -> None:
    """Answer a point, or correct its answer: changed, or not changed and why; “open” takes an answer back.

    Raises Stale with both texts, Invalid, NotYet, OutOfReach, NotAllowed.
    """
    with changing(reference, "home_office.answer", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, LetterPoint, point_id)
        same_version(row, version, theirs=in_texts(answer_entry(row)), yours=in_texts(entry))
        letter = own_row(scene, HomeOfficeLetter, row.letter_id)
        faults = _answer_faults(entry, letter, scene.today)
        if faults:
            raise Invalid(faults)
        first = row.outcome == "open" and entry.outcome != "open"
        row.outcome, row.answer = entry.outcome, entry.answer.strip() or None
        row.answered_on = None if entry.outcome == "open" else entry.answered_on
        row.touches_family = entry.touches_family
        if first:
            label = POINT_OUTCOMES[entry.outcome].lower()
            scene.record(Happened.POINT_ANSWERED, on=row.answered_on, subject=row, number=row.number, label=label)
        else:
            scene.record(Happened.POINT_CHANGED, subject=row, number=row.number)


def enter_points(scene: Scene, letter: HomeOfficeLetter, points: Sequence[str]) -> None:
    """Write points down inside a verb, numbered on from those the letter has; empty texts are no points."""
    there = sum(point.letter_id == letter.id for point in rows_of(scene, LetterPoint, LetterPoint.number))
    for number, text in enumerate((text.strip() for text in points if text.strip()), start=there + 1):
        row = LetterPoint(review_id=scene.review.id, letter_id=letter.id, number=number, point=text)
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.POINT_ADDED, subject=row, number=number)


def point_entry(row: LetterPoint) -> PointEntry:
    """A point as its form shows it, opened."""
    return PointEntry(row.point or "", row.touches_family)


def answer_entry(row: LetterPoint) -> AnswerEntry:
    """The answer to a point as its form shows it, opened."""
    return AnswerEntry(row.outcome, row.answer or "", row.answered_on, row.touches_family)


def _answer_faults(entry: AnswerEntry, letter: HomeOfficeLetter, today: date) -> dict[str, str]:
    faults = known_codes(entry, {"outcome": POINT_OUTCOMES}) | not_in_future(today, answered_on=entry.answered_on)
    if entry.outcome == "open":
        return faults
    if entry.answered_on is None:
        faults["answered_on"] = "Give the day on which it was settled."
    elif entry.answered_on < letter.received_on:
        faults["answered_on"] = f"The letter came on {in_words(letter.received_on)}: this cannot be earlier."
    if entry.outcome == "changed":
        faults |= filled("answer", entry.answer, "Say what was changed, and where.")
    elif entry.outcome == "not_changed":
        faults |= filled("answer", entry.answer, "Say why it was not changed.")
    return faults
