"""No route without a permission, and none that its permission does not guard."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select

from dhr_app.casework.scene import looking
from dhr_app.database.models import AuditEntry
from dhr_app.web import building, front, signing_in
from dhr_app.web.routes import PUBLIC, Door, Room
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.permissions import GRANTS
from dhr_app.workflows.roles import Role
from tests.factories import NOW


def with_room(house, room: Room) -> Flask:
    return building.build(house, (front.room, signing_in.room, room))


def attic(permission: str | None, path: str = "/attic") -> Room:
    """A room for this test, with one page."""
    room = Room("attic", __name__)
    options = {} if permission is None else {"permission": permission}

    @room.get(path, **options)
    def look(reference: str = "") -> str:
        return f"in the attic {reference}"

    return room


def test_a_route_without_a_permission_stops_the_application_from_starting(house):
    with pytest.raises(RuntimeError, match=r"attic\.look \(/attic\): no permission"):
        with_room(house, attic(None))


def test_a_permission_that_no_grant_knows_stops_it_too(house):
    with pytest.raises(RuntimeError, match=r"attic\.look \(/attic\): reviews\.lst"):
        with_room(house, attic("reviews.lst"))


def test_only_the_ways_in_and_out_the_stylesheets_and_what_machines_ask_are_public(app):
    doors = [rule for rule in app.url_map.iter_rules() if isinstance(rule, Door)]
    assert len(doors) == len(list(app.url_map.iter_rules()))
    public = {door.endpoint for door in doors if door.permission == PUBLIC}
    of_development = {"inbox.see", "inbox.mail"}  # production has no such rooms: test_messages.py
    ways = {"signing_in.sign_in", "signing_in.enter_code", "signing_in.sign_out", "joining.join"}
    ways |= {"organisation.choose", "organisation.back", "joining.by_organisation"}
    ways |= {"signing_in.forgotten", "ways_in.choose"}
    ways |= {"signing_in.begin_passkey", "signing_in.enter_by_passkey"}
    ways |= {"by_link.ask", "by_link.enter_code", "by_link.see", "by_link.report", "by_link.sent"}
    assert public - of_development == {"static", "front.health", "front.alive", "calendar.feed", *ways}
    assert all(door.permission in GRANTS for door in doors if door.permission != PUBLIC)


def test_whoever_is_not_signed_in_is_asked_to_and_the_path_alone_is_kept(house):
    client = with_room(house, attic("reviews.list")).test_client()
    answer = client.get("/attic?search=Somebody")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/attic"


def test_a_page_for_another_role_is_refused_and_the_refusal_is_written_down(house, sign_in):
    client = with_room(house, attic("trail.see")).test_client()
    sign_in(client, Role.COORDINATOR)
    answer = client.get("/attic")
    assert answer.status_code == 403
    assert "in the attic" not in answer.text
    with house.reading() as session:
        bodies = [entry.body for entry in session.scalars(select(AuditEntry))]
    assert any(b'"refused"' in body and b'"trail.see"' in body for body in bodies)


def test_a_page_for_ones_own_role_is_open(house, sign_in):
    client = with_room(house, attic("accounts.see")).test_client()
    sign_in(client, Role.ADMINISTRATOR)
    assert client.get("/attic").text == "in the attic "


def test_a_page_of_a_review_that_forgets_to_ask_for_it_shows_nothing_to_anybody(house, sign_in):
    client = with_room(house, attic("review.see", "/attic/<reference>")).test_client()
    assert client.get("/attic/DHR-2026-001").location == "/sign-in?next=/attic/DHR-2026-001"
    for role in (Role.PANEL_MEMBER, Role.COORDINATOR):
        sign_in(client, role)
        answer = client.get("/attic/DHR-2026-001")
        assert answer.status_code == 500
        assert "in the attic" not in answer.text


def test_what_the_request_before_asked_for_does_not_count_for_the_next(county, house, sign_in):
    case = county.review(at=NOW)
    room = attic("review.see", "/attic/<reference>")

    @room.get("/cellar/<reference>", permission="review.see")
    def ask(reference: str) -> str:
        with looking(reference, "review.see", by=current_person(), at=this_moment()):
            return "in the cellar"

    client = with_room(house, room).test_client()
    sign_in(client, Role.COORDINATOR)
    assert client.get(f"/cellar/{case.reference}").text == "in the cellar"
    assert client.get(f"/attic/{case.reference}").status_code == 500
    assert client.get(f"/cellar/{case.reference}").status_code == 200


def test_a_review_that_was_asked_for_and_is_out_of_reach_opens_no_page(county, house, sign_in):
    case = county.review(at=NOW)
    room = Room("cellar", __name__)

    @room.get("/cellar/<reference>", permission="review.see")
    def ask(reference: str) -> str:
        with suppress(OutOfReach), looking(reference, "review.see", by=current_person(), at=this_moment()):
            pass
        return "in the cellar"

    client = with_room(house, room).test_client()
    sign_in(client, Role.PANEL_MEMBER)
    assert client.get(f"/cellar/{case.reference}").status_code == 500


def test_which_methods_a_page_of_a_review_knows_can_be_asked_without_asking_for_the_review(house, sign_in):
    client = with_room(house, attic("review.see", "/attic/<reference>")).test_client()
    sign_in(client, Role.COORDINATOR)
    assert client.options("/attic/DHR-2026-001").status_code == 200


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        (Role.COORDINATOR, ["What needs you today", "Reviews", "Accounts", "Help"]),
        (Role.ADMINISTRATOR, ["Accounts", "Help"]),
        (Role.INDEPENDENT_CHAIR, ["Reviews", "Help"]),
    ],
)
def test_the_navigation_shows_what_a_role_may_open_and_nothing_else(client, sign_in, role, ways):
    sign_in(client, role)
    page = client.get("/nothing").text
    shown = [way for way in ("What needs you today", "Reviews", "Accounts", "Help") if f"{way}\n" in page]
    assert shown == ways


def test_somebody_not_signed_in_sees_no_navigation(client):
    page = client.get("/sign-in").text
    assert "govuk-service-navigation__link" not in page
    assert "Sign out" not in page


@pytest.mark.sqlite
def test_the_health_check_says_whether_the_database_answers(house, client):
    assert client.get("/health").json == {"status": "ok"}
    house.database.dispose()
    (house.settings.instance / "dhr.db").rename(house.settings.instance / "away.db")
    assert client.get("/health").status_code == 503
    assert client.get("/alive").json == {"status": "ok"}  # no proxy takes the site away for it
