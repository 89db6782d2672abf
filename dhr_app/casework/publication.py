"""A report is published as it was planned and approved: which day, where, who is told before, and by whose leave."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from dhr_app.casework.checks import EARLIEST, filled, known_codes, not_in_future
from dhr_app.casework.family_dates import refresh_publication
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Look, Scene, changing, same_version
from dhr_app.database.models.publication import Publication
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.condition import STEERING
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import PUBLICATION_MODES
from dhr_app.workflows.stages import Stage

# A report is published once the Home Office lets it; what was published before is published again later.
PUBLISHED_AT = (Stage.PUBLICATION, Stage.SEMINAR, Stage.CLOSED)
FARTHEST = timedelta(days=3 * 366)
WEB_ADDRESS = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?")


@dataclass(frozen=True)
class PublicationEntry:
    """What the form says of a publication.

    `published_on` and `taken_down_on` are set by the moves; they are corrected here, and given here for a report that
    was published before this system held its record.
    """

    mode: str = ""
    planned_on: date | None = None
    address: str = ""
    agencies_told_on: date | None = None
    press_told_on: date | None = None
    published_on: date | None = None
    taken_down_on: date | None = None


@dataclass(frozen=True)
class ApprovalEntry:
    """Who approved a publication, when, and what shows it; `approved_by` is a member of staff, `evidence` is sealed."""

    approved_by: str = ""
    approved_on: date | None = None
    evidence: str = ""


def plan_publication(reference: str, entry: PublicationEntry, *, by: Person, at: datetime) -> UUID:
    """Plan a publication. Raises NotYet where one is planned already, Invalid, OutOfReach, NotAllowed.

    The planned day is held at once against the days that the family asked to avoid.
    """
    with changing(reference, "publication.change", by=by, at=at) as scene:
        must_be_published(scene)
        there = rows_of(scene, Publication, Publication.number)
        if any(is_planned(row) for row in there):
            raise NotYet("change", (Reason("planned", "A publication is planned already: correct that one."),))
        planned = replace(entry, published_on=None, taken_down_on=None)
        return _add(scene, planned, there, _faults(planned, scene.today))


def record_earlier_publication(reference: str, entry: PublicationEntry, *, by: Person, at: datetime) -> UUID:
    """Record a publication from before this system held its record. Raises NotYet, Invalid, OutOfReach, NotAllowed."""
    with changing(reference, "publication.change", by=by, at=at) as scene:
        must_be_published(scene)
        if Stage(scene.review.stage) is Stage.PUBLICATION:
            raise NotYet("change", (Reason("stage", "The report is published by the step “Publish the report”."),))
        there = rows_of(scene, Publication, Publication.number)
        earlier = replace(entry, planned_on=entry.published_on)
        faults = _faults(earlier, scene.today)
        faults.pop("planned_on", None)
        if entry.published_on is None:
            faults["published_on"] = "Give the day on which it was published."
        return _add(scene, earlier, there, faults)


def correct_publication(
    reference: str, publication_id: UUID, entry: PublicationEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct or add to a publication. Raises Stale, Invalid, NotYet, OutOfReach, NotAllowed.

    What was approved was this much of the report: with another mode the approval no longer counts.
    """
    with changing(reference, "publication.change", by=by, at=at) as scene:
        must_be_published(scene)
        row = own_row(scene, Publication, publication_id)
        stands = entry_of(row)
        same_version(row, version, theirs=in_texts(stands), yours=in_texts(entry))
        faults = _faults(entry, scene.today)
        if (entry.published_on is None) != (stands.published_on is None):
            faults["published_on"] = "Whether the report is published is said by the steps of the review."
        if (entry.taken_down_on is None) != (stands.taken_down_on is None):
            faults["taken_down_on"] = "Whether the report is taken down is said by the steps of the review."
        if faults:
            raise Invalid(faults)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        if is_planned(row) and stands.mode != entry.mode:
            row.approved_on, row.approved_by, row.evidence = None, None, None
        refresh_publication(scene)
        scene.record(Happened.PUBLICATION_CHANGED, subject=row, number=row.number)


