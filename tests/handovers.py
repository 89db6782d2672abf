"""Handings-over for tests: begun, filled in and acknowledged by the verbs that a coordinator uses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from dhr_app.casework import handover, handover_page
from dhr_app.casework.handover import ItemEntry, ReceiptEntry
from dhr_app.casework.handover_page import HandoverPage, HandoverShown
from dhr_app.database.models import Agency

if TYPE_CHECKING:
    from tests.reviews import Case, County

RECEIVER = "Silverbridge CSP"
THIRD = "Plumstead CSP"


def a_third(county: County) -> UUID:
    """A partnership that is neither ours nor the one that usually receives."""
    with county.house.transaction(by=county.coordinator, at=county.house.clock.now()) as session:
        name = "Plumstead Community Safety Partnership"
        row = Agency(name=name, short_name=THIRD, kind="partnership", leads_reviews=True)
        session.add(row)
        session.flush()
        return row.id


def begin(case: Case, receiver: str | None = RECEIVER) -> UUID:
    """Begin to hand the review over."""
    receiver_id = case.county.agency(receiver) if receiver else None
    return handover.begin(case.reference, receiver_id, by=case.county.coordinator, at=case.wait(minutes=1))


def page(case: Case) -> HandoverPage:
    """The page, as the coordinator reads it."""
    return handover_page.handover_page(case.reference, by=case.county.coordinator, at=case.at)


def running(case: Case) -> HandoverShown:
    """The one that runs."""
    shown = page(case).running
    assert shown is not None
    return shown


def fill_in(case: Case, kind: str, entry: ItemEntry, version: int | None = None) -> None:
    """Fill in the line of this kind."""
    item = next(one for one in running(case).items if one.kind == kind)
    version = item.version if version is None else version
    handover.fill_in(case.reference, item.id, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))


def acknowledge(case: Case, entry: ReceiptEntry | None = None, version: int | None = None) -> None:
    """The receiver says that it has the review."""
    shown, said = running(case), entry or ReceiptEntry(case.today, "Coordinator of the other partnership")
    version = shown.version if version is None else version
    handover.acknowledge(case.reference, shown.id, said, version, by=case.county.coordinator, at=case.wait(minutes=1))


def handed_over(case: Case) -> None:
    """Everything that a transfer asks for: the whole list handed over, or there is none, and acknowledged."""
    shown = page(case).running
    if shown is not None and not shown.missing and shown.receipt.acknowledged_on:
        return
    if shown is None:
        begin(case)
    fill_in(case, "papers", ItemEntry("handed_over", case.today, "Twelve papers, by secure e-mail"))
    for kind in ("actions", "family_contact"):
        fill_in(case, kind, ItemEntry("there_is_none"))
    acknowledge(case)
