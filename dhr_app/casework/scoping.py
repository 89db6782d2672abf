"""Agencies are asked what they know; each answers, has nothing, or is closed as no reply after escalation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from dhr_app.casework import clocks
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.rows import agency_names, in_texts, own_row, unknown_agencies
from dhr_app.casework.scene import Scene, changing, looking, same_version
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.wording import YES_NO_NOT_KNOWN

ANSWERED = ("in", "nil")


@dataclass(frozen=True)
class ReturnEntry:
    """What a scoping return says. `outcome` is in or nil; `came_from` tells whose e-mail it was entered from."""

    outcome: str = "in"
    answered_on: date | None = None
    records_secured: str = "not_known"
    what_is_known: str = ""
    came_from: str = ""


def ask(reference: str, agency_ids: tuple[UUID, ...], asked_on: date | None, *, by: Person, at: datetime) -> None:
    """Ask agencies what they know. Raises Invalid for an unknown, ended or already asked agency, or a day to come."""
    with changing(reference, "scoping.ask", by=by, at=at) as scene:
        scene.must_be_open()
        faults = not_in_future(scene.today, asked_on=asked_on)
        if asked_on is None:
            faults["asked_on"] = "Give the day on which they were asked."
        each_once = tuple(dict.fromkeys(agency_ids))
        faults |= unknown_agencies(scene, "agency_ids", each_once, asked_on)
        already = set(
            scene.session.scalars(select(ScopingRequest.agency_id).where(ScopingRequest.review_id == scene.review.id))
        )
        if not each_once:
            faults["agency_ids"] = "Choose at least one agency."
        if names := agency_names(scene.session, already & set(each_once)):
            faults["agency_ids"] = f"{next(iter(names.values()))} has been asked already."
        if faults or asked_on is None:
            raise Invalid(faults)
        for agency_id in each_once:
            row = ScopingRequest(
                review_id=scene.review.id, agency_id=agency_id, asked_on=asked_on, outcome="open",
                records_secured="not_known", on_behalf=False,
            )  # fmt: skip
            scene.session.add(row)
            scene.session.flush()
            clocks.happened(scene, "scoping_requested", asked_on, subject_id=row.id, agency_id=agency_id)
            scene.record(Happened.AGENCY_ASKED, on=asked_on, agency_id=agency_id, subject=row)


def escalate(reference: str, request_id: UUID, escalated_on: date | None, *, by: Person, at: datetime) -> None:
    """Write down that an agency’s silence was taken to somebody more senior there."""
    with changing(reference, "scoping.ask", by=by, at=at) as scene:
        row = _open_row(scene, request_id)
        faults = not_in_future(scene.today, escalated_on=escalated_on)
        if escalated_on is None:
            faults["escalated_on"] = "Give the day on which it was escalated."
        elif escalated_on < row.asked_on:
            faults["escalated_on"] = f"The agency was asked on {in_words(row.asked_on)}: this cannot be earlier."
        if faults:
            raise Invalid(faults)
        row.escalated_on = escalated_on
        scene.record(Happened.AGENCY_ESCALATED, on=escalated_on, agency_id=row.agency_id, subject=row)


def close_as_no_reply(reference: str, request_id: UUID, *, by: Person, at: datetime) -> None:
    """Stop waiting for an agency. Raises Invalid before an escalation: silence alone closes nothing."""
    with changing(reference, "scoping.ask", by=by, at=at) as scene:
        row = _open_row(scene, request_id)
        if row.escalated_on is None:
            raise Invalid({"escalated_on": "Escalate first: an agency is closed as no reply only after escalation."})
        row.outcome, row.answered_on = "no_reply", scene.today
        clocks.end_of(scene, row.id, scene.today)
        scene.record(Happened.RETURN_NO_REPLY, agency_id=row.agency_id, subject=row)


def record_return(
    reference: str, request_id: UUID, entry: ReturnEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Enter or correct an agency’s return: by its own contributor, or on its behalf by the coordinator.

    Raises Stale with both texts, Invalid, NotAllowed for another agency’s return.
    """
    with changing(reference, None, by=by, at=at, doing="scoping.answer") as scene:
        row = own_row(scene, ScopingRequest, request_id, undefer(ScopingRequest.what_is_known_ct))
        scene.allow("scoping.answer", agency_id=row.agency_id)
        scene.must_be_open()
        same_version(row, version, theirs=in_texts(entry_of(row)), yours=in_texts(entry))
        on_behalf = by.agency_id != row.agency_id
        faults = _return_faults(entry, row, scene.today, on_behalf=on_behalf)
        if faults:
            raise Invalid(faults)
        first = row.outcome in ("open", "no_reply")
        row.outcome, row.answered_on, row.records_secured = entry.outcome, entry.answered_on, entry.records_secured
        row.entered_by_id, row.on_behalf = by.id, on_behalf
        row.what_is_known = entry.what_is_known.strip() or None
        row.came_from = entry.came_from.strip() or None
        kind = Happened.RETURN_NIL if entry.outcome == "nil" else Happened.RETURN_RECEIVED
        if first and entry.answered_on:
            clocks.happened(scene, "scoping_returned", entry.answered_on, subject_id=row.id)
        scene.record(
            kind if first else Happened.RETURN_CHANGED, on=entry.answered_on, agency_id=row.agency_id, subject=row,
            entered="on_behalf" if on_behalf else "by_the_agency",
        )  # fmt: skip


def check_return(reference: str, request_id: UUID, entry: ReturnEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid for whatever record_return would refuse in the entry; nothing is saved. Raises OutOfReach."""
    with looking(reference, "review.reach", by=by, at=at) as look:
        row = own_row(look, ScopingRequest, request_id)
        raise Invalid(_return_faults(entry, row, look.today, on_behalf=by.agency_id != row.agency_id))


def _return_faults(entry: ReturnEntry, row: ScopingRequest, today: date, *, on_behalf: bool) -> dict[str, str]:
    faults = not_in_future(today, answered_on=entry.answered_on)
    if entry.answered_on is None:
        faults["answered_on"] = "Give the day on which the answer came."
    elif entry.answered_on < row.asked_on:
        faults["answered_on"] = f"The agency was asked on {in_words(row.asked_on)}: the answer cannot be earlier."
    if entry.outcome not in ANSWERED:
        faults["outcome"] = "Say whether the agency knows something or has nothing to return."
    elif entry.outcome == "in":
        faults |= filled(
            "what_is_known", entry.what_is_known, "Enter what the agency knows, or choose nothing to return."
        )
    elif entry.what_is_known.strip():
        faults["what_is_known"] = "Choose “Yes” if this is what the agency knows, or take the text out."
    if entry.records_secured not in YES_NO_NOT_KNOWN:
        faults["records_secured"] = "Say whether the records are secured."
    if on_behalf:
        faults |= filled(
            "came_from", entry.came_from, "Say from whose e-mail or letter, and of which day, you enter this."
        )
    return faults


def entry_of(row: ScopingRequest) -> ReturnEntry:
    """What the agency returned, opened, as its form shows it; what nobody answered yet is not answered for them."""
    if row.outcome not in ANSWERED:
        return ReturnEntry(outcome="", records_secured="")
    return ReturnEntry(row.outcome, row.answered_on, row.records_secured, row.what_is_known or "", row.came_from or "")


def _open_row(scene: Scene, request_id: UUID) -> ScopingRequest:
    scene.must_be_open()
    row = own_row(scene, ScopingRequest, request_id)
    if row.outcome != "open":
        raise Invalid({"outcome": "This agency’s answer is settled already."})
    return row
