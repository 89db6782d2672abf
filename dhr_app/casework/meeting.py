"""The meetings of a review: who came, what was agreed, where the minutes are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from dhr_app.casework import clocks, meeting_rests, planned_meeting
from dhr_app.casework.checks import known_codes, not_in_future
from dhr_app.casework.meeting_choices import here, label_of
from dhr_app.casework.partnership import the_quorum
from dhr_app.casework.planned_page import PlannedShown, planned_on
from dhr_app.casework.rows import agency_names, in_texts, own_row, rows_of, under_way, unknown_agencies
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.database.models.meeting import Meeting
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.record_wording import MEETING_KINDS


@dataclass(frozen=True)
class MeetingEntry:
    """What the form says of a meeting. `agreed` and `minutes_kept` are sealed."""

    kind: str = ""
    held_on: date | None = None
    organisations: tuple[UUID, ...] = ()
    apologies: tuple[UUID, ...] = ()
    agreed: str = ""
    minutes_kept: str = ""


@dataclass(frozen=True)
class MeetingShown:
    """A meeting as a page shows it, opened; `present` and `absent` are the names of organisations."""

    id: UUID
    number: int
    version: int
    entry: MeetingEntry
    present: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def label(self) -> str:
        """What the meeting is called: “Review panel, meeting 3”."""
        return label_of(self.entry.kind, self.number)


@dataclass(frozen=True)
class MeetingsPage:
    """The meetings of a review, the latest first; `quorum` is what a meeting of the approving body needs.

    `planned` are those of which nobody said yet that they were held, the next first.
    """

    reference: str
    meetings: tuple[MeetingShown, ...]
    quorum: int
    may_change: bool
    planned: tuple[PlannedShown, ...]
    may_plan: bool


def hold_meeting(reference: str, entry: MeetingEntry, *, planned: UUID | None = None, by: Person, at: datetime) -> UUID:
    """Record a meeting that was held. Raises OutOfReach, NotAllowed, NotYet before the review is commissioned, Invalid.

    Meetings are numbered within their kind, in the order in which they are recorded. `planned` is the planned meeting
    that it was: raises Over where that was held or cancelled.
    """
    with changing(reference, "meeting.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        held_on = _checked(scene, entry)
        row = Meeting(
            review_id=scene.review.id, number=_next_number(scene, entry.kind), held_on=held_on, **_columns(entry)
        )
        scene.session.add(row)
        scene.session.flush()
        if entry.kind == "panel":
            clocks.happened(scene, meeting_rests.FIRST_PANEL, held_on)
            meeting_rests.first_panel(scene)
        if planned is not None:
            planned_meeting.became(scene, planned, row)
        _record(scene, Happened.MEETING_HELD, row)
        return row.id


def correct_meeting(
    reference: str, meeting_id: UUID, entry: MeetingEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a meeting’s record; terms and approvals agreed there follow it.

    Raises Stale with both texts, and Invalid also where what was agreed there could not have been.
    """
    with changing(reference, "meeting.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = _row(scene, meeting_id)
        same_version(row, version, theirs=in_texts(_entry(row)), yours=in_texts(entry))
        held_on = _checked(scene, entry, row)
        was = row.held_on if row.kind == "panel" else None
        if entry.kind != row.kind:
            row.number = _next_number(scene, entry.kind)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        row.held_on = held_on
        meeting_rests.carry_over(scene, row)
        meeting_rests.first_panel(scene, was=was)
        _record(scene, Happened.MEETING_CHANGED, row)


def remove_meeting(reference: str, meeting_id: UUID, *, by: Person, at: datetime) -> None:
    """Take out a meeting that was entered by mistake. Raises Invalid where something was agreed at it."""
    with changing(reference, "meeting.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = _row(scene, meeting_id)
        if resting := meeting_rests.rests_on(scene, row):
            raise Invalid({"meeting": resting})
        row.removed_on = scene.today
        meeting_rests.first_panel(scene, was=row.held_on if row.kind == "panel" else None)
        _record(scene, Happened.MEETING_REMOVED, row)


def meetings_page(reference: str, *, by: Person, at: datetime) -> MeetingsPage:
    """The meetings, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "meeting.see", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        order = (Meeting.held_on.desc(), Meeting.kind, Meeting.number.desc())
        rows = [row for row in rows_of(look, Meeting, *order, options=[undefer(Meeting.agreed_ct)]) if here(row)]
        return MeetingsPage(
            reference,
            tuple(_shown(look, rows)),
            the_quorum(look.session),
            look.may("meeting.change"),
            tuple(planned_on(look.session, look.review.id, by=by, at=at)),
            look.may("meeting.plan") and under_way(look),
        )


def open_meeting(reference: str, meeting_id: UUID, *, by: Person, at: datetime) -> MeetingShown:
    """One meeting, opened for somebody who may correct it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "meeting.change", opens=[DataClass.PANEL_PAPERS], by=by, at=at) as look:
        return _shown(look, [_row(look, meeting_id)])[0]


def may_hold_meeting(reference: str, *, by: Person, at: datetime) -> None:
    """Let somebody begin the form of a new meeting. Raises OutOfReach, NotAllowed."""
    with looking(reference, "meeting.change", by=by, at=at):
        return


def _checked(scene: Scene, entry: MeetingEntry, row: Meeting | None = None) -> date:
    """The day of the meeting. Raises Invalid; `row` is the meeting that is corrected."""
    faults = known_codes(entry, {"kind": MEETING_KINDS}) | not_in_future(scene.today, held_on=entry.held_on)
    faults |= unknown_agencies(scene, "organisations", entry.organisations, entry.held_on)
    faults |= unknown_agencies(scene, "apologies", entry.apologies, entry.held_on)
    if not entry.organisations:
        faults["organisations"] = "Choose the organisations that were present."
    elif both := set(entry.organisations) & set(entry.apologies):
        (name, *_) = sorted(agency_names(scene.session, both).values())
        faults["apologies"] = f"{name} cannot have been present and have sent apologies."
    if entry.held_on is None:
        faults["held_on"] = "Give the day of the meeting."
    elif row is not None and not faults:
        faults |= meeting_rests.cannot_become(scene, row, entry.kind, entry.held_on, _codes(entry.organisations))
    if faults or entry.held_on is None:
        raise Invalid(faults)
    return entry.held_on


def _next_number(scene: Scene, kind: str) -> int:
    of_kind = select(func.max(Meeting.number)).where(Meeting.review_id == scene.review.id, Meeting.kind == kind)
    return (scene.session.scalar(of_kind) or 0) + 1


def _record(scene: Scene, happened: Happened, row: Meeting) -> None:
    label = MEETING_KINDS[row.kind].lower()
    scene.record(happened, on=row.held_on, subject=row, label=label, number=row.number)


def _row(at: Scene | Look, meeting_id: UUID) -> Meeting:
    row = own_row(at, Meeting, meeting_id, undefer(Meeting.agreed_ct))
    if not here(row):
        raise OutOfReach
    return row


def _codes(ids: tuple[UUID, ...]) -> list[str]:
    return [str(one) for one in dict.fromkeys(ids)]


def _columns(entry: MeetingEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "organisations": _codes(entry.organisations),
        "apologies": _codes(entry.apologies),
        "agreed": entry.agreed.strip() or None,
        "minutes_kept": entry.minutes_kept.strip() or None,
    }


def _entry(row: Meeting) -> MeetingEntry:
    present, absent = (tuple(UUID(one) for one in ids) for ids in (row.organisations, row.apologies))
    return MeetingEntry(row.kind, row.held_on, present, absent, row.agreed or "", row.minutes_kept or "")


def _shown(look: Look, rows: list[Meeting]) -> list[MeetingShown]:
    names = agency_names(look.session, {UUID(one) for row in rows for one in (*row.organisations, *row.apologies)})
    shown = []
    for row in rows:
        entry = _entry(row)
        present, absent = (tuple(sorted(names[one] for one in ids)) for ids in (entry.organisations, entry.apologies))
        shown.append(MeetingShown(row.id, row.number, row.version, entry, present, absent))
    return shown
