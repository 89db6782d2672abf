"""Conditions are answered by dated statements of named persons: done, does not apply, or could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import clocks, paper_rests
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.scene import Look, Scene, changing, looking
from dhr_app.database.models.account import Membership
from dhr_app.database.models.review import MoveMade
from dhr_app.database.models.statement import Statement
from dhr_app.database.session import NamedSession
from dhr_app.workflows.answers import WHY_NOT_APPLICABLE, Answer
from dhr_app.workflows.conditions import CONDITIONS, Condition
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.lifecycle import moves_from, needs
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import Stage

AUTHOR_S_OWN = "Somebody else stated this: they take it back themselves, or ask the chair or the coordinator to."
CHAIR_S_OWN = "The independent chair stated this: they take it back themselves, or ask the coordinator to."


@dataclass(frozen=True)
class StatementEntry:
    """What the form of a statement says. `stated_by` is a member of staff; `evidence` is sealed.

    `about` is the stage that two people agree to, where they agree to one.
    """

    answer: str = ""
    stated_by: str = ""
    stated_on: date | None = None
    reason_code: str = ""
    evidence: str = ""
    about: str = ""


def state(reference: str, name: str, entry: StatementEntry, *, by: Person, at: datetime) -> None:
    """Answer a condition. A statement about files signs the current papers, and waits until all three are final.

    Raises OutOfReach for an unknown one, NotAllowed, or Invalid with what is missing.
    """
    condition = known_condition(name)
    with changing(reference, "statement.make", by=by, at=at) as scene:
        if by.role not in condition.stated_by:
            raise NotAllowed("statement.make", "This is for somebody else to state: the page says who.")
        if condition not in asked_at(scene):
            raise Invalid({"answer": "This is not asked at the review’s stage."})
        answer = _checked(scene, condition, entry)
        row = Statement(
            review_id=scene.review.id,
            condition=name,
            answer=answer.value,
            stated_by=entry.stated_by.strip(),
            stated_on=entry.stated_on,
            reason_code=entry.reason_code if answer is Answer.DOES_NOT_APPLY else None,
            about=entry.about if condition.stage else None,
            organisations=[],
            file_hashes=paper_rests.signed_hashes(paper_rests.current_papers(scene)) if condition.files else [],
            recorded_by_id=by.id,
            recorded_at=at,
            counts=not condition.two_people and answer is not Answer.COULD_NOT_BE_DONE,
            evidence=entry.evidence.strip() or None,
        )
        scene.session.add(row)
        scene.record(Happened.STATEMENT_MADE, on=row.stated_on, subject=row, condition=name, answer=answer.value)
        _meet(scene, row)


def check(reference: str, name: str, entry: StatementEntry, *, by: Person, at: datetime) -> None:
    """Raise Invalid with whatever `state` would find missing or wrong in the entry; nothing is stated."""
    with looking(reference, "statement.see", by=by, at=at) as look:
        _checked(look, known_condition(name), entry)


def second(reference: str, statement_id: UUID, *, by: Person, at: datetime) -> None:
    """Agree, as a second person, to a statement that needs two.

    Raises NotAllowed for whoever recorded it, and Invalid where nobody's agreement is waited for or the condition is
    not asked at the review's stage.
    """
    with changing(reference, "statement.second", by=by, at=at) as scene:
        row = _row(scene, statement_id)
        _must_be_asked(scene, row)
        if not CONDITIONS[row.condition].two_people or row.counts:
            raise Invalid({"statement": "This statement waits for nobody’s agreement."})
        _not_the_same(row, by, "statement.second", "Two people are asked for: somebody else must agree.")
        row.second_id, row.seconded_at, row.counts = by.id, at, True
        scene.record(Happened.STATEMENT_SECONDED, subject=row, condition=row.condition)
        _meet(scene, row)


def accept(reference: str, statement_id: UUID, *, by: Person, at: datetime) -> None:
    """Accept that something could not be done.

    Raises NotAllowed for whoever said so, nobody excuses themselves, and Invalid where nobody's acceptance is waited
    for or the condition is not asked at the review's stage.
    """
    with changing(reference, "statement.accept", by=by, at=at) as scene:
        row = _row(scene, statement_id)
        _must_be_asked(scene, row)
        if row.answer != Answer.COULD_NOT_BE_DONE.value or row.counts:
            raise Invalid({"statement": "This statement waits for nobody’s acceptance."})
        _not_the_same(row, by, "statement.accept", "You recorded this yourself: somebody else must accept it.")
        row.second_id, row.seconded_at, row.counts = by.id, at, True
        scene.record(Happened.STATEMENT_ACCEPTED, subject=row, condition=row.condition)


def withdraw(reference: str, statement_id: UUID, *, by: Person, at: datetime) -> None:
    """Take back a statement; it stays readable.

    An author takes back what they stated themselves, and what the review's chair stated is for a chair of it or a
    coordinator. Raises NotAllowed; Invalid once a move made since rests on its condition, asked afresh or not, and
    where the condition is not asked at the review's stage.
    """
    with changing(reference, "statement.make", by=by, at=at) as scene:
        row = _row(scene, statement_id)
        if by.role not in CONDITIONS[row.condition].stated_by:
            raise NotAllowed("statement.make", "This is for somebody else to state, and to take back.")
        if sentence := not_theirs(scene.session, row, by):
            raise NotAllowed("statement.make", sentence)
        if rested_on(row, last_rested_on(scene.session, row.review_id, row.condition)):
            raise Invalid({"statement": "A move rests on this statement: it cannot be taken back."})
        _must_be_asked(scene, row)
        row.withdrawn_at = at
        scene.record(Happened.STATEMENT_WITHDRAWN, subject=row, condition=row.condition)


def not_theirs(session: NamedSession, row: Statement, by: Person) -> str:
    """Why a statement is not this person's to take back, in a sentence; empty where it is (decision 43)."""
    if by.id == row.recorded_by_id or by.role in (Role.COORDINATOR, Role.INDEPENDENT_CHAIR):
        return ""
    if by.role is Role.REPORT_AUTHOR:
        return AUTHOR_S_OWN
    chairs = select(Membership.id).where(
        Membership.review_id == row.review_id,
        Membership.account_id == row.recorded_by_id,
        Membership.role == Role.INDEPENDENT_CHAIR.value,
    )
    return CHAIR_S_OWN if session.scalar(chairs.limit(1)) is not None else ""


