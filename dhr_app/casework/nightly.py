"""What the clockwork proves and tidies every night: the next dates that lists go by, and keys that seal nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book, standing
from dhr_app.casework.duplicate_terms import running_epoch
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.casework.working_days import working_days
from dhr_app.database.audit import record
from dhr_app.database.base import Base
from dhr_app.database.facts import facts_of
from dhr_app.database.index_key import domain_of
from dhr_app.database.keystore import NOBODY, SYSTEM_CLASS, Domain
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import DutyOwed
from dhr_app.database.named_session import NamedSession
from dhr_app.database.resealing_payloads import payload_domains
from dhr_app.database.sealed import sealed_on
from dhr_app.workflows.dates import next_date
from dhr_app.workflows.deadlines import due
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.events import Happened

BATCH = 200


@dataclass(frozen=True)
class Difference:
    """A review whose next date in its columns, latest standing, or day of a duty is not the one its rows give."""

    review_id: UUID
    reference: str
    kept_on: date | None
    coming: tuple[date, str] | None


def wrong_next_dates(in_house: House) -> Iterator[Difference]:
    """Every review whose kept next date or standing differs from the one computed now; changes nothing.

    It reads some hundreds at a time.
    """
    after: UUID | None = None
    while True:
        with in_house.reading() as session:
            ids = select(Review.id).order_by(Review.id).limit(BATCH)
            batch = list(session.scalars(ids if after is None else ids.where(Review.id > after)))
            yield from _differences(session, in_house, batch)
        if len(batch) < BATCH:
            return
        after = batch[-1]


def prove_next_dates(in_house: House, *, at: datetime) -> list[str]:
    """Mend each next date and standing that differs, in a transaction of its own with its event.

    Returns the references mended.
    """
    return [
        difference.reference
        for difference in list(wrong_next_dates(in_house))
        if _mend(in_house, difference.review_id, at=at)
    ]


def sweep_orphan_keys(in_house: House, *, at: datetime) -> tuple[int, int]:
    """Set aside, and a day later remove, keys that no sealed value uses: what verbs left that failed after asking.

    Returns how many were set aside and how many removed.
    """
    with in_house.reading() as session:
        used = set(_domains_used(session))
        epoch = running_epoch(session)
        used |= {domain_of(epoch.id)} if epoch else set()
        used |= payload_domains(session)
    return in_house.database.keystore.sweep_orphans(used=used, at=at)


def _mend(in_house: House, review_id: UUID, *, at: datetime) -> bool:
    """Compute once more under the lock, since somebody may have changed the review meanwhile; then mend."""
    with in_house.database.transaction(by=Program("nightly proof"), at=at) as session:
        session.lock(review_id, read=Review)
        if not _differences(session, in_house, [review_id]):
            return False
        for _, duty_id, due_on in _other_days(session, in_house, [review_id]):
            session.get_one(DutyOwed, duty_id).due_on = due_on
        session.flush()
        review, calendar = session.get_one(Review, review_id), working_days(session, in_house)
        rules, was = rule_book.pinned(session.get_one(RuleSetUsed, review.rule_set_id).content), review.next_on
        facts = facts_of(session, [review_id])[review_id]
        review.set_next(next_date(facts, rules, calendar))
        standing.keep(session, review, rules, facts, calendar, at=at)
        details = {"was": was, "now": review.next_on}
        today = london_date(at)
        record(
            session, Happened.NEXT_DATE_MENDED, review_id=review_id, happened_on=today, subject=review, details=details
        )
        return True


def _differences(session: NamedSession, in_house: House, review_ids: list[UUID]) -> list[Difference]:
    rows = session.execute(
        select(Review, RuleSetUsed.content)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Review.id.in_(review_ids))
        .order_by(Review.reference)
    ).all()
    facts = facts_of(session, review_ids)
    with_rules = [(review, rule_book.pinned(content)) for review, content in rows]
    stands = standing.stands(session, with_rules, facts, working_days(session, in_house))
    kept = standing.kept(session, review_ids)
    duties = {review_id for review_id, _, _ in _other_days(session, in_house, review_ids)}
    found = []
    for review, rules in with_rules:
        coming = next_date(facts[review.id], rules, working_days(session, in_house))
        next_on, next_what = coming or (None, None)
        wrong = (review.next_on, review.next_what, review.sorts_on) != (next_on, next_what, next_on or date.max)
        if wrong or review.id in duties or standing.differs(kept.get(review.id), stands[review.id]):
            found.append(Difference(review.id, review.reference, review.next_on, coming))
    return found


def _other_days(session: NamedSession, in_house: House, review_ids: list[UUID]) -> list[tuple[UUID, UUID, date]]:
    """The duties not met yet that are kept for another day than their rule gives: of which review, which, that day.

    A move that was made while somebody added a bank holiday may have counted without it.
    """
    rows = (
        select(DutyOwed.review_id, DutyOwed.id, DutyOwed.name, DutyOwed.since, DutyOwed.due_on, RuleSetUsed.content)
        .join(Review, Review.id == DutyOwed.review_id)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(DutyOwed.review_id.in_(review_ids), DutyOwed.settled_by_id.is_(None))
        .order_by(DutyOwed.id)
    )
    calendar = working_days(session, in_house)
    found = []
    for row in session.execute(rows):
        rule = rule_book.pinned(row.content).deadline(DUTIES[row.name].rule)
        on = due(rule, row.since, (), (), calendar).on
        if on is not None and on != row.due_on:
            found.append((row.review_id, row.id, on))
    return found


def _domains_used(session: NamedSession) -> Iterator[Domain]:
    """Every domain of keys under which at least one value is sealed."""
    for mapper in Base.registry.mappers:
        model = mapper.class_
        for sealed in sealed_on(model).values():
            column: InstrumentedAttribute[bytes | None] = getattr(model, sealed.column)
            if sealed.data_class == SYSTEM_CLASS:  # of no review
                if session.scalar(select(model.id).where(column.is_not(None)).limit(1)) is not None:
                    yield Domain(NOBODY, SYSTEM_CLASS)
                continue
            asked = [getattr(model, name) for name in ("review_id", sealed.subject) if name and hasattr(model, name)]
            for review_id, *subject in session.execute(
                select(*asked).where(column.is_not(None)).distinct().order_by(*asked)
            ):
                yield Domain(review_id, str(sealed.data_class), *subject)
