"""The page of the Home Office: each submission with its letters and their points, and whose days went by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.home_office import LetterEntry, letter_entry
from dhr_app.casework.letter_points import AnswerEntry, PointEntry, answer_entry, point_entry
from dhr_app.casework.rows import own_row, rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.casework.submissions import rounds_of
from dhr_app.database.models.home_office import HomeOfficeLetter, LetterPoint
from dhr_app.workflows.lifecycle import MOVES, Move
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.rounds import Round
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class PointShown:
    """A point with its answer, opened."""

    id: UUID
    number: int
    version: int
    asked: PointEntry
    answer: AnswerEntry


@dataclass(frozen=True)
class LetterShown:
    """A letter with its points, opened; `used` where the review went on after it."""

    id: UUID
    version: int
    used: bool
    entry: LetterEntry
    points: tuple[PointShown, ...] = ()

    @property
    def open(self) -> int:
        """How many points are still to be answered."""
        return sum(point.answer.outcome == "open" for point in self.points)


@dataclass(frozen=True)
class RoundShown:
    """A submission, the days it took so far, and the letters that answered it."""

    round: Round
    with_them: int | None
    with_us: int | None
    letters: tuple[LetterShown, ...]


@dataclass(frozen=True)
class HomeOfficePage:
    """Everything between a review and the Home Office, the latest round first."""

    reference: str
    stage: Stage
    rounds: tuple[RoundShown, ...]
    may_change: bool
    may_answer: bool

    @property
    def letter(self) -> LetterShown | None:
        """The newest letter that no step rests on yet, while the report is with the Home Office."""
        fresh = [letter for shown in self.rounds for letter in shown.letters if not letter.used]
        return fresh[-1] if fresh and self.stage is Stage.HOME_OFFICE_QA else None

    @property
    def waits(self) -> bool:
        """Whether the report is with the Home Office, and no letter has come."""
        return self.stage is Stage.HOME_OFFICE_QA and self.letter is None

    @property
    def next_move(self) -> Move | None:
        """The step that the newest letter leads to, once its points are answered where they have to be."""
        if self.letter is None:
            return None
        asks_again = self.letter.entry.verdict == "resubmit"
        if self.letter.open and not asks_again:
            return None
        return MOVES["send_back" if asks_again else "clear"]


def home_office_page(reference: str, *, by: Person, at: datetime) -> HomeOfficePage:
    """The rounds with their letters and points, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "home_office.see", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        letters = _letters(look)
        shown = tuple(
            RoundShown(
                one,
                one.days_with_them(look.today),
                one.days_with_us(look.today),
                tuple(letter for letter in letters if letter.entry.round == one.number),
            )
            for one in reversed(rounds_of(look, _first_letters(letters)))
        )
        may_change, may_answer = look.may("home_office.change"), look.may("home_office.answer")
        return HomeOfficePage(reference, Stage(look.review.stage), shown, may_change, may_answer)


def submissions(reference: str, *, by: Person, at: datetime) -> tuple[Round, ...]:
    """The submissions that a letter can answer; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "home_office.change", by=by, at=at) as look:
        return rounds_of(look)


def open_letter(reference: str, letter_id: UUID, *, by: Person, at: datetime) -> LetterShown:
    """One letter, opened for somebody who may correct it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "home_office.change", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return _letter(own_row(look, HomeOfficeLetter, letter_id), ())


def open_point(reference: str, point_id: UUID, permission: str, *, by: Person, at: datetime) -> PointShown:
    """One point, opened for somebody who may correct or answer it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, permission, opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return _point(own_row(look, LetterPoint, point_id))


def _letters(look: Look) -> list[LetterShown]:
    points = rows_of(look, LetterPoint, LetterPoint.number)
    letters = rows_of(look, HomeOfficeLetter, HomeOfficeLetter.received_on)
    return [_letter(row, tuple(_point(one) for one in points if one.letter_id == row.id)) for row in letters]


def _letter(row: HomeOfficeLetter, points: tuple[PointShown, ...]) -> LetterShown:
    return LetterShown(row.id, row.version, row.used_by is not None, letter_entry(row), points)


def _point(row: LetterPoint) -> PointShown:
    return PointShown(row.id, row.number, row.version, point_entry(row), answer_entry(row))


def _first_letters(letters: list[LetterShown]) -> dict[int, date]:
    """The day on which each round’s first letter came."""
    first: dict[int, date] = {}
    for letter in letters:
        if letter.entry.received_on is not None:
            first.setdefault(letter.entry.round, letter.entry.received_on)
    return first
