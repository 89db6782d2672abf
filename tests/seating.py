"""Seats for tests: given by the coordinator and opened by their holder in the same call, as people would."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dhr_app.casework.before_start import Asked, DeclarationEntry, before_start, declare, sign
from dhr_app.casework.house import house
from dhr_app.casework.membership import join as give_seat
from dhr_app.casework.principal import person_of
from dhr_app.database.models import Account
from dhr_app.workflows.permissions import Person


def join(reference: str, account_id: UUID, *, by: Person, at: datetime) -> None:
    """Give an account a seat on a review, and let its holder open it."""
    give_seat(reference, account_id, by=by, at=at)
    open_seat(reference, account_id, at=at)


def open_seat(reference: str, account_id: UUID, *, at: datetime) -> None:
    """Declare no conflict of interest and sign the undertaking, as whoever has the seat, unless they did."""
    while (page := before_start(reference, by=holder(account_id), at=at)).asked is not Asked.NOTHING:
        if page.asked is Asked.DECLARE:
            declare(reference, DeclarationEntry("none"), by=holder(account_id), at=at)
        else:
            sign(reference, page.number, by=holder(account_id), at=at)


def holder(account_id: UUID) -> Person:
    """Whoever has this account, with the seats they have now."""
    with house().reading() as session:
        return person_of(session, session.get_one(Account, account_id))
