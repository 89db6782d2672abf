"""What passes between a case and the Home Office: its letters come, and their points are answered."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import home_office, letter_points
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.home_office import LetterEntry
from dhr_app.casework.home_office_page import PointShown, home_office_page
from dhr_app.casework.letter_points import AnswerEntry
from dhr_app.workflows.roles import Role

COORDINATOR, CHAIR = Role.COORDINATOR, Role.INDEPENDENT_CHAIR


def letter_came(day: int, verdict: str, folder: str, summary: str, points: tuple[str, ...] = ()) -> Step:
    """A letter about the latest submission comes, four days after its date."""
    kept = f"Letter book of the Home Office, page {-day}, folder {folder}"

    def do(case: Playing, at: datetime) -> None:
        by = case.person(COORDINATOR)
        rounds = home_office_page(case.reference, by=by, at=at).rounds
        entry = LetterEntry(
            round=len(rounds),
            dated_on=case.days.working(day - 4),
            received_on=case.days.working(day),
            panel_met_on=case.days.working(day - 20),
            verdict=verdict,
            kept=kept,
            summary=summary,
        )
        home_office.add_letter(case.reference, entry, points, by=by, at=at)

    return Step(day, do, sealed=(kept, summary, *points))


def point_answered(
    day: int, number: int, outcome: str, words: str, *, touches_family: bool = False, by: Role = CHAIR
) -> Step:
    """A point of the latest submission’s letter is answered."""

    def do(case: Playing, at: datetime) -> None:
        point = _point(case, number, at)
        entry = AnswerEntry(outcome, words, case.days.working(day), touches_family)
        letter_points.answer_point(case.reference, point.id, entry, point.version, by=case.person(by), at=at)

    return Step(day, do, sealed=(words,))


def _point(case: Playing, number: int, at: datetime) -> PointShown:
    latest = home_office_page(case.reference, by=case.person(COORDINATOR), at=at).rounds[0]
    return next(point for letter in latest.letters for point in letter.points if point.number == number)
