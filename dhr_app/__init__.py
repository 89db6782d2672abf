"""Case management for Domestic Homicide Reviews: the front door is put together here, room by room."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from dhr_app.casework.house import House
    from dhr_app.settings import Settings


def create_app(settings: Settings | None = None, *, house: House | None = None) -> Flask:
    """The web application of one house: the one given, or the one that the settings (default: this machine's) describe.

    Raises SettingsError or KeyProviderError where it cannot be opened, TombstonesUnheeded where something in it was
    destroyed and is back, and RuntimeError for a route without permission.
    """
    # Imported here, so that the rule book can be used without a web framework.
    from dhr_app.casework.tombstones import open_heeding  # noqa: PLC0415
    from dhr_app.settings import load  # noqa: PLC0415
    from dhr_app.web import (  # noqa: PLC0415
        access,
        accounts,
        accuracy,
        agreements,
        appointment,
        approval,
        before_start,
        block_list,
        building,
        closing,
        conditions,
        contacts,
        day,
        decision,
        desk,
        drafts,
        duplicates,
        earlier,
        family,
        family_part,
        front,
        guide,
        had_access,
        handover,
        home_office,
        imr,
        inbox,
        incidents,
        invitations,
        joining,
        joint_body,
        learning,
        meeting,
        members,
        messages,
        moves,
        notification,
        openings,
        other_reviews,
        overview,
        owed,
        panel,
        paper,
        people,
        plan,
        public_name,
        publication,
        records,
        requests,
        retention,
        reviews,
        scoping,
        search,
        seminars,
        sign_ins,
        signing_in,
        substitutes,
        terms,
        told,
        trail,
    )

    rooms = (
        front.room,
        signing_in.room,
        sign_ins.room,
        joining.room,
        day.room,
        owed.room,
        substitutes.room,
        overview.room,
        reviews.room,
        moves.room,
        conditions.room,
        accounts.room,
        invitations.room,
        agreements.room,
        contacts.room,
        notification.room,
        people.room,
        search.room,
        duplicates.room,
        family.room,
        family_part.room,
        scoping.room,
        imr.room,
        accuracy.room,
        decision.room,
        other_reviews.room,
        panel.room,
        appointment.room,
        paper.room,
        drafts.room,
        desk.room,
        home_office.room,
        handover.room,
        plan.room,
        public_name.room,
        told.room,
        members.room,
        before_start.room,
        block_list.room,
        access.room,
        terms.room,
        meeting.room,
        approval.room,
        joint_body.room,
        publication.room,
        learning.room,
        seminars.room,
        closing.room,
        records.room,
        retention.room,
        openings.room,
        had_access.room,
        requests.room,
        incidents.room,
        trail.room,
        earlier.room,
        messages.room,
        guide.room,
    )
    house = house or open_heeding(settings or load())
    return building.build(house, rooms if house.settings.production else (*rooms, inbox.room))
