"""The review panel: which agencies sit on it, represented by whom, and who chairs it and writes for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.independence import wrong_with_seat
from dhr_app.casework.rows import in_texts, own_row, unknown_agencies
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.database.models.panel import PanelSeat
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import SEAT_BRINGS
from dhr_app.workflows.wording import YES_NO_NOT_KNOWN


@dataclass(frozen=True)
class SeatEntry:
    """An agency’s seat; `not_involved` says whether its representative had no part in the case."""

    agency_id: UUID | None = None
    brings: str = "agency"
    representative: str = ""
    not_involved: str = "not_known"
    from_on: date | None = None
    to_on: date | None = None


def take_seat(reference: str, entry: SeatEntry, *, by: Person, at: datetime) -> UUID:
    """Give an agency a seat on the panel. This is no access to the system: that is a membership.

    Raises OutOfReach, NotAllowed, NotYet before the review is commissioned and after its end, and Invalid.
    """
    with changing(reference, "panel.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        _check(scene, entry, None)
        row = PanelSeat(review_id=scene.review.id, **_columns(entry))
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.SEAT_TAKEN, on=row.from_on, agency_id=row.agency_id, subject=row)
        return row.id


def correct_seat(reference: str, seat_id: UUID, entry: SeatEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct a seat; without `to_on` one that had ended is taken again. Raises Stale with both texts, Invalid."""
    with changing(reference, "panel.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = own_row(scene, PanelSeat, seat_id)
        same_version(row, version, theirs=in_texts(seat_of(row)), yours=in_texts(entry))
        _check(scene, entry, row)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        scene.record(Happened.SEAT_CHANGED, agency_id=row.agency_id, subject=row)


def end_seat(reference: str, seat_id: UUID, to_on: date | None, *, by: Person, at: datetime) -> None:
    """Record the day on which an agency left the panel. Raises Invalid, also where it left already."""
    with changing(reference, "panel.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = own_row(scene, PanelSeat, seat_id)
        faults = not_in_future(scene.today, to_on=to_on)
        if to_on is None:
            faults["to_on"] = "Give the day on which it left."
        elif to_on < row.from_on:
            faults["to_on"] = f"The seat began on {in_words(row.from_on)}: this cannot be earlier."
        if row.to_on is not None:
            faults["to_on"] = f"It left on {in_words(row.to_on)} already: correct the seat instead."
        if faults:
            raise Invalid(faults)
        row.to_on = to_on
        scene.record(Happened.SEAT_LEFT, on=to_on, agency_id=row.agency_id, subject=row)


def seat_of(row: PanelSeat) -> SeatEntry:
    """What a seat says."""
    return SeatEntry(row.agency_id, row.brings, row.representative, row.not_involved, row.from_on, row.to_on)


def _check(scene: Scene, entry: SeatEntry, row: PanelSeat | None) -> None:
    """Raise Invalid for what cannot be right of a seat; `row` is the one that is being corrected."""
    faults = not_in_future(scene.today, from_on=entry.from_on, to_on=entry.to_on)
    faults |= known_codes(entry, {"brings": SEAT_BRINGS, "not_involved": YES_NO_NOT_KNOWN})
    faults |= filled("representative", entry.representative, "Give the name and post of whoever sits for the agency.")
    if entry.from_on is None:
        faults["from_on"] = "Give the day from which it sits on the panel."
    elif entry.to_on is not None and entry.to_on < entry.from_on:
        faults["to_on"] = "This is before the seat began."
    if entry.agency_id is None:
        faults["agency_id"] = "Choose an agency from the list."
    else:
        faults |= unknown_agencies(scene, "agency_id", [entry.agency_id], entry.from_on)
    if entry.to_on is None:
        faults = {
            **_taken_twice(scene, entry, row),
            **wrong_with_seat(scene, entry.agency_id, entry.representative),
        } | faults
    if faults:
        raise Invalid(faults)


def _taken_twice(scene: Scene, entry: SeatEntry, row: PanelSeat | None) -> dict[str, str]:
    same = select(PanelSeat.id, Agency.name).join(Agency, Agency.id == PanelSeat.agency_id).where(
        PanelSeat.review_id == scene.review.id,
        PanelSeat.agency_id == entry.agency_id,
        PanelSeat.brings == entry.brings,
        PanelSeat.to_on.is_(None),
    )  # fmt: skip
    for seat_id, agency in scene.session.execute(same.order_by(PanelSeat.id)):
        if row is None or seat_id != row.id:
            return {"agency_id": f"{agency} has this seat already: correct it, or end it first."}
    return {}


def _columns(entry: SeatEntry) -> dict[str, object]:
    return {**vars(entry), "representative": entry.representative.strip()}
