"""Papers and letters for tests: the three papers are final, a Home Office letter came, by the verbs that people use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dhr_app.casework import home_office, letter_points, paper
from dhr_app.casework.home_office import LetterEntry
from dhr_app.casework.letter_points import AnswerEntry
from dhr_app.casework.scene import looking
from dhr_app.casework.submissions import rounds_of
from dhr_app.database.models import LetterPoint, Paper
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.rounds import Round
from tests.agreements import put_on_file

if TYPE_CHECKING:
    from tests.reviews import Case

CHAIR = "Septimus Hale"


def current(case: Case) -> dict[str, Paper]:
    """The current version of each paper, by its kind."""
    return {row.kind: row for row in case.rows(Paper) if row.superseded_on is None}


def mark_final(case: Case, *papers: Paper) -> None:
    """The chair marks papers as final today, all three current ones unless it is said which."""
    ids = [row.id for row in papers or current(case).values()]
    paper.mark_final(case.reference, ids, case.today, CHAIR, by=case.county.coordinator, at=case.wait(minutes=1))


def agree(case: Case, *papers: Paper) -> None:
    """The panel agrees papers today, all three current ones unless it is said which."""
    ids = [row.id for row in papers or current(case).values()]
    paper.agree(case.reference, ids, case.today, by=case.county.coordinator, at=case.wait(minutes=1))


def final_papers(case: Case) -> None:
    """The three papers are on file, final and agreed by the panel; what is there already stays."""
    missing = [kind for kind in PAPER_KINDS if kind not in current(case)]
    report = case.facts().report
    all_final = all(row.final_on for row in current(case).values())
    if report.sent_back and not report.revised and all_final and not missing:
        missing = ["overview_report"]  # the Home Office asked for the report again
    if missing:
        put_on_file(case, *missing)
    drafts = [row for row in current(case).values() if row.final_on is None]
    if drafts:
        mark_final(case, *drafts)
    unagreed = [row for row in current(case).values() if row.panel_agreed_on is None]
    if unagreed:
        agree(case, *unagreed)


def submissions(case: Case) -> tuple[Round, ...]:
    """The rounds of the review with the Home Office."""
    with looking(case.reference, "home_office.see", by=case.county.coordinator, at=case.at) as look:
        return rounds_of(look)


def letter(case: Case, verdict: str = "cleared", points: tuple[str, ...] = (), **changes: Any) -> UUID:
    """A letter of the Home Office comes today, about the latest submission unless it is said which."""
    entry = LetterEntry(len(submissions(case)), case.today, case.today, None, verdict, "Letter book, page 9")
    said = replace(entry, **changes)
    return home_office.add_letter(case.reference, said, points, by=case.county.coordinator, at=case.wait(minutes=1))


def point(case: Case, number: int, letter_id: UUID | None = None) -> LetterPoint:
    """A point by its number, of this letter where there are several."""
    rows = [row for row in case.rows(LetterPoint) if letter_id in (None, row.letter_id)]
    return next(row for row in rows if row.number == number)


def answer(case: Case, row: LetterPoint, outcome: str = "changed", **changes: Any) -> None:
    """A point is answered today."""
    entry = AnswerEntry(outcome, "Section 4.2 says so now.", case.today, touches_family=False)
    letter_points.answer_point(
        case.reference, row.id, replace(entry, **changes), row.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip
