"""The decision, prepared for the deciding body: which way, on what criteria, why; a move then uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from dhr_app.casework.checks import filled
from dhr_app.casework.scene import Look, Scene, changing, looking, same_version
from dhr_app.database.models.decision import Decision
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Invalid, NotYet, Reason
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.wording import DECISIONS

# A decision written here can still be used by a move: commission, or decide not to review.
BEFORE_THE_DECISION = frozenset({Stage.NOTIFICATION, Stage.SCOPING})


@dataclass(frozen=True)
class DecisionEntry:
    """What the form of a decision says. `criteria` are keys of the rule set’s list for this kind of decision."""

    kind: str = ""
    criteria: tuple[str, ...] = ()
    reasons: str = ""


@dataclass(frozen=True)
class DecisionTaken:
    """A decision that a move has used, in words: the move’s own day is in the timeline.

    `met` are the criteria for a review that are met, `against` the grounds on which there is none.
    """

    kind: str
    met: tuple[str, ...]
    against: tuple[str, ...]
    reasons: str
    prepared_on: date


@dataclass(frozen=True)
class DecisionPage:
    """The decision that waits to be used by a move, opened (version 0 where there is none), and those used before."""

    reference: str
    version: int
    entry: DecisionEntry
    criteria: tuple[tuple[str, str], ...]
    reasons_not_to: tuple[tuple[str, str], ...]
    may_change: bool
    taken: tuple[DecisionTaken, ...]
    others_considered: bool


def prepare_decision(reference: str, entry: DecisionEntry, version: int, *, by: Person, at: datetime) -> None:
    """Write or correct the decision that the next move will use.

    Raises NotYet where the decision is made already, Stale with both texts, Invalid.
    """
    with changing(reference, "decision.change", by=by, at=at) as scene:
        scene.must_be_open()
        _must_be_before_it(scene)
        row = _waiting(scene.session, scene.review.id)
        faults = _faults(entry, scene.rule_set)
        if row is not None:
            same_version(row, version, theirs=_texts(_entry(row)), yours=_texts(entry))
        if faults:
            raise Invalid(faults)
        if row is None:
            row = Decision(review_id=scene.review.id, kind=entry.kind, criteria=[], prepared_on=scene.today)
            scene.session.add(row)
        row.kind, row.criteria, row.prepared_on = entry.kind, list(entry.criteria), scene.today
        row.reasons = entry.reasons.strip()
        scene.record(Happened.DECISION_RECORDED, subject=row, label=DECISIONS[entry.kind].lower())


def open_decision(reference: str, *, by: Person, at: datetime) -> DecisionPage:
    """The decision in preparation, opened. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "decision.see", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as look:
        row = _waiting(look.session, look.review.id)
        before_it = Stage(look.review.stage) in BEFORE_THE_DECISION
        return DecisionPage(
            reference,
            row.version if row else 0,
            _entry(row) if row else DecisionEntry(),
            tuple((one.key, one.sentence) for one in look.rule_set.criteria),
            tuple((one.key, one.sentence) for one in look.rule_set.not_reviewed_reasons),
            look.may("decision.change") and before_it,
            _taken(look),
            look.facts().other_reviews_considered,
        )


def _must_be_before_it(scene: Scene) -> None:
    stage = Stage(scene.review.stage)
    if stage not in BEFORE_THE_DECISION:
        said = f"The review is at “{stage.label}”: a decision is written down at notification or scoping."
        raise NotYet("change", (Reason("stage", said),))


def _taken(look: Look) -> tuple[DecisionTaken, ...]:
    met = {one.key: one.sentence for one in look.rule_set.criteria}
    against = {one.key: one.sentence for one in look.rule_set.not_reviewed_reasons}
    rows = select(Decision).where(Decision.review_id == look.review.id, Decision.used_by.is_not(None))
    return tuple(
        DecisionTaken(
            row.kind,
            tuple(met.get(key, key) for key in row.criteria if key not in against),
            tuple(against[key] for key in row.criteria if key in against),
            row.reasons or "",
            row.prepared_on,
        )
        for row in look.session.scalars(rows.order_by(Decision.used_by.desc()))
    )


def _waiting(session: NamedSession, review_id: object) -> Decision | None:
    rows = select(Decision).where(Decision.review_id == review_id, Decision.used_by.is_(None))
    return session.scalars(rows.order_by(Decision.prepared_on.desc(), Decision.id)).first()


def _grounds(rule_set: RuleSet) -> dict[str, str]:
    """Every ground of the rule set by its key, in its sentence."""
    return {one.key: one.sentence for one in (*rule_set.criteria, *rule_set.not_reviewed_reasons)}


def _faults(entry: DecisionEntry, rule_set: RuleSet) -> dict[str, str]:
    met = {one.key for one in rule_set.criteria}
    against = {one.key for one in rule_set.not_reviewed_reasons}
    offered = {"review": met, "not_review": met | against}
    faults = filled("reasons", entry.reasons, "Give the reasons: the Home Office and the family may ask.")
    if entry.kind not in DECISIONS:
        faults["kind"] = "Say whether to review or not."
    elif entry.kind == "review" and not entry.criteria:
        faults["criteria"] = "Tick at least one ground on which the decision rests."
    elif strange := [key for key in entry.criteria if key not in offered[entry.kind]]:
        named = " ".join(f"“{_grounds(rule_set).get(key, key)}”" for key in strange)
        faults["criteria"] = f"This does not belong to a decision {DECISIONS[entry.kind].lower()}: {named}"
    elif entry.kind == "not_review" and not against.intersection(entry.criteria):
        faults["against"] = "Tick the ground on which there is to be no review: the family will be told it."
    return faults


def _entry(row: Decision) -> DecisionEntry:
    return DecisionEntry(row.kind, tuple(row.criteria), row.reasons or "")


def _texts(entry: DecisionEntry) -> dict[str, str]:
    return {"kind": entry.kind, "criteria": ", ".join(entry.criteria), "reasons": entry.reasons}
