"""A publication over HTTP: planned with the family in mind, told to agencies after them, and done on its day."""

from __future__ import annotations

from datetime import date, timedelta

from dhr_app.workflows.roles import Role
from tests.stories.coordinating import Office, day_boxes

IN_TIME = 10  # days in which five working days have passed, whatever holidays there are but Christmas
AHEAD = 21


def plan(office: Office, reference: str) -> date:
    """Plan a publication three weeks ahead, unless one is planned; returns its day."""
    page = office.somebody().open(f"/reviews/{reference}/publication")
    if page.links("/publication/new"):
        day = office.today + timedelta(days=AHEAD)
        page.open(f"/reviews/{reference}/publication/new").send({"mode": "full", **day_boxes("planned_on", day)})
        page.was_taken()
    page.open(_plan_of(office, reference))
    parts = (page.value(f"planned_on-{part}") for part in ("year", "month", "day"))
    return date(*(int(part) for part in parts))


def mend_publication(office: Office, reference: str) -> None:
    """Plan it; after the family’s five working days tell the agencies; the chair approves; wait for the day."""
    day = plan(office, reference)
    office.days_later(IN_TIME)
    page = office.somebody().open(_plan_of(office, reference))
    page.send(day_boxes("agencies_told_on", office.today))
    page.was_taken()
    chair = office.somebody(Role.STEERING_CHAIR).open(f"{_plan_of(office, reference)}/approval")
    chair.send()
    chair.was_taken()
    office.on(day)


def _plan_of(office: Office, reference: str) -> str:
    """Where the planned publication is corrected."""
    page = office.somebody().open(f"/reviews/{reference}/publication")
    return next(link for link in page.links("/publication/") if not link.endswith("/approval"))
