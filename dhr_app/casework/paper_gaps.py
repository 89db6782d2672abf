"""What exactly the three papers still lack: one is not on file, not final, not agreed, or has to be a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dhr_app.database.models.paper import Paper
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.conditions import PAPERS
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.stages import Stage

# The conditions that these tasks are a part of.
OF_PAPERS = frozenset({"final_papers_on_file", "revised_papers_on_file"})

SENT_BACK = "The Home Office asked for the report again: at least one paper has to be a new version since its letter."
CHANGED = "A point of the Home Office letter was answered by a change: the changed paper has to be a new version."


@dataclass(frozen=True)
class Gaps:
    """Tasks that are left: for whoever puts papers on file (`to_file`), and for whoever finishes them (`to_finish`)."""

    to_file: tuple[str, ...]
    to_finish: tuple[str, ...]


def new_version_wanted(facts: ReviewFacts) -> str:
    """Why a new version is wanted although all three papers are final and agreed: a sentence, or nothing."""
    if facts.report.final < len(PAPERS) or facts.report.revised:
        return ""
    if facts.stage is Stage.CHAIR_REPORT and facts.report.sent_back:
        return SENT_BACK
    if facts.stage is Stage.HOME_OFFICE_QA and facts.home_office.points_changed:
        return CHANGED
    return ""


def paper_gaps(session: NamedSession, facts: Mapping[UUID, ReviewFacts]) -> dict[UUID, Gaps]:
    """What the papers of each of these reviews lack, in one query."""
    rows = (
        select(Paper.review_id, Paper.kind, Paper.final_on, Paper.panel_agreed_on)
        .where(Paper.review_id.in_(facts), Paper.superseded_on.is_(None))
        .order_by(Paper.review_id, Paper.kind, Paper.number)
    )
    here: dict[UUID, dict[str, tuple[bool, bool]]] = {review_id: {} for review_id in facts}
    for row in session.execute(rows):
        here[row.review_id][row.kind] = (row.final_on is not None, row.panel_agreed_on is not None)
    return {review_id: _gaps(papers, facts[review_id]) for review_id, papers in here.items()}


def _gaps(papers: Mapping[str, tuple[bool, bool]], facts: ReviewFacts) -> Gaps:
    missing = [kind for kind in PAPERS if kind not in papers]
    drafts = [kind for kind in papers if not papers[kind][0]]
    unread = [kind for kind in papers if not papers[kind][1]]
    to_file = [f"Put on file: {_listed(missing)}"] if missing else []
    if wanted := new_version_wanted(facts):
        to_file.append(f"Put a new version on file. {wanted}")
    to_finish = [f"Mark as final: {_listed(drafts)}"] if drafts else []
    if unread:
        to_finish.append(f"Record that the review panel agreed: {_listed(unread)}")
    return Gaps(tuple(to_file), tuple(to_finish))


def _listed(kinds: list[str]) -> str:
    return ", ".join(label.lower() for kind, label in PAPER_KINDS.items() if kind in kinds)
