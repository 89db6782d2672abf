"""Case management for Domestic Homicide Reviews: the front door is put together here, room by room."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from dhr_app.casework.house import House
    from dhr_app.settings import Settings


def create_app(settings: Settings | None = None, *, house: House | None = None) -> Flask:
    """The web application of one house: the one given, or the one that the settings (default: this machine's) describe.

    Raises SettingsError or KeyProviderError where it cannot be opened, and RuntimeError for a route without permission.
    """
    # Imported here, so that the rule book can be used without a web framework.
    from dhr_app.casework.house import open_house  # noqa: PLC0415
    from dhr_app.settings import load  # noqa: PLC0415
    from dhr_app.web import (  # noqa: PLC0415
        accounts,
        building,
        conditions,
        day,
        decision,
        family,
        front,
        members,
        moves,
        notification,
        other_reviews,
        people,
        reviews,
        scoping,
        signing_in,
        told,
    )

    rooms = (
        front.room,
        signing_in.room,
        day.room,
        reviews.room,
        moves.room,
        conditions.room,
        accounts.room,
        notification.room,
        people.room,
        family.room,
        scoping.room,
        decision.room,
        other_reviews.room,
        told.room,
        members.room,
    )
    return building.build(house or open_house(settings or load()), rooms)