def approve_publication(
    reference: str, publication_id: UUID, entry: ApprovalEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Approve a planned publication, or correct the record of an approval. Raises Stale, Invalid, NotYet, OutOfReach.

    By the steering group’s chair or deputy, or on their behalf by the coordinator, who says what shows it.
    """
    with changing(reference, "publication.approve", by=by, at=at) as scene:
        must_be_published(scene)
        row = own_row(scene, Publication, publication_id)
        first = row.approved_on is None
        if first and not is_planned(row):
            raise NotYet("change", (Reason("planned", "This publication is not planned any more."),))
        same_version(row, version, theirs=in_texts(approval_of(row)), yours=in_texts(entry))
        faults = filled("approved_by", entry.approved_by, "Say who approved it: name and post.")
        faults |= not_in_future(scene.today, approved_on=entry.approved_on)
        if entry.approved_on is None:
            faults["approved_on"] = "Give the day."
        if by.role not in STEERING:
            faults |= filled("evidence", entry.evidence, "Say what shows the approval, and where it is kept.")
        if faults or entry.approved_on is None:
            raise Invalid(faults)
        row.approved_by, row.approved_on = entry.approved_by.strip(), entry.approved_on
        row.evidence = entry.evidence.strip() or None
        kind = Happened.PUBLICATION_APPROVED if first else Happened.PUBLICATION_CHANGED
        scene.record(kind, on=entry.approved_on if first else None, subject=row, number=row.number)


def must_be_published(at: Scene | Look) -> None:
    """Raise NotYet where no report of this review can be published: not yet, or under its rule set never."""
    stage = Stage(at.review.stage)
    if "publish" in at.rule_set.without_moves:
        raise NotYet("change", (Reason("stage", "A review of this kind is not published."),))
    if stage not in PUBLISHED_AT:
        sentence = f"The review is at “{stage.label}”: publication is planned once the Home Office allows it."
        raise NotYet("change", (Reason("stage", sentence),))


def is_planned(row: Publication) -> bool:
    """Whether the publication is planned and not done, and no step has settled it otherwise."""
    return row.used_by is None and row.published_on is None


def entry_of(row: Publication) -> PublicationEntry:
    """A publication as its form says it."""
    return PublicationEntry(
        row.mode, row.planned_on, row.address or "", row.agencies_told_on, row.press_told_on, row.published_on,
        row.taken_down_on,
    )  # fmt: skip


def approval_of(row: Publication) -> ApprovalEntry:
    """An approval as its form says it, opened."""
    return ApprovalEntry(row.approved_by or "", row.approved_on, row.evidence or "")


def _add(scene: Scene, entry: PublicationEntry, there: list[Publication], faults: dict[str, str]) -> UUID:
    if faults:
        raise Invalid(faults)
    number = max((row.number for row in there), default=0) + 1
    row = Publication(review_id=scene.review.id, number=number, **_columns(entry))
    scene.session.add(row)
    refresh_publication(scene)
    kind = Happened.PUBLICATION_CHANGED if entry.published_on else Happened.PUBLICATION_PLANNED
    scene.record(kind, subject=row, number=number)
    return row.id


def _columns(entry: PublicationEntry) -> dict[str, object]:
    return {**vars(entry), "address": entry.address.strip() or None}


def _faults(entry: PublicationEntry, today: date) -> dict[str, str]:
    """What cannot be right. The planned day may have passed: what was done on paper is entered afterwards."""
    faults = known_codes(entry, {"mode": PUBLICATION_MODES})
    faults |= not_in_future(
        today,
        agencies_told_on=entry.agencies_told_on,
        press_told_on=entry.press_told_on,
        published_on=entry.published_on,
        taken_down_on=entry.taken_down_on,
    )
    faults |= _address(entry.address.strip())
    if entry.planned_on is None:
        faults["planned_on"] = "Give the day on which it is to be published."
    elif not EARLIEST <= entry.planned_on <= today + FARTHEST:
        faults["planned_on"] = f"{in_words(entry.planned_on)} is years away: check the year."
    if entry.taken_down_on is not None and (entry.published_on is None or entry.taken_down_on < entry.published_on):
        faults["taken_down_on"] = "It cannot have been taken down before it was published."
    return faults


def _address(address: str) -> dict[str, str]:
    if address and not WEB_ADDRESS.fullmatch(address):
        return {"address": "Give a whole web address, like https://www.barsetshire.example/reviews."}
    return {}
