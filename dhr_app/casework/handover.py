"""Handing a review over to another partnership: what goes with it, line by line, and the day the other says it has it.

A handing-over runs until a transfer rests on it or it is given up; there is never more than one that runs. A closed
review is handed over too, when councils are reorganised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.checks import known_codes, not_in_future
from dhr_app.casework.rows import in_texts, own_row, unknown_agencies
from dhr_app.casework.scene import Look, Scene, changing, same_version
from dhr_app.database.models.handover import Handover, HandoverItem
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.lifecycle import MOVES, moves_from
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import HANDED_OVER, HANDING_OVER
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class HandoverEntry:
    """Which partnership receives the review, and the day on which the handing-over was given up, if it was."""

    receiver_id: UUID | None = None
    given_up_on: date | None = None


@dataclass(frozen=True)
class ReceiptEntry:
    """When the receiver said that it has the review, and who said so: a name and post."""

    acknowledged_on: date | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True)
class ItemEntry:
    """One line of the list: how it stands (HANDING_OVER), since when, and what it is, which is sealed."""

    state: str = "open"
    handed_on: date | None = None
    what: str = ""


def begin(reference: str, receiver_id: UUID | None, *, by: Person, at: datetime) -> UUID:
    """Begin to hand a review over, with every line of the list still open.

    Raises OutOfReach, NotAllowed, NotYet where no transfer starts, and Invalid, also while another one runs.
    """
    with changing(reference, "handover.change", by=by, at=at) as scene:
        _must_be_leaving(scene)
        faults = wrong_receiver(scene, receiver_id) | _runs_already(scene)
        if faults:
            raise Invalid(faults)
        row = Handover(review_id=scene.review.id, receiver_id=receiver_id)
        scene.session.add(row)
        scene.session.flush()
        scene.session.add_all(
            HandoverItem(review_id=scene.review.id, handover_id=row.id, kind=kind, there_is_none=False)
            for kind in HANDED_OVER
        )
        scene.record(Happened.HANDOVER_BEGUN, agency_id=receiver_id, subject=row)
        return row.id


def correct(reference: str, handover_id: UUID, entry: HandoverEntry, version: int, *, by: Person, at: datetime) -> None:
    """Name another receiver, or give the handing-over up; without its day one that was given up goes on.

    Raises Stale with both texts, Invalid, NotYet where a transfer rests on it, OutOfReach, NotAllowed.
    """
    with changing(reference, "handover.change", by=by, at=at) as scene:
        row = _unused(scene, handover_id)
        same_version(row, version, theirs=in_texts(handover_entry(row)), yours=in_texts(entry))
        faults = not_in_future(scene.today, given_up_on=entry.given_up_on)
        if entry.receiver_id != row.receiver_id:
            faults |= wrong_receiver(scene, entry.receiver_id)
            if row.acknowledged_on is not None:
                faults["receiver_id"] = (
                    f"This partnership acknowledged it on {in_words(row.acknowledged_on)}: take that back first."
                )
        if entry.given_up_on is None and row.given_up_on is not None:
            faults |= _runs_already(scene)
        if faults or entry.receiver_id is None:
            raise Invalid(faults)
        given_up = entry.given_up_on is not None and row.given_up_on is None
        row.receiver_id, row.given_up_on = entry.receiver_id, entry.given_up_on
        kind = Happened.HANDOVER_GIVEN_UP if given_up else Happened.HANDOVER_CHANGED
        scene.record(kind, on=entry.given_up_on if given_up else None, agency_id=row.receiver_id, subject=row)


def acknowledge(
    reference: str, handover_id: UUID, entry: ReceiptEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Write down that the receiver has the review, or correct that; an empty form takes back what was said before.

    Raises Stale with both texts, Invalid, NotYet where it runs no longer, OutOfReach, NotAllowed.
    """
    with changing(reference, "handover.change", by=by, at=at) as scene:
        row = _running_one(scene, handover_id)
        same_version(row, version, theirs=in_texts(receipt_entry(row)), yours=in_texts(entry))
        first = row.acknowledged_on is None
        faults = not_in_future(scene.today, acknowledged_on=entry.acknowledged_on) | _half_a_receipt(entry, first=first)
        if faults:
            raise Invalid(faults)
        row.acknowledged_on, row.acknowledged_by = entry.acknowledged_on, entry.acknowledged_by.strip() or None
        kind = Happened.HANDOVER_ACKNOWLEDGED if first else Happened.HANDOVER_CHANGED
        scene.record(kind, on=entry.acknowledged_on if first else None, agency_id=row.receiver_id, subject=row)


