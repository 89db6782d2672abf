"""Records are destroyed for good, step by step, each of which can be done again: whoever breaks off, it is carried on.

begun (two people)  → the keys are destroyed in the keystore, all of them while no hold can be placed → a tombstone for
each, outside every backup → the files are taken out of the store → what the trail kept beside its entries, and the
terms of the duplicate check → done, and a checkpoint. The sealed rows stay: noise that nothing opens, under which
dates, counts and the chain still hold.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.store import StoreError
from dhr_app.adapters.tombstones import TombstoneError
from dhr_app.casework.begun import BEGUN, FREEZING, past_stopping
from dhr_app.casework.checkpoints import Occasion, checkpoint
from dhr_app.casework.disposal_state import holds_touching
from dhr_app.casework.disposed_files import files_of
from dhr_app.casework.duplicate_terms import forget_terms
from dhr_app.casework.house import House, house
from dhr_app.casework.program import Program
from dhr_app.casework.tombstones import tombstones_of
from dhr_app.database.audit import record
from dhr_app.database.base import Base
from dhr_app.database.errors import GroundError
from dhr_app.database.forgetting import destroys, forget_payloads, forget_salts
from dhr_app.database.graves import destroy_again
from dhr_app.database.keystore import NOBODY, Domain
from dhr_app.database.models.disposal import Disposal, DisposalPart
from dhr_app.database.models.review import Review
from dhr_app.database.sealed import sealed_on
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.retention import RECORDS, Grave

LOG = logging.getLogger(__name__)
DISPOSER = Program("disposal of records")
Say = Callable[[str], None]


def parts_of(session: NamedSession, disposal: Disposal) -> list[DisposalPart]:
    """What a disposal destroys, by the key that seals it, counted now: in a verb, when it is begun."""
    review_id = disposal.review_id
    cells = _cells(session, review_id, disposal.classes)
    generations: dict[Domain, list[int]] = {}
    for kept in house().database.keystore.kept_of([review_id], disposal.classes).values():
        for domain, generation in kept:
            generations.setdefault(domain, []).append(generation)
    domains = sorted({*cells, *generations}, key=lambda one: (one.record_class, str(one.subject_id)))
    files = Counter(files_of(session, review_id, disposal.classes).values())
    return [
        DisposalPart(
            review_id=review_id,
            disposal_id=disposal.id,
            record_class=domain.record_class,
            subject_id=domain.subject_id,
            generations=sorted(generations.get(domain, ())),
            cells=cells[domain],
            files=files[domain],
        )
        for domain in domains
    ]


class Unfinished(RuleError):
    """Something was out of reach on the way; what is done is done, and the rest is carried on by the command."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            "The destruction has begun and could not be finished just now. Ask whoever runs the system to finish it:"
            f" dhr dispose {reference}"
        )


class Held(RuleError):
    """Something forbade it before any key was destroyed: nothing of it is."""


HELD = "A legal hold is in force: nothing was destroyed, and nothing is until it is lifted."
ENDED = "The destruction was ended before any key was destroyed: nothing was destroyed."


def carry_on(in_house: House, disposal_id: UUID, *, at: datetime, say: Say = lambda _: None) -> None:
    """Do whatever is left of a disposal that two people have begun; one that is done gets its checkpoint only.

    `say` is told each step once it is done. Raises Held where a hold came before the first key was destroyed, and
    Unfinished where a database, the store or the tombstones are out of reach: then it is carried on later.
    """
    try:
        _carry_on(in_house, disposal_id, at=at, say=say)
    except (GroundError, StoreError, TombstoneError) as trouble:
        LOG.error("a disposal could not be finished: %s", type(trouble).__name__)
        raise Unfinished(_reference(in_house, disposal_id)) from None


def _carry_on(in_house: House, disposal_id: UUID, *, at: datetime, say: Say) -> None:
    with in_house.reading() as session:
        disposal = session.get_one(Disposal, disposal_id)
        parts = _parts(session, disposal)
        files = files_of(session, disposal.review_id, disposal.classes)
    if disposal.begun_at is None or disposal.last_hash is None:
        raise ValueError("Two people have not confirmed this disposal.")
    if disposal.done_at is None:
        _destroy_keys(in_house, disposal_id, at=at)
        say("keys")
        tombstones = tombstones_of(in_house.settings)
        graves = {
            part.id: tombstones.append(_grave(part, disposal, disposal.begun_at, disposal.last_hash)) for part in parts
        }
        say("tombstones")
        for name in files:
            in_house.store.remove(name)
        say("files")
        _end(in_house, disposal_id, graves, at=at)
        say("records")
    checkpoint(Occasion.DISPOSAL, at=at)
    say("checkpoint")


