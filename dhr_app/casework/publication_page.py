"""The publication of a report as its pages show it: what is planned, what still stands in its way, what came before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.family_dates import WORKING_DAYS_BEFORE_OTHERS, latest_told
from dhr_app.casework.publication import (
    ApprovalEntry,
    PublicationEntry,
    approval_of,
    entry_of,
    is_planned,
    must_be_published,
)
from dhr_app.casework.rows import own_row, rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.publication import Publication
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import NotYet
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class PublicationShown:
    """One publication; nothing of it is opened.

    `avoids_family_dates` is None while nobody who may open those days has held the planned one against them.
    """

    id: UUID
    number: int
    version: int
    entry: PublicationEntry
    approved_on: date | None
    approved_by: str
    planned: bool
    avoids_family_dates: bool | None


@dataclass(frozen=True)
class Told:
    """The five working days: when agencies and press may be told, and how that day came about.

    `may_tell_from` is None while a family member who takes part was not told the planned day. `too_early` names
    whatever is planned or was done before it: "agencies", "press", "publication".
    """

    may_tell_from: date | None
    working: tuple[str, ...]
    too_early: tuple[str, ...]


@dataclass(frozen=True)
class PublicationPage:
    """Every publication of a review, the latest first; `planned` is the one that is not done yet, `told` is about it.

    `not_yet` says why nothing can be planned, where that is so. `step` is the move that publishes what is planned,
    empty for somebody who may not record it.
    """

    reference: str
    planned: PublicationShown | None
    told: Told | None
    earlier: tuple[PublicationShown, ...]
    not_yet: str
    may_change: bool
    may_approve: bool
    may_record_earlier: bool
    step: str


@dataclass(frozen=True)
class ApprovalPage:
    """The approval of one publication, opened."""

    shown: PublicationShown
    entry: ApprovalEntry
    may_approve: bool


def publication_page(reference: str, *, by: Person, at: datetime) -> PublicationPage:
    """What is planned and what came before; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "publication.see", by=by, at=at) as look:
        rows = rows_of(look, Publication, Publication.number.desc())
        planned = next((row for row in rows if is_planned(row)), None)
        not_yet = _not_yet(look)
        step = "publish" if Stage(look.review.stage) is Stage.PUBLICATION else "publish_again"
        may_change = look.may("publication.change") and not not_yet
        return PublicationPage(
            reference,
            _shown(planned) if planned else None,
            _told(look, planned) if planned else None,
            tuple(_shown(row) for row in rows if row is not planned),
            not_yet,
            may_change,
            look.may("publication.approve") and not not_yet,
            may_change and not rows and step != "publish",
            step if look.may(f"move.{step}") else "",
        )


def publication_to_correct(reference: str, publication_id: UUID, *, by: Person, at: datetime) -> PublicationShown:
    """One publication for whoever may correct it; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "publication.change", by=by, at=at) as look:
        return _shown(own_row(look, Publication, publication_id))


def may_plan(reference: str, *, by: Person, at: datetime) -> None:
    """Let somebody begin the form of a publication. Raises OutOfReach, NotAllowed, and NotYet where it is too early."""
    with looking(reference, "publication.change", by=by, at=at) as look:
        must_be_published(look)


def open_approval(reference: str, publication_id: UUID, *, by: Person, at: datetime) -> ApprovalPage:
    """The approval of a publication, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "publication.see", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = own_row(look, Publication, publication_id)
        open_for_it = is_planned(row) or row.approved_on is not None
        may_approve = look.may("publication.approve") and open_for_it and not _not_yet(look)
        return ApprovalPage(_shown(row), approval_of(row), may_approve)


def _not_yet(look: Look) -> str:
    try:
        must_be_published(look)
    except NotYet as refusal:
        return refusal.reasons[0].sentence
    return ""


def _told(look: Look, row: Publication) -> Told:
    told_on = latest_told(look, "publication_date", about=row.planned_on)
    if row.agencies_from is None or told_on is None:
        waits = f"Somebody in the family who takes part was not told yet that the day is {in_words(row.planned_on)}."
        return Told(None, (waits,), ())
    working = (
        f"By {in_words(told_on)} everybody in the family who takes part had been told the day: this is day 0.",
        f"{WORKING_DAYS_BEFORE_OTHERS} working days on is {in_words(row.agencies_from)}; "
        "weekends and bank holidays do not count.",
    )
    days = {"agencies": row.agencies_told_on, "press": row.press_told_on, "publication": row.planned_on}
    too_early = tuple(what for what, day in days.items() if day is not None and day < row.agencies_from)
    return Told(row.agencies_from, working, too_early)


def _shown(row: Publication) -> PublicationShown:
    return PublicationShown(
        row.id, row.number, row.version, entry_of(row), row.approved_on, row.approved_by or "", is_planned(row),
        row.avoids_family_dates,
    )  # fmt: skip
