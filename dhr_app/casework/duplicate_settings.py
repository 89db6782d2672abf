"""The check for duplicates is turned on and off by the chair of the steering group, with a reason; it begins as off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.duplicate_epochs import renew
from dhr_app.casework.duplicate_names import how_many_names
from dhr_app.casework.duplicate_terms import end_epochs, is_on, running_epoch
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.database.audit import record
from dhr_app.database.errors import DatabaseUnavailable, KeyUnavailable
from dhr_app.database.index_key import destroy_ended
from dhr_app.database.models.search import DuplicateSwitch
from dhr_app.database.session import NamedSession
from dhr_app.workflows.duplicates import FEWEST, OFF_REASONS, ON_REASONS, TooFewNames
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows

NO_REASON = "Choose the reason."
TOO_FEW = (
    "{names} people on record have a name. With fewer than {fewest} the check could give away who they are, so it "
    "stays off until there are more."
)


@dataclass(frozen=True)
class Turned:
    """The check was turned on or off."""

    on: bool
    at: date
    by: str
    reason: str


@dataclass(frozen=True)
class DuplicatesPage:
    """How the check stands. `running_since` is None while it is off, or on and not prepared yet.

    `names` is how many people on record have a name, of whom `FEWEST` are needed.
    """

    on: bool
    running_since: date | None
    names: int
    history: tuple[Turned, ...]
    may_change: bool

    @property
    def enough(self) -> bool:
        """Whether there are enough names to hide one among the others."""
        return self.names >= FEWEST


def duplicates_page(*, by: Person, at: datetime) -> DuplicatesPage:
    """How the check stands, and who turned it on or off. Raises NotAllowed."""
    today = london_date(at)
    require(by, "duplicates.see", on=today)
    with house().reading() as session:
        rows = session.scalars(select(DuplicateSwitch).order_by(DuplicateSwitch.number.desc()))
        history = tuple(
            Turned(
                row.turned_on,
                london_date(row.turned_at),
                row.turned_by_name,
                (ON_REASONS if row.turned_on else OFF_REASONS)[row.reason],
            )
            for row in rows
        )
        epoch = running_epoch(session)
        return DuplicatesPage(
            bool(history) and history[0].on,
            london_date(epoch.begun_at) if epoch else None,
            how_many_names(session),
            history,
            allows(by, "duplicates.change", on=today),
        )


def turn_on(reason: str, *, by: Person, at: datetime) -> bool:
    """Turn the check on and make its terms; False where these must wait until the night. Already on, nothing happens.

    Raises NotAllowed, or Invalid for a reason that is none and where too few names are on record.
    """
    require(by, "duplicates.change", on=london_date(at))
    if reason not in ON_REASONS:
        raise Invalid({"reason": NO_REASON})
    with house().transaction(by=by, at=at) as session:
        session.queue("duplicate check")
        names = how_many_names(session)
        if names < FEWEST:
            raise Invalid({"reason": TOO_FEW.format(names=names, fewest=FEWEST)})
        if is_on(session):
            return running_epoch(session) is not None
        _turn(session, True, reason, by=by, at=at)
    try:
        return renew(house(), at=at)
    except (DatabaseUnavailable, KeyUnavailable, TooFewNames):  # it is on; tonight the terms are made
        return False


def turn_off(reason: str, *, by: Person, at: datetime) -> None:
    """Turn the check off: every term is deleted and their key destroyed. Already off, nothing happens.

    Raises NotAllowed, or Invalid for a reason that is none.
    """
    require(by, "duplicates.change", on=london_date(at))
    if reason not in OFF_REASONS:
        raise Invalid({"reason": NO_REASON})
    with house().transaction(by=by, at=at) as session:
        session.queue("duplicate check")
        if not is_on(session):
            return
        _turn(session, False, reason, by=by, at=at)
        end_epochs(session, at=at)
    destroy_ended(house().database.keystore, but=None, at=at)


def _turn(session: NamedSession, on: bool, reason: str, *, by: Person, at: datetime) -> None:
    number = (session.scalar(select(func.max(DuplicateSwitch.number))) or 0) + 1
    row = DuplicateSwitch(
        number=number, turned_on=on, reason=reason, turned_at=at, turned_by_id=by.id, turned_by_name=by.name
    )
    session.add(row)
    kind = Happened.DUPLICATE_CHECK_ON if on else Happened.DUPLICATE_CHECK_OFF
    record(session, kind, happened_on=london_date(at), subject=row, details={"reason": reason})
