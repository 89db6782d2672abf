"""The day the partnership became aware stands in clear, unless it is also the day of a death or of the finding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from dhr_app.casework.scene import Scene
from dhr_app.database.models.clocks import Deadline
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.people import InvolvedPerson
from dhr_app.database.models.review import MoveMade
from dhr_app.database.session import NamedSession
from dhr_app.workflows.partial_dates import earliest, exact


def keep(row: Notification, aware_on: date | None, *, died: Iterable[str], found_on: str) -> bool:
    """Keep the day on the notification, and say whether it had to be sealed; its month stands in clear either way."""
    personal = {exact(day) for day in (*died, found_on)}
    sealed = aware_on is not None and aware_on in personal
    row.aware_on = None if sealed else aware_on
    row.sealed_aware_on = aware_on if sealed else None
    row.aware_month = f"{aware_on:%Y-%m}" if aware_on else None
    return sealed


def keep_again(scene: Scene) -> None:
    """After a day of death was entered, corrected or taken away: seal the day, or have it stand in clear again."""
    row = notification_of(scene.session, scene.review.id)
    aware_on = row.aware_on or row.sealed_aware_on
    personal = {exact(day) for day in (*days_of_death(scene.session, scene.review.id), row.found_on or "")}
    sealed = aware_on is not None and aware_on in personal
    if aware_on is not None and sealed is (row.aware_on is not None):
        row.aware_on, row.sealed_aware_on = (None, aware_on) if sealed else (aware_on, None)
        anchor(scene, None if sealed else aware_on)


def anchor(scene: Scene, on: date | None) -> None:
    """Let the deadlines that count from the day say so, or (None) keep quiet about it; their dates stay as they are."""
    rules = {rule.key for rule in scene.rule_set.deadlines_from("aware")}
    rows = select(Deadline).where(Deadline.review_id == scene.review.id, Deadline.rule.in_(rules))
    if on is not None:  # a deadline that ended on a correction counted from another day
        rows = rows.where(Deadline.ended_on.is_(None))
    for deadline in scene.session.scalars(rows.order_by(Deadline.first_due_on, Deadline.id)):
        deadline.anchor_on = on


def notification_of(session: NamedSession, review_id: UUID) -> Notification:
    """The notification of a review; there is always one."""
    return session.scalars(select(Notification).where(Notification.review_id == review_id)).one()


def month_began(session: NamedSession, review_id: UUID) -> date | None:
    """The first day of the month in which the partnership became aware: no work is older.

    None where nobody said, and for a review that was brought in, whose work began before this record of it.
    """
    brought_in = exists().where(MoveMade.review_id == review_id, MoveMade.name == "bring_in")
    month = session.scalar(
        select(Notification.aware_month).where(Notification.review_id == review_id, ~brought_in).limit(1)
    )
    return earliest(month) if month else None


def days_of_death(session: NamedSession, review_id: UUID) -> list[str]:
    """The day each victim died, as far as it is known; "" where it is not."""
    rows = select(InvolvedPerson).where(
        InvolvedPerson.review_id == review_id, InvolvedPerson.part == "victim", InvolvedPerson.removed_on.is_(None)
    )
    return [row.died_on or "" for row in session.scalars(rows.order_by(InvolvedPerson.number))]
