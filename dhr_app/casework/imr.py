"""Agencies write for the review: each is asked for its IMR or a summary report, and answers, or is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from dhr_app.casework import clocks
from dhr_app.casework.checks import known_codes, not_in_future
from dhr_app.casework.rows import agency_names, in_texts, own_row, unknown_agencies
from dhr_app.casework.scene import Look, Scene, changing, same_version
from dhr_app.database.models.imr import Imr
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import IMR_KINDS, IMR_NOT_REQUIRED_BECAUSE

IN_A_SENTENCE = {"imr": "IMR", "summary_report": "summary report"}
ANSWERED = ("received", "nil")
CLOSED = ("not_required", "no_reply")


@dataclass(frozen=True)
class RequestEntry:
    """What an agency is asked for. `kind` is imr or summary_report."""

    kind: str = "imr"
    requested_on: date | None = None
    chronology_requested: bool = False


def ask(reference: str, agency_ids: tuple[UUID, ...], entry: RequestEntry, *, by: Person, at: datetime) -> None:
    """Ask agencies to write for the review. Raises NotYet before it is commissioned, and Invalid."""
    with changing(reference, "imr.ask", by=by, at=at) as scene:
        scene.must_be_commissioned()
        each_once = tuple(dict.fromkeys(agency_ids))
        faults = _request_faults(entry, scene.today) | unknown_agencies(
            scene, "agency_ids", each_once, entry.requested_on
        )
        already = set(scene.session.scalars(select(Imr.agency_id).where(Imr.review_id == scene.review.id)))
        names = agency_names(scene.session, already & set(each_once))
        if names:
            faults["agency_ids"] = f"{next(iter(names.values()))} has been asked already."
        if not each_once:
            faults["agency_ids"] = "Choose at least one agency."
        if faults or entry.requested_on is None:
            raise Invalid(faults)
        for agency_id in each_once:
            row = Imr(
                review_id=scene.review.id, agency_id=agency_id, outcome="open", author_independent="not_known",
                author_trained="not_known", on_behalf=False, **vars(entry),
            )  # fmt: skip
            scene.session.add(row)
            scene.session.flush()
            clocks.happened(scene, "imr_requested", entry.requested_on, subject_id=row.id, agency_id=agency_id)
            if row.chronology_requested:
                clocks.happened(
                    scene, "chronology_requested", entry.requested_on, subject_id=row.id, agency_id=agency_id
                )
            record(scene, Happened.IMR_REQUESTED, row, on=entry.requested_on)


def correct_request(
    reference: str, imr_id: UUID, entry: RequestEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct what an agency is asked for: a summary report will do, or a chronology is wanted too.

    Raises Stale with both texts, Invalid.
    """
    with changing(reference, "imr.ask", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = whole_row(scene, imr_id)
        same_version(row, version, theirs=in_texts(request_of(row)), yours=in_texts(entry))
        faults = _request_faults(entry, scene.today)
        known = (row.answered_on, row.escalated_on, row.chronology_received_on, row.signed_off_on)
        first = min((day for day in known if day is not None), default=None)
        if first and entry.requested_on and entry.requested_on > first:
            faults["requested_on"] = f"Something is recorded for {in_words(first)} already: it was asked before that."
        if row.chronology_received_on and not entry.chronology_requested:
            faults["chronology_requested"] = f"The chronology came on {in_words(row.chronology_received_on)}."
        if faults or entry.requested_on is None:
            raise Invalid(faults)
        row.kind, row.requested_on = entry.kind, entry.requested_on
        row.chronology_requested = entry.chronology_requested
        keep_dates(scene, row)
        record(scene, Happened.IMR_CHANGED, row)


def escalate(reference: str, imr_id: UUID, escalated_on: date | None, *, by: Person, at: datetime) -> None:
    """Write down that an agency’s silence was taken to somebody more senior there."""
    with changing(reference, "imr.ask", by=by, at=at) as scene:
        row = _waited_for(scene, imr_id)
        faults = not_in_future(scene.today, escalated_on=escalated_on)
        if escalated_on is None:
            faults["escalated_on"] = "Give the day on which it was escalated."
        elif escalated_on < row.requested_on:
            faults["escalated_on"] = f"The agency was asked on {in_words(row.requested_on)}: this cannot be earlier."
        if faults:
            raise Invalid(faults)
        row.escalated_on = escalated_on
        record(scene, Happened.IMR_ESCALATED, row, on=escalated_on)


def close_as_no_reply(reference: str, imr_id: UUID, *, by: Person, at: datetime) -> None:
    """Stop waiting for an agency. Raises Invalid before an escalation: silence alone closes nothing."""
    with changing(reference, "imr.ask", by=by, at=at) as scene:
        row = _waited_for(scene, imr_id)
        if row.escalated_on is None:
            raise Invalid({"escalated_on": "Escalate first: an IMR is closed as no reply only after escalation."})
        _close(scene, row, "no_reply")


def not_required(reference: str, imr_id: UUID, because: str, *, by: Person, at: datetime) -> None:
    """Say that nothing has to be written after all, and why. Raises Invalid without a reason from the list."""
    with changing(reference, "imr.ask", by=by, at=at) as scene:
        row = _waited_for(scene, imr_id)
        if because not in IMR_NOT_REQUIRED_BECAUSE:
            raise Invalid({"because": "Say why it is not required."})
        row.not_required_because = because
        _close(scene, row, "not_required")


def ask_again(reference: str, imr_id: UUID, *, by: Person, at: datetime) -> None:
    """Wait again for what was closed. Its dates count from the day on which the agency was first asked."""
    with changing(reference, "imr.ask", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = whole_row(scene, imr_id)
        if row.outcome not in CLOSED:
            raise Invalid({"outcome": "This is not closed: it is waited for, or has come."})
        row.outcome, row.answered_on, row.not_required_because = "open", None, None
        keep_dates(scene, row)
        record(scene, Happened.IMR_CHANGED, row)


def request_of(row: Imr) -> RequestEntry:
    """What the agency was asked for, as its form shows it."""
    return RequestEntry(row.kind, row.requested_on, row.chronology_requested)


def _request_faults(entry: RequestEntry, today: date) -> dict[str, str]:
    faults = not_in_future(today, requested_on=entry.requested_on) | known_codes(entry, {"kind": IMR_KINDS})
    if entry.requested_on is None:
        faults["requested_on"] = "Give the day on which they were asked."
    return faults


def _close(scene: Scene, row: Imr, outcome: str) -> None:
    row.outcome, row.answered_on = outcome, scene.today
    keep_dates(scene, row)
    record(scene, Happened.IMR_NO_REPLY if outcome == "no_reply" else Happened.IMR_NOT_REQUIRED, row)


def keep_dates(scene: Scene, row: Imr) -> None:
    """Bring the dates of the IMR and of its chronology into line with the record: with nothing to come they end."""
    came_on = row.answered_on if row.outcome in ANSWERED else None
    clocks.stand(
        scene, "imr_requested", "imr_received", subject_id=row.id, agency_id=row.agency_id,
        since=row.requested_on, met_on=came_on, waits=row.outcome == "open",
    )  # fmt: skip
    clocks.stand(
        scene, "chronology_requested", "chronology_received", subject_id=row.id, agency_id=row.agency_id,
        since=row.requested_on, met_on=row.chronology_received_on,
        waits=row.chronology_requested and row.outcome in ("open", "received"),
    )  # fmt: skip


def record(scene: Scene, kind: Happened, row: Imr, *, on: date | None = None) -> None:
    """Write the event of a change to an IMR, under the name of what was asked for."""
    scene.record(kind, on=on, agency_id=row.agency_id, subject=row, label=IN_A_SENTENCE[row.kind])


def whole_row(scene: Scene | Look, imr_id: UUID) -> Imr:
    """The IMR of this id with what it says. Raises OutOfReach."""
    return own_row(scene, Imr, imr_id, undefer(Imr.findings_ct))


def _waited_for(scene: Scene, imr_id: UUID) -> Imr:
    scene.must_be_commissioned()
    row = whole_row(scene, imr_id)
    if row.outcome != "open":
        raise Invalid({"outcome": "This is settled already."})
    return row
