"""The terms of the check for duplicates: written with each person who is saved, and gone when the person is gone.

While the check is turned off there is no epoch, no key and no term. What a verb could not do, or two did at the same
moment, is put right at night (duplicate_epochs.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.duplicate_names import Named
from dhr_app.casework.house import house
from dhr_app.database.audit import record
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.index_key import IndexKey, index_key
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.models.search import DuplicateSwitch, IndexEpoch, IndexTerm
from dhr_app.database.session import NamedSession
from dhr_app.workflows.duplicates import FULL_NAME, SOUND_AND_YEAR, Identity, indexed
from dhr_app.workflows.events import Happened


def is_on(session: NamedSession) -> bool:
    """Whether the check is turned on; it is off until somebody turns it on."""
    latest = select(DuplicateSwitch.turned_on).order_by(DuplicateSwitch.number.desc()).limit(1)
    return bool(session.scalar(latest))


def running_epoch(session: NamedSession) -> IndexEpoch | None:
    """The epoch whose terms there are, or None."""
    epochs = select(IndexEpoch).where(IndexEpoch.ended_at.is_(None)).order_by(IndexEpoch.number.desc()).limit(1)
    return session.scalars(epochs).one_or_none()


def how_many_indexed(session: NamedSession) -> int:
    """How many people have a term of their name."""
    terms = select(func.count()).select_from(IndexTerm).where(IndexTerm.index_name == FULL_NAME)
    return session.scalar(terms) or 0


def keep_terms(session: NamedSession, row: InvolvedPerson, identity: Identity) -> None:
    """Write the terms of a person whom this verb has just saved; somebody removed has none (an empty identity)."""
    epoch = running_epoch(session)
    if epoch is None:
        return
    session.flush()
    clear_terms(session, session.scalars(select(IndexTerm).where(IndexTerm.row_id == row.id).order_by(IndexTerm.id)))
    try:
        key = index_key(house().database.keystore, epoch.id)
    except KeyUnavailable:
        return  # the person is saved all the same; tonight a new epoch begins
    write_terms(session, epoch, key, [Named(row.id, row.review_id, row.version, identity)])


def forget_terms(session: NamedSession, review_id: UUID) -> int:
    """Delete every term of a review, as its disposal does. Returns how many there were."""
    terms = select(IndexTerm).where(IndexTerm.review_id == review_id).order_by(IndexTerm.id)
    return clear_terms(session, session.scalars(terms))


def end_epochs(session: NamedSession, *, at: datetime) -> int:
    """End the epoch that runs and delete every term there is. Its key is destroyed once this is committed."""
    for epoch in session.scalars(select(IndexEpoch).where(IndexEpoch.ended_at.is_(None)).order_by(IndexEpoch.number)):
        epoch.ended_at = at
        record(session, Happened.INDEX_EPOCH_ENDED, happened_on=london_date(at), details={"number": epoch.number})
    return clear_terms(session, session.scalars(select(IndexTerm).order_by(IndexTerm.id)))


def write_terms(session: NamedSession, epoch: IndexEpoch, key: IndexKey, people: Iterable[Named]) -> None:
    """Add the terms of these people, who have none in this epoch."""
    bits = {FULL_NAME: epoch.name_bits, SOUND_AND_YEAR: epoch.sound_bits}
    session.add_all(
        IndexTerm(
            index_name=index,
            epoch=epoch.number,
            term=key.term(index, known, bits[index]),
            review_id=one.review_id,
            row_id=one.row_id,
            row_version=one.version,
        )
        for one in people
        for index, known in indexed(one.identity).items()
    )


def clear_terms(session: NamedSession, terms: Iterable[IndexTerm]) -> int:
    """Delete these terms. Returns how many there were."""
    gone = list(terms)
    for term in gone:
        session.delete(term)
    session.flush()
    return len(gone)
