"""The log of incidents, and one of them; a list opens nothing, and whoever is no reader of reviews reads codes only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import house
from dhr_app.casework.incident import incident_row, links_of
from dhr_app.casework.incident_checks import IncidentEntry, OutcomeEntry
from dhr_app.casework.named_reviews import NOTHING, About, about_of, names_gone, opening_names
from dhr_app.casework.request_checks import SOMEBODY_ELSE_S
from dhr_app.casework.scene import require
from dhr_app.database.models.incident import Incident, IncidentReview
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.request_dates import hours_left, notify_by
from dhr_app.workflows.request_wording import INCIDENT_KINDS


@dataclass(frozen=True)
class IncidentLine:
    """One incident in a list.

    `hours` are those left to tell the Commissioner, below zero those it is late; None once it is decided that nothing
    is told, or told. `told_late` is whether it was told after the 72 hours.
    """

    id: UUID
    number: int
    kind: str
    aware_at: datetime
    notify_by: datetime
    hours: int | None
    about: About
    ico: str
    notified_at: datetime | None
    told_late: bool
    contained_at: datetime | None


@dataclass(frozen=True)
class IncidentsPage:
    """The incidents that the person may be told of, those whose hours run first; `sees_all`: not only their own."""

    lines: tuple[IncidentLine, ...]
    may_enter: bool
    sees_all: bool


@dataclass(frozen=True)
class IncidentPage:
    """One incident. `words` is whether what is sealed of it is shown; `destroyed` whether it is gone with the names.

    Whoever one of its reviews is closed to reads none of the words: they are about all of them.
    """

    line: IncidentLine
    version: int
    entry: IncidentEntry
    outcome: OutcomeEntry
    words: bool
    destroyed: bool
    may_change: bool


def incidents_page(*, by: Person, at: datetime) -> IncidentsPage:
    """The log; opens nothing. Who may only enter incidents sees their own. Raises NotAllowed."""
    today = london_date(at)
    require(by, "incidents.list", on=today)
    with house().reading() as session:
        lines = incident_lines(session, by=by, at=at)
    sees_all = allows(by, "incidents.see", on=today)
    return IncidentsPage(lines, allows(by, "incidents.enter", on=today), sees_all)


def incident_lines(
    session: NamedSession, *, running: bool = False, by: Person, at: datetime
) -> tuple[IncidentLine, ...]:
    """The incidents that the person may be told of, or those of them that run: two questions however many."""
    today = london_date(at)
    rows = select(Incident).order_by(Incident.number.desc())
    if running:
        rows = rows.where(Incident.notified_at.is_(None), func.coalesce(Incident.ico, "") != "not")
    if not allows(by, "incidents.see", on=today):
        rows = rows.where(Incident.entered_by_id == by.id)
    found = session.scalars(rows).all()
    about = about_of(session, IncidentReview, IncidentReview.incident_id, [row.id for row in found], by=by, on=today)
    lines = [_line(row, about.get(row.id, NOTHING), by=by, at=at) for row in found]
    shown = [line for line in lines if not line.about.closed]
    return tuple(sorted(shown, key=lambda line: (line.hours is None, line.hours or 0, -line.number)))


def running_incidents(session: NamedSession, *, by: Person, at: datetime) -> tuple[IncidentLine, ...]:
    """Those of which it is open whether the Commissioner is told, or that are to be told and are not."""
    return incident_lines(session, running=True, by=by, at=at)


def incident_page(incident_id: UUID, permission: str = "incidents.list", *, by: Person, at: datetime) -> IncidentPage:
    """One incident; what is sealed of it is opened for whoever reads it, and the trail knows before.

    Raises NotAllowed, and OutOfReach for one that the person may not be told of.
    """
    today = london_date(at)
    require(by, permission, on=today)
    with house().reading() as session:
        row = incident_row(session, incident_id)
        if not allows(by, "incidents.see", on=today) and row.entered_by_id != by.id:
            raise OutOfReach
        found = about_of(session, IncidentReview, IncidentReview.incident_id, [row.id], by=by, on=today)
        about = found.get(row.id, NOTHING)
        gone = names_gone(session, about.ids)
        page = _page(row, _line(row, about, by=by, at=at), about, gone, by=by, at=at)
    if page.line.about.closed:
        raise OutOfReach
    if permission != "incidents.list" and not about.whole:
        raise NotAllowed(permission, SOMEBODY_ELSE_S)
    readable = [review_id for review_id in about.ids if review_id not in gone]
    if not (readable and about.whole) or not allows(by, "incidents.read", on=today):
        return page
    with opening_names(readable[:1], by=by, at=at) as session:
        link = next((each for each in links_of(session, incident_id) if each.review_id == readable[0]), None)
        return (
            page
            if link is None
            else replace(
                page,
                entry=replace(page.entry, what_happened=link.what_happened or ""),
                outcome=replace(page.outcome, learnt=link.learnt or ""),
                words=True,
            )
        )


def _page(
    row: Incident, line: IncidentLine, about: About, gone: set[UUID], *, by: Person, at: datetime
) -> IncidentPage:
    aware, notified, contained = (
        each.astimezone(LONDON) if each else None for each in (row.aware_at, row.notified_at, row.contained_at)
    )
    entry = IncidentEntry(
        row.kind, aware.date() if aware else None, f"{aware:%H:%M}" if aware else "", row.people,
        ", ".join(line.about.references), "",
    )  # fmt: skip
    outcome = OutcomeEntry(
        row.ico or "", row.ico_because or "",
        notified.date() if notified else None, f"{notified:%H:%M}" if notified else "",
        row.late_because or "", row.ico_reference or "", row.told or "", row.told_on,
        contained.date() if contained else None, f"{contained:%H:%M}" if contained else "", tuple(row.lessons), "",
    )  # fmt: skip
    may_change = allows(by, "incidents.change", on=london_date(at)) and about.whole
    return IncidentPage(
        line, row.version, entry, outcome, False, bool(about.ids) and gone >= set(about.ids), may_change
    )


def _line(row: Incident, about: About, *, by: Person, at: datetime) -> IncidentLine:
    # Whoever reads no reviews is not told which: the entry is theirs, the review is not.
    shown = about if allows(by, "incidents.see", on=london_date(at)) else NOTHING
    runs = row.notified_at is None and row.ico != "not"
    limit = notify_by(row.aware_at)
    return IncidentLine(
        row.id,
        row.number,
        INCIDENT_KINDS[row.kind],
        row.aware_at,
        limit,
        hours_left(row.aware_at, at) if runs else None,
        shown,
        row.ico or "",
        row.notified_at,
        row.notified_at is not None and row.notified_at > limit,
        row.contained_at,
    )
