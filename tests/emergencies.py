"""Emergency access for tests: asked for and confirmed in one call, and whoever has it as they come in at a moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dhr_app.casework.emergency import EmergencyEntry, ask, confirm
from dhr_app.casework.house import house
from dhr_app.casework.principal import person_of
from dhr_app.database.models import Account
from dhr_app.workflows.permissions import Person
from tests.reviews import Case

WHY = "A nurse rang: his new partner may be in danger tonight."


def asked(case: Case, by: Person, *, reason: str = "at_risk", words: str = WHY) -> UUID:
    """Somebody asks for emergency access, a minute later."""
    return ask(EmergencyEntry(case.reference, reason, words), by=by, at=case.wait(minutes=1))


def given(case: Case, to: Person, *, by: Person | None = None) -> UUID:
    """Somebody asks, and another person confirms it, the coordinator unless one is named; it begins at `case.at`."""
    row_id = asked(case, to)
    confirm(case.reference, row_id, by=by or case.county.coordinator, at=case.wait(minutes=1))
    return row_id


def comes_in(person: Person, at: datetime) -> Person:
    """The same person as a request at this moment sees them."""
    with house().reading() as session:
        return person_of(session, session.get_one(Account, person.id), at=at)
