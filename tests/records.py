"""Records for tests: what answers each condition that takes nothing but “done”, by the verbs that people use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from dhr_app.casework import family_part, family_part_page, family_steps
from dhr_app.casework.family_part import PartEntry
from dhr_app.casework.family_steps import StepEntry
from dhr_app.database.models import Statement
from dhr_app.workflows.family_steps import answers_to
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import FAMILY_STEPS
from tests import handovers, panels, papers

if TYPE_CHECKING:
    from tests.reviews import Case

# A condition of this kind that has records of its own, and what makes them.
ANSWERS: dict[str, Callable[[Case], object]] = {
    "chair_appointed":           panels.chair_in_office,
    "independence_declared":     panels.declared,
    "access_ended":              panels.replaced,
    "papers_returned":           panels.replaced,
    "interim_holder_named":      panels.replaced,
    "new_independence_declared": panels.replaced,
    "final_papers_on_file":        papers.final_papers,
    "resubmission_letter_on_file": lambda case: papers.letter(case, "resubmit"),
    "clearance_letter_on_file":    lambda case: papers.letter(case, "cleared"),
    "receiver_acknowledged":       handovers.handed_over,
    "handed_over_by_list":         handovers.handed_over,
}  # fmt: skip


def takes_part(case: Case, member_id: UUID, how: str = "yes", *, advocate: str = "", by: Person | None = None) -> None:
    """Write down whether a family member takes part."""
    who = by or case.county.coordinator
    version = family_part_page.open_part_form(case.reference, member_id, by=who, at=case.at).version
    entry = PartEntry(how, advocate)
    family_part.record_part(case.reference, member_id, entry, version, by=who, at=case.wait(minutes=1))


def family_step(
    case: Case, member_id: UUID, kind: str, entry: StepEntry | None = None, *, by: Person | None = None
) -> UUID:
    """Write down that a family member was offered or told something today, and has not answered."""
    about_on = case.today + timedelta(days=30) if kind == "publication_date" else None
    plain = StepEntry(case.today, "letter", about_on, answers_to(kind)[0] if kind in FAMILY_STEPS else "awaited")
    return family_steps.add_step(
        case.reference, member_id, kind, entry or plain, by=by or case.county.coordinator, at=case.wait(minutes=1)
    )


def stated_before(case: Case, *names: str) -> None:
    """Say that conditions are done by statements, as it was before they had records of their own."""
    with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
        for name in names:
            session.add(
                Statement(
                    review_id=case.row.id,
                    condition=name,
                    answer="done",
                    stated_by="J. Arabin, case officer",
                    stated_on=case.today,
                    organisations=[],
                    file_hashes=[],
                    recorded_by_id=case.county.coordinator.id,
                    recorded_at=case.at,
                    counts=True,
                    evidence="Minute 4 of 12 March",
                )
            )
