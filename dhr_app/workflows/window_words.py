"""From which stage to which each seat opens what, in words: made from the tables by which the doors open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.workflows.permissions import DataClass, Membership, Person, may_open
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import MAIN_LINE, Stage
from dhr_app.workflows.windows import WINDOWS, Window, stages_open

# Any day and any ids do: the answer rests on the role and on the stage alone.
DAY, REVIEW, SOMEBODY, THEIR_AGENCY = date(2026, 6, 3), UUID(int=1), UUID(int=2), UUID(int=3)

REMAINING = "Where the review stands, its panel, its action plan and its learning"
OWN_PAPERS = "What their own agency was asked and handed in"
UNTIL = {
    Stage.PUBLICATION: "Until the publication is decided",
    Stage.SEMINAR: "Until the seat lapses or the review ends",
}


@dataclass(frozen=True)
class WindowSaid:
    """One window of one role in words. `stages` are all at which it is open, in order, those aside last."""

    who: str
    what: tuple[str, ...]
    since: str
    until: str
    stages: tuple[Stage, ...]


def windows_said() -> tuple[WindowSaid, ...]:
    """Every window of every role, role by role."""
    return tuple(_said(role, window) for role in Role for window in WINDOWS if role in window.roles)


def _said(role: Role, window: Window) -> WindowSaid:
    opened = tuple(DETAILS_OPENED[each] for each in DataClass if _opens(role, each, window))
    what = (REMAINING, *opened) if window.what else opened
    return WindowSaid(
        role.label,
        (OWN_PAPERS,) if role is Role.AGENCY_CONTRIBUTOR else what,
        f"From the stage “{window.first.label}”",
        UNTIL[window.last],
        tuple(stage for stage in (*MAIN_LINE, *window.beside) if stage in window.stages),
    )


def _opens(role: Role, data_class: DataClass, window: Window) -> bool:
    """Whether this is the window of that class of data, and the role may open it."""
    seat = Membership(REVIEW, role, THEIR_AGENCY, DAY, is_open=True, stage=window.first)
    whose = Person(SOMEBODY, role.label, role, THEIR_AGENCY, (seat,))
    return stages_open(role, data_class) == window.stages and may_open(whose, REVIEW, data_class, on=DAY)
