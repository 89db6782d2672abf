"""Seminars, or another way of sharing what was learnt: about one review or several, entered once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm.attributes import flag_modified

from dhr_app.adapters.clock import london_date
from dhr_app.casework import clocks
from dhr_app.casework.house import house
from dhr_app.casework.learning import PASSED_ON_AT
from dhr_app.casework.rows import agency_names, in_texts
from dhr_app.casework.scene import Scene, changing_several, require, same_version
from dhr_app.casework.seminar_checks import SeminarEntry, SeminarFigures, checked, checked_figures
from dhr_app.database.models.learning import Seminar, SeminarAttendance, SeminarReview
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.stages import Stage

SHARED = "answered:learning_shared"
SOMEBODY_ELSE_S = "This seminar is for somebody else to correct: ask the steering group’s chair who."

# How a timeline tells each format (SEMINAR_FORMATS).
TOLD_AS = {
    "in_person":   "at a seminar, in person",
    "online":      "at a seminar, online",
    "hybrid":      "at a seminar, in person and online",
    "another_way": "in another way that was minuted",
}  # fmt: skip


@dataclass(frozen=True)
class ReviewToChoose:
    """A review that a seminar may be about."""

    reference: str
    public_name: str
    stage: Stage


@dataclass(frozen=True)
class SeminarPage:
    """A seminar as it is recorded, with those of its reviews that this person reaches.

    `whole` is whether that is all of them; whoever does not reach one corrects nothing, and is told of none.
    `agencies` are the names of those in the attendance, by id.
    """

    id: UUID
    version: int
    entry: SeminarEntry
    figures: SeminarFigures
    agencies: Mapping[str, str]
    whole: bool
    may_change: bool


def hold_seminar(entry: SeminarEntry, *, by: Person, at: datetime) -> UUID:
    """Write down a seminar, on each of its reviews. Raises Invalid, NotAllowed, OutOfReach for a review not theirs."""
    with changing_several(entry.reviews, "seminar.change", by=by, at=at) as (session, scenes):
        held_on = checked(entry, scenes, new=scenes, today=london_date(at))
        row = Seminar(**_columns(entry), ratings={})
        session.add(row)
        session.flush()
        for scene in scenes:
            _share(scene, row, held_on)
        return row.id


def correct_seminar(seminar_id: UUID, entry: SeminarEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct what a seminar was, and which reviews it was about. Raises Stale, Invalid, NotAllowed, OutOfReach."""
    about = _must_reach_all(seminar_id, by, at)
    with changing_several({*about, *entry.reviews}, "seminar.change", by=by, at=at) as (session, scenes):
        row = _row(session, seminar_id)
        stands = _entry(row, _references(session, seminar_id))
        same_version(row, version, theirs=in_texts(stands), yours=in_texts(entry))
        chosen = [scene for scene in scenes if scene.review.reference in entry.reviews]
        new = [scene for scene in chosen if scene.review.reference not in stands.reviews]
        held_on = checked(entry, chosen, new=new, today=london_date(at))
        was = row.held_on
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        _touch(row)
        for scene in scenes:
            if scene in new:
                _share(scene, row, held_on)
            elif scene in chosen:
                _meet(scene, was=was)
                scene.record(Happened.SEMINAR_CHANGED, subject=row)
            else:
                _take_off(scene, row, was=was)


def record_figures(seminar_id: UUID, figures: SeminarFigures, version: int, *, by: Person, at: datetime) -> None:
    """Write down or correct who came, by agency, and what the survey said. Raises Stale, Invalid, NotAllowed."""
    with changing_several(_must_reach_all(seminar_id, by, at), "seminar.change", by=by, at=at) as (session, scenes):
        row = _row(session, seminar_id)
        there = _attendance(session, seminar_id)
        same_version(row, version, theirs=in_texts(_figures(row, there)), yours=in_texts(figures))
        checked_figures(figures, session)
        row.surveys_sent, row.surveys_returned = figures.surveys_sent, figures.surveys_returned
        row.ratings = dict(figures.ratings)
        _touch(row)
        _keep_attendance(session, row, there, figures.attendance)
        for scene in scenes:
            scene.record(Happened.SEMINAR_CHANGED, subject=row)


def remove_seminar(seminar_id: UUID, *, by: Person, at: datetime) -> None:
    """Take off a seminar that was entered by mistake; the audit trail keeps it. Raises NotAllowed, OutOfReach."""
    with changing_several(_must_reach_all(seminar_id, by, at), "seminar.change", by=by, at=at) as (session, scenes):
        row = _row(session, seminar_id)
        for scene in scenes:
            _take_off(scene, row, was=row.held_on)
        for came in _attendance(session, seminar_id):
            session.delete(came)
        session.flush()
        session.delete(row)


def seminar_page(seminar_id: UUID, *, by: Person, at: datetime) -> SeminarPage:
    """A seminar; nothing of it is sealed. Raises NotAllowed, and OutOfReach where none of its reviews is theirs."""
    today = london_date(at)
    require(by, "seminar.see", on=today)
    with house().reading() as session:
        row = _row(session, seminar_id)
        about = _reviews(session, seminar_id)
        theirs = tuple(each.reference for each in about if allows(by, "review.reach", review_id=each.id, on=today))
        if not theirs:
            raise OutOfReach
        there = _attendance(session, seminar_id)
        names = agency_names(session, [came.agency_id for came in there])
        whole = len(about) == len(theirs)
        may_change = whole and allows(by, "seminar.change", on=today)
        return SeminarPage(
            row.id, row.version, _entry(row, theirs), _figures(row, there),
            {str(agency_id): name for agency_id, name in names.items()}, whole, may_change,
        )  # fmt: skip


