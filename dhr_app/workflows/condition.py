"""What a condition is: a question to the facts, with how it may be answered and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dhr_app.workflows.answers import Answer
from dhr_app.workflows.errors import Reason
from dhr_app.workflows.facts import Audience, ReviewFacts
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import MAIN_LINE, Stage

Question = Callable[[ReviewFacts], bool]

ANY_RECORDER = frozenset(
    {Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR}
)
STEERING = frozenset({Role.STEERING_CHAIR, Role.STEERING_DEPUTY})


@dataclass(frozen=True)
class Condition:
    """One question of the rule book, with how it may be answered and who may answer it.

    always      only "done" will do; the other two answers are refused
    record      the question is answered by a record of its own (a page), not by a statement
    once_stated it was answered by statements before it had a record: those that were made go on counting
    afresh      an answer is used up by the move it supports and asked again for the next
    two_people  a second person must agree before the answer counts
    files       the statement carries the SHA-256 of exactly the files it is about
    stage       the statement says which stage of the review it agrees to
    tells       "I told …" this audience answers the question, where it was about the step that asks
    told_once   it answers whichever step it was about: what is sent once is not sent again
    from_stage  the question does not arise before this stage of the main line
    arises_if   the question arises only where this is so, which its docstring says in a few words
    """

    name: str
    ask: Question
    sentence: str
    mend: str
    stated_by: frozenset[Role] = ANY_RECORDER
    always: bool = False
    record: bool = False
    once_stated: bool = False
    afresh: bool = False
    two_people: bool = False
    files: bool = False
    stage: bool = False
    tells: Audience | None = None
    told_once: bool = False
    from_stage: Stage | None = None
    arises_if: Question | None = None

    def arises(self, facts: ReviewFacts) -> bool:
        """Whether the question makes sense of this review at its stage."""
        if self.arises_if is not None and not self.arises_if(facts):
            return False
        if self.from_stage is None or facts.stage not in MAIN_LINE:
            return True
        return MAIN_LINE.index(facts.stage) >= MAIN_LINE.index(self.from_stage)

    def answer(self, facts: ReviewFacts, step: str = "") -> Answer | None:
        """How the condition stands answered now for a step, by its name, or None while it is open."""
        if self.tells is not None and step:
            facts = facts.for_step(step)
        arises = self.arises(facts)
        if arises and self.ask(facts):
            return Answer.DONE
        given = facts.statements.get(self.name)
        if given is not None and given.counts and self._counts(given.answer):
            return given.answer
        return None if arises else Answer.DOES_NOT_APPLY

    def _counts(self, answer: Answer) -> bool:
        return self.accepts(answer) or (self.once_stated and answer is Answer.DONE)

    def accepts(self, answer: Answer) -> bool:
        """Whether this answer may be given to this condition by a statement."""
        if answer is Answer.DONE:
            return not self.record
        return not self.always

    def reason(self) -> Reason:
        """The condition as something that is still missing."""
        return Reason(self.name, self.sentence, self.mend)


CONDITIONS: dict[str, Condition] = {}


def condition(mend: str = "statement", **how: object) -> Callable[[Question], Condition]:
    """Make a question into a Condition and enter it in CONDITIONS under its function's name."""

    def enter(ask: Question) -> Condition:
        name = getattr(ask, "__name__")  # noqa: B009 - a Callable promises no name; these are all functions
        made = Condition(name, ask, " ".join((ask.__doc__ or "").split()), mend, **how)  # type: ignore[arg-type]
        CONDITIONS[name] = made
        return made

    return enter
