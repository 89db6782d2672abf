"""What an agency owes, over all reviews: what it was asked to send where it has a seat, and every action it took on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dhr_app.adapters.clock import london_date
from dhr_app.casework.agency_contact import is_contact
from dhr_app.casework.house import house
from dhr_app.casework.owed_rows import ActionOwed, AskOwed, actions_owed, asks_owed
from dhr_app.casework.rows import agency_names
from dhr_app.casework.scene import require
from dhr_app.workflows.action_plan import SOON, State, state_of
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import ASKED_FOR

# The page of a review on which each thing that was asked for is answered.
PAGES = {
    "scoping_return": "scoping",
    "imr":            "imrs",
    "summary_report": "imrs",
    "chronology":     "imrs",
    "accuracy_check": "accuracy",
}  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """One thing, and the page on which it is done. `due_on` is None where it has no date, or a hold stops it.

    Of an action also what it says, how it stands, and its last report (`last_kind`, `last_on`); `owner` is named
    where an agency before this one took it on.
    """

    what: str
    review: str
    path: str
    due_on: date | None
    days_late: int
    on_hold: bool = False
    text: str = ""
    owner: str = ""
    state: State | None = None
    ongoing: bool = False
    blocked: bool = False
    asks_longer: bool = False
    last_kind: str = ""
    last_on: date | None = None

    @property
    def reported(self) -> bool:
        """Whether it is said to be done, and waits for the steering group."""
        return self.state is not None and self.state.code == "reported"


@dataclass(frozen=True)
class OwedPage:
    """Everything in the order in which it is due. What is `reported` as done waits for the steering group.

    `contact` is whether the reader is the agency’s single point of contact, who sees to its substitutes.
    """

    agency: str
    today: date
    late: tuple[Owed, ...]
    soon: tuple[Owed, ...]
    later: tuple[Owed, ...]
    reported: tuple[Owed, ...]
    contact: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing is asked of the agency."""
        return not (self.late or self.soon or self.later)


def owed_page(*, by: Person, at: datetime) -> OwedPage:
    """What the person’s agency owes; opens nothing, asks as often for many reviews as for one. Raises NotAllowed."""
    today = london_date(at)
    require(by, "owed.see", on=today)
    with house().reading() as session:
        asks = asks_owed(session, by, today)
        actions = actions_owed(session, by, today)
        (agency,) = agency_names(session, [by.agency_id]).values()
        contact = is_contact(session, by)
    lines = [*(_of_ask(one, today) for one in asks), *(_of_action(one, today) for one in actions)]
    lines.sort(key=lambda one: (one.due_on or date.max, one.review, one.what, one.path))
    owing = [one for one in lines if not one.reported]
    soon = today + SOON
    return OwedPage(
        agency,
        today,
        late=tuple(one for one in owing if one.days_late),
        soon=tuple(one for one in owing if not one.days_late and one.due_on is not None and one.due_on <= soon),
        later=tuple(one for one in owing if one.due_on is None or one.due_on > soon),
        reported=tuple(one for one in lines if one.reported),
        contact=contact,
    )


def _of_ask(one: AskOwed, today: date) -> Owed:
    return Owed(
        what=ASKED_FOR[one.kind],
        review=one.known_as,
        path=f"/reviews/{one.reference}/{PAGES[one.kind]}/{one.id}",
        due_on=one.due_on,
        days_late=_late(one.due_on, today),
        on_hold=one.on_hold,
    )


def _of_action(one: ActionOwed, today: date) -> Owed:
    due_on = one.seen.target_on or one.seen.look_again_on
    return Owed(
        what=f"Action {one.seen.label}",
        review=one.known_as,
        path=f"/owed/actions/{one.id}",
        due_on=due_on,
        days_late=0 if one.seen.done_on else _late(due_on, today),
        text=one.text,
        owner=one.owner,
        state=state_of(one.seen, today),
        ongoing=one.seen.ongoing,
        blocked=one.seen.blocked and not one.seen.done_on,
        asks_longer=one.asks_longer,
        last_kind=one.last_kind,
        last_on=one.last_on,
    )


def _late(due_on: date | None, today: date) -> int:
    """Calendar days; due today is not late."""
    return max(0, (today - due_on).days) if due_on else 0
