"""An agency reports on its action, itself or through the coordinator; a wish for a later date is answered."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import aware, file_kinds, files
from dhr_app.casework.action import label_of, open_action
from dhr_app.casework.checks import filled
from dhr_app.casework.files import Incoming
from dhr_app.casework.own_action import by_own_action, owes
from dhr_app.casework.progress_entry import DONE, NEED_LONGER, NO_CHANGE, PROGRESS, ReportEntry, faults_of
from dhr_app.casework.progress_rows import before, latest, settle, standing_wish, write
from dhr_app.casework.rows import own_row
from dhr_app.casework.scene import Look, Scene, changing, looking
from dhr_app.casework.seen import seen
from dhr_app.casework.successors import agency_now
from dhr_app.database.models.plan import Action, Recommendation
from dhr_app.database.models.progress import Evidence, Progress
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, OutOfReach, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import REPORT_KINDS

WITH_A_FILE = (PROGRESS, DONE)
# How a report came, as the trail tells it.
BY_THE_AGENCY, ON_BEHALF, BY_LINK = "by_the_agency", "on_behalf", "by_link"
SENT_ALREADY = "This says the same as the last report, which was sent today. Say what is new, or go back."


def report(
    action_id: UUID, entry: ReportEntry, version: int, file: Incoming | None = None, *, by: Person, at: datetime
) -> UUID:
    """Report on an action of the person’s own agency; nothing else of the review is reached.

    Raises OutOfReach for any other action, Stale with both texts where it moved on meanwhile, Invalid, and NotYet
    where nothing can be added to its review.
    """
    where = by_own_action(action_id, by=by, on=london_date(at))
    with held(file), changing(where, None, by=by, at=at, doing="progress.report") as scene:
        row, of = _reported_on(scene, action_id)
        if by.agency_id is None or not owes(
            scene.session, row.owner_id, by=by, review_id=row.review_id, on=scene.today
        ):
            raise OutOfReach(row.review_id)  # another agency took it over while the lock was waited for
        return take_report(scene, row, of, entry, version, file, agency_id=by.agency_id, entered=BY_THE_AGENCY)


def report_for_agency(
    reference: str,
    action_id: UUID,
    entry: ReportEntry,
    version: int,
    file: Incoming | None = None,
    *,
    by: Person,
    at: datetime,
) -> UUID:
    """Enter a report on the agency’s behalf. Raises what `report` raises, and NotAllowed."""
    with held(file), changing(reference, "progress.report", by=by, at=at) as scene:
        row, of = _reported_on(scene, action_id)
        if row.owner_id is None:
            raise Invalid({"action": "Nobody owns this action yet: name the agency first."})
        agency_id = agency_now(scene.session, row.owner_id, on=scene.today)
        return take_report(scene, row, of, entry, version, file, agency_id=agency_id, entered=ON_BEHALF)


def check_report(action_id: UUID, entry: ReportEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid for whatever `report` would refuse in the entry; nothing is saved. Raises OutOfReach."""
    with looking(by_own_action(action_id, by=by, on=london_date(at)), "owed.see", by=by, at=at) as look:
        _check(look, look.session.get_one(Action, action_id), entry, on_behalf=False)


def check_report_for_agency(reference: str, action_id: UUID, entry: ReportEntry, *, by: Person, at: datetime) -> None:
    """The same for whoever reports on an agency’s behalf. Raises OutOfReach, NotAllowed."""
    with looking(reference, "progress.report", by=by, at=at) as look:
        _check(look, own_row(look, Action, action_id), entry, on_behalf=True)


def _check(look: Look, row: Action, entry: ReportEntry, *, on_behalf: bool) -> None:
    began = aware.month_began(look.session, row.review_id)
    raise Invalid(faults_of(entry, row, look.today, began=began, on_behalf=on_behalf))


def refuse_longer(reference: str, action_id: UUID, because: str, version: int, *, by: Person, at: datetime) -> None:
    """Answer a wish for a later date: the date stays, and why. Moving the date answers it too.

    Raises Invalid, also where the wish was answered or replaced meanwhile.
    """
    with changing(reference, "plan.answer_longer", by=by, at=at) as scene:
        row, of = open_action(scene, action_id)
        wish = standing_wish(scene, row.id)
        if wish is None or wish.seq != version:
            raise Invalid({"because": "This was answered, or asked anew, while you had it open: look at it again."})
        faults = filled("because", because, "Say why the date stays: the agency reads it.")
        if faults:
            raise Invalid(faults)
        wish.settled_on, wish.refused_because = scene.today, because.strip()
        scene.record(
            Happened.LONGER_ANSWERED, agency_id=wish.agency_id, subject=wish, number=label_of(of, row),
            label="the date stays",
        )  # fmt: skip


