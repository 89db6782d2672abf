"""What agencies still owed on a day: their open actions, counted by how late they were, and each late one by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.replayed import PastAction
from dhr_app.casework.successors import Answering
from dhr_app.workflows.lateness import ACTION_BANDS, LATE, LOOK_AGAIN, action_band

NOBODY = "No agency yet"
NAMED = (*LATE, LOOK_AGAIN)


@dataclass(frozen=True)
class ActionLine:
    """One action that was late, or ongoing and to be looked at again; `label` is its number, empty if never told."""

    reference: str
    review: str
    label: str
    due_on: date
    days: int
    look_again: bool


@dataclass(frozen=True)
class AgencyLine:
    """The open actions of one agency, counted by band: reported as done, then by how late their dates are.

    `key` is the agency’s id, empty for what nobody owned; `overdue` has the late ones, the latest first, then those
    to be looked at again.
    """

    key: str
    agency: str
    bands: dict[str, int]
    overdue: tuple[ActionLine, ...]

    @property
    def open(self) -> int:
        """All of them."""
        return sum(self.bands.values())

    @property
    def late(self) -> int:
        """Those whose date has passed."""
        return sum(self.bands[band] for band in LATE)


def agency_lines(
    actions: Iterable[PastAction], names: Mapping[UUID, Answering], called: Mapping[UUID, tuple[str, str]], day: date
) -> tuple[AgencyLine, ...]:
    """The agencies that had open actions, by name; an agency that had ended is counted with its successor.

    `called` says of each review its reference and the name it goes by.
    """
    owned: dict[tuple[str, str], list[PastAction]] = {}
    for action in actions:
        if action.outcome == "open":
            owner = names.get(action.owner) if action.owner else None
            owned.setdefault((owner.name, str(owner.id)) if owner else (NOBODY, ""), []).append(action)
    return tuple(_line(name, key, owned[name, key], called, day) for name, key in sorted(owned))


def _line(
    name: str, key: str, actions: list[PastAction], called: Mapping[UUID, tuple[str, str]], day: date
) -> AgencyLine:
    bands = dict.fromkeys(ACTION_BANDS, 0)
    overdue = []
    for action in actions:
        band = action_band(action.target, action.look_again, action.done, day)
        bands[band] += 1
        due_on = action.target or action.look_again
        if band in NAMED and due_on is not None:
            reference, review = called[action.review_id]
            days = (day - due_on).days
            overdue.append(ActionLine(reference, review, action.label, due_on, days, band == LOOK_AGAIN))
    overdue.sort(key=lambda one: (one.look_again, one.due_on, one.reference, one.label))
    return AgencyLine(key, name, bands, tuple(overdue))
