"""What a file of config/partnerships/ says, with everything that is wrong with it named at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dhr_app.settings import SettingsError
from dhr_app.workflows.mappings import Reader

AGENCY_KINDS = (
    "partnership", "police", "local_authority", "probation", "health_commissioner", "health_provider", "fire",
    "education", "specialist_service", "voluntary", "national", "other",
)  # fmt: skip


@dataclass(frozen=True)
class AgencyEntry:
    """One [[agency]] of the file. `to_on` is its last day, `successor` the name of whatever took its place."""

    name: str
    short: str
    kind: str
    leads_reviews: bool
    from_on: date | None
    to_on: date | None
    successor: str | None


@dataclass(frozen=True)
class PartnershipEntry:
    """The partnership as its file describes it. Its own name is also that of one of the agencies."""

    key: str
    name: str
    deciding_body: str
    approving_body: str
    quorum: int
    support_line: str
    agencies: tuple[AgencyEntry, ...]


def read(config: Path, key: str) -> PartnershipEntry:
    """The partnership of config/partnerships/<key>.toml. Raises SettingsError naming every fault of the file."""
    path = config / "partnerships" / f"{key}.toml"
    try:
        data: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError([f"{path.name} cannot be read: {error}."]) from None
    entry, faults = _parsed(key, data)
    faults += _contradictions(entry)
    if faults:
        raise SettingsError([f"{path.name}: {fault}." for fault in faults])
    return entry


def _parsed(key: str, data: Mapping[str, Any]) -> tuple[PartnershipEntry, list[str]]:
    read = Reader({name: value for name, value in data.items() if name != "agency"})
    rows = data.get("agency", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        read.fault("agency", "must be written as [[agency]], once for each agency")
        rows = []
    entry = PartnershipEntry(
        key=key,
        name=read.text("name"),
        deciding_body=read.text("deciding_body"),
        approving_body=read.text("approving_body"),
        quorum=read.whole_number("quorum"),
        support_line=read.text("support_line"),
        agencies=tuple(_agency(number, row, read.faults) for number, row in enumerate(rows, 1)),
    )
    read.finish()
    return entry, read.faults


def _agency(number: int, row: Mapping[str, Any], faults: list[str]) -> AgencyEntry:
    days: dict[str, date | None] = {}
    where = f"agency {number} ({row.get('name', 'without a name')}): "
    for key in ("from_on", "to_on"):
        value = row.get(key)
        days[key] = value if type(value) is date else None
        if value is not None and days[key] is None:
            faults.append(f"{where}{key} must be a date such as 2022-06-30, not {value!r}")
    read = Reader({key: value for key, value in row.items() if key not in days}, where=where, faults=faults)
    entry = AgencyEntry(
        name=read.text("name"),
        short=read.text("short"),
        kind=read.choice("kind", AGENCY_KINDS, default=""),
        leads_reviews=read.flag("leads_reviews", default=False),
        from_on=days["from_on"],
        to_on=days["to_on"],
        successor=read.text("successor") if "successor" in row else None,
    )
    read.finish()
    return entry


def _contradictions(entry: PartnershipEntry) -> list[str]:
    """What each line says rightly and the lines together cannot mean."""
    named = {agency.name: agency for agency in entry.agencies}
    faults = [f"the agency “{name}” stands there more than once" for name in _twice(a.name for a in entry.agencies)]
    own = named.get(entry.name)
    if own is None or not own.leads_reviews or own.to_on is not None:
        faults.append(f"no [[agency]] named “{entry.name}” leads reviews: the partnership itself must be one of them")
    for agency in entry.agencies:
        if agency.from_on and agency.to_on and agency.to_on < agency.from_on:
            faults.append(f"“{agency.name}” ends before it begins")
        if agency.successor is not None:
            faults += _wrong_successor(agency, agency.successor, named)
    return faults


def _wrong_successor(agency: AgencyEntry, successor: str, named: Mapping[str, AgencyEntry]) -> list[str]:
    if successor not in named:
        return [f"“{agency.name}” has a successor that is not in the file: “{successor}”"]
    if agency.to_on is None:
        return [f"“{agency.name}” has a successor but no last day: give it a to_on"]
    seen = {agency.name}
    following: AgencyEntry | None = named[successor]
    while following is not None:
        if following.name in seen:
            return [f"“{agency.name}” is its own successor in the end"]
        seen.add(following.name)
        following = named.get(following.successor or "")
    return []


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if name and times > 1)