def reviews_to_choose(*, by: Person, at: datetime) -> tuple[ReviewToChoose, ...]:
    """The reviews a seminar may be about and that this person reaches, the latest first. Raises NotAllowed."""
    today = london_date(at)
    require(by, "seminar.change", on=today)
    rows = (
        select(Review.id, Review.reference, Review.public_name, Review.public_year, Review.stage)
        .where(Review.stage.in_([stage.value for stage in PASSED_ON_AT]))
        .order_by(Review.reference.desc())
    )
    with house().reading() as session:
        found = [row for row in session.execute(rows) if allows(by, "review.reach", review_id=row.id, on=today)]
    return tuple(
        ReviewToChoose(
            row.reference, f"{row.public_name}/{row.public_year}" if row.public_name else "", Stage(row.stage)
        )
        for row in found
    )


def _share(scene: Scene, row: Seminar, held_on: date) -> None:
    """The seminar was about this review too."""
    scene.session.add(SeminarReview(seminar_id=row.id, review_id=scene.review.id))
    _meet(scene)
    scene.record(Happened.LEARNING_SHARED, on=held_on, subject=row, label=TOLD_AS[row.format])


def _take_off(scene: Scene, row: Seminar, *, was: date) -> None:
    """The seminar was not about this review."""
    links = select(SeminarReview).where(SeminarReview.review_id == scene.review.id, SeminarReview.seminar_id == row.id)
    for link in scene.session.scalars(links.order_by(SeminarReview.id)):
        scene.session.delete(link)
    _meet(scene, was=was)
    scene.record(Happened.SEMINAR_REMOVED, subject=row)


def _meet(scene: Scene, *, was: date | None = None) -> None:
    """The date of the seminar is met by the first there is; `was` is a day that turned out to be wrong."""
    scene.session.flush()
    held = (
        select(Seminar.held_on)
        .join(SeminarReview, SeminarReview.seminar_id == Seminar.id)
        .where(SeminarReview.review_id == scene.review.id)
        .order_by(Seminar.held_on, Seminar.id)
    )
    clocks.met_by_the_first(scene, SHARED, list(scene.session.scalars(held)), was=was)


def _must_reach_all(seminar_id: UUID, by: Person, at: datetime) -> tuple[str, ...]:
    """The references of its reviews. Raises NotAllowed where one of them is closed to the person."""
    page = seminar_page(seminar_id, by=by, at=at)
    if not page.whole:
        raise NotAllowed("seminar.change", SOMEBODY_ELSE_S)
    return page.entry.reviews


def _keep_attendance(
    session: NamedSession, row: Seminar, there: Sequence[SeminarAttendance], said: Mapping[str, int]
) -> None:
    known = {str(came.agency_id): came for came in there}
    for agency_id, came in known.items():
        if agency_id not in said:
            session.delete(came)
        else:
            came.people = said[agency_id]
    for agency_id in sorted(set(said) - set(known)):
        session.add(SeminarAttendance(seminar_id=row.id, agency_id=UUID(agency_id), people=said[agency_id]))


def _touch(row: Seminar) -> None:
    """Give the seminar a new version although only rows beside it may have changed: its forms are about those too."""
    flag_modified(row, "ratings")


def _row(session: NamedSession, seminar_id: UUID) -> Seminar:
    row = session.get(Seminar, seminar_id)
    if row is None:
        raise OutOfReach
    return row


def _reviews(session: NamedSession, seminar_id: UUID) -> list[Row[Any]]:
    rows = (
        select(Review.id, Review.reference)
        .join(SeminarReview, SeminarReview.review_id == Review.id)
        .where(SeminarReview.seminar_id == seminar_id)
        .order_by(Review.reference)
    )
    return list(session.execute(rows))


def _references(session: NamedSession, seminar_id: UUID) -> tuple[str, ...]:
    return tuple(row.reference for row in _reviews(session, seminar_id))


def _attendance(session: NamedSession, seminar_id: UUID) -> list[SeminarAttendance]:
    rows = select(SeminarAttendance).where(SeminarAttendance.seminar_id == seminar_id)
    return list(session.scalars(rows.order_by(SeminarAttendance.id)))


def _columns(entry: SeminarEntry) -> dict[str, Any]:
    return {
        "theme": entry.theme.strip(),
        "format": entry.format,
        "held_on": entry.held_on,
        "minuted": entry.minuted.strip() or None,
        "speakers": list(entry.speakers),
        "invited": entry.invited,
        "registered": entry.registered,
    }


def _entry(row: Seminar, reviews: tuple[str, ...]) -> SeminarEntry:
    return SeminarEntry(
        row.theme, row.format, row.held_on, reviews, row.minuted or "", tuple(row.speakers), row.invited, row.registered
    )


def _figures(row: Seminar, there: Sequence[SeminarAttendance]) -> SeminarFigures:
    came = {str(one.agency_id): one.people for one in there}
    return SeminarFigures(came, row.surveys_sent, row.surveys_returned, dict(row.ratings))
