"""The next update that each family member was promised: set when somebody was in touch, kept by being in touch again.

Called inside the verb that changes what a promise counts from. It reads days and codes alone, and opens nothing; only
whoever gives a day by hand has it held against the days that this person asked to avoid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.family_dates import AvoidedDay
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.casework.taking_records import must_take_records
from dhr_app.database.models.family_part import DateToAvoid, FamilyStep, UpdatePromise
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import Telling
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.promises import (
    AGAIN,
    COUNTED,
    GIVEN,
    MONTHS,
    NEWS_WISHES,
    Contact,
    Promise,
    begun_again,
    next_update,
)
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.request_dates import months_after
from dhr_app.workflows.stages import OPEN, Stage

KEPT, CORRECTED, CHANGED, BARRED, OVER = "kept", "corrected", "changed", "not_contacted", "over"
MOST_MONTHS_AHEAD = 12

NO_DAY = "They wish no updates between: leave the day empty, or change what they wish."
TO_COME = "Give a day still to come, or leave it empty."
TOO_FAR = "This is more than a year ahead: check the year."
AVOIDED = "They asked that nothing reaches them on that day: choose another with them."


@dataclass(frozen=True)
class NewsEntry:
    """What the form says: how often they wish to hear (NEWS_WISHES), and a day that was promised them by hand."""

    wish: str = "not_asked"
    by: date | None = None


@dataclass(frozen=True)
class PromiseShown:
    """A promise as a page shows it; `ended_because` is empty while it stands. Lateness is in calendar days."""

    due_on: date
    how: str
    ended_because: str
    kept_on: date | None

    def late(self, today: date) -> int:
        """How many days after its day it was kept, or is not kept today; 0 where it ended otherwise."""
        until = self.kept_on if self.ended_because == KEPT else None if self.ended_because else today
        return max(0, (until - self.due_on).days) if until else 0


@dataclass(frozen=True)
class NewsForm:
    """The form of one family member’s updates, with what was promised them so far, newest first."""

    number: int
    version: int
    entry: NewsEntry
    before: tuple[PromiseShown, ...]
    not_contacted_because: str


def open_news(reference: str, member_id: UUID, *, by: Person, at: datetime) -> NewsForm:
    """How often somebody wishes to hear, to be changed; opens nothing. Raises OutOfReach, NotAllowed, NotYet."""
    with looking(reference, "family.change", by=by, at=at) as look:
        member = _member(look, member_id)
        must_take_records(look)
        rows = select(UpdatePromise).where(UpdatePromise.family_member_id == member.id)
        before = list(look.session.scalars(rows.order_by(UpdatePromise.made_at.desc(), UpdatePromise.id)))
        return NewsForm(
            member.number,
            member.version,
            _entry(member, next((row for row in before if row.ended_at is None), None)),
            tuple(_shown(row) for row in before),
            member.not_contacted_because or "",
        )


def settle_news(reference: str, member_id: UUID, entry: NewsEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write down how often somebody wishes to hear, and the day they were promised where it is another.

    Raises Stale with both texts, OutOfReach, NotAllowed, NotYet on a closed review, and Invalid: a day that has passed,
    lies more than a year ahead, or is one that they asked to avoid; a day for whoever wishes no updates.
    """
    with changing(reference, "family.change", by=by, at=at) as scene:
        scene.must_be_open()
        member = _member(scene, member_id)
        stands = _standing(scene.session, member.id)
        was = _entry(member, stands)
        same_version(
            member, version, theirs={"wish": was.wish, "by": str(was.by or "")},
            yours={"wish": entry.wish, "by": str(entry.by or "")},
        )  # fmt: skip
        given = entry.by if entry.by != was.by else None
        _check(scene, member, entry, given)
        member.news_wish = entry.wish
        if stands is not None and (entry.by != was.by or (entry.wish != was.wish and was.by is None)):
            _end(scene, stands, CHANGED)
        if given is not None:
            _add(scene, member, Promise(given, scene.today, GIVEN))
        else:
            refresh(scene, member, CHANGED, stood=stands)
        now = _standing(scene.session, member.id)
        details = {"until": str(now.due_on)} if now else {}
        scene.record(
            Happened.FAMILY_NEWS_SETTLED, subject=member, number=member.number, wish=entry.wish, details=details
        )


