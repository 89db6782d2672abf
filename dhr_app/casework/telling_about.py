"""What a telling may be about: a step that was taken and left somebody to be told, one that asks for it, or neither."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from dhr_app.casework.scene import Look, Scene
from dhr_app.database.models.review import MoveMade
from dhr_app.database.models.telling import DutyOwed, Telling
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.facts import IN_TOUCH, Audience, ReviewFacts
from dhr_app.workflows.lifecycle import MOVES, moves_now, needs
from dhr_app.workflows.rule_sets import RuleSet

IN_TOUCH_WORDS = "Something else, or keeping in touch"


@dataclass(frozen=True)
class AboutChoice:
    """One answer to “What was it about?”: its words and the step; where it was taken, the move’s number and day.

    `audiences` are those whom it asks us to tell.
    """

    words: str
    about: str
    audiences: frozenset[Audience] = frozenset()
    seq: int | None = None
    decided_on: date | None = None

    @property
    def code(self) -> str:
        """What a form and an address call it."""
        return self.about if self.seq is None else code_of(self.about, self.seq)


def code_of(name: str, seq: int) -> str:
    """What a form and an address call a step that was taken."""
    return f"{name}:{seq}"


def choices(look: Look | Scene, facts: ReviewFacts) -> Mapping[str, AboutChoice]:
    """By its code each: the steps taken that left somebody to be told, those to come that ask for it, and neither."""
    found = [*_taken(look), *_to_come(facts, look.rule_set), AboutChoice(IN_TOUCH_WORDS, IN_TOUCH)]
    return {one.code: one for one in found}


def about_in_words(row: Telling) -> str:
    """What a telling was about; empty where that was not asked yet."""
    if row.about is None or row.about == IN_TOUCH:
        return IN_TOUCH_WORDS if row.about else ""
    move = MOVES[row.about]
    return move.happened if row.about_seq is not None else move.button


def _taken(look: Look | Scene) -> list[AboutChoice]:
    """The moves of which somebody is still to be told, the one to be told of first at the top."""
    rows = look.session.execute(
        select(MoveMade.seq, MoveMade.name, MoveMade.decided_on, DutyOwed.audience)
        .join(DutyOwed, and_(DutyOwed.review_id == MoveMade.review_id, DutyOwed.move_seq == MoveMade.seq))
        .where(MoveMade.review_id == look.review.id, DutyOwed.settled_by_id.is_(None))
        .order_by(DutyOwed.due_on, MoveMade.seq)
    ).all()
    moves: dict[int, tuple[str, date]] = {row.seq: (row.name, row.decided_on) for row in rows}
    found = []
    for seq, (name, decided_on) in moves.items():
        owed = frozenset(Audience(row.audience) for row in rows if row.seq == seq)
        words = f"{MOVES[name].happened}, {in_words(decided_on)}: still to be told {_named(owed)}"
        found.append(AboutChoice(words, name, owed, seq, decided_on))
    return found


def _to_come(facts: ReviewFacts, rule_set: RuleSet) -> list[AboutChoice]:
    """The moves from here that ask for somebody to be told before they are made."""
    found = []
    for move in moves_now(facts, rule_set):
        asked = frozenset(need.tells for need in needs(move, rule_set) if need.tells is not None and need.arises(facts))
        if asked:
            words = f"“{move.button}”, a step to come: first tell {_named(asked)}"
            found.append(AboutChoice(words, move.name, asked))
    return found


def _named(audiences: Collection[Audience]) -> str:
    names = [one.label for one in Audience if one in audiences]
    return " and ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])
