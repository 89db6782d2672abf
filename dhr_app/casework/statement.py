"""Conditions are answered by dated statements of named persons: done, does not apply, or could not be done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import clocks
from dhr_app.casework.checks import filled, not_in_future
from dhr_app.casework.partnership import the_quorum
from dhr_app.casework.scene import Scene, changing, looking
from dhr_app.database.models.account import Account
from dhr_app.database.models.statement import Statement
from dhr_app.database.session import NamedSession
from dhr_app.workflows.answers import WHY_NOT_APPLICABLE, Answer
from dhr_app.workflows.conditions import CONDITIONS, Condition
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.lifecycle import moves_from, needs
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import Stage

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StatementEntry:
    """What the form of a statement says. `stated_by` is a member of staff; `evidence` is sealed.

    `organisations` are those present at the meeting; with `by_circulation` the body agreed without one, and it was
    reported to its next. `files` are the SHA-256 of exactly the files the statement is about.
    """

    answer: str = ""
    stated_by: str = ""
    stated_on: date | None = None
    reason_code: str = ""
    evidence: str = ""
    organisations: tuple[str, ...] = ()
    by_circulation: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class StatementShown:
    """A statement as a page shows it, opened; `awaits` says whose agreement is still needed."""

    id: UUID
    answer: Answer
    stated_by: str
    stated_on: date
    recorded_by: str
    reason: str
    evidence: str
    organisations: int
    files: tuple[str, ...]
    awaits: str
    seconded_by: str
    withdrawn: bool
    used: bool
    may_second: bool
    may_accept: bool


@dataclass(frozen=True)
class ConditionPage:
    """One condition with everything that was stated about it, newest first."""

    reference: str
    condition: Condition
    statements: tuple[StatementShown, ...]
    may_state: bool
    may_withdraw: bool
    quorum: int


def state(reference: str, name: str, entry: StatementEntry, *, by: Person, at: datetime) -> None:
    """Answer a condition. Raises OutOfReach for an unknown one, NotAllowed, or Invalid with what is missing."""
    condition = _condition(name)
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
            organisations=["by_circulation"] if entry.by_circulation else list(entry.organisations),
            file_hashes=list(entry.files) if condition.files else [],
            recorded_by_id=by.id,
            recorded_at=at,
            counts=not condition.two_people and answer is not Answer.COULD_NOT_BE_DONE,
            evidence=entry.evidence.strip() or None,
        )
        scene.session.add(row)
        scene.record(Happened.STATEMENT_MADE, on=row.stated_on, subject=row, condition=name, answer=answer.value)
        _meet(scene, row)


def second(reference: str, statement_id: UUID, *, by: Person, at: datetime) -> None:
    """Agree, as a second person, to a statement that needs two. Raises NotAllowed for whoever recorded it."""
    with changing(reference, "statement.second", by=by, at=at) as scene:
        row = _row(scene, statement_id)
        if not CONDITIONS[row.condition].two_people or row.counts:
            raise Invalid({"statement": "This statement waits for nobody’s agreement."})
        _not_the_same(row, by, "statement.second", "Two people are asked for: somebody else must agree.")
        row.second_id, row.seconded_at, row.counts = by.id, at, True
        scene.record(Happened.STATEMENT_SECONDED, subject=row, condition=row.condition)
        _meet(scene, row)


def accept(reference: str, statement_id: UUID, *, by: Person, at: datetime) -> None:
    """Accept that something could not be done. Raises NotAllowed for whoever said so: nobody excuses themselves."""
    with changing(reference, "statement.accept", by=by, at=at) as scene:
        row = _row(scene, statement_id)
        if row.answer != Answer.COULD_NOT_BE_DONE.value or row.counts:
            raise Invalid({"statement": "This statement waits for nobody’s acceptance."})
        _not_the_same(row, by, "statement.accept", "You recorded this yourself: somebody else must accept it.")
        row.second_id, row.seconded_at, row.counts = by.id, at, True
        scene.record(Happened.STATEMENT_ACCEPTED, subject=row, condition=row.condition)


def withdraw(reference: str, statement_id: UUID, *, by: Person, at: datetime) -> None:
    """Take back a statement that no move has used; it stays readable. Raises Invalid once a move rests on it."""
    with changing(reference, "statement.make", by=by, at=at) as scene:
        row = _row(scene, statement_id)
        if row.used_by is not None:
            raise Invalid({"statement": "A move rests on this statement: it cannot be taken back."})
        row.withdrawn_at = at
        scene.record(Happened.STATEMENT_WITHDRAWN, subject=row, condition=row.condition)


def condition_page(reference: str, name: str, *, by: Person, at: datetime) -> ConditionPage:
    """A condition and what was stated about it, opened. Raises OutOfReach, NotAllowed, SealError."""
    condition = _condition(name)
    opens = [DataClass.WORKING_PAPERS] if by.role in condition.stated_by else []
    with looking(reference, "statement.see", opens=opens, by=by, at=at) as look:
        rows = look.session.scalars(
            select(Statement)
            .where(Statement.review_id == look.review.id, Statement.condition == name)
            .order_by(Statement.recorded_at.desc(), Statement.id)
        ).all()
        names = _names(look.session, rows)
        may_second = condition.two_people and look.may("statement.second")
        asked = condition in _asked(Stage(look.review.stage), look.rule_set)
        may_state = asked and look.may("statement.make") and by.role in condition.stated_by
        shown = tuple(
            _shown(row, names, by, may_second=may_second, may_accept=look.may("statement.accept"), opened=bool(opens))
            for row in rows
        )
        return ConditionPage(reference, condition, shown, may_state, may_state, the_quorum(look.session))


def asked_at(scene: Scene) -> set[Condition]:
    """The conditions that statements can answer at the review’s stage."""
    return _asked(Stage(scene.review.stage), scene.rule_set)


def _asked(stage: Stage, rule_set: RuleSet) -> set[Condition]:
    return {need for move in moves_from(stage, rule_set) for need in needs(move, rule_set)}


def _condition(name: str) -> Condition:
    if name not in CONDITIONS:
        raise OutOfReach
    return CONDITIONS[name]


def _checked(scene: Scene, condition: Condition, entry: StatementEntry) -> Answer:
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
        faults |= _files(condition, entry) | _quorum(scene.session, condition, entry)
    if answer is Answer.COULD_NOT_BE_DONE:
        faults |= filled("evidence", entry.evidence, "Say what was tried.")
    if faults:
        raise Invalid(faults)
    return answer


def _files(condition: Condition, entry: StatementEntry) -> dict[str, str]:
    if not condition.files:
        return {}
    if not entry.files or not all(SHA256.fullmatch(each) for each in entry.files):
        return {"files": "Give the SHA-256 of each file, 64 characters of 0-9 and a-f, one to a line."}
    return {}


def _quorum(session: NamedSession, condition: Condition, entry: StatementEntry) -> dict[str, str]:
    """Organisations are counted, not heads (domain.md 5.1)."""
    quorum = the_quorum(session)
    present = len(set(entry.organisations))
    if not condition.quorum or entry.by_circulation or present >= quorum:
        return {}
    return {"organisations": f"{present} organisations were present and {quorum} are needed: this was not quorate."}


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


def _names(session: NamedSession, rows: Sequence[Statement]) -> dict[UUID, str]:
    ids = {row.recorded_by_id for row in rows} | {row.second_id for row in rows if row.second_id}
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)).order_by(Account.name))
    return {row.id: row.name for row in found}


def _shown(
    row: Statement, names: dict[UUID, str], by: Person, *, may_second: bool, may_accept: bool, opened: bool
) -> StatementShown:
    waiting = row.withdrawn_at is None and not row.counts
    could_not = row.answer == Answer.COULD_NOT_BE_DONE.value
    other = by.id != row.recorded_by_id
    awaits = "the steering group chair’s acceptance" if could_not else "a second person’s agreement"
    return StatementShown(
        id=row.id,
        answer=Answer(row.answer),
        stated_by=row.stated_by,
        stated_on=row.stated_on,
        recorded_by=names.get(row.recorded_by_id, ""),
        reason=WHY_NOT_APPLICABLE.get(row.reason_code or "", ""),
        evidence=(row.evidence or "") if opened else "",
        organisations=len(row.organisations),
        files=tuple(row.file_hashes),
        awaits=awaits if waiting else "",
        seconded_by=names.get(row.second_id, "") if row.second_id else "",
        withdrawn=row.withdrawn_at is not None,
        used=row.used_by is not None,
        may_second=waiting and not could_not and may_second and other,
        may_accept=waiting and could_not and may_accept and other,
    )
