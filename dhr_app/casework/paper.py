"""The three papers of a review by version: put on file, marked final by the chair, agreed by the panel, corrected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import accuracy, paper_rests
from dhr_app.casework.checks import filled
from dhr_app.casework.paper_entry import (
    NewVersion,
    PaperEntry,
    entry_of,
    faults_of_correction,
    faults_of_mark,
    faults_of_new,
)
from dhr_app.casework.rows import in_texts, own_row, rows_of
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.casework.submissions import rounds_of
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.paper import Paper
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import PAPER_KINDS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

__all__ = ["NewVersion", "PaperEntry", "add_version", "agree", "correct", "mark_final"]

READ_BY_AGENCIES = "overview_report"  # the paper whose passages agencies check


def add_version(reference: str, entry: NewVersion, *, by: Person, at: datetime) -> UUID:
    """Put a new version of a paper on file, which supersedes the former and voids what rested on it.

    A new overview report also voids accuracy checks: before the first submission all of them, afterwards those of the
    agencies whose passages it changes. Raises OutOfReach, NotAllowed, NotYet, and Invalid where the file is a version
    of this paper already.
    """
    with changing(reference, "paper.change", by=by, at=at) as scene:
        _must_take_papers(scene)
        former = [row for row in rows_of(scene, Paper, Paper.number) if row.kind == entry.kind]
        sha256 = "".join(entry.sha256.split()).lower()
        checked = entry.kind == READ_BY_AGENCIES and bool(rounds_of(scene))
        faults = faults_of_new(entry, sha256, former, scene.today)
        if checked and not set(entry.agency_ids) <= _checking(scene):
            faults["agency_ids"] = "One of these agencies has no accuracy check that counts: choose from the list."
        if faults:
            raise Invalid(faults)
        for one in former:
            one.superseded_on = one.superseded_on or scene.today
        row = Paper(
            review_id=scene.review.id,
            kind=entry.kind,
            number=len(former) + 1,
            sha256=sha256,
            added_on=entry.added_on,
            recorded_by_id=by.id,
            changes=entry.changes.strip() or None,
            kept=entry.kept.strip(),
        )
        scene.session.add(row)
        scene.session.flush()
        _tell(scene, Happened.PAPER_ADDED, row, entry.added_on)
        paper_rests.void_what_rested_on(scene, entry.kind)
        if entry.kind == READ_BY_AGENCIES:
            accuracy.void_checks(scene, entry.agency_ids if checked else None)
        return row.id


def mark_final(
    reference: str, paper_ids: Collection[UUID], final_on: date | None, chair: str, *, by: Person, at: datetime
) -> None:
    """The chair marks current versions as final: themselves, or through the coordinator, who names the chair.

    Raises OutOfReach, NotAllowed for the author, NotYet, Invalid.
    """
    with changing(reference, "paper.finish", by=by, at=at) as scene:
        _must_take_papers(scene)
        rows = [own_row(scene, Paper, paper_id) for paper_id in dict.fromkeys(paper_ids)]
        named = by.name if by.role is Role.INDEPENDENT_CHAIR else chair.strip()
        faults = faults_of_mark(rows, "final_on", final_on, scene.today)
        faults |= filled("chair", named, "Name the chair who marked them final.")
        if any(row.final_on for row in rows):
            faults["paper_ids"] = "One of these is marked final already: correct its own record."
        if faults:
            raise Invalid(faults)
        for row in rows:
            row.final_on, row.final_by = final_on, named
            _tell(scene, Happened.PAPER_FINAL, row, final_on)


def agree(
    reference: str, paper_ids: Collection[UUID], panel_agreed_on: date | None, *, by: Person, at: datetime
) -> None:
    """The review panel agreed current versions. Raises OutOfReach, NotAllowed, NotYet, Invalid."""
    with changing(reference, "paper.finish", by=by, at=at) as scene:
        _must_take_papers(scene)
        rows = [own_row(scene, Paper, paper_id) for paper_id in dict.fromkeys(paper_ids)]
        faults = faults_of_mark(rows, "panel_agreed_on", panel_agreed_on, scene.today)
        if any(row.panel_agreed_on for row in rows):
            faults["paper_ids"] = "The panel has agreed one of these already: correct its own record."
        if faults:
            raise Invalid(faults)
        for row in rows:
            row.panel_agreed_on = panel_agreed_on
            _tell(scene, Happened.PAPER_AGREED, row, panel_agreed_on)


def correct(reference: str, paper_id: UUID, entry: PaperEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct a version’s words and days; the file itself never changes. An emptied mark was not given after all.

    Raises Stale with both texts, Invalid, NotYet, OutOfReach, and NotAllowed for an author who corrects a mark.
    """
    with changing(reference, "paper.change", by=by, at=at) as scene:
        _must_take_papers(scene)
        row = own_row(scene, Paper, paper_id)
        stands = entry_of(row)
        same_version(row, version, theirs=in_texts(stands), yours=in_texts(entry))
        if _marks(entry) != _marks(stands):
            scene.allow("paper.finish")
        others = [one for one in rows_of(scene, Paper, Paper.number) if one.kind == row.kind]
        faults = faults_of_correction(entry, row, others, scene.today)
        if row.final_on and not entry.final_on and paper_rests.rests_on(scene, row):
            faults["final_on"] = "An approval or a signature rests on this final version: put a new version on file."
        if faults or entry.added_on is None:
            raise Invalid(faults)
        row.added_on = entry.added_on
        row.changes, row.kept = entry.changes.strip() or None, entry.kept.strip()
        row.final_on, row.final_by = entry.final_on, entry.final_by.strip() or None if entry.final_on else None
        row.panel_agreed_on = entry.panel_agreed_on
        _tell(scene, Happened.PAPER_CHANGED, row, scene.today)


def _must_take_papers(scene: Scene) -> None:
    """Raise NotYet before the review is commissioned; a closed one still takes a version that is published again."""
    if Stage(scene.review.stage) is not Stage.CLOSED:
        scene.must_be_commissioned()


def _tell(scene: Scene, kind: Happened, row: Paper, on: date | None) -> None:
    scene.record(kind, on=on, subject=row, label=PAPER_KINDS[row.kind].lower(), number=row.number)


def _checking(scene: Scene) -> set[UUID]:
    """The agencies whose accuracy check counts."""
    rows = select(AccuracyCheck.agency_id).where(
        AccuracyCheck.review_id == scene.review.id,
        AccuracyCheck.voided_on.is_(None),
        AccuracyCheck.outcome != "taken_back",
    )
    return set(scene.session.scalars(rows))


def _marks(entry: PaperEntry) -> tuple[object, ...]:
    return entry.final_on, entry.final_by.strip(), entry.panel_agreed_on
