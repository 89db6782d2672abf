"""One’s own private calendar: its page, its link, and the file that programs fetch by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app import create_app
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.calendars import planned, read
from tests.factories import TODAY, StoppedClock
from tests.reviews import Case
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def path(case: Case, visitor: Visitor) -> str:
    """Where a program fetches the coordinator’s calendar."""
    planned(case, TODAY.replace(day=24))
    return made(visitor)


def made(visitor: Visitor) -> str:
    """The path of a new link."""
    visitor.open("/calendar").send(button="link")
    (link,) = visitor.page.select("code")
    return f"/calendar/{link.get_text().rpartition('/')[2]}"


def test_a_link_is_made_shown_once_made_anew_and_withdrawn(visitor: Visitor, app: Flask, case: Case) -> None:
    assert "You have no link yet." in visitor.open("/calendar").text
    first = made(visitor)
    token = first.rpartition("/")[2]
    assert token not in visitor.open("/calendar").page.decode()
    assert "You have a link, made on 3 June 2026 . No program has fetched your calendar yet." in visitor.text
    program = app.test_client()
    assert program.get(first).status_code == 200
    assert "A program last fetched your calendar on 3 June 2026" in visitor.open("/calendar").text
    second = made(visitor)
    assert [program.get(each).status_code for each in (first, second)] == [404, 200]
    visitor.open("/calendar").send(button="Withdraw the link")
    assert "The link opens nothing any more." in visitor.text
    assert program.get(second).status_code == 404


def test_the_page_says_whose_servers_fetch_it(visitor: Visitor) -> None:
    assert "the references and dates then lie with Microsoft or Google" in visitor.open("/calendar").text


def test_a_link_is_made_only_by_whoever_has_just_shown_who_they_are(
    visitor: Visitor, clock: StoppedClock, case: Case
) -> None:
    visitor.open("/calendar")
    clock.advance(minutes=6)
    visitor.send(button="Make a link")
    assert visitor.path == "/sign-ins/prove"
    assert not visitor.page.select("code")


def test_a_program_reads_it_without_a_sign_in_and_is_told_when_nothing_changed(path: str, app: Flask) -> None:
    program = app.test_client()
    answer = program.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert [one.summary for one in read(answer.text).values() if "panel" in one.summary]
    again = program.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_a_move_is_another_file(path: str, app: Flask, case: Case, visitor: Visitor) -> None:
    program = app.test_client()
    before = program.get(path)
    (planned_id,) = [uid for uid, one in read(before.text).items() if "panel meeting" in one.summary]
    visitor.open(f"/meetings/{planned_id}").send({"on-day": "25"}, button="Move it")
    after = program.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    old, new = (read(each.text)[planned_id] for each in (before, after))
    assert new.sequence > old.sequence
    assert (old.begins.day, new.begins.day) == (24, 25)


def test_a_dead_link_says_what_every_wrong_address_says(path: str, app: Flask, visitor: Visitor) -> None:
    visitor.open("/calendar").send(button="Withdraw the link")
    program: FlaskClient = app.test_client()
    answers = [program.get(each) for each in (path, "/calendar/never-was.ics", "/no/such/page")]
    assert {each.status_code for each in answers} == {404}
    assert len({each.data for each in answers}) == 1
    assert all(each.headers["Cache-Control"] == "no-store" for each in answers)


def test_guessing_is_slowed_down(app: Flask, case: Case) -> None:
    program = app.test_client()
    answers = [program.get(f"/calendar/{number}.ics").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_the_secret_is_in_no_log(path: str, app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    app.test_client().get(path)
    said = capsys.readouterr()
    assert "calendar.feed" in said.out
    assert path.rpartition("/")[2].removesuffix(".ics") not in said.out + said.err


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_reviews_is_shown_no_calendar(app: Flask, sign_in: SignIn, role: Role) -> None:
    client = app.test_client()
    sign_in(client, role)
    assert client.get("/calendar").status_code == 403


def test_where_calendars_are_turned_off_the_page_says_so(case: Case, sign_in: SignIn, path: str) -> None:
    house = case.county.house
    off = create_app(house=replace(house, settings=replace(house.settings, calendar_feed=False)))
    client = off.test_client()
    sign_in(client)
    page = Visitor(client).open("/calendar")
    assert "The partnership has turned private calendars off." in page.text
    assert not page.page.select("main form")
    assert off.test_client().get(path).status_code == 404
