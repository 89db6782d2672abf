"""Disposals for tests: a review whose last day is over, its notice given and over, and the two people who confirm."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from dhr_app.casework.closing import RetentionEntry, closing_page, set_retention
from dhr_app.casework.destroying import Say, carry_on
from dhr_app.casework.disposal import confirm, second
from dhr_app.casework.disposal_notice import give_notice
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.reviews import Case

POLICY = "Barsetshire CSP retention schedule, 2024"


def last_day_over(case: Case) -> Case:
    """The last day on which the review’s records are kept was yesterday."""
    version = closing_page(case.reference, by=case.county.coordinator, at=case.at).version
    entry = RetentionEntry(case.today + timedelta(days=1), POLICY)
    set_retention(case.reference, entry, version, by=case.county.coordinator, at=case.wait(minutes=1))
    case.wait(days=2)
    return case


def noticed(case: Case, *classes: str) -> int:
    """Notice is given, and is over; the number of the disposal."""
    number = give_notice(case.reference, classes, by=case.county.coordinator, at=case.wait(minutes=1))
    case.wait(days=28)
    return number


def deputy(case: Case) -> Person:
    """The first of the two people."""
    return case.county.who(Role.STEERING_DEPUTY)


def begun(case: Case, *classes: str) -> UUID:
    """Both people have confirmed; nothing is destroyed yet."""
    number = noticed(last_day_over(case), *classes)
    confirm(case.reference, number, by=deputy(case), at=case.wait(minutes=1))
    return second(case.reference, number, case.reference, by=case.county.coordinator, at=case.wait(minutes=1))


def disposed(case: Case, *classes: str, say: Say = lambda _: None) -> UUID:
    """These classes, or all that are due, are destroyed."""
    disposal_id = begun(case, *classes)
    carry_on(case.county.house, disposal_id, at=case.wait(minutes=1), say=say)
    return disposal_id
