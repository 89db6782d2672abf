"""What a review taught and how that is passed on: its briefings, and the seminars that were about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework import clocks
from dhr_app.casework.checks import not_in_future
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.database.models.learning import Briefing, Seminar, SeminarAttendance, SeminarReview
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import BRIEFING_SENT_TO
from dhr_app.workflows.stages import Stage

# What was learnt is passed on once the report is settled, and still after the review was closed.
PASSED_ON_AT = (Stage.SEMINAR, Stage.CLOSED)


@dataclass(frozen=True)
class BriefingEntry:
    """A learning briefing as it was issued: when, to whom (BRIEFING_SENT_TO), and where it is kept, which is sealed."""

    issued_on: date | None = None
    sent_to: tuple[str, ...] = ()
    kept: str = ""


@dataclass(frozen=True)
class BriefingLine:
    """A briefing on the learning page; nothing of it is opened."""

    id: UUID
    issued_on: date
    sent_to: tuple[str, ...]


@dataclass(frozen=True)
class BriefingShown:
    """A briefing, opened."""

    version: int
    entry: BriefingEntry


@dataclass(frozen=True)
class SharedLine:
    """A seminar, or another way of sharing, as the page of one of its reviews shows it.

    `came` is how many people are recorded by agency; `others` how many other reviews it was about, without those that
    are barred to the reader.
    """

    id: UUID
    theme: str
    format: str
    held_on: date
    minuted: str
    came: int
    others: int


@dataclass(frozen=True)
class LearningPage:
    """How the learning of one review was passed on. `too_early` until the report is settled."""

    reference: str
    stage: Stage
    briefings: tuple[BriefingLine, ...]
    shared: tuple[SharedLine, ...]
    may_change: bool
    too_early: bool


def issue_briefing(reference: str, entry: BriefingEntry, *, by: Person, at: datetime) -> UUID:
    """Write down a briefing that was issued. Raises OutOfReach, NotAllowed, NotYet before there is one, Invalid."""
    with changing(reference, "learning.change", by=by, at=at) as scene:
        _must_be_passing_on(scene)
        issued_on = _checked(entry, scene.today)
        row = Briefing(review_id=scene.review.id, **_columns(entry))
        scene.session.add(row)
        scene.session.flush()
        _meet(scene)
        scene.record(Happened.BRIEFING_ISSUED, on=issued_on, subject=row)
        return row.id


def correct_briefing(
    reference: str, briefing_id: UUID, entry: BriefingEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct the record of a briefing. Raises Stale with both texts, Invalid, NotYet, OutOfReach, NotAllowed."""
    with changing(reference, "learning.change", by=by, at=at) as scene:
        _must_be_passing_on(scene)
        row = own_row(scene, Briefing, briefing_id)
        same_version(row, version, theirs=in_texts(_entry(row)), yours=in_texts(entry))
        _checked(entry, scene.today)
        was = row.issued_on
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        _meet(scene, was=was)
        scene.record(Happened.BRIEFING_CHANGED, subject=row)


def remove_briefing(reference: str, briefing_id: UUID, *, by: Person, at: datetime) -> None:
    """Take off a briefing that was entered by mistake; the audit trail keeps it. Raises NotYet, OutOfReach."""
    with changing(reference, "learning.change", by=by, at=at) as scene:
        _must_be_passing_on(scene)
        row = own_row(scene, Briefing, briefing_id)
        scene.record(Happened.BRIEFING_REMOVED, subject=row)
        scene.session.delete(row)
        _meet(scene, was=row.issued_on)


def learning_page(reference: str, *, by: Person, at: datetime) -> LearningPage:
    """Briefings and seminars of a review, latest first; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "learning.see", by=by, at=at) as look:
        stage = Stage(look.review.stage)
        briefings = tuple(
            BriefingLine(row.id, row.issued_on, tuple(row.sent_to))
            for row in rows_of(look, Briefing, Briefing.issued_on.desc())
        )
        late_enough = stage in PASSED_ON_AT
        may_change = look.may("learning.change") and late_enough
        return LearningPage(reference, stage, briefings, _shared(look), may_change, too_early=not late_enough)


def open_briefing(reference: str, briefing_id: UUID, *, by: Person, at: datetime) -> BriefingShown:
    """A briefing, opened for somebody who may correct it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "learning.change", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, Briefing, briefing_id)
        return BriefingShown(row.version, _entry(row))


def may_issue_briefing(reference: str, *, by: Person, at: datetime) -> None:
    """Let somebody begin the form of a briefing. Raises OutOfReach, NotAllowed, and NotYet where it is too early."""
    with looking(reference, "learning.change", by=by, at=at) as look:
        _must_be_passing_on(look)


def _shared(look: Look) -> tuple[SharedLine, ...]:
    came = (
        select(func.coalesce(func.sum(SeminarAttendance.people), 0))
        .where(SeminarAttendance.seminar_id == Seminar.id)
        .scalar_subquery()
    )
    others = (
        select(func.count())
        .select_from(SeminarReview)
        .where(
            SeminarReview.seminar_id == Seminar.id,
            SeminarReview.review_id != look.review.id,
            SeminarReview.review_id.not_in(look.by.conflicts),
        )
        .correlate(Seminar)
        .scalar_subquery()
    )
    rows = look.session.execute(
        select(Seminar.id, Seminar.theme, Seminar.format, Seminar.held_on, Seminar.minuted, came, others)
        .join(SeminarReview, SeminarReview.seminar_id == Seminar.id)
        .where(SeminarReview.review_id == look.review.id)
        .order_by(Seminar.held_on.desc(), Seminar.id)
    )
    return tuple(
        SharedLine(id_, theme, format_, held_on, minuted or "", people, also)
        for id_, theme, format_, held_on, minuted, people, also in rows
    )


def _meet(scene: Scene, *, was: date | None = None) -> None:
    """The date of the briefing is met by the first there is; `was` is a day that turned out to be wrong."""
    scene.session.flush()
    issued = [row.issued_on for row in rows_of(scene, Briefing, Briefing.issued_on)]
    clocks.met_by_the_first(scene, "answered:briefing_issued", issued, was=was)


def _must_be_passing_on(at: Scene | Look) -> None:
    stage = Stage(at.review.stage)
    if stage not in PASSED_ON_AT:
        sentence = f"The review is at “{stage.label}”: what it teaches is passed on once its report is settled."
        raise NotYet("change", (Reason("stage", sentence),))


def _checked(entry: BriefingEntry, today: date) -> date:
    """The day it was issued. Raises Invalid."""
    faults = not_in_future(today, issued_on=entry.issued_on)
    if entry.issued_on is None:
        faults["issued_on"] = "Give the day on which it was issued."
    if not entry.sent_to:
        faults["sent_to"] = "Say to whom it was sent."
    elif set(entry.sent_to) - set(BRIEFING_SENT_TO):
        faults["sent_to"] = "Choose from the list."
    if faults or entry.issued_on is None:
        raise Invalid(faults)
    return entry.issued_on


def _columns(entry: BriefingEntry) -> dict[str, object]:
    return {"issued_on": entry.issued_on, "sent_to": list(entry.sent_to), "kept": entry.kept.strip() or None}


def _entry(row: Briefing) -> BriefingEntry:
    return BriefingEntry(row.issued_on, tuple(row.sent_to), row.kept or "")
