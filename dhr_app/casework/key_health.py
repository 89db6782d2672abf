"""What an operator's monitoring asks about the keys: can they be recovered, and does somebody open too many reviews."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.database import keycare, keycopies, many_opened
from dhr_app.database.keystore import asking
from dhr_app.database.models.event import Event
from dhr_app.workflows.events import Happened

SHOWN_FOR = timedelta(hours=24)


def recovery(in_house: House) -> tuple[bool, str]:
    """Whether the keys survive the loss of the master key. Raises KeyUnavailable where the recovery key is another."""
    keystore = in_house.database.keystore
    found = keycare.recovery_in_use(keystore)
    if found is None:
        return not in_house.settings.production, (
            "No recovery shares were made: with the master key everything would be lost. Run `dhr keys escrow`."
        )
    with keystore.asked() as connection:
        if (row := keycopies.in_use(connection)) is not None:
            asking(lambda: keycopies.public_key_of(row, keystore.provider))
    if found.lacking:
        return False, f"{found.lacking} keys have no recovery copy: run `dhr keys escrow` again."
    made = f"Recovery shares of set {found.share_set} were made on {london_date(found.made_at)}"
    if found.proved_at is None:
        return not in_house.settings.production, f"{made}, never proved: run `dhr keys escrow --prove REF`."
    return True, f"{made}, last proved on {london_date(found.proved_at)}."


def openings(in_house: House) -> tuple[bool, str]:
    """Whether somebody opened the details of more than ten reviews within an hour since yesterday."""
    since = in_house.clock.now() - SHOWN_FOR
    with in_house.reading() as session:
        times = session.scalar(
            select(func.count()).where(Event.kind == Happened.MANY_REVIEWS_OPENED.value, Event.recorded_at > since)
        )
    if not times:
        return (
            True,
            f"Nobody opened the details of more than {many_opened.MANY} reviews within an hour since yesterday.",
        )
    how_often = "Once" if times == 1 else f"{times} times"
    return False, (
        f"{how_often} since yesterday somebody opened the details of more than {many_opened.MANY} reviews within an"
        " hour: the audit trail says who."
    )
