"""How an action goes on: its date is moved in the open, and its agency reports it as done, on evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework import aware
from dhr_app.casework.action import BY_A_DATE, ONGOING, day_fault, entry_of, label_of, open_action
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.progress_entry import DONE, ReportEntry, done_faults
from dhr_app.casework.progress_rows import settle, write
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, Scene, changing, looking
from dhr_app.casework.seen import seen, still_stands
from dhr_app.casework.successors import agency_now
from dhr_app.database.models.plan import Action, ActionDate
from dhr_app.workflows.action_plan import needs_minute
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import MOVED_BECAUSE

ANY_WAY, SOONER = "entered_wrongly", "sooner"


@dataclass(frozen=True)
class MovedEntry:
    """Where the date of an action moves: to another day, or to work that is ongoing with a day to look at it again."""

    when: str = ""
    to_on: date | None = None
    look_again_on: date | None = None
    because: str = ""
    minute: str = ""
    minute_on: date | None = None


@dataclass(frozen=True)
class DoneEntry:
    """An agency’s report that its action is done, and on what evidence; both empty takes the report back."""

    done_on: date | None = None
    evidence: str = ""


def move_date(reference: str, action_id: UUID, entry: MovedEntry, version: int, *, by: Person, at: datetime) -> None:
    """Move the date of an action, and keep from which day and why. Raises Invalid, also where it was changed since.

    Later, unless it can be done sooner or was entered wrongly. Past the first date by more than four weeks it is the
    steering group chair's to agree: whoever records it gives the minute. A later date answers the agency that asked
    for longer.
    """
    with changing(reference, "plan.move_date", by=by, at=at) as scene:
        row, of = open_action(scene, action_id)
        if seen(entry_of(row)) != version:
            raise Invalid({"to_on": "Somebody changed this action while you had this open: look at its date again."})
        if row.target_on is None or row.first_target_on is None:
            raise Invalid({"to_on": "This action has no date yet: enter one with the action itself."})
        faults = _move_faults(scene, entry, row.target_on, row.first_target_on)
        if faults:
            raise Invalid(faults)
        to_on = entry.to_on if entry.when == BY_A_DATE else None
        made = scene.session.scalar(select(func.count()).where(ActionDate.action_id == row.id)) or 0
        scene.session.add(
            ActionDate(
                review_id=row.review_id, action_id=row.id, seq=made + 1, moved_on=scene.today, from_on=row.target_on,
                to_on=to_on, because=entry.because, minute_on=entry.minute_on, minute=entry.minute.strip() or None,
            )
        )  # fmt: skip
        later = to_on is None or to_on > row.target_on
        row.target_on, row.ongoing = to_on, to_on is None
        row.look_again_on = entry.look_again_on if to_on is None else None
        scene.record(
            Happened.ACTION_DATE_MOVED, agency_id=row.owner_id, subject=row, number=label_of(of, row),
            because=entry.because,
        )  # fmt: skip
        if later and (wish := settle(scene, row.id)) is not None:
            scene.record(
                Happened.LONGER_ANSWERED, agency_id=wish.agency_id, subject=wish, number=label_of(of, row),
                label="the date moves",
            )  # fmt: skip


def check_move(reference: str, action_id: UUID, entry: MovedEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid for whatever `move_date` would refuse in the entry; nothing is saved. Raises OutOfReach."""
    with looking(reference, "plan.move_date", by=by, at=at) as look:
        row = own_row(look, Action, action_id)
        if row.target_on is not None and row.first_target_on is not None:
            raise Invalid(_move_faults(look, entry, row.target_on, row.first_target_on))


def report_done(reference: str, action_id: UUID, entry: DoneEntry, version: int, *, by: Person, at: datetime) -> None:
    """Enter, correct or take back an agency’s report that its action is done. Raises Stale, Invalid.

    What is entered here stands among the agency’s reports too, as entered on its behalf.
    """
    with changing(reference, "plan.report_done", by=by, at=at) as scene:
        row, of = open_action(scene, action_id)
        still_stands(done_of(row), version, entry)
        faults = done_faults(entry.done_on, scene.today, aware.month_began(scene.session, row.review_id))
        if entry.done_on is not None and row.owner_id is None:
            faults["done_on"] = "Nobody owns this action yet: name the agency first."
        if entry.done_on is not None:
            faults |= filled("evidence", entry.evidence, "Say what shows it; a senior officer’s statement will do.")
        elif entry.evidence.strip():
            faults["done_on"] = "Give the day on which it was done."
        if faults:
            raise Invalid(faults)
        first = row.done_on is None and entry.done_on is not None
        row.done_on, row.evidence = entry.done_on, entry.evidence.strip() or None
        if entry.done_on is not None and row.owner_id is not None:
            told = ReportEntry(DONE, entry.evidence, done_on=entry.done_on)
            write(scene, row, told, agency_id=agency_now(scene.session, row.owner_id, on=scene.today), on_behalf=True)
            settle(scene, row.id)
        scene.record(
            Happened.ACTION_DONE if first else Happened.ACTION_CHANGED,
            on=entry.done_on if first else None, agency_id=row.owner_id, subject=row, number=label_of(of, row),
        )  # fmt: skip


def done_of(row: Action) -> DoneEntry:
    """The agency’s report as its form would say it."""
    return DoneEntry(row.done_on, row.evidence or "")


def _move_faults(scene: Scene | Look, entry: MovedEntry, now_on: date, first_on: date) -> dict[str, str]:
    faults = not_in_future(scene.today, minute_on=entry.minute_on)
    if entry.because not in MOVED_BECAUSE:
        faults["because"] = "Say why the date moves."
    if entry.when not in (BY_A_DATE, ONGOING):
        faults["when"] = "Say whether it has another date, or is ongoing from now on."
        return faults
    if entry.when == ONGOING:
        faults |= day_fault(scene, "look_again_on", entry.look_again_on, "Give the day on which to look at it again.")
    else:
        faults |= day_fault(scene, "to_on", entry.to_on, "Give the new date.") or _direction(entry, now_on)
    to_on = entry.to_on if entry.when == BY_A_DATE else None
    if entry.because != ANY_WAY and not (faults.keys() & {"to_on"}) and needs_minute(first_on, to_on):
        asked = f"The first date was {in_words(first_on)}. So long a move is the steering group chair’s to agree: "
        faults |= filled("minute", entry.minute, asked + "give the number of the minute.")
        if entry.minute_on is None:
            faults["minute_on"] = "Give the day of that minute."
    return faults


def _direction(entry: MovedEntry, now_on: date) -> dict[str, str]:
    if entry.to_on is None or entry.to_on == now_on:
        return {"to_on": f"{in_words(now_on)} is its date already."}
    if entry.because == SOONER and entry.to_on > now_on:
        return {"to_on": f"That is later than {in_words(now_on)}: choose another reason, or check the day."}
    if entry.because not in (SOONER, ANY_WAY) and entry.to_on < now_on:
        return {"to_on": f"A date moves later, and it stands at {in_words(now_on)}. If it can be sooner, say so."}
    return {}
