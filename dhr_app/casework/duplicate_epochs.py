"""The epochs of the check for duplicates: each has a key of its own and terms of the length that fits the names.

An epoch begins when the check is turned on, once a year, when names have become many more or fewer, and when its key is
lost. What verbs left undone, or two did at the same moment, is mended after each beginning and every night.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.duplicate_names import NAMED, how_many_names, open_names
from dhr_app.casework.duplicate_terms import (
    clear_terms,
    end_epochs,
    how_many_indexed,
    is_on,
    running_epoch,
    write_terms,
)
from dhr_app.casework.house import House
from dhr_app.casework.purposes import DUPLICATE_CHECK
from dhr_app.database.audit import record
from dhr_app.database.errors import KeyUnavailable
from dhr_app.database.index_key import destroy_ended, index_key, make_index_key
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.models.search import IndexEpoch, IndexTerm
from dhr_app.database.session import NamedSession
from dhr_app.workflows.duplicates import FEWEST, Plan, TooFewNames, fits, plan_for
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass

LASTS = timedelta(days=365)  # then its key is destroyed, and the terms in old backups say nothing any more


def renew(in_house: House, *, at: datetime) -> bool:
    """Begin a new epoch: another key, terms of the length that fits today, nothing left of the one before.

    False where the check was turned off meanwhile. Raises TooFewNames, DatabaseUnavailable, KeyUnavailable.
    """
    people = open_names(in_house, at=at)
    plan, epoch_id = plan_for(len(people)), uuid4()
    keystore = in_house.database.keystore
    key = make_index_key(keystore, epoch_id, at=at)
    with in_house.transaction(by=DUPLICATE_CHECK, at=at) as session:
        session.queue("duplicate check")
        if not is_on(session):
            return False
        end_epochs(session, at=at)
        number = (session.scalar(select(func.max(IndexEpoch.number))) or 0) + 1
        sizes = {"name_bits": plan.name_bits, "sound_bits": plan.sound_bits, "records": len(people)}
        epoch = IndexEpoch(id=epoch_id, number=number, begun_at=at, **sizes)
        session.add(epoch)
        session.flush()
        still = {row.id: row.version for row in session.execute(select(InvolvedPerson.id, InvolvedPerson.version))}
        write_terms(session, epoch, key, [one for one in people if still.get(one.row_id) == one.version])
        details = {"number": number, **sizes}
        record(session, Happened.INDEX_EPOCH_BEGUN, happened_on=london_date(at), details=details)
    destroy_ended(keystore, but=epoch_id, at=at)
    mend(in_house, at=at)
    return True


def mend(in_house: House, *, at: datetime) -> int:
    """Make the terms that are lacking or of an older record, and delete those of nobody. Returns how many people."""
    destroyed = _destroyed(in_house)
    with in_house.reading() as session:
        epoch = running_epoch(session)
        if epoch is None:
            return 0
        lacking = _lacking(session, epoch, destroyed)
        astray = session.scalar(select(func.count()).select_from(IndexTerm).where(_astray(epoch, destroyed)))
    if not (lacking or astray):
        return 0
    people = open_names(in_house, lacking, at=at)
    key = index_key(in_house.database.keystore, epoch.id)
    with in_house.transaction(by=DUPLICATE_CHECK, at=at) as session:
        session.queue("duplicate check")
        running = running_epoch(session)
        if running is None or running.id != epoch.id:
            return 0
        of_nobody = select(IndexTerm).where(_astray(running, destroyed)).order_by(IndexTerm.id)
        clear_terms(session, session.scalars(of_nobody))
        still = set(_lacking(session, running, destroyed))
        wanted = [one for one in people if one.row_id in still]
        stale = select(IndexTerm).where(IndexTerm.row_id.in_([one.row_id for one in wanted])).order_by(IndexTerm.id)
        clear_terms(session, session.scalars(stale))
        write_terms(session, running, key, wanted)
    return len(wanted)


def tend(in_house: House, *, at: datetime) -> str:
    """What is done every night: a new epoch where one is due, and whatever is lacking. Returns a sentence, or nothing.

    One is due where the check was turned on without one, once a year, where terms have become too long or too short,
    and where the key is lost. Where there are too few names the epoch ends until there are more.
    """
    with in_house.reading() as session:
        on, epoch, names = is_on(session), running_epoch(session), how_many_names(session)
    destroy_ended(in_house.database.keystore, but=epoch.id if on and epoch else None, at=at)
    if not on or (epoch is None and names < FEWEST):
        return ""
    if epoch is None or at - epoch.begun_at >= LASTS or _is_lost(in_house, epoch):
        return _begin(in_house, at=at)
    mended = mend(in_house, at=at)
    with in_house.reading() as session:
        indexed_names = how_many_indexed(session)
    if not fits(Plan(epoch.name_bits, epoch.sound_bits), indexed_names):
        return _begin(in_house, at=at)
    return f"people whose terms were made anew: {mended}" if mended else ""


def _begin(in_house: House, *, at: datetime) -> str:
    try:
        return "the check for duplicates began a new key" if renew(in_house, at=at) else ""
    except TooFewNames:
        with in_house.transaction(by=DUPLICATE_CHECK, at=at) as session:
            end_epochs(session, at=at)
        destroy_ended(in_house.database.keystore, but=None, at=at)
        return "the check for duplicates rests: too few names are on record"


def _is_lost(in_house: House, epoch: IndexEpoch) -> bool:
    try:
        index_key(in_house.database.keystore, epoch.id)
    except KeyUnavailable:
        return True
    return False


def _destroyed(in_house: House) -> set[UUID]:
    """The reviews whose names nobody will ever read again, since their key was destroyed."""
    domains = in_house.database.keystore.domains()
    return {
        domain.review_id
        for domain, states in domains.items()
        if domain.record_class == DataClass.IDENTITIES and states == {"destroyed"}
    }


def _lacking(session: NamedSession, epoch: IndexEpoch, destroyed: set[UUID]) -> list[UUID]:
    """Named people without a term of this epoch that was made of their record as it stands."""
    p = InvolvedPerson
    made = and_(IndexTerm.row_id == p.id, IndexTerm.epoch == epoch.number, IndexTerm.row_version == p.version)
    there = and_(NAMED, p.review_id.not_in(destroyed), IndexTerm.id.is_(None))
    return list(session.scalars(select(p.id).outerjoin(IndexTerm, made).where(there).order_by(p.id)))


def _astray(epoch: IndexEpoch, destroyed: set[UUID]) -> ColumnElement[bool]:
    """Terms of another epoch, of somebody who has no name any more, and of a review whose names were destroyed."""
    named = select(InvolvedPerson.id).where(NAMED)
    return or_(IndexTerm.epoch != epoch.number, IndexTerm.row_id.not_in(named), IndexTerm.review_id.in_(destroyed))
