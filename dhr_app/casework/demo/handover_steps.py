"""What people do to hand a case over to another partnership: begin, fill in the list, hear that it has come."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import handover, handover_page
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.handover import HandoverEntry, ItemEntry, ReceiptEntry
from dhr_app.casework.handover_page import HandoverShown
from dhr_app.workflows.roles import Role

COORDINATOR = Role.COORDINATOR


def handover_begun(day: int, receiver: str) -> Step:
    """A case begins to go to another partnership."""

    def do(case: Playing, at: datetime) -> None:
        handover.begin(case.reference, case.agencies[receiver], by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def handed_over(day: int, kind: str, what: str) -> Step:
    """A line of the list goes to the receiver."""

    def do(case: Playing, at: datetime) -> None:
        _fill_in(case, kind, ItemEntry("handed_over", case.days.working(day), what), at)

    return Step(day, do, sealed=(what,))


def none_to_hand_over(day: int, kind: str, why: str) -> Step:
    """There is nothing of this kind that could go to the receiver."""

    def do(case: Playing, at: datetime) -> None:
        _fill_in(case, kind, ItemEntry("there_is_none", None, why), at)

    return Step(day, do, sealed=(why,))


def acknowledged(day: int, who: str) -> Step:
    """The receiver says that it has the review."""

    def do(case: Playing, at: datetime) -> None:
        shown = _running(case, at)
        entry = ReceiptEntry(case.days.working(day), who)
        handover.acknowledge(case.reference, shown.id, entry, shown.version, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def given_up(day: int) -> Step:
    """The case stays after all."""

    def do(case: Playing, at: datetime) -> None:
        shown = _running(case, at)
        entry = HandoverEntry(shown.entry.receiver_id, case.days.working(day))
        handover.correct(case.reference, shown.id, entry, shown.version, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def _fill_in(case: Playing, kind: str, entry: ItemEntry, at: datetime) -> None:
    item = next(one for one in _running(case, at).items if one.kind == kind)
    handover.fill_in(case.reference, item.id, entry, item.version, by=case.person(COORDINATOR), at=at)


def _running(case: Playing, at: datetime) -> HandoverShown:
    found = handover_page.handover_page(case.reference, by=case.person(COORDINATOR), at=at).running
    if found is None:
        raise LookupError("Nothing is being handed over.")
    return found
