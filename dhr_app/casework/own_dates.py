"""By when each of several things of one kind is due: every agency its IMR, every agency its accuracy check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dhr_app.casework.scene import Look, Scene
from dhr_app.casework.working_days import working_days
from dhr_app.workflows.dates import dates_of


@dataclass(frozen=True)
class OwnDate:
    """A date of one thing as it stands now. `on` is None while a hold stops it; `days_late` counts calendar days."""

    on: date | None
    days_late: int


def own_dates(at: Scene | Look) -> dict[tuple[str, UUID], OwnDate]:
    """Every date that is about one thing of several, by its rule and the thing’s id; what nobody waits for has none."""
    facts = at.facts()
    about = {clock.clock_id: clock.subject_id for clock in facts.clocks}
    found = {}
    for one in dates_of(facts, at.rule_set, working_days(at.session), today=at.today):
        subject_id = about.get(one.clock_id)
        if subject_id is not None and not one.ended:
            found[one.rule.key, subject_id] = OwnDate(one.due.on, one.late(at.today))
    return found