def _destroy_keys(in_house: House, disposal_id: UUID, *, at: datetime) -> None:
    """Every key of it, or none: a hold is placed either before, and stops it, or after, and is told that it does not.

    A domain of which the keystore has no row gets one, so that no key is ever made for it.
    """
    with in_house.database.transaction(by=DISPOSER, at=at) as session:
        session.lock(session.get_one(Disposal, disposal_id).review_id)
        session.queue(FREEZING)
        disposal = session.get_one(Disposal, disposal_id)
        if disposal.stopped_at is not None:
            raise Held(ENDED)
        if disposal.begun_at is None or disposal.last_hash is None:
            raise ValueError("Two people have not confirmed this disposal.")
        if not past_stopping(in_house, session, [disposal]) and holds_touching(session, disposal.review_id):
            raise Held(HELD)
        for part in _parts(session, disposal):
            destroy_again(in_house.database.keystore, _grave(part, disposal, disposal.begun_at, disposal.last_hash))


def _end(in_house: House, disposal_id: UUID, graves: dict[UUID, str], *, at: datetime) -> None:
    """What is left in the main database: in one transaction, which waits for whoever still holds one of the keys."""
    with in_house.database.transaction(by=DISPOSER, at=at) as session:
        review_id = session.get_one(Disposal, disposal_id).review_id
        session.lock(review_id)
        disposal = session.get_one(Disposal, disposal_id)
        if disposal.done_at is not None:
            return
        parts = _parts(session, disposal)
        domains = [_domain(part) for part in parts]
        for part in parts:
            part.tombstone = graves[part.id]
            forget_payloads(session, _domain(part), review_id)
        all_of_it = _gone(session, review_id) >= set(RECORDS)
        if all_of_it:
            forget_salts(session, review_id)
        if DataClass.IDENTITIES in disposal.classes:
            forget_terms(session, review_id)
        disposal.done_at = at
        record(
            session,
            Happened.DISPOSAL_DONE,
            review_id=review_id,
            happened_on=london_date(at),
            subject=disposal,
            details={"number": disposal.number, "destroys": destroys(*domains, salts=all_of_it)},
        )


def _grave(part: DisposalPart, disposal: Disposal, begun_at: datetime, last_hash: bytes) -> Grave:
    return Grave(
        review_id=part.review_id,
        record_class=part.record_class,
        subject_id=part.subject_id,
        generations=tuple(part.generations),
        destroyed_at=begun_at,
        policy=disposal.policy,
        last_hash=last_hash,
    )


def _reference(in_house: House, disposal_id: UUID) -> str:
    with in_house.reading() as session:
        found = select(Review.reference).join(Disposal, Disposal.review_id == Review.id)
        return session.scalars(found.where(Disposal.id == disposal_id)).one()


def _parts(session: NamedSession, disposal: Disposal) -> list[DisposalPart]:
    rows = select(DisposalPart).where(DisposalPart.disposal_id == disposal.id)
    return list(session.scalars(rows.order_by(DisposalPart.record_class, DisposalPart.subject_id)))


def _domain(part: DisposalPart) -> Domain:
    return Domain(part.review_id, part.record_class, part.subject_id)


def _gone(session: NamedSession, review_id: UUID) -> set[DataClass]:
    begun = select(Disposal.classes).where(Disposal.review_id == review_id, *BEGUN)
    return {DataClass(each) for classes in session.scalars(begun) for each in classes}


def _cells(session: NamedSession, review_id: UUID, classes: Collection[str]) -> Counter[Domain]:
    """How many sealed values there are under each key."""
    found: Counter[Domain] = Counter()
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        model = mapper.class_
        for sealed in sealed_on(model).values():
            if str(sealed.data_class) not in classes:
                continue
            whose: ColumnElement[UUID] = getattr(model, sealed.subject) if sealed.subject else literal(NOBODY)
            rows = (
                select(whose, func.count())
                .where(model.review_id == review_id, getattr(model, sealed.column).is_not(None))
                .group_by(whose)
                .order_by(whose)
            )
            for subject_id, count in session.execute(rows):
                found[Domain(review_id, str(sealed.data_class), UUID(str(subject_id)))] += count
    return found
