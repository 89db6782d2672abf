"""Emergency access on pages: one's own, those of a review, the question before its second person, what is to look at.

Only the page of a question opens something: why it was asked for, which is sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from dhr_app.adapters.clock import london_date
from dhr_app.casework.emergency_checks import found, may_answer, state
from dhr_app.casework.house import house
from dhr_app.casework.scene import looking, require
from dhr_app.database.models.account import Account
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.emergency import ASKED_BECAUSE, FOUND, REFUSED_BECAUSE, WAITS, State, minutes_left
from dhr_app.workflows.errors import NotAllowed, Over
from dhr_app.workflows.permissions import DataClass, Person, allows
from dhr_app.workflows.roles import Role

OWN_SHOWN = timedelta(days=7)  # how long what became of one's question stands on one's own page

ASKER, SECOND, ENDER, LOOKER = (aliased(Account, name=name) for name in ("asker", "second", "ender", "looker"))
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class EmergencyLine:
    """One question and what became of it: names of staff; `because`, `refused` and `found` are words of codes.

    `lapses_at` is when the question lapses, `until_at` when the access is or was to be over, `over_at` when it was;
    `minutes` are those left of it.
    """

    id: UUID
    reference: str
    state: State
    who: str
    role: str
    because: str
    asked_at: datetime
    lapses_at: datetime
    second: str
    decided_at: datetime | None
    refused: str
    until_at: datetime | None
    over_at: datetime | None
    ended_by: str
    minutes: int
    looked_by: str
    looked_at: datetime | None
    found: str
    may_answer: bool
    may_end: bool
    may_look: bool

    @property
    def to_look_at(self) -> bool:
        """Whether it was given, is over, and nobody looked at it yet."""
        return self.state is State.ENDED and self.looked_at is None


@dataclass(frozen=True)
class EmergenciesPage:
    """Every emergency access to one review that was asked for, the latest first."""

    reference: str
    lines: tuple[EmergencyLine, ...]
    may_see_openings: bool


@dataclass(frozen=True)
class QuestionPage:
    """A question before its second person: who asks, and why, in their own words."""

    line: EmergencyLine
    words: str


def own_emergencies(*, by: Person, at: datetime) -> tuple[EmergencyLine, ...]:
    """What the person asked for in the last days, the latest first; opens nothing. Raises NotAllowed."""
    require(by, "emergency.ask", on=london_date(at))
    own = (EmergencyAccess.asked_by_id == by.id, EmergencyAccess.asked_at > at - OWN_SHOWN)
    with house().reading() as session:
        return _lines(session, _rows().where(*own), by=by, at=at)


def emergencies_page(reference: str, *, by: Person, at: datetime) -> EmergenciesPage:
    """The page of a review; opens nothing. Raises OutOfReach, NotAllowed."""
    with looking(reference, "emergency.see", by=by, at=at) as see:
        lines = emergencies_of(see.session, see.review.id, by=by, at=at)
        return EmergenciesPage(reference, lines, see.may("openings.see"))


def emergencies_of(session: NamedSession, review_id: UUID, *, by: Person, at: datetime) -> tuple[EmergencyLine, ...]:
    """Every emergency access to a review that was asked for, the latest first."""
    return _lines(session, _rows().where(EmergencyAccess.review_id == review_id), by=by, at=at)


def question_page(reference: str, emergency_id: UUID, *, by: Person, at: datetime) -> QuestionPage:
    """The question that somebody may answer.

    Raises OutOfReach, NotAllowed for whoever asked, and Over once it is answered, withdrawn or lapsed.
    """
    with looking(reference, "emergency.confirm", by=by, at=at) as see:
        may_answer(found(see, emergency_id), by=by, at=at)
    with looking(reference, "emergency.confirm", opens=[DataClass.WORKING_PAPERS], by=by, at=at) as see:
        (line,) = _lines(see.session, _rows().where(EmergencyAccess.id == emergency_id), by=by, at=at)
        return QuestionPage(line, found(see, emergency_id).words or "")


def over_one(reference: str, emergency_id: UUID, *, by: Person, at: datetime) -> EmergencyLine:
    """One that the steering chair looks at afterwards.

    Raises OutOfReach, NotAllowed for anybody else and whoever asked, and Over where there is nothing to look at.
    """
    with looking(reference, "emergency.look", by=by, at=at) as see:
        found(see, emergency_id)
        (line,) = _lines(see.session, _rows().where(EmergencyAccess.id == emergency_id), by=by, at=at)
    if line.to_look_at and not line.may_look:
        raise NotAllowed("emergency.look", "You asked for this yourself: somebody else has to look at it.")
    if not line.may_look:
        raise Over("There is nothing to look at now: it runs, was never opened, or somebody has looked at it.")
    return line


def to_answer(session: NamedSession, *, by: Person, at: datetime) -> tuple[EmergencyLine, ...]:
    """The questions that wait for this person, the oldest first; opens nothing."""
    waits = (
        EmergencyAccess.decided_at.is_(None),
        EmergencyAccess.withdrawn_at.is_(None),
        EmergencyAccess.asked_at > at - WAITS,
        EmergencyAccess.asked_by_id != by.id,
    )
    return tuple(line for line in reversed(_lines(session, _rows().where(*waits), by=by, at=at)) if line.may_answer)


def to_look_at(session: NamedSession, *, by: Person, at: datetime) -> tuple[EmergencyLine, ...]:
    """What was opened in an emergency, is over, and waits for this person to look at it, the oldest first."""
    given = EmergencyAccess.until_at.is_not(None), EmergencyAccess.looked_at.is_(None)
    return tuple(line for line in reversed(_lines(session, _rows().where(*given), by=by, at=at)) if line.may_look)


def _rows() -> Rows:
    return (
        select(
            EmergencyAccess,
            Review.reference,
            ASKER.name.label("asker"),
            ASKER.role.label("role"),
            SECOND.name.label("second"),
            ENDER.name.label("ender"),
            LOOKER.name.label("looker"),
        )
        .join(Review, Review.id == EmergencyAccess.review_id)
        .join(ASKER, ASKER.id == EmergencyAccess.asked_by_id)
        .outerjoin(SECOND, SECOND.id == EmergencyAccess.decided_by_id)
        .outerjoin(ENDER, ENDER.id == EmergencyAccess.ended_by_id)
        .outerjoin(LOOKER, LOOKER.id == EmergencyAccess.looked_by_id)
    )


def _lines(session: NamedSession, rows: Rows, *, by: Person, at: datetime) -> tuple[EmergencyLine, ...]:
    """Without those of reviews that are barred to the person: they are told of them nowhere."""
    seen = session.execute(
        rows.where(EmergencyAccess.review_id.not_in(by.conflicts)).order_by(
            EmergencyAccess.asked_at.desc(), EmergencyAccess.id
        )
    )
    return tuple(_line(each, by=by, at=at) for each in seen)


def _line(found_row: Any, *, by: Person, at: datetime) -> EmergencyLine:
    row: EmergencyAccess = found_row[0]
    stands, today = state(row, at=at), london_date(at)
    may = {
        each: allows(by, f"emergency.{each}", review_id=row.review_id, on=today) for each in ("confirm", "end", "look")
    }
    own = row.asked_by_id == by.id
    return EmergencyLine(
        id=row.id,
        reference=found_row.reference,
        state=stands,
        who=found_row.asker,
        role=Role(found_row.role).label,
        because=ASKED_BECAUSE[row.reason],
        asked_at=row.asked_at,
        lapses_at=row.asked_at + WAITS,
        second=found_row.second or "",
        decided_at=row.decided_at,
        refused=REFUSED_BECAUSE[row.refused_because] if row.refused_because else "",
        until_at=row.until_at,
        over_at=(row.ended_at or row.until_at) if stands is State.ENDED else None,
        ended_by=found_row.ender or "",
        minutes=minutes_left(row.until_at, at) if row.until_at and stands is State.RUNNING else 0,
        looked_by=found_row.looker or "",
        looked_at=row.looked_at,
        found=FOUND[row.found] if row.found else "",
        may_answer=may["confirm"] and not own and stands is State.ASKED,
        may_end=stands is State.RUNNING and may["end"] and (may["look"] or own or row.decided_by_id == by.id),
        may_look=stands is State.ENDED and row.looked_at is None and may["look"] and not own,
    )
