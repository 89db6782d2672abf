"""The file that shows what was done: read by its own agency, the coordinator or the steering group, and that is told.

Where it comes in is `progress`; until then nothing is kept of it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import file_kinds, files
from dhr_app.casework.action import label_of
from dhr_app.casework.own_action import by_own_action
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Finding, changing
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.progress import Evidence, Progress
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.rule_sets import RuleSet


def take_out(reference: str, evidence_id: UUID, *, by: Person, at: datetime) -> files.TakenOut:
    """A file of the review. That it was read is in the trail before its first byte leaves.

    Raises OutOfReach, NotAllowed, SealError, FileUnreadable.
    """
    return _taken_out(reference, evidence_id, by=by, at=at)


def take_out_own(evidence_id: UUID, *, by: Person, at: datetime) -> files.TakenOut:
    """A file of the person’s own agency. Raises OutOfReach for any other."""
    return _taken_out(_by_own_evidence(evidence_id, by=by, on=london_date(at)), evidence_id, by=by, at=at)


def _taken_out(where: str | Finding, evidence_id: UUID, *, by: Person, at: datetime) -> files.TakenOut:
    with changing(where, None, by=by, at=at, doing="progress.see") as scene:
        row = own_row(scene, Evidence, evidence_id)
        scene.allow("progress.see", agency_id=row.agency_id)
        told = scene.session.get_one(Progress, row.progress_id)
        action = scene.session.get_one(Action, told.action_id)
        label = label_of(scene.session.get_one(Recommendation, action.recommendation_id), action)
        scene.record(Happened.EVIDENCE_READ, agency_id=row.agency_id, subject=row, number=label)
        name = f"{scene.review.reference}-action-{label.replace('/', '-')}-evidence-{told.seq}.{row.media}"
        kept = evidence_id, row.file_key or "", row.sealed_sha256
        media_type, size = file_kinds.MEDIA_TYPES[row.media], row.size
    return files.TakenOut(name, media_type, size, files.read(*kept))


def _by_own_evidence(evidence_id: UUID, *, by: Person, on: date) -> Finding:
    """The way to a review through a file: by the action that it belongs to."""

    def find(session: NamedSession) -> tuple[Review, RuleSet]:
        action_id = session.scalar(
            select(Progress.action_id)
            .join(Evidence, Evidence.progress_id == Progress.id)
            .where(Evidence.id == evidence_id)
        )
        if action_id is None:
            raise OutOfReach
        return by_own_action(action_id, by=by, on=on)(session)

    return find
