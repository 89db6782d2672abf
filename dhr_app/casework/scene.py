"""One change to one review: found, allowed, locked, done, its next date rewritten; a refusal is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book, standing
from dhr_app.casework.extra_grant_ends import end_grants
from dhr_app.casework.house import house
from dhr_app.casework.taking_records import must_take_records
from dhr_app.casework.told_as_it_stood import snapshot
from dhr_app.casework.working_days import working_days
from dhr_app.database.audit import record
from dhr_app.database.destroyed import showing
from dhr_app.database.endings import Remains
from dhr_app.database.facts import facts_of
from dhr_app.database.keyring import announce
from dhr_app.database.models.account import Membership
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.dates import next_date
from dhr_app.workflows.errors import NotAllowed, NotYet, OutOfReach, ProofNeeded, Reason, RuleError, SeatShut, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.permissions import STEP_UP, DataClass, Person, allows, closed_by_its_stage
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import NOT_COMMISSIONED, Stage

# True once somebody asked for a review and may reach it: the front door looks whether a page of a review did.
review_asked_for: ContextVar[bool] = ContextVar("review_asked_for", default=False)

# The permissions of pages that show and ask nothing; an agency’s own answers hang on no more than reaching the review.
ONLY_READ = ("see", "read", "reach", "record")

NOT_YOURS = "You may see this, but the step is for somebody else to take."

# A way to a review other than by its reference: through something of it that the person may act on. Raises OutOfReach.
Finding = Callable[[NamedSession], tuple[Review, RuleSet]]


@dataclass(frozen=True)
class Scene:
    """Everything a verb works with inside its transaction."""

    session: NamedSession
    review: Review
    rule_set: RuleSet
    by: Person
    at: datetime

    @property
    def today(self) -> date:
        """London's day of the change."""
        return london_date(self.at)

    @property
    def calendar(self) -> Calendar:
        """The working days in force."""
        return working_days(self.session)

    def facts(self) -> ReviewFacts:
        """The facts of the review as they are now, what this verb has done so far included."""
        self.session.flush()
        return facts_of(self.session, [self.review.id])[self.review.id]

    def rewrite_next_date(self) -> None:
        """Keep the review’s next date in its column: the earliest unmet one, None sorting last in lists.

        Where the review stands otherwise since, a row of its standing says so.
        """
        facts = self.facts()
        self.review.set_next(next_date(facts, self.rule_set, self.calendar))
        standing.keep(self.session, self.review, self.rule_set, facts, self.calendar, at=self.at)

    def record(
        self,
        kind: Happened,
        *,
        on: date | None = None,
        agency_id: UUID | None = None,
        subject: object | None = None,
        details: Mapping[str, str | int] | None = None,
        **more: str | int,
    ) -> None:
        """Write the event of this change; its details hold codes and numbers only.

        About an action or a recommendation it also says how that stands now: see told_as_it_stood.
        """
        record(
            self.session,
            kind,
            review_id=self.review.id,
            happened_on=on or self.today,
            agency_id=agency_id,
            subject=subject,
            details={**(details or {}), **more, **snapshot(self.session, subject)},
        )

    def end_membership(self, membership: Membership) -> None:
        """End a seat so that it opens nothing from now on, and with it what its holder was let open besides."""
        membership.to_on = self.today
        membership.ended_at = self.at
        end_grants(self.session, "seat_ended", account_id=membership.account_id, review_id=self.review.id, at=self.at)

    def must_be_open(self) -> None:
        """Raise NotYet where nothing is added to the review any more: see takes_records()."""
        must_take_records(self)

    def must_be_commissioned(self) -> None:
        """Raise NotYet where the review is not commissioned yet, or no longer open."""
        self.must_be_open()
        stage = Stage(self.review.stage)
        if stage in NOT_COMMISSIONED:
            raise NotYet("change", (Reason("stage", f"The review is at “{stage.label}”: it is not commissioned yet."),))

    def allow(self, permission: str, *, agency_id: UUID | None = None) -> None:
        """Raise NotAllowed unless the person holds the permission on this review."""
        require(self.by, permission, review_id=self.review.id, agency_id=agency_id, on=self.today)


def require(
    by: Person, permission: str, *, review_id: UUID | None = None, agency_id: UUID | None = None, on: date
) -> None:
    """Raise NotAllowed, with a sentence for the person, unless they hold the permission.

    Raises OutOfReach where only the stage of the review closes it: then there is nothing there, for now or any more.
    """
    if allows(by, permission, review_id=review_id, agency_id=agency_id, on=on):
        return
    if review_id is not None and closed_by_its_stage(by, permission, review_id=review_id, agency_id=agency_id, on=on):
        raise OutOfReach(review_id)
    raise NotAllowed(permission, NOT_YOURS)


def find_review(session: NamedSession, reference: str, *, by: Person, on: date) -> tuple[Review, RuleSet]:
    """The review of this reference, if the person can reach it, and the rule set its row was pinned to.

    Raises OutOfReach, the same whether the review exists or not, and SeatShut for whoever has a seat on it that is not
    open yet.
    """
    found = session.execute(
        select(Review, RuleSetUsed.content)
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Review.reference == reference)
    ).one_or_none()
    if found is None:
        raise OutOfReach
    if not allows(by, "review.reach", review_id=found[0].id, on=on):
        shut = allows(by, "seat.prepare", review_id=found[0].id, on=on) and not by.has_open_seat(found[0].id, on)
        raise SeatShut(found[0].id, reference) if shut else OutOfReach(found[0].id)
    review_asked_for.set(True)
    return found[0], rule_book.pinned(found[1])


