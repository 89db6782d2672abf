"""What people do about factual accuracy checks in a case: send passages, answer, settle, give up waiting."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dhr_app.casework import accuracy, accuracy_answer, accuracy_page
from dhr_app.casework.accuracy_answer import CheckEntry, SettlingEntry
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.workflows.roles import Role

COORDINATOR, CHAIR, AUTHOR = Role.COORDINATOR, Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR


def passages_sent(day: int, *agencies: str) -> Step:
    """The author sends agencies their passages of the current report."""

    def do(case: Playing, at: datetime) -> None:
        chosen = tuple(case.agencies[agency] for agency in agencies)
        accuracy.send(case.reference, chosen, case.days.working(day), by=case.person(AUTHOR), at=at)

    return Step(day, do)


def check_answered(day: int, agency: str, came_from: str, corrections: str = "") -> Step:
    """The agency agrees, or asks for corrections; entered on its behalf."""

    def do(case: Playing, at: datetime) -> None:
        person, found = case.person(COORDINATOR), _check(case, agency, at)
        version = accuracy_page.open_check(case.reference, found, by=person, at=at).version
        outcome = "corrections" if corrections else "agreed"
        entry = CheckEntry(outcome, case.days.working(day), corrections, came_from)
        accuracy_answer.answer(case.reference, found, entry, version, by=person, at=at)

    return Step(day, do, sealed=(came_from, corrections))


def corrections_settled(day: int, agency: str, settlement: str) -> Step:
    """The chair settles what the agency asked for."""

    def do(case: Playing, at: datetime) -> None:
        person, found = case.person(CHAIR), _check(case, agency, at)
        version = accuracy_page.open_settling(case.reference, found, by=person, at=at).version
        entry = SettlingEntry(case.days.working(day), settlement)
        accuracy_answer.settle(case.reference, found, entry, version, by=person, at=at)

    return Step(day, do, sealed=(settlement,))


def check_lapsed(day: int, agency: str) -> Step:
    """The agency’s time is over, and nothing came."""

    def do(case: Playing, at: datetime) -> None:
        accuracy.lapse(case.reference, _check(case, agency, at), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def check_stands(day: int, agency: str) -> Step:
    """The new version says nothing new of this agency."""

    def do(case: Playing, at: datetime) -> None:
        page = accuracy_page.accuracy_checks(case.reference, by=case.person(COORDINATOR), at=at)
        found = next(line.id for line in page.checks if line.agency_id == case.agencies[agency])
        accuracy.let_stand(case.reference, found, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def checked_by_agencies(day: int, folder: str) -> tuple[Step, ...]:
    """Before a report is agreed, three agencies have read what it says of them, and one had something to correct."""
    return (
        passages_sent(day - 19, "Police", "Mental Health Trust", "Barset Refuge"),
        check_answered(day - 13, "Police", f"Form of the police, signed, folder {folder}"),
        check_answered(day - 11, "Barset Refuge", f"Form of the refuge, signed, folder {folder}"),
        check_answered(
            day - 10, "Mental Health Trust", f"Form of the trust, signed, folder {folder}",
            f"Paragraph 5.3: the visit was in March, see the ward book, folder {folder}",
        ),
        corrections_settled(day - 8, "Mental Health Trust", f"5.3: accepted, the ward book shows it, folder {folder}"),
    )  # fmt: skip


def _check(case: Playing, agency: str, at: datetime) -> UUID:
    page = accuracy_page.accuracy_checks(case.reference, by=case.person(COORDINATOR), at=at)
    return next(line.id for line in page.checks if line.agency_id == case.agencies[agency] and not line.voided_on)
