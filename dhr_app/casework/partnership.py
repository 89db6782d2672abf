"""The partnership this installation serves: set up once from its file, asked from the database ever after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import partnership_file
from dhr_app.casework.adoption import adopt_rule_set, check_pinned
from dhr_app.casework.house import House, house
from dhr_app.casework.partnership_file import AgencyEntry, PartnershipEntry
from dhr_app.casework.program import Program
from dhr_app.database.audit import record
from dhr_app.database.models import partnership as rows
from dhr_app.database.session import NamedSession
from dhr_app.settings import SettingsError
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened

__all__ = [
    "Agency",
    "Partnership",
    "adopt_rule_set",
    "agencies",
    "agency",
    "check_pinned",
    "key_of",
    "seed",
    "the_partnership",
    "the_quorum",
]


@dataclass(frozen=True)
class Partnership:
    """The partnership, its bodies and numbers; `agency_id` is its own row among the agencies."""

    key: str
    name: str
    deciding_body: str
    approving_body: str
    quorum: int
    support_line: str
    agency_id: UUID


@dataclass(frozen=True)
class Agency:
    """An organisation the partnership works with. `successor_id` is whatever took its place after `to_on`."""

    id: UUID
    name: str
    short_name: str
    kind: str
    leads_reviews: bool
    from_on: date | None
    to_on: date | None
    successor_id: UUID | None

    @property
    def local(self) -> bool:
        """Whether it works with people here: neither a national body nor a partnership of others."""
        return self.kind not in ("national", "partnership")


def seed(in_house: House, *, at: datetime) -> bool:
    """Set the partnership up from its file, once; False where that was done before, and nothing is changed.

    Raises SettingsError for a faulty file, or where this database was set up for another partnership.
    """
    key = in_house.settings.partnership
    with in_house.reading() as session:
        present = key_of(session)
    if present == key:
        return False
    if present is not None:
        raise SettingsError([f"This database belongs to the partnership “{present}”, and the settings say “{key}”."])
    entry = partnership_file.read(in_house.settings.config, key)
    with in_house.database.transaction(by=Program("dhr init"), at=at) as session:
        session.add_all(_agencies(entry.agencies))
        partnership = _partnership(entry)
        session.add(partnership)
        record(
            session,
            Happened.PARTNERSHIP_SEEDED,
            happened_on=london_date(at),
            subject=partnership,
            details={"key": key, "agencies": len(entry.agencies)},
        )
    return True


def the_partnership() -> Partnership:
    """The partnership. Raises SettingsError before `dhr init`."""
    with house().reading() as session:
        row = session.execute(
            select(rows.Partnership, rows.Agency.id).join(rows.Agency, rows.Agency.name == rows.Partnership.name)
        ).one_or_none()
    if row is None:
        raise SettingsError(["No partnership is set up here: run `dhr init`."])
    one, agency_id = row
    return Partnership(
        one.key, one.name, one.deciding_body, one.approving_body, one.quorum, one.support_line, agency_id
    )


def agencies(*, on: date, ended: bool = False) -> tuple[Agency, ...]:
    """The agencies there are on this day, by name, without those that have not yet begun.

    Those that have ended come along only where they are asked for (`ended`).
    """
    agency = rows.Agency
    there = select(agency).where(or_(agency.from_on.is_(None), agency.from_on <= on)).order_by(agency.name)
    if not ended:
        there = there.where(or_(agency.to_on.is_(None), agency.to_on >= on))
    with house().reading() as session:
        return tuple(_shown(row) for row in session.scalars(there))


def agency(agency_id: UUID) -> Agency:
    """One agency, ended or not. Raises OutOfReach where there is none of this id."""
    with house().reading() as session:
        row = session.get(rows.Agency, agency_id)
    if row is None:
        raise OutOfReach
    return _shown(row)


def key_of(session: NamedSession) -> str | None:
    """The key of the partnership this database was set up for; None before `dhr init`."""
    return session.scalars(select(rows.Partnership.key)).one_or_none()


def the_quorum(session: NamedSession) -> int:
    """How many different organisations make a meeting quorate; asked inside a verb or a page."""
    return session.scalars(select(rows.Partnership.quorum)).one()


def _partnership(entry: PartnershipEntry) -> rows.Partnership:
    return rows.Partnership(
        key=entry.key,
        name=entry.name,
        deciding_body=entry.deciding_body,
        approving_body=entry.approving_body,
        quorum=entry.quorum,
        support_line=entry.support_line,
    )


def _agencies(entries: tuple[AgencyEntry, ...]) -> list[rows.Agency]:
    """A row for each agency, successors first: the database refuses a successor that is not there yet."""
    made: dict[str, rows.Agency] = {}
    named = {entry.name: entry for entry in entries}

    def make(entry: AgencyEntry) -> rows.Agency:
        if entry.name not in made:
            successor = make(named[entry.successor]) if entry.successor else None
            made[entry.name] = rows.Agency(
                name=entry.name,
                short_name=entry.short,
                kind=entry.kind,
                leads_reviews=entry.leads_reviews,
                from_on=entry.from_on,
                to_on=entry.to_on,
                successor_id=successor.id if successor else None,
            )
        return made[entry.name]

    for entry in entries:
        make(entry)
    return list(made.values())


def _shown(row: rows.Agency) -> Agency:
    return Agency(
        row.id, row.name, row.short_name, row.kind, row.leads_reviews, row.from_on, row.to_on, row.successor_id
    )
