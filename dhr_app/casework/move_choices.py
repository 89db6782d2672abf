"""What the form of a move offers to choose from, and whether the move starts where the review stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.handover import running
from dhr_app.casework.partnership import agencies, the_partnership
from dhr_app.casework.review_page import MovePage, move_page
from dhr_app.casework.scene import looking
from dhr_app.casework.sections import SECTIONS
from dhr_app.database.models.partnership import Agency
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.lifecycle import MOVES, Ask, Decider, Move, moves_from, targets
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class DeadlineChoice:
    """A date that is still waited for, in words."""

    id: UUID
    words: str


@dataclass(frozen=True)
class MoveChoices:
    """One move with all that its form offers.

    starts_here  whether the move starts at the review's stage at all; else nothing that is needed can make it possible
    decider      who decides as the form proposes it: the partnership's body of that name, or the decider's label
    receiver     the partnership to which the review is being handed over
    may          which other pages of the review the person can open (casework.sections)
    """

    page: MovePage
    stage: Stage
    starts_here: bool
    decider: str
    targets: tuple[Stage, ...]
    deadlines: tuple[DeadlineChoice, ...]
    receivers: tuple[tuple[UUID, str], ...]
    receiver: UUID | None
    may: frozenset[str]

    @property
    def move(self) -> Move:
        """The move itself."""
        return self.page.shown.move

    @property
    def ready(self) -> bool:
        """Whether the move can be made now."""
        return self.starts_here and self.page.shown.ready


def move_choices(reference: str, name: str, *, by: Person, at: datetime) -> MoveChoices:
    """The move and its choices. Raises OutOfReach, also for a move that the table does not have, and NotAllowed."""
    if name not in MOVES:
        raise OutOfReach
    move = MOVES[name]
    page = move_page(reference, move, by=by, at=at)
    with looking(reference, f"move.{name}", by=by, at=at) as look:
        stage = Stage(look.review.stage)
        offered = agencies(on=look.today) if Ask.RECEIVER in move.asks else ()
        handed_over = running(look) if Ask.RECEIVER in move.asks else None
        ids = [one.agency_id for one in page.dates if one.agency_id is not None] if Ask.NEW_DATE in move.asks else []
        rows = select(Agency.id, Agency.name).where(Agency.id.in_(ids)).order_by(Agency.name)
        names = {row.id: row.name for row in look.session.execute(rows)} if ids else {}
        return MoveChoices(
            page=page,
            stage=stage,
            starts_here=move in moves_from(stage, look.rule_set),
            decider=_decider(move),
            targets=targets(move, look.rule_set),
            deadlines=_deadlines(page, names) if Ask.NEW_DATE in move.asks else (),
            receivers=tuple(
                (one.id, one.name) for one in offered if one.leads_reviews and one.id != look.review.lead_partnership_id
            ),
            receiver=handed_over.receiver_id if handed_over else None,
            may=frozenset(permission for permission in SECTIONS if look.may(permission)),
        )


def _decider(move: Move) -> str:
    if move.who is Decider.DECIDING_BODY:
        return the_partnership().deciding_body
    if move.who is Decider.PARTNERSHIP:
        return the_partnership().approving_body
    return move.who.label


def _deadlines(page: MovePage, names: dict[UUID, str]) -> tuple[DeadlineChoice, ...]:
    return tuple(
        DeadlineChoice(
            one.clock_id, _words(one.rule.name, names.get(one.agency_id) if one.agency_id else None, one.due.on)
        )
        for one in page.dates
        if one.waited_for
    )


def _words(name: str, agency: str | None, on: date | None) -> str:
    of = f"{name}, {agency}" if agency else name
    return f"{of}: now {in_words(on)}" if on else f"{of}: no date while on hold"