def _found(session: NamedSession, where: str | Finding, *, by: Person, on: date) -> tuple[Review, RuleSet]:
    return find_review(session, where, by=by, on=on) if isinstance(where, str) else where(session)


@contextmanager
def changing(
    reference: str | Finding, permission: str | None, *, by: Person, at: datetime, doing: str = ""
) -> Iterator[Scene]:
    """One transaction on one review, for a person who holds the permission (None: the verb asks for itself).

    The lock is taken before anything is read that the verb rests on. A refusal of the rules is written down after
    the rollback, in a transaction of its own. Raises OutOfReach, NotAllowed, and whatever the verb raises.
    """
    by = by.as_at(at)
    review_id: UUID | None = None
    try:
        with house().transaction(by=by, at=at) as session:
            review, rule_set = _found(session, reference, by=by, on=london_date(at))
            review_id = review.id
            session.lock(review.id, read=Review)
            scene = Scene(session, review, rule_set, by, at)
            if permission is not None:
                scene.allow(permission)
            yield scene
            scene.rewrite_next_date()
    except (NotAllowed, NotYet, OutOfReach) as refusal:
        _keep(refusal, by=by, at=at, review_id=review_id, what=doing or permission or "")
        raise


@contextmanager
def changing_several(
    references: Collection[str], permission: str, *, by: Person, at: datetime
) -> Iterator[tuple[NamedSession, tuple[Scene, ...]]]:
    """One transaction on all these reviews: each found and locked, in one order everywhere, so that none waits forever.

    The permission hangs on no review. What `changing` raises and keeps, this does too.
    """
    today, by = london_date(at), by.as_at(at)
    try:
        with house().transaction(by=by, at=at) as session:
            require(by, permission, on=today)
            found = [find_review(session, reference, by=by, on=today) for reference in sorted(set(references))]
            for review, _ in found:
                session.lock(review.id, read=Review)
            scenes = tuple(Scene(session, review, rule_set, by, at) for review, rule_set in found)
            yield session, scenes
            for scene in scenes:
                scene.rewrite_next_date()
    except (NotAllowed, NotYet, OutOfReach) as refusal:
        _keep(refusal, by=by, at=at, review_id=None, what=permission)
        raise


@dataclass(frozen=True)
class Look:
    """What a page reads from: a consistent picture of one review, on one day."""

    session: NamedSession
    review: Review
    rule_set: RuleSet
    by: Person
    today: date

    def facts(self) -> ReviewFacts:
        """The facts of the review."""
        return facts_of(self.session, [self.review.id])[self.review.id]

    def may(self, permission: str, *, agency_id: UUID | None = None) -> bool:
        """Whether the person holds the permission on this review today."""
        return allows(self.by, permission, review_id=self.review.id, agency_id=agency_id, on=self.today)


@contextmanager
def looking(
    reference: str | Finding, permission: str, *, opens: Collection[DataClass] = (), by: Person, at: datetime
) -> Iterator[Look]:
    """Read one review for a page. What will be opened is in the audit trail before the picture is taken.

    What asks for a step-up is refused with ProofNeeded before anything is announced, which leads to the page that asks.
    Where a page only shows what it opens, words stand in place of what was destroyed; a form of it raises
    ValueDestroyed. Raises OutOfReach or NotAllowed; a denial is written down too.
    """
    today, by = london_date(at), by.as_at(at)
    review_id: UUID | None = None
    try:
        with house().reading() as session:
            review, rule_set = _found(session, reference, by=by, on=today)
            review_id = review.id
            require(by, permission, review_id=review_id, on=today)
            if not opens:
                yield Look(session, review, rule_set, by, today)
                return
        with house().with_keys(by, at=at):
            _must_be_proved(by, opens, at=at)
            announce(review_id, opens, at=at)
            with house().reading() as session:
                review, rule_set = _found(session, reference, by=by, on=today)
                # A form is another thing: words that stand in for something must not come back as what was typed.
                only_read = permission.rpartition(".")[2] in ONLY_READ
                with showing(Remains(session).words if only_read else None):
                    yield Look(session, review, rule_set, by, today)
    except (NotAllowed, OutOfReach) as refusal:
        _keep(refusal, by=by, at=at, review_id=review_id, what=permission)
        raise


def _must_be_proved(by: Person, opens: Collection[DataClass], *, at: datetime) -> None:
    if not STEP_UP.isdisjoint(opens) and not by.proved(at):
        raise ProofNeeded


def _keep(refusal: RuleError, *, by: Person, at: datetime, review_id: UUID | None, what: str) -> None:
    """Write a refusal down in a transaction of its own."""
    if isinstance(refusal, OutOfReach):
        review_id = review_id or refusal.review_id
    house().database.record_refusal(by=by, at=at, review_id=review_id, what=what, reasons=_codes(refusal))


def _codes(refusal: RuleError) -> list[str]:
    if isinstance(refusal, NotYet):
        return [reason.condition for reason in refusal.reasons]
    return [refusal.permission] if isinstance(refusal, NotAllowed) else ["out_of_reach"]


def same_version(row: Any, version: int, *, theirs: Mapping[str, str], yours: Mapping[str, str]) -> None:
    """Raise Stale with both texts when the form was filled in from an older version of the row than stands now."""
    if row.version != version:
        differing = {name for name in yours if yours[name] != theirs.get(name, "")}
        raise Stale(
            version=row.version,
            theirs={name: theirs.get(name, "") for name in differing},
            yours={name: yours[name] for name in differing},
        )