def asked_at(scene: Scene) -> set[Condition]:
    """The conditions that statements can answer at the review’s stage."""
    return conditions_asked(Stage(scene.review.stage), scene.rule_set)


def conditions_asked(stage: Stage, rule_set: RuleSet) -> set[Condition]:
    """The conditions that the moves from a stage ask under a rule set."""
    return {need for move in moves_from(stage, rule_set) for need in needs(move, rule_set)}


def known_condition(name: str) -> Condition:
    """The condition of this name. Raises OutOfReach for one that the rule book does not know."""
    if name not in CONDITIONS:
        raise OutOfReach
    return CONDITIONS[name]


def _checked(scene: Scene | Look, condition: Condition, entry: StatementEntry) -> Answer:
    faults = not_in_future(scene.today, stated_on=entry.stated_on)
    faults |= filled("stated_by", entry.stated_by, "Say who states this: the name and post of a member of staff.")
    if entry.stated_on is None:
        faults["stated_on"] = "Give the day."
    if entry.answer not in tuple(Answer):
        raise Invalid({**faults, "answer": "Choose an answer."})
    answer = Answer(entry.answer)
    if not condition.accepts(answer):
        faults["answer"] = (
            "This is answered on its own page, by its record." if answer is Answer.DONE else "Only “done” will do here."
        )
    if answer is Answer.DOES_NOT_APPLY and entry.reason_code not in WHY_NOT_APPLICABLE:
        faults["reason_code"] = "Say why it does not apply."
    if answer is Answer.DONE:
        faults |= filled("evidence", entry.evidence, "Say what shows it, and where it is kept.")
        if condition.stage and entry.about not in tuple(Stage):
            faults["about"] = "Say which stage you agree to."
        faults |= _files(scene, condition)
    if answer is Answer.COULD_NOT_BE_DONE:
        faults |= filled("evidence", entry.evidence, "Say what was tried.")
    if faults:
        raise Invalid(faults)
    return answer


def _files(scene: Scene | Look, condition: Condition) -> dict[str, str]:
    wrong = paper_rests.not_to_be_signed(paper_rests.current_papers(scene)) if condition.files else ""
    return {"files": wrong} if wrong else {}


def _meet(scene: Scene, row: Statement) -> None:
    if row.counts and row.answer == Answer.DONE.value:
        clocks.happened(scene, f"answered:{row.condition}", row.stated_on)


def _not_the_same(row: Statement, by: Person, permission: str, sentence: str) -> None:
    if by.id == row.recorded_by_id:
        raise NotAllowed(permission, sentence)


def _row(scene: Scene, statement_id: UUID) -> Statement:
    row = scene.session.get(Statement, statement_id)
    if row is None or row.review_id != scene.review.id or row.withdrawn_at is not None:
        raise OutOfReach
    return row


def _must_be_asked(scene: Scene, row: Statement) -> None:
    if CONDITIONS[row.condition] not in asked_at(scene):
        raise Invalid({"statement": "This is not asked at the review’s stage."})
    if row.voided_on is not None:
        raise Invalid({"statement": paper_rests.void_because(row.voided_on, row.voided_because)})


def last_rested_on(session: NamedSession, review_id: UUID, condition: str) -> datetime | None:
    """When the review's latest move was recorded that rested on an answer to the condition, whatever answered it."""
    moves = session.execute(
        select(MoveMade.recorded_at, MoveMade.answers).where(MoveMade.review_id == review_id).order_by(MoveMade.seq)
    )
    return max((move.recorded_at for move in moves if condition in move.answers), default=None)


def rested_on(row: Statement, rested: datetime | None) -> bool:
    """Whether a move used the statement up, or was made since and rested on its condition."""
    return row.used_by is not None or (rested is not None and rested >= row.recorded_at)
