"""Disposals that were begun and broken off: what is left of them is done by a command, and every night anew."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.begun import BEGUN, past_stopping
from dhr_app.casework.destroying import Held, Say, Unfinished, carry_on
from dhr_app.casework.disposal import TRAIL
from dhr_app.casework.house import House
from dhr_app.casework.trail_proof import trail_is_sound
from dhr_app.database.models.disposal import Disposal
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import RuleError

LOG = logging.getLogger(__name__)


class NotReady(RuleError):
    """Nothing can be destroyed; the sentence says why."""


def finish(in_house: House, disposal_id: UUID, *, at: datetime, say: Say = lambda _: None) -> None:
    """Do what is left of a disposal. Before its first key goes the audit trail must hold; later nothing hangs on it.

    Raises NotReady, Held, Unfinished.
    """
    with in_house.reading() as session:
        stoppable = not past_stopping(in_house, session, [session.get_one(Disposal, disposal_id)])
    if stoppable and not trail_is_sound(in_house):
        raise NotReady(TRAIL.sentence)
    carry_on(in_house, disposal_id, at=at, say=say)


def finish_all(in_house: House, *, at: datetime) -> tuple[list[str], list[str]]:
    """Finish whatever was broken off; the references of the reviews where that was done, and where it could not be."""
    with in_house.reading() as session:
        waiting = _unfinished(session)
    finished, still = [], []
    for disposal_id, reference in waiting:
        try:
            finish(in_house, disposal_id, at=at)
        except (NotReady, Held, Unfinished) as trouble:
            LOG.error("the disposal of %s stays unfinished: %s", reference, type(trouble).__name__)
            still.append(reference)
        else:
            finished.append(reference)
    return finished, still


def finding(in_house: House) -> tuple[bool, str]:
    """For `dhr check`: that no disposal was broken off."""
    with in_house.reading() as session:
        waiting = [reference for _, reference in _unfinished(session)]
    if not waiting:
        return True, "No destruction of records was broken off."
    return False, (
        f"The destruction of records was begun and is not finished: {', '.join(waiting)}. It is tried again every"
        " night; `dhr dispose REFERENCE` says what is in its way."
    )


def _unfinished(session: NamedSession) -> list[tuple[UUID, str]]:
    rows = (
        select(Disposal.id, Review.reference)
        .join(Review, Review.id == Disposal.review_id)
        .where(*BEGUN, Disposal.done_at.is_(None))
        .order_by(Disposal.begun_at, Review.reference)
    )
    return [(row.id, row.reference) for row in session.execute(rows)]
