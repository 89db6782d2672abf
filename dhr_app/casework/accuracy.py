"""Factual accuracy checks: agencies are sent what the draft says of them; silence lapses, and is no consent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.checks import not_in_future
from dhr_app.casework.own_dates import own_dates
from dhr_app.casework.paper_rests import current_papers
from dhr_app.casework.rows import agency_names, own_row, unknown_agencies
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.paper import Paper
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person

ANSWERED = ("agreed", "corrections")
NO_REPORT = "No overview report is on file yet: put it on file first, then send each agency its passages."


def send(reference: str, agency_ids: tuple[UUID, ...], sent_on: date | None, *, by: Person, at: datetime) -> None:
    """Send agencies their passages of the current overview report. Raises NotYet without one, and Invalid."""
    with changing(reference, "accuracy.ask", by=by, at=at) as scene:
        scene.must_be_commissioned()
        paper = current_papers(scene).get("overview_report")
        if paper is None:
            raise NotYet("change", (Reason("final_papers_on_file", NO_REPORT),))
        each_once = tuple(dict.fromkeys(agency_ids))
        faults = _sending_faults(sent_on, paper, scene.today) | unknown_agencies(
            scene, "agency_ids", each_once, sent_on
        )
        names = agency_names(scene.session, _need_not_be_asked(scene, paper) & set(each_once))
        if names:
            faults["agency_ids"] = f"{next(iter(names.values()))} has its passages already."
        if not each_once:
            faults["agency_ids"] = "Choose at least one agency."
        if faults or sent_on is None:
            raise Invalid(faults)
        for agency_id in each_once:
            row = AccuracyCheck(
                review_id=scene.review.id, paper_id=paper.id, agency_id=agency_id, sent_on=sent_on, outcome="open",
                on_behalf=False,
            )  # fmt: skip
            scene.session.add(row)
            scene.session.flush()
            clocks.happened(scene, "accuracy_draft_sent", sent_on, subject_id=row.id, agency_id=agency_id)
            scene.record(Happened.ACCURACY_SENT, on=sent_on, agency_id=agency_id, subject=row)


def correct_sending(
    reference: str, check_id: UUID, sent_on: date | None, version: int, *, by: Person, at: datetime
) -> None:
    """Correct the day on which an agency was sent its passages. Raises Stale, Invalid."""
    with changing(reference, "accuracy.ask", by=by, at=at) as scene:
        row = standing_row(scene, check_id)
        same_version(row, version, theirs={"sent_on": str(row.sent_on)}, yours={"sent_on": str(sent_on or "")})
        faults = _sending_faults(sent_on, scene.session.get_one(Paper, row.paper_id), scene.today)
        if sent_on and row.answered_on and sent_on > row.answered_on:
            faults["sent_on"] = f"Its answer is of {in_words(row.answered_on)}: this cannot be later."
        if faults or sent_on is None:
            raise Invalid(faults)
        row.sent_on = sent_on
        keep_dates(scene, row)
        scene.record(Happened.ACCURACY_CHANGED, agency_id=row.agency_id, subject=row)


def lapse(reference: str, check_id: UUID, *, by: Person, at: datetime) -> None:
    """Stop waiting for an answer that did not come in its time. Raises Invalid up to and on the due date."""
    with changing(reference, "accuracy.ask", by=by, at=at) as scene:
        row = standing_row(scene, check_id)
        if row.outcome != "open":
            raise Invalid({"outcome": "This check is settled already."})
        due = own_dates(scene).get(("factual_accuracy_due", row.id))
        if due is None or due.on is None:
            raise Invalid({"outcome": "Its time is not running: it cannot lapse while the review is on hold."})
        if due.on >= scene.today:
            raise Invalid({"outcome": f"The agency has until {in_words(due.on)}: it cannot lapse before."})
        row.outcome, row.answered_on = "lapsed", scene.today
        keep_dates(scene, row)
        scene.record(Happened.ACCURACY_LAPSED, agency_id=row.agency_id, subject=row)


def take_back(reference: str, check_id: UUID, *, by: Person, at: datetime) -> None:
    """Take back what was sent to an agency by mistake. Raises Invalid once it has answered."""
    with changing(reference, "accuracy.ask", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, AccuracyCheck, check_id)
        if row.outcome != "open":
            raise Invalid({"outcome": "This check is settled already: it is not taken back."})
        row.outcome, row.answered_on, row.voided_on = "taken_back", scene.today, None
        keep_dates(scene, row)
        scene.record(Happened.ACCURACY_CHANGED, agency_id=row.agency_id, subject=row)


def let_stand(reference: str, check_id: UUID, *, by: Person, at: datetime) -> None:
    """Let a voided check count again: the new version says nothing new of that agency, or nothing at all any more."""
    with changing(reference, "accuracy.ask", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, AccuracyCheck, check_id)
        if row.voided_on is None:
            raise Invalid({"outcome": "This check stands already."})
        row.voided_on = None
        keep_dates(scene, row)
        scene.record(Happened.ACCURACY_CHANGED, agency_id=row.agency_id, subject=row)


def void_checks(scene: Scene, agency_ids: Collection[UUID] | None) -> None:
    """A new version changed what the report says of these agencies (None: of all): their checks are asked again."""
    rows = select(AccuracyCheck).where(
        AccuracyCheck.review_id == scene.review.id,
        AccuracyCheck.voided_on.is_(None),
        AccuracyCheck.outcome != "taken_back",
    )
    for row in scene.session.scalars(rows.order_by(AccuracyCheck.sent_on, AccuracyCheck.id)):
        if agency_ids is None or row.agency_id in agency_ids:
            row.voided_on = scene.today
            keep_dates(scene, row)
            scene.record(Happened.ACCURACY_VOIDED, agency_id=row.agency_id, subject=row)


def _need_not_be_asked(scene: Scene, paper: Paper) -> set[UUID]:
    """The agencies that were sent this version and whose check stands, or that have not answered an earlier one."""
    rows = select(AccuracyCheck.agency_id).where(
        AccuracyCheck.review_id == scene.review.id,
        AccuracyCheck.voided_on.is_(None),
        AccuracyCheck.outcome != "taken_back",
        (AccuracyCheck.paper_id == paper.id) | (AccuracyCheck.outcome == "open"),
    )
    return set(scene.session.scalars(rows))


def _sending_faults(sent_on: date | None, paper: Paper, today: date) -> dict[str, str]:
    if sent_on is None:
        return {"sent_on": "Give the day on which the passages were sent."}
    if sent_on < paper.added_on:
        return {"sent_on": f"This version is of {in_words(paper.added_on)}: it cannot have been sent earlier."}
    return not_in_future(today, sent_on=sent_on)


def keep_dates(scene: Scene, row: AccuracyCheck) -> None:
    """Bring the check’s date into line with the record: what was voided, lapsed or taken back is not waited for."""
    clocks.stand(
        scene, "accuracy_draft_sent", "accuracy_answered", subject_id=row.id, agency_id=row.agency_id,
        since=row.sent_on, met_on=row.answered_on if row.outcome in ANSWERED else None,
        waits=row.outcome == "open" and row.voided_on is None,
    )  # fmt: skip


def standing_row(scene: Scene, check_id: UUID) -> AccuracyCheck:
    """A check that still counts. Raises OutOfReach, and Invalid for one that a new version voided or was taken back."""
    scene.must_be_commissioned()
    row = own_row(scene, AccuracyCheck, check_id)
    if row.voided_on is not None:
        raise Invalid({"outcome": "A new version of the report changed these passages: send them to the agency again."})
    if row.outcome == "taken_back":
        raise Invalid({"outcome": "This was sent by mistake and taken back."})
    return row
