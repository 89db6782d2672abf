"""What tests begin with is made once in a run and laid out anew for each: the county, and each review asked for in it.

To take a review along its way costs more than most tests. The first test of this process that asks a county in which
nothing happened yet for a review has it made, and the installation is kept as it stands then; whoever asks for the
same later begins with a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from dhr_app.casework.house import House
from dhr_app.database.models.audit import Event
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.installations import Ground

if TYPE_CHECKING:
    from tests.reviews import Case, County

BARE = ("the county before anything happened",)


@dataclass(frozen=True)
class Beginning:
    """An installation as it was kept, its people, the reviews that stand ready, and how much had happened in it."""

    ground: Ground
    accounts: dict[tuple[Role, int], UUID]
    ready: dict[Stage, Case]
    events: int


@dataclass
class Shelves:
    """The beginnings of this process, and the one place where they are laid out.

    `workshop` is the house at work there: one for all tests, or, where threats are met, another for each.
    """

    workshop: House
    workplace: Ground
    folder: Path
    kept: dict[tuple[str, ...], Beginning] = field(default_factory=dict)
    asked: dict[tuple[str, ...], Case] = field(default_factory=dict)

    def keep(self, name: tuple[str, ...], county: County) -> None:
        """Keep the installation as it stands."""
        events = happened(county.house)
        self.workshop.database.dispose()
        ground = self.workplace.copy(self.folder / str(len(self.kept)))
        self.kept[name] = Beginning(ground, dict(county.accounts), dict(county.ready), events)

    def lay_out(self, name: tuple[str, ...], county: County) -> None:
        """Let the installation become what was kept under a name, and the county know its people."""
        beginning = self.kept[name]
        self.workshop.database.dispose()
        self.workplace.lay_out(beginning.ground)
        county.accounts = dict(beginning.accounts)
        county.ready = {stage: replace(case, county=county) for stage, case in beginning.ready.items()}

    def review(self, county: County, asked: str, make: Callable[[], Case]) -> Case:
        """The review that was asked for: as it was made before, or made now.

        A county in which something happened since, or whose clock was put elsewhere, is like no other.
        """
        if self.workshop.clock.now() != NOW or happened(county.house) != self.kept[county.began].events:
            return make()
        name = (*county.began, asked)
        if name in self.kept:
            self.lay_out(name, county)
        else:
            case = make()
            self.keep(name, county)
            self.asked[name] = replace(case)
        return replace(self.asked[name], county=county)


def happened(house: House) -> int:
    """How many events there are."""
    with house.reading() as session:
        return session.scalars(select(func.count()).select_from(Event)).one()
