"""The facts of reviews in two statements, whatever their number and size; nothing is opened."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    Row,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from dhr_app.adapters.clock import london_date
from dhr_app.database import record_facts
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.decision import Decision
from dhr_app.database.models.family_part import FamilyStep
from dhr_app.database.models.notification import Notification, OtherReviews
from dhr_app.database.models.partnership import Agency, RuleSetUsed
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.models.statement import Statement
from dhr_app.database.models.telling import DutyOwed, Telling
from dhr_app.workflows import facts as f
from dhr_app.workflows.answers import Answer, Stated
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.deadlines import Extension, Pause
from dhr_app.workflows.stages import Stage

_NO_DATE = cast(null(), Date)
_NO_ID = cast(null(), Uuid)
_NO_TEXT = cast(null(), String)
_NO_NUMBER = cast(null(), Integer)
_THESE = bindparam("review_ids", expanding=True, type_=Uuid())  # both statements are put together once
_ASKED_AFRESH = sorted(name for name, condition in CONDITIONS.items() if condition.afresh)


def facts_of(session: Session, review_ids: Sequence[UUID]) -> dict[UUID, f.ReviewFacts]:
    """The facts of each of these reviews; a review that does not exist is left out."""
    if not review_ids:
        return {}
    ids = {"review_ids": list(review_ids)}
    spine = session.execute(_spine(), ids).all()
    gathered: dict[UUID, _Gathered] = defaultdict(_Gathered)
    for row in session.execute(_open_items(), ids):
        gathered[row.review_id].take(row)
    return {row.id: _facts(row, gathered[row.id]) for row in spine}


@cache
def _spine() -> Any:
    def of_review(model: Any, *where: Any) -> Any:
        return select(func.count()).select_from(model).where(model.review_id == Review.id, *where).scalar_subquery()

    to_tell = FamilyMember.not_contacted_because.is_(None)
    decision = (
        select(Decision.kind)
        .where(Decision.review_id == Review.id, Decision.used_by.is_(None))
        .order_by(Decision.prepared_on.desc(), Decision.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Review.id,
            Review.reference,
            Review.stage,
            Review.version,
            Review.moves_made,
            Review.notified_at,
            Review.deferred_until,
            RuleSetUsed.key.label("rule_set"),
            RuleSetUsed.version.label("rule_set_version"),
            Review.lead_partnership_id.is_not(None).label("lead_named"),
            of_review(
                Notification, or_(Notification.aware_on.is_not(None), Notification.aware_on_ct.is_not(None))
            ).label("aware"),
            of_review(ScopingRequest).label("asked"),
            of_review(OtherReviews).label("others"),
            decision.label("decision"),
            of_review(FamilyMember, to_tell).label("family_to_tell"),
            of_review(FamilyMember, FamilyMember.not_contacted_because.is_not(None)).label("family_barred"),
            *record_facts.columns(),
        )
        .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
        .where(Review.id.in_(_THESE))
        .order_by(Review.reference)
    )


@cache
def _open_items() -> Any:
    """One row per open thing of the reviews: what the second statement brings, in columns of one shape."""

    def rows(
        kind: str, model: Any, *, code: Any = _NO_TEXT, text: Any = _NO_TEXT, other: Any = _NO_ID,
        subject: Any = _NO_ID, days: Sequence[Any] = (), flag: Any = None, number: Any = _NO_NUMBER,
    ) -> Any:  # fmt: skip
        one, two, three = [*days, _NO_DATE, _NO_DATE, _NO_DATE][:3]
        return select(
            literal(kind).label("kind"),
            model.review_id.label("review_id"),
            model.id.label("item_id"),
            code.label("code"),
            text.label("text"),
            other.label("other_id"),
            subject.label("subject_id"),
            one.label("day_1"),
            two.label("day_2"),
            three.label("day_3"),
            (literal(0) if flag is None else case((flag, 1), else_=0)).label("flag"),
            number.label("number"),
            cast(_NO_DATE if kind != "statement" else Statement.recorded_at, String).label("at"),
        ).where(model.review_id.in_(_THESE))

    outstanding = (
        rows(
            "outstanding", ScopingRequest, text=Agency.name, other=ScopingRequest.agency_id,
            days=(ScopingRequest.asked_on, ScopingRequest.escalated_on),
        )
        .join(Agency, Agency.id == ScopingRequest.agency_id)
        .where(ScopingRequest.outcome == "open")
    )  # fmt: skip
    clocks = rows(
        "clock", Deadline, code=Deadline.rule, other=Deadline.agency_id, subject=Deadline.subject_id,
        days=(Deadline.anchor_on, Deadline.first_due_on, Deadline.met_on), flag=Deadline.ended_on.is_not(None),
    )  # fmt: skip
    duties = rows(
        "duty", DutyOwed, code=DutyOwed.name, text=DutyOwed.audience, other=DutyOwed.family_member_id,
        days=(DutyOwed.since, DutyOwed.due_on), number=DutyOwed.move_seq,
    ).where(DutyOwed.settled_by_id.is_(None))  # fmt: skip
    pauses = rows(
        "pause", PauseRow, text=cast(PauseRow.clocks, String),
        days=(PauseRow.paused_on, PauseRow.resumed_on, PauseRow.review_by),
    )  # fmt: skip
    extensions = rows(
        "extension", ExtensionRow, other=ExtensionRow.deadline_id, days=(ExtensionRow.agreed_on, ExtensionRow.to_on)
    )
    statements = rows(
        "statement", Statement, code=Statement.condition, text=Statement.answer,
        days=(Statement.stated_on,), flag=Statement.counts,
    ).where(
        Statement.withdrawn_at.is_(None),
        Statement.voided_on.is_(None),
        or_(Statement.used_by.is_(None), Statement.condition.not_in(_ASKED_AFRESH)),
    )  # fmt: skip
    told = (
        rows(
            "told", Telling, code=Telling.about, text=Telling.audience, other=Telling.family_member_id,
            days=(Telling.told_on,), flag=Telling.about_seq.is_not(None),
        )
        .outerjoin(FamilyMember, FamilyMember.id == Telling.family_member_id)
        .where(
            Telling.used_by.is_(None),
            Telling.taken_back_at.is_(None),
            or_(Telling.about.is_(None), Telling.about != f.IN_TOUCH),  # it settles nothing, and is never used up
            or_(Telling.why_not.is_(None), Telling.audience == f.Audience.FAMILY.value),
            FamilyMember.not_contacted_because.is_(None),
        )
    )  # fmt: skip
    steps = (
        rows(
            "step", FamilyStep, code=FamilyStep.kind, other=FamilyStep.family_member_id, days=(FamilyStep.done_on,),
            flag=FamilyStep.answer == "awaited",
        )
        .join(FamilyMember, FamilyMember.id == FamilyStep.family_member_id)
        .where(
            FamilyStep.used_by.is_(None),
            FamilyStep.removed_on.is_(None),
            FamilyMember.takes_part == "yes",
            FamilyMember.not_contacted_because.is_(None),
        )
    )  # fmt: skip
    every = union_all(outstanding, clocks, duties, pauses, extensions, statements, told, steps)
    return every.order_by("kind", "day_1", "at", "item_id")


@dataclass
class _Gathered:
    """The open items of one review as they come in."""

    outstanding: list[f.OutstandingReturn] = field(default_factory=list)
    clocks: list[f.Clock] = field(default_factory=list)
    duties: list[f.DutyOwed] = field(default_factory=list)
    holds: list[Pause] = field(default_factory=list)
    pauses: dict[str, tuple[Pause, ...]] = field(default_factory=dict)
    open_pause: f.OpenPause | None = None
    extensions: dict[UUID, tuple[Extension, ...]] = field(default_factory=dict)
    statements: dict[str, tuple[str, Stated]] = field(default_factory=dict)
    told: list[f.Told] = field(default_factory=list)
    reached: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    answered: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def take(self, row: Row[Any]) -> None:
        """Put one row where it belongs."""
        getattr(self, f"_take_{row.kind}")(row)

    def _take_outstanding(self, row: Row[Any]) -> None:
        self.outstanding.append(f.OutstandingReturn(row.item_id, row.other_id, row.text, row.day_1, row.day_2))

    def _take_clock(self, row: Row[Any]) -> None:
        days = (row.day_1, row.day_2, row.day_3)
        self.clocks.append(f.Clock(row.item_id, row.code, row.subject_id, row.other_id, *days, bool(row.flag)))

    def _take_duty(self, row: Row[Any]) -> None:
        audience = f.Audience(row.text)
        days = (row.day_1, row.day_2)
        self.duties.append(f.DutyOwed(row.item_id, row.code, audience, row.other_id, *days, row.number))

    def _take_pause(self, row: Row[Any]) -> None:
        pause = Pause(row.day_1, row.day_2)
        self.holds.append(pause)
        for rule in json.loads(row.text):
            self.pauses[rule] = (*self.pauses.get(rule, ()), pause)
        if row.day_2 is None:
            self.open_pause = f.OpenPause(row.item_id, row.day_1, row.day_3)

    def _take_extension(self, row: Row[Any]) -> None:
        self.extensions[row.other_id] = (*self.extensions.get(row.other_id, ()), Extension(row.day_1, row.day_2))

    def _take_statement(self, row: Row[Any]) -> None:
        latest = self.statements.get(row.code)
        if latest is None or latest[0] <= row.at:
            stated = Stated(row.item_id, row.code, Answer(row.text), row.day_1, bool(row.flag))
            self.statements[row.code] = (row.at, stated)

    def _take_told(self, row: Row[Any]) -> None:
        self.told.append(f.Told(f.Audience(row.text), row.code, bool(row.flag), row.other_id))

    def _take_step(self, row: Row[Any]) -> None:
        self.reached[row.code].add(row.other_id)
        if not row.flag:
            self.answered[row.code].add(row.other_id)


def _facts(row: Row[Any], gathered: _Gathered) -> f.ReviewFacts:
    return f.ReviewFacts(
        review_id=row.id,
        reference=row.reference,
        stage=Stage(row.stage),
        version=row.version,
        moves_made=row.moves_made,
        rule_set=row.rule_set,
        rule_set_version=row.rule_set_version,
        notified_in_system_on=london_date(row.notified_at),
        lead_partnership_named=row.lead_named,
        aware_recorded=row.aware > 0,
        agencies_asked=row.asked,
        other_reviews_considered=row.others > 0,
        decision=row.decision,
        family_to_tell=row.family_to_tell,
        family_barred=row.family_barred,
        told=tuple(gathered.told),
        statements={name: stated for name, (_, stated) in gathered.statements.items()},
        outstanding=tuple(gathered.outstanding),
        clocks=tuple(gathered.clocks),
        duties=tuple(gathered.duties),
        open_pause=gathered.open_pause,
        deferred_until=row.deferred_until,
        holds=tuple(gathered.holds),
        pauses=gathered.pauses,
        extensions=gathered.extensions,
        **record_facts.groups(row, _counted(gathered.reached), _counted(gathered.answered)),
    )


def _counted(members: dict[str, set[UUID]]) -> dict[str, int]:
    return {kind: len(reached) for kind, reached in members.items()}
