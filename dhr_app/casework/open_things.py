"""Everything that somebody may have to be reminded of, over all reviews, in a number of queries that never grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import rule_book
from dhr_app.casework.open_actions import open_actions
from dhr_app.casework.unseated import unseated_things
from dhr_app.casework.wishes import answers
from dhr_app.casework.words import what
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.partnership import Agency, RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.models.telling import DutyOwed
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.dates import REVIEW_THE_HOLD, TAKE_UP_THE_DECISION, dates_of
from dhr_app.workflows.deadlines import Extension, Pause
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.facts import Clock
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import IMR_KINDS
from dhr_app.workflows.reminders import AHEAD, Kind, Thing
from dhr_app.workflows.stages import OPEN, Stage

# Where an agency’s answer is entered, by the deadline that waits for it.
ASKED_AT = {
    "scoping_return_due":   "scoping",
    "imr_due":              "imrs",
    "chronology_due":       "imrs",
    "factual_accuracy_due": "accuracy",
}  # fmt: skip

IMR_DUE = "imr_due"  # of a summary report too


@dataclass(frozen=True)
class _Clocks:
    """What the dates of one review need."""

    clocks: Sequence[Clock]
    pauses: Mapping[str, Sequence[Pause]]
    extensions: Mapping[UUID, Sequence[Extension]]


@dataclass
class _Clockwork:
    """What stops or moves the clocks of all reviews, and the rule sets they go by."""

    rule_sets: dict[UUID, str]
    pauses: dict[UUID, dict[str, list[Pause]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    extensions: dict[UUID, list[Extension]] = field(default_factory=lambda: defaultdict(list))


def open_things(session: NamedSession, people: Sequence[Person], *, today: date, calendar: Calendar) -> list[Thing]:
    """What is open and due by some days from today, or late, of every review; nothing is opened.

    `people` are those who have an account: what is an agency’s where none of them is belongs to nobody.
    """
    until = today + AHEAD
    found = [*_dates(session, today, calendar), *_tellings(session, until), *_holds(session, until)]
    found += [*_deferred(session, until), *open_actions(session, people, until)]
    found += [*unseated_things(session, people, today=today), *answers(session, today)]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.reference, one.what, one.agency, one.subject_id))


def _dates(session: NamedSession, today: date, calendar: Calendar) -> Iterator[Thing]:
    """The deadlines not met yet. A date only ever moves to a later day than its first."""
    rows = session.execute(
        select(
            Deadline.id, Deadline.review_id, Deadline.rule, Deadline.subject_id, Deadline.agency_id,
            Deadline.anchor_on, Deadline.first_due_on, Review.reference, Review.stage, Review.rule_set_id, Agency.name,
            Imr.kind.label("imr_kind"),
        )
        .join(Review, Review.id == Deadline.review_id)
        .outerjoin(Agency, Agency.id == Deadline.agency_id)
        .outerjoin(Imr, Imr.id == Deadline.subject_id)
        .where(Deadline.met_on.is_(None), Deadline.ended_on.is_(None), Deadline.first_due_on <= today + AHEAD)
        .order_by(Deadline.review_id, Deadline.id)
    ).all()  # fmt: skip
    around = _around(session)
    for _, of_review in groupby(rows, key=lambda row: row.review_id):
        yield from _dates_of_review(list(of_review), around, today, calendar)


def _dates_of_review(rows: Sequence[Any], around: _Clockwork, today: date, calendar: Calendar) -> Iterator[Thing]:
    by_id = {row.id: row for row in rows}
    clocks = tuple(
        Clock(row.id, row.rule, row.subject_id, row.agency_id, row.anchor_on, row.first_due_on, None) for row in rows
    )
    facts = _Clocks(clocks, around.pauses[rows[0].review_id], around.extensions)
    rule_set = rule_book.pinned(around.rule_sets[rows[0].rule_set_id])
    for one in dates_of(facts, rule_set, calendar, today=today):
        row = by_id[one.clock_id]
        if one.due.on is not None and one.due.on <= today + AHEAD:
            asked = row.rule in ASKED_AT and row.agency_id is not None and row.subject_id is not None
            yield Thing(
                kind=Kind.ASK if asked else Kind.DATE,
                subject_id=row.id,
                review_id=row.review_id,
                reference=row.reference,
                stage=Stage(row.stage),
                what=IMR_KINDS[row.imr_kind] if row.rule == IMR_DUE and row.imr_kind else one.rule.name,
                path=f"{_page(row)}/{ASKED_AT[row.rule]}/{row.subject_id}" if asked else _page(row),
                due_on=one.due.on,
                agency_id=row.agency_id,
                agency=row.name or "",
            )


def _around(session: NamedSession) -> _Clockwork:
    kept = session.execute(select(RuleSetUsed.id, RuleSetUsed.content).order_by(RuleSetUsed.id))
    found = _Clockwork({row.id: row.content for row in kept})
    waited_for = select(Deadline.id).where(Deadline.met_on.is_(None), Deadline.ended_on.is_(None))
    for pause in session.execute(
        select(PauseRow.review_id, PauseRow.paused_on, PauseRow.resumed_on, PauseRow.clocks)
        .where(PauseRow.review_id.in_(waited_for.with_only_columns(Deadline.review_id)))
        .order_by(PauseRow.paused_on, PauseRow.id)
    ):
        for rule in pause.clocks:
            found.pauses[pause.review_id][rule].append(Pause(pause.paused_on, pause.resumed_on))
    for longer in session.execute(
        select(ExtensionRow.deadline_id, ExtensionRow.agreed_on, ExtensionRow.to_on)
        .where(ExtensionRow.deadline_id.in_(waited_for))
        .order_by(ExtensionRow.agreed_on, ExtensionRow.id)
    ):
        found.extensions[longer.deadline_id].append(Extension(longer.agreed_on, longer.to_on))
    return found


def _tellings(session: NamedSession, until: date) -> Iterator[Thing]:
    """Whom a move obliges us to tell, and nobody has told yet."""
    for row in session.execute(
        select(
            DutyOwed.id, DutyOwed.review_id, DutyOwed.name, DutyOwed.audience, DutyOwed.due_on,
            Review.reference, Review.stage,
        )
        .join(Review, Review.id == DutyOwed.review_id)
        .where(DutyOwed.settled_by_id.is_(None), DutyOwed.due_on <= until)
        .order_by(DutyOwed.due_on, DutyOwed.id)
    ):  # fmt: skip
        named, page = DUTIES[row.name].sentence, f"/told?whom={row.audience}"
        yield _of_review(Kind.TELLING, row.id, row.review_id, row, named, row.due_on, page)


def _holds(session: NamedSession, until: date) -> Iterator[Thing]:
    """Reviews on hold whose hold is to be looked at again."""
    for row in session.execute(
        select(PauseRow.id, PauseRow.review_id, PauseRow.review_by, Review.reference, Review.stage)
        .join(Review, Review.id == PauseRow.review_id)
        .where(PauseRow.resumed_on.is_(None), PauseRow.review_by <= until, Review.stage.in_(sorted(OPEN)))
        .order_by(PauseRow.review_by, PauseRow.id)
    ):
        yield _of_review(Kind.HOLD, row.id, row.review_id, row, what(REVIEW_THE_HOLD), row.review_by)


def _deferred(session: NamedSession, until: date) -> Iterator[Thing]:
    """Reviews whose decision was deferred until a day."""
    for row in session.execute(
        select(Review.id, Review.deferred_until, Review.reference, Review.stage)
        .where(Review.deferred_until <= until)
        .order_by(Review.deferred_until, Review.id)
    ):
        yield _of_review(Kind.DATE, row.id, row.id, row, what(TAKE_UP_THE_DECISION), row.deferred_until)


def _of_review(
    kind: Kind, subject_id: UUID, review_id: UUID, row: Any, named: str, due_on: date, page: str = ""
) -> Thing:
    path = f"{_page(row)}{page}"
    return Thing(kind, subject_id, review_id, row.reference, Stage(row.stage), named, path, due_on)


def _page(row: Any) -> str:
    return f"/reviews/{row.reference}"