def refresh(scene: Scene, member: FamilyMember, because: str, *, stood: UpdatePromise | None = None) -> None:
    """Bring what is promised to somebody into line with when they were last in touch, and what they wish.

    `because` is why this is asked (ENDED_BECAUSE); whatever that is, a promise that a later contact met was kept. What
    would begin late, since somebody comes back after a long time, begins on this day instead. But nobody hears later
    for it than by what `stood` promised just before, and a promise that is broken stays broken.
    """
    scene.session.flush()
    contacts = _contacts(scene.session, member)
    stands = _standing(scene.session, member.id)
    now = next_update(
        contacts, member.news_wish, _given(scene.session, member.id), takes_part=member.takes_part,
        may_be_told=not member.not_contacted_because and Stage(scene.review.stage) in OPEN,
    )  # fmt: skip
    if stands is not None:
        if now is not None and (now.due_on, now.since_on) == (stands.due_on, stands.since_on):
            return
        later = [one.on for one in contacts if one.on > stands.since_on]
        _end(scene, stands, KEPT if later else because, kept_on=min(later, default=None))
    if now is not None:
        if now.due_on < scene.today and because not in (KEPT, CORRECTED):
            now = begun_again(member.news_wish, scene.today)
            if stood is not None and stood.ended_because == CHANGED and stood.due_on < now.due_on:
                now = Promise(stood.due_on, stood.since_on, AGAIN)
        _add(scene, member, now)


def refresh_all(scene: Scene) -> None:
    """The same for the whole family, when the review comes to its end or back from it."""
    rows = select(FamilyMember).where(FamilyMember.review_id == scene.review.id).order_by(FamilyMember.number)
    for member in scene.session.scalars(rows).all():
        refresh(scene, member, OVER)


def promises_of(look: Look, members: Collection[FamilyMember]) -> dict[UUID, PromiseShown]:
    """What stands promised to each of these, by their id; opens nothing."""
    rows = select(UpdatePromise).where(
        UpdatePromise.family_member_id.in_([member.id for member in members]), UpdatePromise.ended_at.is_(None)
    )
    found = look.session.scalars(rows.order_by(UpdatePromise.due_on, UpdatePromise.id))
    return {row.family_member_id: _shown(row) for row in found}


def promised(session: NamedSession, until: date, reviews: Collection[UUID] | None = None) -> Iterator[Thing]:
    """The updates promised by then or before, over all open reviews or these; nobody is named."""
    rows = (
        select(
            UpdatePromise.id, UpdatePromise.review_id, UpdatePromise.due_on, FamilyMember.number,
            Review.reference, Review.stage,
        )
        .join(FamilyMember, FamilyMember.id == UpdatePromise.family_member_id)
        .join(Review, Review.id == UpdatePromise.review_id)
        .where(
            UpdatePromise.ended_at.is_(None), UpdatePromise.due_on <= until, Review.stage.in_(sorted(OPEN))
        )
        .order_by(UpdatePromise.due_on, Review.reference, FamilyMember.number)
    )  # fmt: skip
    if reviews is not None:
        rows = rows.where(UpdatePromise.review_id.in_(reviews))
    for row in session.execute(rows):
        yield Thing(
            kind=Kind.PROMISE,
            subject_id=row.id,
            review_id=row.review_id,
            reference=row.reference,
            stage=Stage(row.stage),
            what=f"The update promised to family member {row.number}",
            path=f"/reviews/{row.reference}/family#member-{row.number}",
            due_on=row.due_on,
        )


def falls_on_a_day_they_avoid(promise: PromiseShown | None, days: Collection[AvoidedDay]) -> bool:
    """Whether what stands promised falls on a day that they asked to avoid: then somebody is in touch before it."""
    return promise is not None and any(one.falls_on(promise.due_on) for one in days)


