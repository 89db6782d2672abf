"""What waits for the coordinator without being due on a day: a missing day, a draft to read, a word of agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from dhr_app.adapters.clock import london_date
from dhr_app.casework.draft_names import named
from dhr_app.casework.pinned_rules import PinnedRules
from dhr_app.casework.words import awaited
from dhr_app.database.models.account import Account
from dhr_app.database.models.declaration import Declaration
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.event import Event
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import Review
from dhr_app.database.models.statement import Statement
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.dates import AWARE
from dhr_app.workflows.events import Happened
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import OPEN, Stage

# Behind these stages what counts from the day we became aware is done.
UNDECIDED = (Stage.NOTIFICATION.value, Stage.SCOPING.value)


def undated(session: NamedSession, rules: PinnedRules) -> Iterator[Thing]:
    """The deaths whose day of awareness is not entered, where anything counts from it."""
    entered = or_(Notification.aware_on.is_not(None), Notification.aware_on_ct.is_not(None))
    rows = (
        select(Review.id, Review.reference, Review.stage, Review.notified_at, Review.rule_set_id)
        .outerjoin(Notification, and_(Notification.review_id == Review.id, entered))
        .where(Review.stage.in_(UNDECIDED), Notification.id.is_(None))
        .order_by(Review.notified_at, Review.reference)
    )
    for row in session.execute(rows):
        if rules.rule_sets[row.rule_set_id].deadlines_from(AWARE):
            yield Thing(
                kind=Kind.UNDATED,
                subject_id=row.id,
                review_id=row.id,
                reference=row.reference,
                stage=Stage(row.stage),
                what="The day we became aware of the death",
                path=f"/reviews/{row.reference}/notification",
                due_on=london_date(row.notified_at),
            )


def drafts(session: NamedSession, *, reader: UUID | None = None) -> Iterator[Thing]:
    """The newest version of each document on open reviews, with whoever has handed it in or downloaded it.

    For one reader: only what they have neither handed in nor downloaded.
    """
    newer = aliased(Draft)
    superseded = (
        select(newer.id)
        .where(
            and_(newer.review_id == Draft.review_id, newer.kind == Draft.kind, newer.series == Draft.series),
            newer.number > Draft.number,
        )
        .exists()
    )
    newest = and_(Review.stage.in_(sorted(OPEN)), ~superseded)
    known_to = _readers(session, newest) if reader is None else {}
    if reader is not None:
        newest = and_(newest, Draft.added_by_id != reader, ~_read_by(reader))
    rows = (
        select(
            Draft.id, Draft.review_id, Draft.kind, Draft.series, Draft.number, Draft.added_at, Draft.added_by_id,
            Review.reference, Review.stage, Account.name,
        )
        .join(Review, Review.id == Draft.review_id)
        .join(Account, Account.id == Draft.added_by_id)
        .where(newest)
        .order_by(Draft.added_at, Draft.id)
    )  # fmt: skip
    for row in session.execute(rows):
        words = named(row.kind, row.series, row.number)
        yield Thing(
            kind=Kind.DRAFT,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=words[:1].upper() + words[1:],
            path=f"/reviews/{row.reference}/drafts#draft-{row.id}",
            due_on=london_date(row.added_at),
            more=f"by {row.name}",
            known_to=frozenset({row.added_by_id, *known_to.get(row.id, ())}),
        )


def _readers(session: NamedSession, newest: ColumnElement[bool]) -> dict[UUID, set[UUID]]:
    """Who has downloaded each of these drafts."""
    read = (
        select(Event.subject_id, Event.recorded_by_id)
        .join(Draft, Draft.id == Event.subject_id)
        .join(Review, Review.id == Draft.review_id)
        .where(Event.kind == Happened.DRAFT_READ.value, Event.review_id == Draft.review_id, newest)
        .distinct()
        .order_by(Event.subject_id, Event.recorded_by_id)
    )
    readers: dict[UUID, set[UUID]] = defaultdict(set)
    for draft_id, reader_id in session.execute(read):
        if draft_id and reader_id:
            readers[draft_id].add(reader_id)
    return readers


def _read_by(reader: UUID) -> ColumnElement[bool]:
    """Whether this person has downloaded the draft."""
    read = select(Event.id).where(
        Event.review_id == Draft.review_id,
        Event.subject_id == Draft.id,
        Event.recorded_by_id == reader,
        Event.kind == Happened.DRAFT_READ.value,
    )
    return read.exists()


def waiting(session: NamedSession, rules: PinnedRules) -> Iterator[Thing]:
    """The statements that do not count until somebody agrees to them, and that somebody can still agree to."""
    rows = (
        select(
            Statement.id, Statement.review_id, Statement.condition, Statement.answer, Statement.recorded_at,
            Review.reference, Review.stage, Review.rule_set_id,
        )
        .join(Review, Review.id == Statement.review_id)
        .where(
            Statement.counts.is_(False),
            Statement.withdrawn_at.is_(None),
            Statement.voided_on.is_(None),
            Statement.used_by.is_(None),
        )
        .order_by(Statement.recorded_at, Review.reference, Statement.id)
    )  # fmt: skip
    for row in session.execute(rows):
        if not rules.asks(row.rule_set_id, row.stage, row.condition):
            continue
        sentence = CONDITIONS[row.condition].sentence.removesuffix(".")
        yield Thing(
            kind=Kind.WAITING,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"“{sentence}”: {awaited(Answer(row.answer))}",
            path=f"/reviews/{row.reference}/conditions/{row.condition}",
            due_on=london_date(row.recorded_at),
        )


def barred(session: NamedSession, today: date) -> Iterator[Thing]:
    """The family members who were not to be contacted until a day that has come: does it still hold?"""
    rows = (
        select(
            FamilyMember.id, FamilyMember.review_id, FamilyMember.number, FamilyMember.not_contacted_until,
            Review.reference, Review.stage,
        )
        .join(Review, Review.id == FamilyMember.review_id)
        .where(FamilyMember.not_contacted_until <= today, Review.stage.in_(sorted(OPEN)))
        .order_by(FamilyMember.not_contacted_until, Review.reference, FamilyMember.number)
    )  # fmt: skip
    for row in session.execute(rows):
        yield Thing(
            kind=Kind.BARRED,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"Family member {row.number}",
            path=f"/reviews/{row.reference}/family",
            due_on=row.not_contacted_until,
        )


def unsure(session: NamedSession) -> Iterator[Thing]:
    """Whoever is not sure whether they know somebody in a review and waits for a decision; nobody decides their own."""
    rows = (
        select(
            Declaration.id, Declaration.review_id, Declaration.account_id, Declaration.declared_at,
            Review.reference, Review.stage,
        )
        .join(Review, Review.id == Declaration.review_id)
        .where(Declaration.answer == "unsure", Declaration.decided.is_(None), Declaration.replaced_at.is_(None))
        .order_by(Declaration.declared_at, Declaration.id)
    )  # fmt: skip
    for row in session.execute(rows):
        yield Thing(
            kind=Kind.UNSURE,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what="The decision about somebody who may know a person in the review",
            path=f"/reviews/{row.reference}/conflicts",
            due_on=london_date(row.declared_at),
            known_to=frozenset({row.account_id}),
        )
