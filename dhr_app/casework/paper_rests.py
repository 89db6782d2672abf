"""What rests on the version of a paper: a new one voids it, and the record says since when and because of which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.statement import Statement
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.events import Happened
from dhr_app.workflows.record_wording import PAPER_KINDS

SIGNED = sorted(name for name, condition in CONDITIONS.items() if condition.files)


def current_papers(at: Scene | Look) -> dict[str, Paper]:
    """The current version of each paper, by its kind."""
    rows = select(Paper).where(Paper.review_id == at.review.id, Paper.superseded_on.is_(None))
    return {paper.kind: paper for paper in at.session.scalars(rows.order_by(Paper.kind, Paper.number))}


def named(kind: str, number: int) -> str:
    """What a version is called: overview report, version 2."""
    return f"{PAPER_KINDS[kind].lower()}, version {number}"


def not_to_be_signed(papers: Mapping[str, Paper]) -> str:
    """Why these papers cannot be signed yet, in a sentence; empty where all three are on file and final."""
    missing = [label.lower() for kind, label in PAPER_KINDS.items() if kind not in papers]
    if missing:
        return f"Still to be put on file: {', '.join(missing)}. The three final papers are signed together."
    drafts = [label.lower() for kind, label in PAPER_KINDS.items() if papers[kind].final_on is None]
    if drafts:
        return f"Not marked final by the chair yet: {', '.join(drafts)}. Only final papers are signed."
    return ""


def signed_hashes(papers: Mapping[str, Paper]) -> list[str]:
    """The SHA-256 of each paper, in the order in which they are always named."""
    return [papers[kind].sha256 for kind in PAPER_KINDS if kind in papers]


def void_because(voided_on: date | None, kind: str | None) -> str:
    """Since when and why something no longer counts, as a sentence; empty where it still does."""
    if voided_on is None:
        return ""
    paper = PAPER_KINDS[kind].lower() if kind in PAPER_KINDS else "paper it was about"
    return f"Void since {in_words(voided_on)}: the {paper} has a newer version."


def rests_on(scene: Scene, paper: Paper) -> bool:
    """Whether an approval or a signature that is not void names exactly this file."""
    approvals = select(Approval.paper_hashes).where(Approval.review_id == scene.review.id, Approval.voided_on.is_(None))
    signed = select(Statement.file_hashes).where(
        Statement.review_id == scene.review.id,
        Statement.condition.in_(SIGNED),
        Statement.voided_on.is_(None),
        Statement.withdrawn_at.is_(None),
    )
    named_in = [*scene.session.scalars(approvals.order_by(Approval.id))]
    named_in += scene.session.scalars(signed.order_by(Statement.id))
    return any(paper.sha256 in hashes for hashes in named_in)


def void_what_rested_on(scene: Scene, kind: str) -> None:
    """A paper has a new version: approvals and signatures that no move has used yet no longer count."""
    label = PAPER_KINDS[kind].lower()
    approvals = select(Approval).where(
        Approval.review_id == scene.review.id, Approval.voided_on.is_(None), Approval.used_by.is_(None)
    )
    for approval in scene.session.scalars(approvals.order_by(Approval.agreed_on, Approval.id)):
        approval.voided_on, approval.voided_because = scene.today, kind
        if approval.joint_body_id is None:
            clocks.begin_again(scene, "answered:report_agreed", None)
        scene.record(Happened.APPROVAL_VOIDED, subject=approval, label=label)
    signed = select(Statement).where(
        Statement.review_id == scene.review.id,
        Statement.condition.in_(SIGNED),
        Statement.voided_on.is_(None),
        Statement.withdrawn_at.is_(None),
        Statement.used_by.is_(None),
    )
    for statement in scene.session.scalars(signed.order_by(Statement.recorded_at, Statement.id)):
        statement.voided_on, statement.voided_because = scene.today, kind
        scene.record(Happened.ANONYMITY_VOIDED, subject=statement, label=label)