def _member(at: Scene | Look, member_id: UUID) -> FamilyMember:
    row = at.session.get(FamilyMember, member_id)
    if row is None or row.review_id != at.review.id:
        raise OutOfReach
    return row


def _contacts(session: NamedSession, member: FamilyMember) -> list[Contact]:
    """Every day on which somebody was in touch with them, as it stands."""
    steps = select(FamilyStep.done_on, FamilyStep.kind, FamilyStep.answer).where(
        FamilyStep.family_member_id == member.id, FamilyStep.removed_on.is_(None)
    )
    found = [
        Contact(row.done_on, no_more=(row.kind, row.answer) == ("update", "asked_not_to_be"))
        for row in session.execute(steps.order_by(FamilyStep.done_on, FamilyStep.id))
    ]
    told = select(Telling.told_on).where(
        Telling.family_member_id == member.id, Telling.channel.is_not(None), Telling.taken_back_at.is_(None)
    )
    return found + [Contact(day) for day in session.scalars(told.order_by(Telling.told_on, Telling.id))]


def _standing(session: NamedSession, member_id: UUID) -> UpdatePromise | None:
    rows = select(UpdatePromise).where(UpdatePromise.family_member_id == member_id, UpdatePromise.ended_at.is_(None))
    return session.scalars(rows.order_by(UpdatePromise.id)).one_or_none()


def _given(session: NamedSession, member_id: UUID) -> Promise | None:
    """The last promise that was not counted from a contact, unless it was changed or they could not be told."""
    rows = select(UpdatePromise).where(UpdatePromise.family_member_id == member_id, UpdatePromise.how != COUNTED)
    row = session.scalars(rows.order_by(UpdatePromise.made_at.desc(), UpdatePromise.id).limit(1)).first()
    if row is None or row.ended_because not in (None, KEPT):
        return None
    return Promise(row.due_on, row.since_on, row.how)


def _check(scene: Scene, member: FamilyMember, entry: NewsEntry, given: date | None) -> None:
    faults = {}
    if entry.wish not in NEWS_WISHES:
        faults["wish"] = "Choose from the list."
    elif entry.by is not None and entry.wish not in MONTHS:
        faults["by"] = NO_DAY
    elif given is not None:
        if member.not_contacted_because:
            faults["by"] = "They are not to be contacted: nothing is promised to them. Change their record first."
        elif given <= scene.today:
            faults["by"] = TO_COME
        elif given > months_after(scene.today, MOST_MONTHS_AHEAD):
            faults["by"] = TOO_FAR
        elif any(one.falls_on(given) for one in _avoided(scene, member)):
            faults["by"] = AVOIDED
    if faults:
        raise Invalid(faults)


def _avoided(scene: Scene, member: FamilyMember) -> list[AvoidedDay]:
    rows = select(DateToAvoid).where(DateToAvoid.family_member_id == member.id, DateToAvoid.removed_on.is_(None))
    days = scene.session.scalars(rows.order_by(DateToAvoid.id))
    return [AvoidedDay(date.fromisoformat(row.day), row.every_year) for row in days if row.day]


def _add(scene: Scene, member: FamilyMember, promise: Promise) -> None:
    scene.session.flush()  # only one may stand
    scene.session.add(
        UpdatePromise(
            review_id=scene.review.id,
            family_member_id=member.id,
            due_on=promise.due_on,
            since_on=promise.since_on,
            how=promise.how,
            made_at=scene.at,
        )
    )
    scene.session.flush()


def _end(scene: Scene, row: UpdatePromise, because: str, *, kept_on: date | None = None) -> None:
    row.ended_at, row.ended_because, row.kept_on = scene.at, because, kept_on


def _entry(member: FamilyMember, stands: UpdatePromise | None) -> NewsEntry:
    return NewsEntry(member.news_wish, stands.due_on if stands is not None and stands.how == GIVEN else None)


def _shown(row: UpdatePromise) -> PromiseShown:
    return PromiseShown(row.due_on, row.how, row.ended_because or "", row.kept_on)