def fill_in(reference: str, item_id: UUID, entry: ItemEntry, version: int, *, by: Person, at: datetime) -> None:
    """Fill in a line of the list, or correct it.

    Raises Stale with both texts, Invalid, NotYet where it runs no longer, OutOfReach, NotAllowed.
    """
    with changing(reference, "handover.change", by=by, at=at) as scene:
        row = own_row(scene, HandoverItem, item_id)
        _running_one(scene, row.handover_id)
        same_version(row, version, theirs=in_texts(item_entry(row)), yours=in_texts(entry))
        faults = not_in_future(scene.today, handed_on=entry.handed_on) | _half_a_line(entry)
        if faults:
            raise Invalid(faults)
        row.there_is_none = entry.state == "there_is_none"
        row.handed_on, row.what = entry.handed_on, entry.what.strip() or None
        scene.record(Happened.HANDOVER_LISTED, on=row.handed_on, subject=row, label=HANDED_OVER[row.kind].lower())


def running(at: Scene | Look) -> Handover | None:
    """The handing-over that no transfer has used and nobody has given up."""
    rows = select(Handover).where(
        Handover.review_id == at.review.id, Handover.used_by.is_(None), Handover.given_up_on.is_(None)
    )
    return at.session.scalars(rows.order_by(Handover.id)).one_or_none()


def can_leave(at: Scene | Look) -> bool:
    """Whether a transfer starts where the review stands."""
    return MOVES["transfer"] in moves_from(Stage(at.review.stage), at.rule_set)


def wrong_receiver(scene: Scene, receiver_id: UUID | None) -> dict[str, str]:
    """What is wrong with the partnership that is to receive the review."""
    agency = scene.session.get(Agency, receiver_id) if receiver_id else None
    if agency is None or not agency.leads_reviews:
        return {"receiver_id": "Choose the partnership that receives the review."}
    if agency.id == scene.review.lead_partnership_id:
        return {"receiver_id": "The review is already led by this partnership: choose another."}
    return unknown_agencies(scene, "receiver_id", [agency.id], scene.today)


def another_receiver(scene: Scene, receiver_id: UUID | None) -> dict[str, str]:
    """What is wrong with a transfer to this partnership while the review is being handed over to another one."""
    row = running(scene)
    if row is None or row.receiver_id == receiver_id:
        return {}
    name = scene.session.get_one(Agency, row.receiver_id).name
    return {"receiver_id": f"The review is being handed over to {name}: choose that, or correct the handing-over."}


def handover_entry(row: Handover) -> HandoverEntry:
    """A handing-over as its form shows it."""
    return HandoverEntry(row.receiver_id, row.given_up_on)


def receipt_entry(row: Handover) -> ReceiptEntry:
    """What the receiver said."""
    return ReceiptEntry(row.acknowledged_on, row.acknowledged_by or "")


def item_entry(row: HandoverItem) -> ItemEntry:
    """A line of the list, opened."""
    state = "there_is_none" if row.there_is_none else "handed_over" if row.handed_on else "open"
    return ItemEntry(state, row.handed_on, row.what or "")


def _must_be_leaving(scene: Scene) -> None:
    if not can_leave(scene):
        sentence = f"The review is at “{Stage(scene.review.stage).label}”: it cannot be handed over from there."
        raise NotYet("change", (Reason("stage", sentence),))


def _unused(scene: Scene, handover_id: UUID) -> Handover:
    """The handing-over, if no transfer rests on it."""
    row = own_row(scene, Handover, handover_id)
    if row.used_by is not None:
        sentence = "The review was transferred on this list: it is not changed any more."
        raise NotYet("change", (Reason("handover", sentence),))
    _must_be_leaving(scene)
    return row


def _running_one(scene: Scene, handover_id: UUID) -> Handover:
    row = _unused(scene, handover_id)
    if row.given_up_on is not None:
        sentence = f"This handing-over was given up on {in_words(row.given_up_on)}: let it go on first."
        raise NotYet("change", (Reason("handover", sentence),))
    return row


def _runs_already(scene: Scene) -> dict[str, str]:
    row = running(scene)
    if row is None:
        return {}
    name = scene.session.get_one(Agency, row.receiver_id).name
    return {"receiver_id": f"The review is being handed over to {name} already: correct that, or give it up first."}


def _half_a_receipt(entry: ReceiptEntry, *, first: bool) -> dict[str, str]:
    """Day and name belong together; both may stay empty only where there is something to take back."""
    faults = {}
    somebody = entry.acknowledged_by.strip()
    if entry.acknowledged_on is None and (somebody or first):
        faults["acknowledged_on"] = "Give the day on which they said that they have the review."
    if not somebody and (entry.acknowledged_on or first):
        faults["acknowledged_by"] = "Say who said so: their name and post."
    return faults


def _half_a_line(entry: ItemEntry) -> dict[str, str]:
    faults = known_codes(entry, {"state": HANDING_OVER})
    if entry.state == "handed_over":
        if entry.handed_on is None:
            faults["handed_on"] = "Give the day on which it was handed over."
        if not entry.what.strip():
            faults["what"] = "Say what was handed over."
    elif entry.handed_on is not None:
        faults["handed_on"] = "There is a day only where something was handed over: leave it empty, or say that it was."
    return faults
