"""How records ended that were destroyed on purpose, as the disposals of their review tell it.

The keystore alone does not answer for it: a key can be lost, or somebody can call it destroyed. Only what a disposal
wrote down is shown as destroyed; anything else cannot be read, and that is said.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dhr_app.adapters.clock import london_date
from dhr_app.database.errors import KeyDestroyed
from dhr_app.database.keystore import Domain
from dhr_app.database.models.disposal import Disposal, DisposalPart
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.destroyed import Destroyed, Ending


def endings(session: Session, review_id: UUID) -> dict[Domain, Ending]:
    """How the records of a review ended, by the key that sealed them; in the order in which it was begun."""
    rows = session.execute(
        select(DisposalPart.record_class, DisposalPart.subject_id, Disposal.done_at, Disposal.policy)
        .join(Disposal, Disposal.id == DisposalPart.disposal_id)
        .where(DisposalPart.review_id == review_id, Disposal.stopped_at.is_(None))
        .order_by(Disposal.number, DisposalPart.record_class, DisposalPart.subject_id)
    )
    return {
        Domain(review_id, row.record_class, row.subject_id): Ending(
            london_date(row.done_at) if row.done_at else None, row.policy
        )
        for row in rows
    }


class Remains:
    """What was destroyed of the reviews of one page; asked only once something there cannot be opened."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[UUID, dict[Domain, Ending]] = {}

    def words(self, domain: Domain) -> Destroyed | None:
        """What is shown in place of a value of this domain, or None where no disposal destroyed it."""
        if domain.review_id not in self._known:
            self._known[domain.review_id] = endings(self._session, domain.review_id)
        ending = self._known[domain.review_id].get(domain)
        return ending.words if ending else None


def nothing_for_destroyed_records(session: NamedSession) -> None:
    """Raise KeyDestroyed where this verb sealed something of a class of records that the review has no more.

    The keystore refuses a key that was destroyed. It knows nothing of one that never was: of a relative who was not on
    record, or of a class in which there was nothing.
    """
    session.flush()
    sealed = {
        (each.cell.domain.review_id, each.cell.domain.record_class)
        for change in session.trail.pending
        for each in change.sealed
        if each.new is not None
    }
    if not sealed:
        return
    begun = select(Disposal.review_id, Disposal.classes).where(
        Disposal.review_id.in_({review_id for review_id, _ in sealed}),
        Disposal.begun_at.is_not(None),
        Disposal.stopped_at.is_(None),
    )
    for review_id, classes in session.execute(begun.order_by(Disposal.review_id, Disposal.number)):
        if any((review_id, each) in sealed for each in classes):
            raise KeyDestroyed
