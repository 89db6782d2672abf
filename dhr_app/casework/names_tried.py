"""Whether somebody tries names: types one after the other into a text that is held against the protected names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.database.models.event import Event
from dhr_app.workflows.events import Happened

MANY = 20  # within an hour: a long plan pasted in asks once, however many names stand in it
LOOKED_BACK = timedelta(days=1)
AN_HOUR = timedelta(hours=1)


def finding(in_house: House) -> tuple[bool, str]:
    """Whether nobody was asked about more than MANY texts within an hour since yesterday, and a sentence that says so.

    The trail has an entry of each such question (decision 19); the sentence names nobody.
    """
    since = in_house.clock.now() - LOOKED_BACK
    with in_house.reading() as session:
        rows = session.execute(
            select(Event.recorded_by_id, Event.recorded_at)
            .where(
                Event.kind == Happened.REFUSED.value,
                Event.recorded_at > since,
                Event.details["what"].as_string() == "protected_names",
            )
            .order_by(Event.recorded_at, Event.id)
        ).all()
    asked = defaultdict(list)
    for person_id, at in rows:
        asked[person_id].append(at)
    tried = sum(_too_many(each) for each in asked.values())
    if not tried:
        return True, f"Nobody was asked about names in more than {MANY} texts within an hour since yesterday."
    people = "One person was" if tried == 1 else f"{tried} people were"
    return False, (
        f"{people} asked about names in more than {MANY} texts within an hour since yesterday: look in the audit trail"
        " whether names were tried."
    )


def _too_many(moments: Sequence[datetime]) -> bool:
    """Whether more than MANY of these moments, in their order, lie within an hour."""
    return any(last - first <= AN_HOUR for first, last in zip(moments, moments[MANY:], strict=False))
