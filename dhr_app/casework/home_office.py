"""The letters of the Home Office about a submitted report: put on file with what they decide, and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.casework import clocks
from dhr_app.casework.checks import filled, known_codes, not_in_future
from dhr_app.casework.letter_points import enter_points
from dhr_app.casework.rows import in_texts, own_row
from dhr_app.casework.scene import Scene, changing, same_version
from dhr_app.casework.submissions import rounds_of
from dhr_app.database.models.home_office import HomeOfficeLetter
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import VERDICTS
from dhr_app.workflows.rounds import Round
from dhr_app.workflows.stages import Stage

RECEIVED = "qa_letter_received"
ASKS_FOR_CHANGES = ("cleared_after_changes", "resubmit")


@dataclass(frozen=True)
class LetterEntry:
    """What the form of a letter says. `round` is the submission it answers; `kept` and `summary` are sealed."""

    round: int = 0
    dated_on: date | None = None
    received_on: date | None = None
    panel_met_on: date | None = None
    verdict: str = ""
    kept: str = ""
    summary: str = ""


def add_letter(reference: str, entry: LetterEntry, points: Sequence[str] = (), *, by: Person, at: datetime) -> UUID:
    """Put a letter on file, with its points in their order. A letter that asks for changes starts their time.

    One that is entered after the review went on supports no move any more. Raises OutOfReach, NotAllowed, Invalid,
    and NotYet before a submission.
    """
    with changing(reference, "home_office.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        submissions = _submissions(scene)
        faults = _letter_faults(entry, submissions, scene.today)
        if faults:
            raise Invalid(faults)
        awaited = _is_awaited(scene, entry.round, submissions)
        row = HomeOfficeLetter(
            review_id=scene.review.id,
            used_by=None if awaited else scene.review.moves_made,
            **_columns(entry),
        )
        scene.session.add(row)
        scene.session.flush()
        scene.record(Happened.LETTER_RECEIVED, on=entry.received_on, subject=row, label=VERDICTS[entry.verdict].lower())
        enter_points(scene, row, points)
        if awaited and entry.verdict in ASKS_FOR_CHANGES:
            clocks.happened(scene, RECEIVED, row.received_on)
        return row.id


def correct_letter(
    reference: str, letter_id: UUID, entry: LetterEntry, version: int, *, by: Person, at: datetime
) -> None:
    """Correct a letter’s record; its day moves the time for changes along.

    Raises Stale with both texts, NotYet, OutOfReach, NotAllowed, and Invalid where a move rests on what it decided.
    """
    with changing(reference, "home_office.change", by=by, at=at) as scene:
        scene.must_be_commissioned()
        row = own_row(scene, HomeOfficeLetter, letter_id)
        same_version(row, version, theirs=in_texts(letter_entry(row)), yours=in_texts(entry))
        submissions = _submissions(scene)
        faults = _letter_faults(entry, submissions, scene.today)
        if row.used_by is not None and entry.verdict != row.verdict:
            faults["verdict"] = "The review went on after this letter: what it decided cannot be changed any more."
        if row.used_by is None and entry.round != len(submissions):
            faults["round"] = "The letter still waited for answers the latest submission."
        if faults:
            raise Invalid(faults)
        asked, received = row.verdict in ASKS_FOR_CHANGES, row.received_on
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        if row.used_by is None:
            _correct_clock(scene, row, received, asked=asked)
        elif asked and received != row.received_on:
            clocks.restart(scene, RECEIVED, row.received_on, was=received)
        scene.record(Happened.LETTER_CHANGED, subject=row)


def letter_entry(row: HomeOfficeLetter) -> LetterEntry:
    """A letter as its form shows it, opened."""
    days = row.dated_on, row.received_on, row.panel_met_on
    return LetterEntry(row.round, *days, row.verdict, row.kept or "", row.summary or "")


def _submissions(scene: Scene) -> tuple[Round, ...]:
    found = rounds_of(scene)
    if not found:
        reason = Reason(
            "submitted", "The report has not been submitted to the Home Office: there is nothing to answer."
        )
        raise NotYet("change", (reason,))
    return found


def _is_awaited(scene: Scene, round_: int, submissions: Sequence[Round]) -> bool:
    """Whether the review stands with the Home Office, and the letter is about the submission that waits for one."""
    return Stage(scene.review.stage) is Stage.HOME_OFFICE_QA and round_ == len(submissions)


def _correct_clock(scene: Scene, row: HomeOfficeLetter, received: date, *, asked: bool) -> None:
    """The time for changes, after a letter that is still waited for was corrected."""
    asks = row.verdict in ASKS_FOR_CHANGES
    if asked and not asks:
        clocks.begin_again(scene, RECEIVED, None)
    elif asks and not asked:
        clocks.happened(scene, RECEIVED, row.received_on)
    elif asks and received != row.received_on:
        clocks.restart(scene, RECEIVED, row.received_on, was=received)


def _columns(entry: LetterEntry) -> dict[str, object]:
    return {**vars(entry), "kept": entry.kept.strip(), "summary": entry.summary.strip() or None}


def _letter_faults(entry: LetterEntry, submissions: Sequence[Round], today: date) -> dict[str, str]:
    days = {"dated_on": entry.dated_on, "received_on": entry.received_on, "panel_met_on": entry.panel_met_on}
    faults = not_in_future(today, **days) | known_codes(entry, {"verdict": VERDICTS})
    faults |= filled("kept", entry.kept, "Say where the letter is kept.")
    if entry.dated_on is None:
        faults["dated_on"] = "Give the date of the letter."
    if entry.received_on is None:
        faults["received_on"] = "Give the day on which the letter came."
    if not 1 <= entry.round <= len(submissions):
        return {**faults, "round": "Say which submission the letter answers."}
    submitted_on = submissions[entry.round - 1].submitted_on
    for name, day in days.items():
        if name not in faults and day and submitted_on and day < submitted_on:
            faults[name] = f"The report was submitted on {in_words(submitted_on)}: this cannot be earlier."
    if "received_on" not in faults and entry.dated_on and entry.received_on and entry.received_on < entry.dated_on:
        faults["received_on"] = f"The letter is dated {in_words(entry.dated_on)}: it cannot have come earlier."
    if "panel_met_on" not in faults and entry.dated_on and entry.panel_met_on and entry.panel_met_on > entry.dated_on:
        faults["panel_met_on"] = f"The letter is dated {in_words(entry.dated_on)}: the panel met before it."
    return faults