def must_take_own(action_id: UUID, *, by: Person, at: datetime, **_: object) -> None:
    """Asked before a byte of a file comes in: the action is the person’s own agency’s. Raises OutOfReach."""
    with looking(by_own_action(action_id, by=by, on=london_date(at)), "owed.see", by=by, at=at):
        return


def must_take_for_agency(reference: str, action_id: UUID, *, by: Person, at: datetime, **_: object) -> None:
    """The same for whoever reports on an agency’s behalf. Raises OutOfReach, NotAllowed."""
    with looking(reference, "progress.report", by=by, at=at) as look:
        own_row(look, Action, action_id)


def held(file: Incoming | None) -> AbstractContextManager[None]:
    """The file is looked into and kept while its row is written; without one there is nothing to hold."""
    if file is None:
        return nullcontext()
    file_kinds.look_into(file)
    return files.kept(file)


def _reported_on(scene: Scene, action_id: UUID) -> tuple[Action, Recommendation]:
    row, of = open_action(scene, action_id)
    if of.withdrawn_on is not None:
        raise Invalid({"action": "Its recommendation was withdrawn: nothing is asked of it any more."})
    return row, of


def take_report(
    scene: Scene,
    row: Action,
    of: Recommendation,
    entry: ReportEntry,
    version: int,
    file: Incoming | None,
    *,
    agency_id: UUID,
    entered: str,
    link_id: UUID | None = None,
) -> UUID:
    """Take a report inside a verb that found the action and locked its review. `entered` is how it came.

    Raises Stale, Invalid.
    """
    on_behalf = entered == ON_BEHALF
    last = latest(scene, row.id)
    _must_stand(row, last, entry, version)
    began = aware.month_began(scene.session, row.review_id)
    faults = faults_of(entry, row, scene.today, began=began, on_behalf=on_behalf)
    if file is not None and entry.kind not in WITH_A_FILE:
        faults["file"] = "A file goes with progress, or with what is done."
    if file is None and last is not None and _says_the_same(last, row, entry, scene):
        faults["again"] = SENT_ALREADY
    if faults:
        raise Invalid(faults)
    first_done = entry.kind == DONE and row.done_on is None
    if entry.kind == DONE:
        row.done_on, row.evidence = entry.done_on, entry.text.strip()
    elif entry.kind != NO_CHANGE and row.done_on is not None:
        row.done_on = row.evidence = None
    if entry.kind in (DONE, NEED_LONGER):
        settle(scene, row.id)
    told = write(scene, row, entry, agency_id=agency_id, on_behalf=on_behalf, link_id=link_id)
    if file is not None:
        evidence = Evidence(
            id=file.id, review_id=row.review_id, progress_id=told.id, agency_id=agency_id, **files.columns(file)
        )
        scene.session.add(evidence)
        evidence.filename, evidence.file_key = file.filename, file.file_key
    scene.record(
        Happened.ACTION_DONE if first_done else Happened.PROGRESS_REPORTED,
        on=entry.done_on if first_done else None, agency_id=agency_id, subject=told, number=label_of(of, row),
        label=REPORT_KINDS[entry.kind].lower(), entered=entered,
    )  # fmt: skip
    return told.id


def _says_the_same(last: Progress, row: Action, entry: ReportEntry, scene: Scene) -> bool:
    """Whether the last report is of today and says nothing else: somebody went back and pressed the button again.

    Whoever asks for longer again after an answer asks anew.
    """
    if last.settled_on is not None:
        return False
    said = (last.kind, last.text or "", last.blocked_by or "", last.wanted_on)
    says = (entry.kind, entry.text.strip(), entry.blocked_by.strip(), entry.wanted_on)
    same_day = entry.kind != DONE or entry.done_on == row.done_on
    return said == says and same_day and london_date(last.made_at) == scene.today


def _must_stand(row: Action, last: Progress | None, entry: ReportEntry, version: int) -> None:
    """Raise Stale, with what is new and what was written, where the action is no longer as its reporter saw it."""
    now = seen(before(row, last))
    if now == version:
        return
    theirs = {"text": (last.text or "") if last else "", "target_on": in_words(row.target_on) if row.target_on else ""}
    raise Stale(version=now, theirs=theirs, yours={"text": entry.text, "target_on": theirs["target_on"]})
