"""What people do about IMRs in a case: ask, write bit by bit, send, escalate, excuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from dhr_app.casework import imr, imr_answer, imr_page
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.imr import RequestEntry
from dhr_app.workflows.roles import Role

COORDINATOR = Role.COORDINATOR


def imr_asked(day: int, *agencies: str, kind: str = "imr", chronology: bool = True) -> Step:
    """Agencies are asked for an IMR or a summary report."""

    def do(case: Playing, at: datetime) -> None:
        chosen = tuple(case.agencies[agency] for agency in agencies)
        entry = RequestEntry(kind, case.days.working(day), chronology)
        imr.ask(case.reference, chosen, entry, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def imr_author(day: int, agency: str, author: str, came_from: str = "", *, by: Role = COORDINATOR) -> Step:
    """The agency names who writes: somebody independent and trained."""
    return _sent(day, agency, {"author": author, "author_independent": "yes", "author_trained": "yes"}, came_from, by)


def chronology_sent(day: int, agency: str, came_from: str = "", *, by: Role = COORDINATOR) -> Step:
    """The agency sends its chronology; the rest is still being written."""
    return _sent(day, agency, {}, came_from, by, day_of="chronology_received_on")


def imr_sent(
    day: int, agency: str, author: str, signed_off_by: str, findings: str, came_from: str = "",
    *, by: Role = COORDINATOR,
) -> Step:  # fmt: skip
    """The agency sends what it wrote, signed off two days before."""
    said = {"outcome": "received", "author": author, "author_independent": "yes", "author_trained": "yes",
            "signed_off_by": signed_off_by, "findings": findings}  # fmt: skip
    return _sent(day, agency, said, came_from, by, day_of="answered_on")


def imr_nil(day: int, agency: str, came_from: str) -> Step:
    """The agency has nothing to report."""
    return _sent(day, agency, {"outcome": "nil"}, came_from, COORDINATOR, day_of="answered_on")


def imr_escalated(day: int, agency: str) -> Step:
    """An agency’s silence is taken further."""

    def do(case: Playing, at: datetime) -> None:
        found = _imr(case, agency, at)
        imr.escalate(case.reference, found, case.days.working(day), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def imr_given_up(day: int, agency: str) -> Step:
    """An agency is closed as no reply."""

    def do(case: Playing, at: datetime) -> None:
        imr.close_as_no_reply(case.reference, _imr(case, agency, at), by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def imr_excused(day: int, agency: str, because: str) -> Step:
    """Nothing has to be written after all."""

    def do(case: Playing, at: datetime) -> None:
        imr.not_required(case.reference, _imr(case, agency, at), because, by=case.person(COORDINATOR), at=at)

    return Step(day, do)


def imrs_gathered(day: int, folder: str) -> tuple[Step, ...]:
    """Before the chair begins the report, everything that agencies were asked for has come or is not required."""
    return (
        imr_asked(day - 80, "Police", "Mental Health Trust"),
        imr_asked(day - 80, "Barset Refuge", kind="summary_report", chronology=False),
        imr_asked(day - 80, "Fire and Rescue", chronology=False),
        imr_excused(day - 70, "Fire and Rescue", "no_contact"),
        chronology_sent(day - 44, "Police", f"E-mail with the chronology, folder {folder}"),
        chronology_sent(day - 41, "Mental Health Trust", f"Chronology by secure post, folder {folder}"),
        imr_sent(
            day - 12, "Barset Refuge", "Susan Quiverful, service manager", "Griselda Chadwick, director",
            f"What the refuge heard and whom it told, folder {folder}", f"E-mail of the director, folder {folder}",
        ),
        imr_sent(
            day - 9, "Police", "Inspector Roger Carbury", "Superintendent Hetta Broune",
            f"Every call was answered, and none was read beside another, folder {folder}",
            f"E-mail of the superintendent, folder {folder}",
        ),
        imr_sent(
            day - 5, "Mental Health Trust", "Dr Felix Thorold, consultant", "Lady Anne Wharton, medical director",
            f"Risk was written down at each visit and passed on at none, folder {folder}",
            f"E-mail of the medical director, folder {folder}",
        ),
    )  # fmt: skip


def _sent(day: int, agency: str, said: dict[str, str], came_from: str, by: Role, *, day_of: str = "") -> Step:
    """Whatever the agency has sent is entered, and what stood before stays."""

    def do(case: Playing, at: datetime) -> None:
        person, found = case.person(by), _imr(case, agency, at)
        page = imr_page.open_imr(case.reference, found, by=person, at=at)
        days = {day_of: case.days.working(day)} if day_of else {}
        if "signed_off_by" in said:
            days["signed_off_on"] = case.days.working(day - 2)
        entry = replace(page.entry, **said, **days, came_from=came_from)  # type: ignore[arg-type]
        imr_answer.record_answer(case.reference, found, entry, page.version, by=person, at=at)

    return Step(day, do, sealed=(said.get("findings", ""), came_from))


def _imr(case: Playing, agency: str, at: datetime) -> UUID:
    page = imr_page.imrs(case.reference, by=case.person(COORDINATOR), at=at)
    return next(line.id for line in page.lines if line.agency_id == case.agencies[agency])
