"""What the front door asks before any review is named: may they come in here, whose house is it, does it stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.heartbeat import still_since
from dhr_app.casework.house import house
from dhr_app.casework.last_proof import trail_holds
from dhr_app.casework.scene import looking, require
from dhr_app.database.base import Base
from dhr_app.database.models.partnership import Partnership
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import Person

MASS_ASSIGNMENT = "mass_assignment"
SET_BY_VERBS = ("_id", "_at", "_by", "_by_name", "_ct", "_sha256", "_hash")
BEFORE_A_SEAT_OPENS = ("seat.prepare", "conflict.declare")


@dataclass(frozen=True)
class Letterhead:
    """What every page says about the partnership it belongs to."""

    name: str = ""
    support_line: str = ""


def check_door(permission: str, *, by: Person, at: datetime) -> None:
    """Raise NotAllowed, and write the refusal down, unless the person holds a permission that hangs on no review."""
    try:
        require(by, permission, on=london_date(at))
    except NotAllowed:
        house().database.record_refusal(review_id=None, what=permission, reasons=["no_grant"], by=by, at=at)
        raise


def check_step(reference: str, permission: str, *, by: Person, at: datetime) -> None:
    """Raise OutOfReach or NotAllowed, and write it down, unless the person holds the permission on this review.

    The questions before a seat opens ask for themselves: whoever answers them does not reach the review yet.
    """
    if permission in BEFORE_A_SEAT_OPENS:
        return
    with looking(reference, permission, by=by, at=at):
        pass


def attributes_of_rows() -> frozenset[str]:
    """Every column that says whose a row is, who did it and when, or that is sealed: verbs set them, no form does."""
    tables = Base.metadata.sorted_tables
    return frozenset(column.name for table in tables for column in table.c if column.name.endswith(SET_BY_VERBS))


def note_unasked(attributes: Collection[str], *, by: Person, at: datetime) -> None:
    """Write down that a form was sent attributes that it does not have: their names, never what was sent in them."""
    house().database.record_refusal(review_id=None, what=MASS_ASSIGNMENT, reasons=sorted(attributes), by=by, at=at)


def letterhead() -> Letterhead:
    """The partnership's name and support line; empty before `dhr init`. Raises DatabaseUnavailable."""
    with house().reading() as session:
        row = session.execute(select(Partnership.name, Partnership.support_line).order_by(Partnership.key)).first()
    return Letterhead(row.name, row.support_line) if row else Letterhead()


def known_red() -> tuple[str, ...]:
    """The questions of `dhr check` that are known to be red without asking them anew; their names, nothing more.

    Raises DatabaseUnavailable.
    """
    known = {"audit": trail_holds(), "clockwork": still_since(house()) is None}
    return tuple(question for question, good in known.items() if not good)
