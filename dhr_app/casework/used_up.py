"""What a move rested on is used up by it: what is asked afresh each time is asked again for the next move."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from dhr_app.casework.scene import Scene
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.approval import Approval
from dhr_app.database.models.decision import Decision
from dhr_app.database.models.family_part import FamilyStep
from dhr_app.database.models.handover import Handover
from dhr_app.database.models.home_office import HomeOfficeLetter
from dhr_app.database.models.publication import Publication
from dhr_app.database.models.statement import Statement
from dhr_app.database.models.telling import Telling
from dhr_app.workflows.condition import Condition
from dhr_app.workflows.facts import IN_TOUCH
from dhr_app.workflows.lifecycle import Move, needs
from dhr_app.workflows.roles import Role

FORMER_CHAIR = and_(Appointment.role == Role.INDEPENDENT_CHAIR.value, Appointment.ended_on.is_not(None))

# The records that answer a condition asked afresh: which rows of which table the move takes with it.
RECORDS: dict[str, tuple[type[Any], ColumnElement[bool] | None]] = {
    "decided_to_review":            (Decision, Decision.kind == "review"),
    "decided_not_to_review":        (Decision, Decision.kind == "not_review"),
    "report_agreed":                (Approval, Approval.joint_body_id.is_(None)),
    "joint_bodies_agreed":          (Approval, Approval.joint_body_id.is_not(None)),
    "family_offered_reading":       (FamilyStep, FamilyStep.kind == "reading"),
    "family_told_of_changes":       (FamilyStep, FamilyStep.kind == "changes"),
    "family_told_of_publication":   (FamilyStep, FamilyStep.kind.in_(("publication_date", "copy"))),
    "family_view_recorded":         (FamilyStep, FamilyStep.kind == "withholding"),
    "family_told_what_changed":     (FamilyStep, FamilyStep.kind == "what_changed"),
    "resubmission_letter_on_file":  (HomeOfficeLetter, None),
    "clearance_letter_on_file":     (HomeOfficeLetter, None),
    "publication_approved":         (Publication, None),
    "receiver_acknowledged":        (Handover, Handover.given_up_on.is_(None)),
    "access_ended":                 (Appointment, FORMER_CHAIR),
}  # fmt: skip


def mark(scene: Scene, move: Move, seq: int) -> None:
    """Write the move's number on every statement, telling and record that it rested on and that is asked afresh."""
    asked_afresh = [need for need in needs(move, scene.rule_set) if need.afresh]
    names = [need.name for need in asked_afresh]
    told = [_answers(need, move) for need in asked_afresh if need.tells is not None]
    taken: list[tuple[type[Any], ColumnElement[bool] | None]] = [
        (Statement, Statement.condition.in_(names)),
        *((Telling, one) for one in told),
        *(RECORDS[name] for name in names if name in RECORDS),
    ]
    for model, chosen in taken:
        rows = select(model).where(model.review_id == scene.review.id, model.used_by.is_(None))
        if chosen is not None:
            rows = rows.where(chosen)
        for row in scene.session.scalars(rows.order_by(model.id)):
            row.used_by = seq


def _answers(need: Condition, move: Move) -> ColumnElement[bool]:
    """The tellings that answer a condition of this move; those from before it was asked what they were about all do."""
    about_it = Telling.about != IN_TOUCH
    if not need.told_once:
        about_it = and_(Telling.about == move.name, Telling.about_seq.is_(None))
    return and_(Telling.audience == need.tells, Telling.taken_back_at.is_(None), or_(Telling.about.is_(None), about_it))
