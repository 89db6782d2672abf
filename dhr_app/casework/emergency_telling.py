"""Who is written to about emergency access: references, times and links, never who asked, for whom or why.

Each mail is a row of the outbox in the transaction that it tells of, so that none goes without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import house
from dhr_app.casework.outbox import message_of
from dhr_app.casework.principal import people_in
from dhr_app.casework.scene import Scene
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.emergency import WAITS
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role

WATCHING = (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY)

WAITING = """\
Somebody asks for emergency access to {reference}, and it takes a second person.
Who asks, and why, stands here. The question lapses on {until}:
{link}/{id}/answer"""
GIVEN = """\
Emergency access to {reference} was confirmed. It is open for reading until {until}.
Who asked and who confirmed it stands here:
{link}"""
YOURS = """\
Emergency access to {reference} was confirmed for you. You can read it until {until}.
Everybody who works on the review is told. End it as soon as you have what you need:
{site}/emergency"""
REFUSED = """\
Emergency access to {reference} was refused. Why, and what else you can do, stands here:
{site}/emergency"""


def second_persons(scene: Scene) -> list[Person]:
    """Everybody who may confirm emergency access to the review, other than whoever asks."""
    return [
        each
        for each in people_in(scene.session, WATCHING)
        if each.id != scene.by.id and allows(each, "emergency.confirm", review_id=scene.review.id, on=scene.today)
    ]


def ask_them(scene: Scene, row: EmergencyAccess, whom: Iterable[Person]) -> None:
    """Write to those who may confirm that a question waits."""
    subject = "Emergency access to a review waits for a second person"
    for each in whom:
        _write(scene, row, "asked", each, subject, WAITING, row.asked_at + WAITS)


def tell_everybody(scene: Scene, row: EmergencyAccess, asker: Person) -> None:
    """Write to everybody with a seat on the review, each coordinator and the steering chair; and to whoever asked.

    Nobody on the block list is written to: they are told of the review nowhere.
    """
    until = row.until_at or scene.at
    subject = "Emergency access to a review was given"
    for each in people_in(scene.session, tuple(Role)):
        seated = any(seat.review_id == scene.review.id and seat.holds(scene.today) for seat in each.memberships)
        if scene.review.id in each.conflicts or each.id == asker.id or not (seated or each.role in WATCHING):
            continue
        _write(scene, row, "given", each, subject, GIVEN, until)
    _write(scene, row, "given", asker, "Emergency access to a review is open to you", YOURS, until)


def tell_refused(scene: Scene, row: EmergencyAccess, asker: Person) -> None:
    """Write to whoever asked that a second person said no."""
    subject = "Emergency access to a review was refused"
    _write(scene, row, "refused", asker, subject, REFUSED, scene.at)


def _write(
    scene: Scene, row: EmergencyAccess, what: str, to: Person, subject: str, words: str, until: datetime
) -> None:
    site = house().settings.site_url
    body = words.format(
        reference=scene.review.reference,
        until=f"{in_words(london_date(until))} at {until.astimezone(LONDON):%H:%M}",
        link=f"{site}/reviews/{scene.review.reference}/emergency",
        site=site,
        id=row.id,
    )
    text = f"{body}\n\nNobody reads answers to this message.\n"
    # A person is told of each, however many there are on a day: so its id stands in the kind, which is once a day.
    kind = f"emergency_{what}_{row.id.hex}"
    scene.session.add(message_of(kind, to.id, scene.today, subject, text, at=scene.at))
