"""What rests on the version of a paper: a new one voids it, and the record says since when and because of which."""

from __future__ import annotations

from sqlalchemy import select

from dhr_app.casework.scene import Scene
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.statement import Statement
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.events import Happened
from dhr_app.workflows.record_wording import PAPER_KINDS

SIGNED = sorted(name for name, condition in CONDITIONS.items() if condition.files)


def current_papers(scene: Scene) -> dict[str, Paper]:
    """The current version of each paper, by its kind."""
    rows = select(Paper).where(Paper.review_id == scene.review.id, Paper.superseded_on.is_(None))
    return {paper.kind: paper for paper in scene.session.scalars(rows.order_by(Paper.kind, Paper.number))}


def void_what_rested_on(scene: Scene, kind: str) -> None:
    """A paper has a new version: approvals and signatures that no move has used yet no longer count."""
    label = PAPER_KINDS[kind].lower()
    approvals = select(Approval).where(
        Approval.review_id == scene.review.id, Approval.voided_on.is_(None), Approval.used_by.is_(None)
    )
    for approval in scene.session.scalars(approvals.order_by(Approval.agreed_on, Approval.id)):
        approval.voided_on, approval.voided_because = scene.today, kind
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
