"""The life of a review is a table: every move, where it starts and ends, whose decision, what must be true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from transitions import Machine

from dhr_app.workflows import conditions as c
from dhr_app.workflows import duties as d
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import Condition
from dhr_app.workflows.duties import Duty
from dhr_app.workflows.errors import NotYet, Reason
from dhr_app.workflows.facts import ReviewFacts
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import ANY, MAIN_LINE, OPEN, Stage

# fmt: off
NOTIFICATION, SCOPING, PANEL, CHAIR_REPORT = Stage.NOTIFICATION, Stage.SCOPING, Stage.PANEL, Stage.CHAIR_REPORT
HOME_OFFICE_QA, PUBLICATION, SEMINAR, CLOSED = Stage.HOME_OFFICE_QA, Stage.PUBLICATION, Stage.SEMINAR, Stage.CLOSED
NOT_REVIEWED, TRANSFERRED, WITHDRAWN, VOID = Stage.NOT_REVIEWED, Stage.TRANSFERRED, Stage.WITHDRAWN, Stage.VOID
# fmt: on


class Decider(StrEnum):
    """Whose decision a move is; who may record it follows from this (permissions.MAY_RECORD)."""

    COORDINATOR = "coordinator"
    DECIDING_BODY = "deciding_body"
    SECRETARY_OF_STATE = "secretary_of_state"
    INDEPENDENT_CHAIR = "independent_chair"
    PARTNERSHIP = "partnership"
    HOME_OFFICE = "home_office"
    STEERING_CHAIR = "steering_chair"
    CHAIR_OR_PARTNERSHIP = "chair_or_partnership"

    @property
    def label(self) -> str:
        """The decider's name on screen."""
        return DECIDER_LABELS[self]


DECIDER_LABELS = {
    Decider.COORDINATOR:          "Coordinator",
    Decider.DECIDING_BODY:        "Deciding body of the partnership",
    Decider.SECRETARY_OF_STATE:   "Secretary of State",
    Decider.INDEPENDENT_CHAIR:    "Independent chair",
    Decider.PARTNERSHIP:          "Partnership",
    Decider.HOME_OFFICE:          "Home Office",
    Decider.STEERING_CHAIR:       "Steering group chair",
    Decider.CHAIR_OR_PARTNERSHIP: "Independent chair or partnership",
}  # fmt: skip


class Ask(StrEnum):
    """What the move's own form asks for, beside who decided, when, and the evidence."""

    REASON = "reason"
    AWAITED = "awaited"
    REVIEW_BY = "review_by"
    WHO_WAS_ASKED = "who_was_asked"
    CLOCKS = "clocks"
    ENDED_BY = "ended_by"
    NEW_DATE = "new_date"
    RECEIVER = "receiver"
    TARGET = "target"
    AS_AT = "as_at"


@dataclass(frozen=True)
class Move:
    """One row of the table. `targets` is empty where the stage stays; more than one where the form asks which."""

    name: str
    source: frozenset[Stage]
    targets: tuple[Stage, ...]
    who: Decider
    needs: tuple[Condition, ...]
    duties: tuple[Duty, ...] = ()
    asks: tuple[Ask, ...] = ()
    button: str = field(default="", compare=False)
    happened: str = field(default="", compare=False)

    @property
    def stays(self) -> bool:
        """Whether the move leaves the stage as it is."""
        return not self.targets


SUBMITTED = (
    c.final_papers_on_file, c.accuracy_checked, c.family_offered_reading, c.report_agreed,
    c.action_plan_complete, c.joint_bodies_agreed, c.anonymity_checked,
)  # fmt: skip
FINISHED_LOCALLY = (
    c.final_papers_on_file, c.family_offered_reading, c.report_agreed, c.action_plan_complete, c.anonymity_checked,
)  # fmt: skip
BEGUN = (
    c.chair_appointed, c.independence_declared, c.specialist_on_panel, c.terms_agreed,
    c.every_imr_settled, c.family_offered_part,
)  # fmt: skip
CLEARED = (
    c.clearance_letter_on_file, c.letter_points_answered, c.revised_papers_on_file, c.family_told_of_changes,
)  # fmt: skip
PUBLISHED = (
    c.anonymity_checked, c.family_told_of_publication, c.agencies_told_of_publication, c.commissioner_sent_copy,
    c.publication_approved,
)  # fmt: skip
ENDED = (
    c.briefing_issued, c.learning_shared, c.local_actions_signed_off, c.national_recommendations_sent,
    c.family_told_what_changed, c.retention_date_set,
)  # fmt: skip
REPLACED = (
    c.access_ended, c.papers_returned, c.interim_holder_named, c.new_independence_declared, c.family_told,
)  # fmt: skip

