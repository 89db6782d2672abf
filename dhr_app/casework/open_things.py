"""Everything that is open over all reviews, for the morning’s mail and the page of the day, in so many queries.

To add a kind of thing: a member of Kind and a row of RULES (who hears of it, and when) in workflows/reminder_rules.py,
words in reminder_edits.py, one of SAID (heading and words) in reminders.py, and below a row of SOURCES that finds it.
Mail and page then both have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from dhr_app.casework.access import unconfirmed
from dhr_app.casework.agencies_behind import agencies_behind
from dhr_app.casework.disposal_things import disposals, legal_holds
from dhr_app.casework.information_things import breaches, requests
from dhr_app.casework.lapsing import lapsing_soon
from dhr_app.casework.open_actions import open_actions
from dhr_app.casework.open_dates import open_dates
from dhr_app.casework.past_meetings import unsettled_meetings
from dhr_app.casework.pinned_rules import PinnedRules, pinned_rules
from dhr_app.casework.promises import promised
from dhr_app.casework.telling_about import code_of
from dhr_app.casework.troubled_things import not_looked_at, undelivered
from dhr_app.casework.unseated import unseated_things
from dhr_app.casework.waiting_things import barred, drafts, undated, unsure, waiting
from dhr_app.casework.wishes import answers, wishes
from dhr_app.casework.words import what
from dhr_app.database.models.clocks import PauseRow
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.telling import DutyOwed
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.calendar import Calendar
from dhr_app.workflows.dates import REVIEW_THE_HOLD, TAKE_UP_THE_DECISION
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.escalation import OWED
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.quiet import mail_again_on, mornings
from dhr_app.workflows.reminders import AHEAD, RULES, Kind, Rule, Thing
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import OPEN, Stage


@dataclass(frozen=True)
class Asked:
    """What a source may ask with. `people` are those who have an account: what is an agency’s where none of them is
    belongs to nobody. `reader` is the one whom it is for, where it is for one: what they know is left out. `table` are
    the rules in use, and on `quiet` days no mail goes out."""

    session: NamedSession
    people: Sequence[Person]
    today: date
    calendar: Calendar
    reader: UUID | None = None
    table: Sequence[Rule] = RULES
    quiet: frozenset[date] = frozenset()
    ahead: timedelta = AHEAD

    @cached_property
    def rules(self) -> PinnedRules:
        """The rule sets in use, read once for all that ask."""
        return pinned_rules(self.session)

    def until(self, *kinds: Kind) -> date:
        """The last due day of which one of these is brought up: so far `ahead`, or as far as a row says.

        In any case what is due before mail goes out again, of which this is the last morning before.
        """
        ladders = [rule.ladder for rule in self.table if rule.kind in kinds]
        days = [day for ladder in ladders for day in (ladder.mondays or 0, *ladder.ahead)]
        so_far = self.today + timedelta(days=max([self.ahead.days, *days]))
        return max(so_far, mail_again_on(self.today, mornings(self.calendar, self.quiet)))


@dataclass(frozen=True)
class Source:
    """What finds things of these kinds, over all reviews; nothing is opened."""

    kinds: frozenset[Kind]
    find: Callable[[Asked], Iterable[Thing]]


SOURCES = (
    Source(
        frozenset({Kind.DATE, Kind.ASK}),
        lambda asked: open_dates(
            asked.session, asked.rules, asked.today, asked.calendar, until=asked.until(Kind.DATE, Kind.ASK)
        ),
    ),
    Source(frozenset({Kind.DATE}), lambda asked: _deferred(asked.session, asked.until(Kind.DATE))),
    Source(frozenset({Kind.UNDATED}), lambda asked: undated(asked.session, asked.rules)),
    Source(frozenset({Kind.TELLING}), lambda asked: _tellings(asked.session)),
    Source(frozenset({Kind.HOLD}), lambda asked: _holds(asked.session, asked.until(Kind.HOLD))),
    Source(
        frozenset({Kind.ACTION, Kind.NOBODY}),
        lambda asked: open_actions(asked.session, asked.people, asked.until(Kind.ACTION), today=asked.today),
    ),
    Source(frozenset({Kind.SEAT}), lambda asked: unseated_things(asked.session, asked.people, today=asked.today)),
    Source(frozenset({Kind.WISH}), lambda asked: wishes(asked.session)),
    Source(frozenset({Kind.ANSWER}), lambda asked: answers(asked.session, asked.today)),
    Source(frozenset({Kind.DRAFT}), lambda asked: drafts(asked.session, reader=asked.reader)),
    Source(frozenset({Kind.WAITING}), lambda asked: waiting(asked.session, asked.rules)),
    Source(frozenset({Kind.DISPOSAL, Kind.DESTROYING}), lambda asked: disposals(asked.session)),
    Source(
        frozenset({Kind.LEGAL_HOLD, Kind.LIFTING}),
        lambda asked: legal_holds(asked.session, asked.until(Kind.LEGAL_HOLD)),
    ),
    Source(frozenset({Kind.UNSURE}), lambda asked: unsure(asked.session)),
    Source(frozenset({Kind.ACCESS}), lambda asked: unconfirmed(asked.session)),
    Source(
        frozenset({Kind.LAPSING}), lambda asked: lapsing_soon(asked.session, asked.today, asked.until(Kind.LAPSING))
    ),
    Source(frozenset({Kind.REQUEST}), lambda asked: requests(asked.session, asked.until(Kind.REQUEST), asked.calendar)),
    Source(frozenset({Kind.PROMISE}), lambda asked: promised(asked.session, asked.until(Kind.PROMISE))),
    Source(frozenset({Kind.MEETING}), lambda asked: unsettled_meetings(asked.session, asked.today)),
    Source(frozenset({Kind.BREACH}), lambda asked: breaches(asked.session)),
    Source(frozenset({Kind.BARRED}), lambda asked: barred(asked.session, asked.today)),
    Source(frozenset({Kind.EMERGENCY}), lambda asked: not_looked_at(asked.session, asked.today)),
    Source(frozenset({Kind.MAIL}), lambda asked: undelivered(asked.session, asked.today)),
)


def open_things(
    session: NamedSession,
    people: Sequence[Person],
    *,
    today: date,
    calendar: Calendar,
    roles: Iterable[Role],
    reader: UUID | None = None,
    rules: Sequence[Rule] = RULES,
    quiet: frozenset[date] = frozenset(),
) -> list[Thing]:
    """What is open and due by some days from today, late, or waits for somebody, of what these roles hear of.

    For one `reader` alone, what is found leaves out drafts that they know.
    """
    heard = {rule.kind for rule in rules if rule.role in set(roles)}
    taken_further = Kind.ESCALATED in heard
    asked = Asked(session, people, today, calendar, reader, rules, quiet)
    needed = heard | set(OWED) if taken_further else heard
    found = [one for source in SOURCES if source.kinds & needed for one in source.find(asked)]
    if taken_further:
        found += agencies_behind(session, found, people, rules, today=today)
    return sorted(found, key=lambda one: (one.due_on or date.max, one.reference, one.what, one.agency, one.subject_id))


def things_of(kinds: frozenset[Kind], asked: Asked) -> list[Thing]:
    """What is open of these kinds, for whom it may concern; no more sources are asked than have some."""
    found = (one for source in SOURCES if source.kinds & kinds for one in source.find(asked))
    return [one for one in found if one.kind in kinds]


def _tellings(session: NamedSession) -> Iterator[Thing]:
    """Whom a move obliges us to tell, and nobody has told yet."""
    for row in session.execute(
        select(
            DutyOwed.id, DutyOwed.review_id, DutyOwed.name, DutyOwed.audience, DutyOwed.due_on,
            DutyOwed.move_seq, Review.reference, Review.stage, MoveMade.name.label("move"),
        )
        .join(Review, Review.id == DutyOwed.review_id)
        .join(MoveMade, and_(MoveMade.review_id == DutyOwed.review_id, MoveMade.seq == DutyOwed.move_seq))
        .where(DutyOwed.settled_by_id.is_(None))
        .order_by(DutyOwed.due_on, DutyOwed.id)
    ):  # fmt: skip
        named = DUTIES[row.name].sentence
        page = f"/told?whom={row.audience}&about={code_of(row.move, row.move_seq)}"
        yield _of_review(Kind.TELLING, row.id, row.review_id, row, named, row.due_on, page)


def _holds(session: NamedSession, until: date) -> Iterator[Thing]:
    """Reviews on hold whose hold is to be looked at again."""
    for row in session.execute(
        select(PauseRow.id, PauseRow.review_id, PauseRow.review_by, Review.reference, Review.stage)
        .join(Review, Review.id == PauseRow.review_id)
        .where(PauseRow.resumed_on.is_(None), PauseRow.review_by <= until, Review.stage.in_(sorted(OPEN)))
        .order_by(PauseRow.review_by, PauseRow.id)
    ):
        yield _of_review(Kind.HOLD, row.id, row.review_id, row, what(REVIEW_THE_HOLD), row.review_by)


def _deferred(session: NamedSession, until: date) -> Iterator[Thing]:
    """Reviews whose decision was deferred until a day."""
    for row in session.execute(
        select(Review.id, Review.deferred_until, Review.reference, Review.stage)
        .where(Review.deferred_until <= until)
        .order_by(Review.deferred_until, Review.id)
    ):
        yield _of_review(Kind.DATE, row.id, row.id, row, what(TAKE_UP_THE_DECISION), row.deferred_until)


def _of_review(
    kind: Kind, subject_id: UUID, review_id: UUID, row: Any, named: str, due_on: date, page: str = ""
) -> Thing:
    path = f"{_page(row)}{page}"
    return Thing(kind, subject_id, review_id, row.reference, Stage(row.stage), named, path, due_on)


def _page(row: Any) -> str:
    return f"/reviews/{row.reference}"
