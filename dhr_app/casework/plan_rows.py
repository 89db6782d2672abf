"""The rows of an action plan put together: recommendations in natural order, whom they ask, what is done about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from dhr_app.casework.action import label_of, seen_by_the_rules
from dhr_app.casework.progress_shown import Heard, ReportShown, heard_of
from dhr_app.casework.rows import rows_of
from dhr_app.casework.scene import Look
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.plan import Action, ActionDate, Addressee, Recommendation
from dhr_app.workflows.action_plan import NATIONAL, AddresseeSeen, State, lacking, silent_since, state_of
from dhr_app.workflows.wording_lint import Weakness, weak_wording

Names = dict[UUID, tuple[str, bool]]


@dataclass(frozen=True)
class AddresseeShown:
    """Whom a recommendation is addressed to, and its refusal in writing where it gave one."""

    id: UUID
    agency: str
    national: bool
    refused_on: date | None
    refusal: str


@dataclass(frozen=True)
class DateMoved:
    """A date that was moved; `to_on` is None where the action is ongoing since."""

    from_on: date
    to_on: date | None
    because: str
    minute: str
    minute_on: date | None


@dataclass(frozen=True)
class ActionShown:
    """An action as the plan shows it; `version` is what a consent list is held against.

    `reports` are its agency’s, newest first, for whoever may read them; `silent_since` the day of the last word where
    that is more than a quarter ago.
    """

    id: UUID
    label: str
    version: int
    text: str
    owner: str
    milestones: str
    target_on: date | None
    first_target_on: date | None
    look_again_on: date | None
    moved: tuple[DateMoved, ...]
    done_on: date | None
    evidence: str
    minute: str
    minute_on: date | None
    state: State
    open: bool
    reports: tuple[ReportShown, ...] = ()
    silent_since: date | None = None

    @property
    def wish(self) -> ReportShown | None:
        """The report that asks for a later date and is not answered yet."""
        return next((one for one in self.reports if one.asks), None) if self.open else None


@dataclass(frozen=True)
class RecommendationShown:
    """A recommendation with its addressees and actions; `lacks` says what keeps the plan from being complete."""

    id: UUID
    number: str
    text: str
    scope: str
    origin: str
    addressees: tuple[AddresseeShown, ...]
    actions: tuple[ActionShown, ...]
    lacks: tuple[str, ...]
    weak: tuple[Weakness, ...]
    sent_on: date | None
    replied_on: date | None
    reply: str
    withdrawn_on: date | None
    withdrawn_because: str

    @property
    def national(self) -> bool:
        """Whether a department is asked."""
        return self.scope == NATIONAL


def recommendations(look: Look, *, lint: bool) -> list[RecommendationShown]:
    """Every recommendation of the review, withdrawn ones too, in eight queries however many there are."""
    addressees, actions, moved = defaultdict(list), defaultdict(list), defaultdict(list)
    for one in rows_of(look, Addressee):
        addressees[one.recommendation_id].append(one)
    for action in rows_of(look, Action, Action.number):
        if action.removed_on is None:
            actions[action.recommendation_id].append(action)
    for each in rows_of(look, ActionDate, ActionDate.seq):
        moved[each.action_id].append(
            DateMoved(each.from_on, each.to_on, each.because, each.minute or "", each.minute_on)
        )
    asked = [one.agency_id for some in addressees.values() for one in some]
    owning = [one.owner_id for some in actions.values() for one in some if one.owner_id]
    names = _names(look, [*asked, *owning])
    heard = heard_of(look, [one.id for some in actions.values() for one in some])
    return [
        _recommendation(
            row,
            _addressees(addressees[row.id], names),
            [(one, _action(row, one, moved[one.id], names, heard, look.today)) for one in actions[row.id]],
            lint=lint,
        )
        for row in rows_of(look, Recommendation, Recommendation.sorts_as)
    ]


def _recommendation(
    row: Recommendation,
    addressees: tuple[AddresseeShown, ...],
    actions: list[tuple[Action, ActionShown]],
    *,
    lint: bool,
) -> RecommendationShown:
    asked = [AddresseeSeen(one.national, one.refused_on is not None) for one in addressees]
    planned = [seen_by_the_rules(row, one) for one, _ in actions]
    stands = row.withdrawn_on is None
    return RecommendationShown(
        row.id,
        row.number,
        row.text,
        row.scope,
        row.origin,
        addressees,
        tuple(shown for _, shown in actions),
        lacking(row.scope, asked, planned, row.sent_on) if stands else (),
        weak_wording(row.text) if lint and stands else (),
        row.sent_on,
        row.replied_on,
        row.reply or "",
        row.withdrawn_on,
        row.withdrawn_because or "",
    )


def _addressees(rows: list[Addressee], names: Names) -> tuple[AddresseeShown, ...]:
    shown = [AddresseeShown(one.id, *names[one.agency_id], one.refused_on, one.refusal or "") for one in rows]
    return tuple(sorted(shown, key=lambda one: one.agency))


def one_action(look: Look, of: Recommendation, row: Action) -> ActionShown:
    """One action alone, as the plan shows it."""
    moved = select(ActionDate).where(ActionDate.action_id == row.id).order_by(ActionDate.seq)
    dates = [
        DateMoved(each.from_on, each.to_on, each.because, each.minute or "", each.minute_on)
        for each in look.session.scalars(moved)
    ]
    names = _names(look, [row.owner_id] if row.owner_id else [])
    return _action(of, row, dates, names, heard_of(look, [row.id]), look.today)


def _action(
    of: Recommendation, row: Action, moved: list[DateMoved], names: Names, heard: Heard, today: date
) -> ActionShown:
    seen = seen_by_the_rules(of, row, blocked=heard.blocked(row.id))
    return ActionShown(
        row.id,
        label_of(of, row),
        row.version,
        row.text,
        names[row.owner_id][0] if row.owner_id else "",
        row.milestones or "",
        row.target_on,
        row.first_target_on,
        row.look_again_on,
        tuple(moved),
        row.done_on,
        row.evidence or "",
        row.minute or "",
        row.minute_on,
        state_of(seen, today),
        row.outcome == "open",
        heard.to_read(row.id),
        silent_since(seen, heard.on(row.id), today),
    )


def _names(look: Look, ids: Iterable[UUID]) -> Names:
    """Each agency’s name, with its successor’s where it has ended, and whether it is a national body."""
    successor = aliased(Agency)
    rows = (
        select(Agency.id, Agency.name, Agency.kind, Agency.to_on, successor.name.label("now"))
        .outerjoin(successor, successor.id == Agency.successor_id)
        .where(Agency.id.in_(set(ids)))
        .order_by(Agency.name)
    )
    found = {}
    for row in look.session.execute(rows):
        ended = row.now is not None and row.to_on is not None and row.to_on < look.today
        found[row.id] = (f"{row.name}, now {row.now}" if ended else row.name, row.kind == NATIONAL)
    return found