FROM_THE_PANEL = frozenset({PANEL, CHAIR_REPORT, HOME_OFFICE_QA, PUBLICATION})
EVERY_STAGE = tuple(Stage)


def _at(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_TABLE = (
    # name, from, to, whose decision, what must be true first, duties it starts, what its form asks
    Move("begin_scoping",         _at(NOTIFICATION), (SCOPING,), Decider.COORDINATOR,
         (c.lead_partnership_named, c.aware_date_recorded, c.an_agency_asked),
         button="Begin scoping", happened="Scoping began"),
    Move("defer",                 _at(SCOPING), (), Decider.DECIDING_BODY, (),
         asks=(Ask.AWAITED, Ask.REVIEW_BY),
         button="Defer the decision", happened="The decision was deferred"),
    Move("commission",            _at(SCOPING), (PANEL,), Decider.DECIDING_BODY,
         (c.every_return_settled, c.other_reviews_considered, c.decided_to_review), d.DECISION,
         button="Commission the review", happened="The review was commissioned"),
    Move("decide_not_to_review",  _at(SCOPING), (NOT_REVIEWED,), Decider.DECIDING_BODY,
         (c.decided_not_to_review,), d.DECISION,
         button="Decide not to review", happened="It was decided not to review"),
    Move("direct",                _at(NOTIFICATION, SCOPING, NOT_REVIEWED, WITHDRAWN), (PANEL,),
         Decider.SECRETARY_OF_STATE, (c.direction_on_file,), (d.FAMILY_TOLD, d.NOTIFIER_TOLD, d.AGENCIES_TOLD),
         button="Record a direction to review", happened="The Secretary of State directed a review"),
    Move("reconsider",            _at(NOT_REVIEWED), (SCOPING,), Decider.DECIDING_BODY, (),
         (d.HOME_OFFICE_TOLD, d.FAMILY_TOLD), (Ask.REASON,),
         button="Reconsider the decision", happened="The decision not to review is being reconsidered"),
    Move("begin_report",          _at(PANEL), (CHAIR_REPORT,), Decider.INDEPENDENT_CHAIR, BEGUN,
         button="Begin the chair’s report", happened="Work on the chair’s report began"),
    Move("submit_to_home_office", _at(CHAIR_REPORT), (HOME_OFFICE_QA,), Decider.PARTNERSHIP, SUBMITTED,
         button="Submit to the Home Office", happened="The report was submitted to the Home Office"),
    Move("send_back",             _at(HOME_OFFICE_QA), (CHAIR_REPORT,), Decider.HOME_OFFICE,
         (c.resubmission_letter_on_file,), (d.FAMILY_TOLD, d.PANEL_TOLD),
         button="Record that the Home Office asks to resubmit",
         happened="The Home Office asked for the report to be resubmitted"),
    Move("clear",                 _at(HOME_OFFICE_QA), (PUBLICATION,), Decider.HOME_OFFICE,
         CLEARED, (d.COMMISSIONER,),
         button="Record that the report may be published",
         happened="The Home Office said the report may be published"),
    Move("publish",               _at(PUBLICATION), (SEMINAR,), Decider.STEERING_CHAIR,
         PUBLISHED, (d.HOME_OFFICE_TOLD,),
         button="Publish the report", happened="The report was published"),
    Move("withhold",              _at(PUBLICATION), (SEMINAR,), Decider.PARTNERSHIP,
         (c.family_view_recorded, c.home_office_told, c.commissioner_sent_copy), asks=(Ask.REASON,),
         button="Withhold the report", happened="The report was withheld from publication"),
    Move("take_down",             _at(SEMINAR, CLOSED), (), Decider.COORDINATOR, (),
         (d.CHAIR_TOLD, d.HOME_OFFICE_TOLD, d.FAMILY_TOLD), (Ask.REASON,),
         button="Take the report down", happened="The published report was taken down"),
    Move("publish_again",         _at(SEMINAR, CLOSED), (), Decider.STEERING_CHAIR,
         (c.anonymity_checked, c.family_told),
         button="Publish the report again", happened="The report was published again"),
    Move("finish_local",          _at(CHAIR_REPORT), (SEMINAR,), Decider.PARTNERSHIP, FINISHED_LOCALLY,
         button="Finish the local review", happened="The local review was finished"),
    Move("close",                 _at(SEMINAR), (CLOSED,), Decider.STEERING_CHAIR, ENDED,
         button="Close the review", happened="The review was closed"),
    Move("begin_contribution",    _at(NOTIFICATION), (PANEL,), Decider.COORDINATOR,
         (c.lead_partnership_named, c.contribution_asked_for),
         button="Begin our contribution", happened="Our contribution to another partnership’s review began"),
    Move("close_contribution",    _at(PANEL), (CLOSED,), Decider.COORDINATOR,
         (c.every_imr_settled, c.local_actions_signed_off),
         button="Close our contribution", happened="Our contribution to another partnership’s review was closed"),
    Move("reopen",                _at(CLOSED), (SEMINAR, PUBLICATION, CHAIR_REPORT), Decider.STEERING_CHAIR, (),
         asks=(Ask.REASON, Ask.TARGET),
         button="Reopen the review", happened="The review was reopened"),
    Move("transfer",              ANY - _at(TRANSFERRED, VOID), (TRANSFERRED,), Decider.COORDINATOR,
         (c.receiver_acknowledged, c.handed_over_by_list, c.family_told), asks=(Ask.RECEIVER,),
         button="Transfer to another partnership", happened="The review was transferred to another partnership"),
    Move("withdraw",              OPEN, (WITHDRAWN,), Decider.DECIDING_BODY,
         (c.home_office_told, c.family_told, c.panel_told, c.agencies_told), asks=(Ask.REASON,),
         button="Withdraw the review", happened="The review was withdrawn"),
    Move("void",                  _at(NOTIFICATION), (VOID,), Decider.COORDINATOR, (c.agreed_to_void,),
         asks=(Ask.REASON,),
         button="Mark this record as entered in error", happened="The record was marked as entered in error"),
    Move("bring_in",              _at(NOTIFICATION), EVERY_STAGE, Decider.COORDINATOR,
         (c.earlier_steps_marked, c.agreed_to_bring_in), asks=(Ask.TARGET, Ask.AS_AT),
         button="Bring in a review that began before this system",
         happened="The review was brought in from before this system"),
    Move("pause",                 OPEN, (), Decider.CHAIR_OR_PARTNERSHIP,
         (c.not_on_hold, c.panel_told, c.family_told),
         asks=(Ask.WHO_WAS_ASKED, Ask.REASON, Ask.CLOCKS, Ask.REVIEW_BY),
         button="Put on hold", happened="The review was put on hold"),
    Move("keep_hold",             OPEN, (), Decider.CHAIR_OR_PARTNERSHIP, (c.is_on_hold,),
         asks=(Ask.WHO_WAS_ASKED, Ask.REASON, Ask.REVIEW_BY),
         button="Keep the hold", happened="The hold was looked at and kept"),
    Move("resume",                OPEN, (), Decider.CHAIR_OR_PARTNERSHIP, (c.is_on_hold, c.family_told),
         asks=(Ask.ENDED_BY,),
         button="Resume", happened="The review was resumed"),
    Move("extend",                OPEN, (), Decider.STEERING_CHAIR, (c.home_office_told, c.family_told),
         asks=(Ask.REASON, Ask.NEW_DATE),
         button="Extend a date", happened="A date was extended"),
    Move("replace_chair",         FROM_THE_PANEL, (), Decider.COORDINATOR, REPLACED, asks=(Ask.REASON,),
         button="Replace the chair", happened="The chair was replaced"),
    Move("correct_stage",         ANY, EVERY_STAGE, Decider.COORDINATOR, (c.agreed_to_correct,),
         asks=(Ask.REASON, Ask.TARGET),
         button="Correct the stage", happened="The stage was corrected"),
)  # fmt: skip

MOVES = {move.name: move for move in _TABLE}

# Moves that make sense only while the review is not on hold, or only while it is.
HOLDING = {"pause": False, "keep_hold": True, "resume": True}


def needs(move: Move, rule_set: RuleSet) -> tuple[Condition, ...]:
    """What must be true before the move under this rule set."""
    return tuple(condition for condition in move.needs if condition.name not in rule_set.without)


def duties(move: Move, rule_set: RuleSet) -> tuple[Duty, ...]:
    """What the move obliges somebody to do afterwards under this rule set."""
    return tuple(duty for duty in move.duties if duty.name not in rule_set.without)


def moves_from(stage: Stage, rule_set: RuleSet) -> tuple[Move, ...]:
    """The moves that start at this stage under this rule set, in the table's order."""
    return tuple(move for move in _TABLE if stage in move.source and move.name not in rule_set.without_moves)


def moves_now(facts: ReviewFacts, rule_set: RuleSet) -> tuple[Move, ...]:
    """The moves that a page offers of those that start here: a review on hold is not put on hold again."""
    on_hold = facts.open_pause is not None
    return tuple(move for move in moves_from(facts.stage, rule_set) if HOLDING.get(move.name, on_hold) is on_hold)


def arrivals(stage: Stage, rule_set: RuleSet) -> tuple[Move, ...]:
    """The moves whose only target is this stage under the rule set, in the table's order."""
    return tuple(move for move in _TABLE if move.targets == (stage,) and move.name not in rule_set.without_moves)


def stages_of(rule_set: RuleSet) -> tuple[Stage, ...]:
    """The main line under this rule set: its beginning, and every stage that a move of its own leads to."""
    return tuple(stage for stage in MAIN_LINE if stage is NOTIFICATION or arrivals(stage, rule_set))


def targets(move: Move, rule_set: RuleSet) -> tuple[Stage, ...]:
    """Where the move may lead under this rule set: of a choice, only the stages that its own moves reach."""
    if len(move.targets) < 2:
        return move.targets
    reached = {NOTIFICATION} | {
        each.targets[0] for each in _TABLE if len(each.targets) == 1 and each.name not in rule_set.without_moves
    }
    return tuple(target for target in move.targets if target in reached)


def still_needed(facts: ReviewFacts, move: Move, rule_set: RuleSet) -> tuple[Reason, ...]:
    """Everything that is missing before the move can be made; empty when it is ready."""
    return tuple(need.reason() for need in needs(move, rule_set) if need.answer(facts, move.name) is None)


def answers_used(facts: ReviewFacts, move: Move, rule_set: RuleSet) -> dict[str, Answer]:
    """How each condition of a ready move stands answered, for the record of the move and for figures."""
    found = {need.name: need.answer(facts, move.name) for need in needs(move, rule_set)}
    return {name: answer for name, answer in found.items() if answer is not None}


class Journey:
    """The little object the state machine moves: a stage, the facts and the rule set it is judged by."""

    def __init__(self, facts: ReviewFacts, rule_set: RuleSet, move: Move, target: Stage | None) -> None:
        self.state = facts.stage
        self.facts = facts
        self.rule_set = rule_set
        self.move = move
        self.target = target


def _allowed(event: Any) -> bool:
    journey: Journey = event.model
    named = journey.move.name == event.event.name and journey.move.name not in journey.rule_set.without_moves
    return named and not still_needed(journey.facts, journey.move, journey.rule_set)


def _chosen(stage: Stage) -> Any:
    def chosen(event: Any) -> bool:
        journey: Journey = event.model
        return journey.target is stage

    chosen.__name__ = f"to_{stage.value}"
    return chosen


def _rows(moves: Iterable[Move]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for move in moves:
        for source in sorted(move.source):
            for target in move.targets or (source,):
                asked = [_allowed, _chosen(target)] if len(move.targets) > 1 else [_allowed]
                rows.append({"trigger": move.name, "source": source, "dest": target, "conditions": asked})
    return rows


# One machine for all reviews; it never keeps a model, journeys pass through it.
MACHINE = Machine(
    model=None,
    states=list(Stage),
    transitions=_rows(_TABLE),
    initial=NOTIFICATION,
    auto_transitions=False,
    send_event=True,
)


def destination(facts: ReviewFacts, move: Move, rule_set: RuleSet, *, target: Stage | None = None) -> Stage:
    """The stage the move leads to.

    Raises NotYet with every missing thing when the move is not ready, does not start at the review's stage, or
    does not exist under the rule set; and when a chosen target is not one of the move's.
    """
    if facts.stage not in move.source or move.name in rule_set.without_moves:
        raise NotYet(move.name, (_not_from_here(facts, move),))
    missing = still_needed(facts, move, rule_set)
    if missing:
        raise NotYet(move.name, missing)
    if len(move.targets) > 1 and target not in targets(move, rule_set):
        raise NotYet(move.name, (Reason("target", "Say which stage the review goes to."),))
    journey = Journey(facts, rule_set, move, target)
    MACHINE.events[move.name].trigger(journey)
    return Stage(journey.state)


def _not_from_here(facts: ReviewFacts, move: Move) -> Reason:
    return Reason("stage", f"“{move.button}” cannot be done at the stage “{facts.stage.label}”.")
