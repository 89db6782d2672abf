"""The dates that are late or due soon, over all reviews, in a number of queries that never grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework.pinned_rules import PinnedRules
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.review import Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar, in_words
from dhr_app.workflows.dates import dates_of
from dhr_app.workflows.deadlines import Extension, Pause
from dhr_app.workflows.facts import Clock
from dhr_app.workflows.record_wording import IMR_KINDS
from dhr_app.workflows.reminders import Kind, Thing
from dhr_app.workflows.stages import Stage

# Where an agency’s answer is entered, by the deadline that waits for it.
ASKED_AT = {
    "scoping_return_due":   "scoping",
    "imr_due":              "imrs",
    "chronology_due":       "imrs",
    "factual_accuracy_due": "accuracy",
}  # fmt: skip

IMR_DUE = "imr_due"  # of a summary report too
EARLIER = timedelta(days=14)  # a bank holiday taken back, or two
ESCALATED = frozenset({"scoping_return_due", IMR_DUE})  # a silence that is taken to somebody senior


@dataclass(frozen=True)
class _Clocks:
    """What the dates of one review need."""

    clocks: Sequence[Clock]
    pauses: Mapping[str, Sequence[Pause]]
    extensions: Mapping[UUID, Sequence[Extension]]


@dataclass
class _Around:
    """What stops or moves the clocks of all reviews, and the rule sets they go by."""

    rules: PinnedRules
    pauses: dict[UUID, dict[str, list[Pause]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    extensions: dict[UUID, list[Extension]] = field(default_factory=lambda: defaultdict(list))


def open_dates(
    session: NamedSession, rules: PinnedRules, today: date, calendar: Calendar, *, until: date
) -> Iterator[Thing]:
    """The deadlines not met yet that are due by a day. A date only ever moves to a later day, but by the few that a
    bank holiday gives back which is taken back."""
    rows = session.execute(
        select(
            Deadline.id, Deadline.review_id, Deadline.rule, Deadline.subject_id, Deadline.agency_id,
            Deadline.anchor_on, Deadline.first_due_on, Review.reference, Review.stage, Review.rule_set_id, Agency.name,
            Imr.kind.label("imr_kind"), Review.on_hold_since,
            func.coalesce(ScopingRequest.escalated_on, Imr.escalated_on).label("escalated_on"),
        )
        .join(Review, Review.id == Deadline.review_id)
        .outerjoin(Agency, Agency.id == Deadline.agency_id)
        .outerjoin(Imr, Imr.id == Deadline.subject_id)
        .outerjoin(ScopingRequest, ScopingRequest.id == Deadline.subject_id)
        .where(Deadline.met_on.is_(None), Deadline.ended_on.is_(None), Deadline.first_due_on <= until + EARLIER)
        .order_by(Deadline.review_id, Deadline.id)
    ).all()  # fmt: skip
    around = _around(session, rules)
    for _, of_review in groupby(rows, key=lambda row: row.review_id):
        yield from _dates_of_review(list(of_review), around, today, calendar, until)


def _dates_of_review(
    rows: Sequence[Any], around: _Around, today: date, calendar: Calendar, until: date
) -> Iterator[Thing]:
    by_id = {row.id: row for row in rows}
    clocks = tuple(
        Clock(row.id, row.rule, row.subject_id, row.agency_id, row.anchor_on, row.first_due_on, None) for row in rows
    )
    facts = _Clocks(clocks, around.pauses[rows[0].review_id], around.extensions)
    rule_set = around.rules.rule_sets[rows[0].rule_set_id]
    for one in dates_of(facts, rule_set, calendar, today=today):
        row = by_id[one.clock_id]
        if one.due.on is not None and one.due.on <= until:
            asked = row.rule in ASKED_AT and row.agency_id is not None and row.subject_id is not None
            page = f"/reviews/{row.reference}"
            yield Thing(
                kind=Kind.ASK if asked else Kind.DATE,
                subject_id=row.id,
                review_id=row.review_id,
                reference=row.reference,
                stage=Stage(row.stage),
                what=IMR_KINDS[row.imr_kind] if row.rule == IMR_DUE and row.imr_kind else one.rule.name,
                path=f"{page}/{ASKED_AT[row.rule]}/{row.subject_id}" if asked else page,
                due_on=one.due.on,
                agency_id=row.agency_id,
                agency=row.name or "",
                more=_more(row, escalates=asked and row.rule in ESCALATED),
            )


def _more(row: Any, *, escalates: bool) -> str:
    said = ["on hold"] if row.on_hold_since else []
    if escalates:
        said.append(f"escalated on {in_words(row.escalated_on)}" if row.escalated_on else "not escalated yet")
    return ", ".join(said)


def _around(session: NamedSession, rules: PinnedRules) -> _Around:
    found = _Around(rules)
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
