"""A review's handing-over as pages show it: the one that runs, with its list opened, and those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework.handover import (
    HandoverEntry,
    ItemEntry,
    ReceiptEntry,
    can_leave,
    handover_entry,
    item_entry,
    receipt_entry,
)
from dhr_app.casework.partnership import agencies
from dhr_app.casework.rows import agency_names, own_row, rows_of
from dhr_app.casework.scene import Look, looking
from dhr_app.database.models.handover import Handover, HandoverItem
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import HANDED_OVER
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class ItemShown:
    """A line of the list, opened; `kind` is one of HANDED_OVER."""

    id: UUID
    version: int
    kind: str
    entry: ItemEntry


@dataclass(frozen=True)
class HandoverShown:
    """A handing-over with its list; `used` where the review was transferred on it."""

    id: UUID
    version: int
    receiver: str
    used: bool
    entry: HandoverEntry
    receipt: ReceiptEntry
    items: tuple[ItemShown, ...] = ()

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        return not self.used and self.entry.given_up_on is None

    @property
    def missing(self) -> tuple[str, ...]:
        """What has not been handed over yet: codes of HANDED_OVER."""
        return tuple(item.kind for item in self.items if item.entry.state == "open")


@dataclass(frozen=True)
class HandoverPage:
    """Every handing-over of a review.

    `actions_open` of its action plan and `relatives` who may be contacted say what the list must not forget.
    """

    reference: str
    stage: Stage
    running: HandoverShown | None
    earlier: tuple[HandoverShown, ...]
    actions_open: int
    relatives: int
    may_change: bool
    may_transfer: bool


def handover_page(reference: str, *, by: Person, at: datetime) -> HandoverPage:
    """Every handing-over with its list, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "handover.see", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        shown = _all(look)
        facts = look.facts()
        leaving = can_leave(look)
        return HandoverPage(
            reference,
            Stage(look.review.stage),
            next((one for one in shown if one.running), None),
            tuple(one for one in shown if not one.running),
            facts.plan.actions_open,
            facts.family_to_tell,
            may_change=leaving and look.may("handover.change"),
            may_transfer=leaving and look.may("move.transfer"),
        )


def open_handover(reference: str, handover_id: UUID, *, by: Person, at: datetime) -> HandoverShown:
    """One handing-over without its list, for somebody who may correct it. Raises OutOfReach, NotAllowed."""
    with looking(reference, "handover.change", by=by, at=at) as look:
        row = own_row(look, Handover, handover_id)
        return _shown(row, agency_names(look.session, [row.receiver_id]), ())


def receivers(reference: str, *, by: Person, at: datetime) -> dict[UUID, str]:
    """The partnerships a review may go to: all that lead reviews but its own. Raises OutOfReach, NotAllowed."""
    with looking(reference, "handover.change", by=by, at=at) as look:
        return {
            one.id: one.name
            for one in agencies(on=look.today)
            if one.leads_reviews and one.id != look.review.lead_partnership_id
        }


def open_item(reference: str, item_id: UUID, *, by: Person, at: datetime) -> ItemShown:
    """One line, opened for somebody who may fill it in. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "handover.change", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        return _item(own_row(look, HandoverItem, item_id))


def _all(look: Look) -> list[HandoverShown]:
    """Those that a transfer used before those that were given up, each the latest first."""
    rows = rows_of(look, Handover)
    items = sorted(rows_of(look, HandoverItem), key=lambda item: list(HANDED_OVER).index(item.kind))
    names = agency_names(look.session, [row.receiver_id for row in rows])
    shown = [_shown(row, names, tuple(_item(one) for one in items if one.handover_id == row.id)) for row in rows]
    latest = {row.id: (row.used_by or 0, row.given_up_on or row.acknowledged_on or date.min) for row in rows}
    return sorted(shown, key=lambda one: latest[one.id], reverse=True)


def _shown(row: Handover, names: dict[UUID, str], items: tuple[ItemShown, ...]) -> HandoverShown:
    return HandoverShown(
        row.id,
        row.version,
        names[row.receiver_id],
        row.used_by is not None,
        handover_entry(row),
        receipt_entry(row),
        items,
    )


def _item(row: HandoverItem) -> ItemShown:
    return ItemShown(row.id, row.version, row.kind, item_entry(row))
