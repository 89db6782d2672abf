"""A disposal that two people have begun: while none of its keys is destroyed it can be ended, and afterwards never."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.database.keystore import Domain
from dhr_app.database.models.disposal import Disposal, DisposalPart
from dhr_app.database.named_session import NamedSession

BEGUN = (Disposal.begun_at.is_not(None), Disposal.stopped_at.is_(None))
"""What a query asks of disposals that have begun, done or not, and that nothing ended."""

FREEZING = "legal hold"  # holds and what they stop go on one at a time, since a freeze has no review’s row to lock


def past_stopping(in_house: House, session: NamedSession, disposals: Collection[Disposal]) -> set[UUID]:
    """Those of these disposals that are done, or of which a key is destroyed already. Two questions, however many.

    Under `queue(FREEZING)` the answer stays true until the end. Raises KeyUnavailable, DatabaseUnavailable.
    """
    rows = select(DisposalPart).where(DisposalPart.disposal_id.in_([each.id for each in disposals]))
    parts = session.scalars(rows.order_by(DisposalPart.id)).all()
    states: dict[Domain, set[str]] = {}
    kept = in_house.database.keystore.kept_of({part.review_id for part in parts}, {part.record_class for part in parts})
    for keys in kept.values():
        for (domain, _), row in keys.items():
            states.setdefault(domain, set()).add(row.state)
    # One retired generation alone is destroyed by the rotation of keys as well.
    gone = {
        part.disposal_id
        for part in parts
        if states.get(Domain(part.review_id, part.record_class, part.subject_id)) == {"destroyed"}
    }
    return {each.id for each in disposals if each.done_at is not None or each.id in gone}
