"""T42, T44, T46 and T72: who was let go, who mixes in what is not theirs, who forgot a door, who is too near."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dhr_app import create_app
from dhr_app.casework.membership import leave
from dhr_app.casework.seminar import hold_seminar
from dhr_app.casework.seminar_checks import SeminarEntry
from dhr_app.database.models import Account, Conflict, Event, Membership, Seminar
from dhr_app.web import building, front, signing_in
from dhr_app.web.routes import Room
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import GRANTS, MAY_OPEN, Person, allows, may_open
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, OPERATOR, PASSWORD, TODAY, submit
from tests.installations import Installation
from tests.reviews import Case
from tests.seating import join


@pytest.fixture
def doors(installation: Installation) -> Flask:
    """The front door of the installation."""
    return create_app(house=installation.house)


@pytest.fixture
def case(installation: Installation) -> Case:
    """A review of the panel."""
    return installation.county.review(Stage.PANEL, at=NOW - timedelta(days=30))


def come_in(installation: Installation, doors: Flask, person: Person) -> FlaskClient:
    client = doors.test_client()
    with installation.house.reading() as session:
        email = session.get_one(Account, person.id).email
    assert submit(client, "/sign-in", {"email": email, "password": PASSWORD}).status_code == 302
    return client


def bar(installation: Installation, case: Case, person: Person) -> Person:
    """Enter a conflict of interest; returns the person as they are then."""
    with installation.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.add(Conflict(review_id=case.row.id, account_id=person.id))
    role, number = next(key for key, value in installation.county.accounts.items() if value == person.id)
    return installation.county.who(role, number)


def denials(installation: Installation, case: Case) -> int:
    with installation.house.reading() as session:
        refused = select(func.count()).select_from(Event).where(Event.kind == Happened.REFUSED.value)
        return session.scalar(refused.where(Event.review_id == case.row.id)) or 0


@pytest.mark.parametrize("role", sorted(BY_MEMBERSHIP))
def test_t42_whoever_is_let_go_is_out_at_the_next_click(
    installation: Installation, doors: Flask, case: Case, role: Role
) -> None:
    county = installation.county
    person = county.who(role)
    join(case.reference, person.id, by=county.coordinator, at=NOW - timedelta(hours=1))
    page = f"/reviews/{case.reference}" + ("/imrs" if role is Role.AGENCY_CONTRIBUTOR else "")
    open_tab = come_in(installation, doors, person)
    assert open_tab.get(page).status_code == 200
    with installation.house.reading() as session:
        seat = session.scalars(select(Membership.id).where(Membership.account_id == person.id)).one()
    leave(case.reference, seat, by=county.coordinator, at=NOW)
    assert open_tab.get(page).status_code == 404
    assert case.reference not in open_tab.get("/reviews").text


def test_t44_a_list_with_one_review_out_of_reach_changes_none_and_the_denial_is_kept(
    installation: Installation, case: Case
) -> None:
    county = installation.county
    barred = county.review(Stage.SEMINAR)
    open_to = county.review(Stage.SEMINAR)
    by = bar(installation, barred, county.coordinator)
    entry = SeminarEntry(
        theme="Coercive control", format="online", held_on=TODAY, reviews=(open_to.reference, barred.reference)
    )
    before = denials(installation, barred)
    with pytest.raises(OutOfReach):
        hold_seminar(entry, by=by, at=NOW)
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(Seminar)) == 0
    assert denials(installation, barred) == before + 1


def test_t44_a_form_with_such_a_list_is_refused_as_a_whole_and_names_nothing(
    installation: Installation, doors: Flask
) -> None:
    county = installation.county
    barred, open_to = county.review(Stage.SEMINAR), county.review(Stage.SEMINAR)
    client = come_in(installation, doors, bar(installation, barred, county.coordinator))
    day = {"held_on-day": "3", "held_on-month": "6", "held_on-year": "2026"}
    mixed = {"theme": "Control", "format": "online", "reviews": [open_to.reference, barred.reference], **day}
    answer = submit(client, "/seminars/new", mixed)
    assert answer.status_code in (404, 422)
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(Seminar)) == 0


@pytest.mark.parametrize("permission", [None, "reviews.lst"])
def test_t46_a_route_without_a_permission_that_counts_stops_the_program_from_starting(
    installation: Installation, permission: str | None
) -> None:
    room = Room("attic", __name__)
    room.add_url_rule("/attic", "look", lambda: "in the attic", permission=permission)
    with pytest.raises(RuntimeError, match=r"do not say who may use them: attic\.look"):
        building.build(installation.house, (front.room, signing_in.room, room))


def test_t46_nor_does_it_start_where_nobody_knows_who_may_send_a_form(installation: Installation) -> None:
    room = Room("attic", __name__)
    room.add_url_rule("/attic", "look", lambda: "", methods=["GET", "POST"], permission="home.see", sends="home.se")
    with pytest.raises(RuntimeError, match=r"attic\.look \(/attic\): home\.se"):
        building.build(installation.house, (front.room, signing_in.room, room))


def test_t46_whoever_may_read_a_page_and_not_send_its_form_learns_nothing_by_sending_it_empty(
    installation: Installation, doors: Flask, case: Case
) -> None:
    member = installation.county.who(Role.STEERING_MEMBER)
    client = come_in(installation, doors, member)
    path = f"/reviews/{case.reference}/members"
    assert client.get(path).status_code == 200
    before = denials(installation, case)
    answer = submit(client, path, {})
    assert answer.status_code == 403
    assert "Choose" not in answer.text
    assert denials(installation, case) == before + 1


def test_t72_a_conflict_of_interest_wins_over_every_grant_seat_and_key(installation: Installation, case: Case) -> None:
    people = [case.seat(role) if role in BY_MEMBERSHIP else installation.county.who(role) for role in sorted(Role)]
    for person in people:
        barred = bar(installation, case, person)
        review_id, agency_id = case.row.id, barred.agency_id
        assert not [each for each in GRANTS if allows(barred, each, review_id=review_id, agency_id=agency_id, on=TODAY)]
        assert not [each for each in MAY_OPEN if may_open(barred, review_id, each, agency_id=agency_id, on=TODAY)]


def test_t72_a_panel_member_who_is_related_finds_nothing_of_the_review_though_seated(
    installation: Installation, doors: Flask, case: Case
) -> None:
    person = case.seat(Role.PANEL_MEMBER)
    client = come_in(installation, doors, person)
    assert client.get(f"/reviews/{case.reference}").status_code == 200
    bar(installation, case, person)
    for page in ("", "/timeline", "/panel", "/report", "/drafts", "/plan"):
        assert client.get(f"/reviews/{case.reference}{page}").status_code == 404
    assert case.reference not in client.get("/reviews").text
    assert denials(installation, case) == 6
