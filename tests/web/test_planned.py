"""Meetings that are planned, on their pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from dhr_app.database.models import PlannedMeeting
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.calendars import gathering, planned
from tests.factories import NOW, TODAY, StoppedClock, submit, without_token
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
WHEN = {
    "on-day": "24", "on-month": "6", "on-year": "2026", "begins": "10:00", "ends": "12:30", "format": "hybrid",
}  # fmt: skip


@pytest.fixture
def chair(case: Case, app: Flask, sign_in: SignIn) -> Visitor:
    """The chair of the review at a browser."""
    client = app.test_client()
    person = sign_in(client, Role.INDEPENDENT_CHAIR)
    join(case.reference, person.id, by=case.county.coordinator, at=case.wait(minutes=1))
    return Visitor(client)


def test_a_meeting_is_planned_on_its_review_and_seen_wherever_one_looks(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/meetings")
    assert "Plan a meeting" in visitor.text
    visitor.open(f"/reviews/{case.reference}/meetings/planned/new").send({"kind": "panel", **WHEN})
    assert "The meeting is planned." in visitor.text
    when = "24 June 2026, 10:00am to 12:30pm. In person and online."
    assert f"Planned Review panel meeting of 24 June 2026 {when}" in visitor.text
    for page in ("/meetings", f"/reviews/{case.reference}"):
        assert when in visitor.open(page).text
    assert "A meeting was planned: review panel meeting" in visitor.text
    assert when not in visitor.open("/today").text


def test_the_day_tells_of_this_week_s_meetings(case: Case, visitor: Visitor) -> None:
    planned(case, TODAY.replace(day=8))
    visitor.open("/today")
    assert f"Meetings of the next seven days (1) {case.reference}: Review panel meeting" in visitor.text


def test_the_desk_of_a_chair_tells_of_the_meetings_ahead(case: Case, chair: Visitor) -> None:
    planned(case, TODAY.replace(day=8))
    assert "Meetings ahead Review panel meeting of 8 June 2026" in chair.open("/desk").text


def test_a_chair_is_offered_meetings_of_the_panel_alone(case: Case, chair: Visitor) -> None:
    chair.open(f"/reviews/{case.reference}/meetings/planned/new")
    assert [each["value"] for each in chair.page.select('input[name="kind"]')] == ["panel"]
    chair.send(WHEN)
    assert "The meeting is planned." in chair.text
    assert "Plan a steering group meeting" not in chair.open("/meetings").text


def test_a_bank_holiday_is_planned_and_warned_of(case: Case, visitor: Visitor) -> None:
    visitor.open("/meetings/new").send({"kind": "steering_group", **WHEN, "on-day": "31", "on-month": "8"})
    page = visitor.page.get_text(" ", strip=True)
    assert "The meeting is planned." in page
    assert "31 August 2026 is a bank holiday: check that people can come." in page


def test_what_is_wrong_stands_beside_its_box(case: Case, visitor: Visitor) -> None:
    visitor.open("/meetings/new").send({**WHEN, "ends": "9:30"})
    assert visitor.status == 422
    assert visitor.errors() == ["Say which meeting it is."]
    visitor.send({"kind": "learning_event"})
    assert visitor.errors() == ["It must end after it begins: check both times."]
    visitor.send({"ends": "half past", "on-year": "2025"})
    assert visitor.errors() == [
        "24 June 2025 has passed. A meeting that was held is recorded, not planned.",
        "Write the time by the clock of twenty-four hours, like 9:40 or 16:05.",
    ]


def test_it_is_moved_and_cancelled(case: Case, visitor: Visitor) -> None:
    planned_id = planned(case, TODAY.replace(day=24))
    visitor.open(f"/meetings/{planned_id}").send({"on-day": "25"}, button="Move it")
    assert "The meeting is moved." in visitor.text
    assert "25 June 2026, 10:00am" in visitor.text
    visitor.send(button="Cancel this meeting")
    assert "The meeting is cancelled. Calendars say so from now on." in visitor.text
    assert "No meeting is planned that you take part in." in visitor.text
    visitor.open(f"/meetings/{planned_id}")
    assert "Cancelled" in visitor.text
    assert "Move it" not in visitor.text


def test_of_two_who_move_it_at_once_the_second_looks_again(case: Case, visitor: Visitor) -> None:
    planned_id = planned(case, TODAY.replace(day=24))
    second = Visitor(visitor.client).open(f"/meetings/{planned_id}")
    visitor.open(f"/meetings/{planned_id}").send({"on-day": "25"}, button="Move it")
    second.send({"on-day": "26"}, button="Move it")
    assert "Somebody else saved this while you were writing." in second.errors()[0]
    assert "25 June 2026, 10:00am" in second.text
    second.send(button="Move it")
    assert "26 June 2026, 10:00am" in second.text


def test_a_planned_meeting_is_recorded_as_held_with_what_is_known_filled_in(
    case: Case, visitor: Visitor, clock: StoppedClock
) -> None:
    planned_id = planned(case, TODAY, begins="11:00")
    clock.advance(minutes=15)
    assert "If it was held" not in visitor.open(f"/meetings/{planned_id}").text
    clock.advance(minutes=19)
    assert "Record who came and what was agreed" in visitor.open(f"/meetings/{planned_id}").text
    visitor.open(f"/reviews/{case.reference}/meetings/planned/{planned_id}/held")
    boxes = visitor.page.select('[name^="held_on-"]')
    day = {str(box["name"]).removeprefix("held_on-"): box["value"] for box in boxes}
    assert day == {"day": "3", "month": "6", "year": "2026"}
    visitor.send({"organisations": [str(case.county.agency("Police"))]})
    assert "The meeting is recorded." in visitor.text
    (row,) = case.rows(PlannedMeeting)
    assert row.meeting_id is not None
    assert "Held" in visitor.open(f"/meetings/{planned_id}").text


def test_a_gathering_of_the_partnership_was_held(county: County, visitor: Visitor, clock: StoppedClock) -> None:
    planned_id = gathering(county, TODAY, at=NOW, begins="11:00")
    clock.advance(minutes=15)
    assert "If it was held" not in visitor.open(f"/meetings/{planned_id}").text
    clock.advance(minutes=19)
    visitor.open(f"/meetings/{planned_id}").send(button="It was held")
    assert "The meeting was held." in visitor.text
    assert "No meeting is planned that you take part in." in visitor.text


def test_whoever_may_not_know_of_it_finds_nothing_there(case: Case, app: Flask, sign_in: SignIn) -> None:
    planned_id = planned(case, TODAY.replace(day=24))
    client = app.test_client()
    sign_in(client, Role.STEERING_MEMBER)
    there, nowhere = client.get(f"/meetings/{planned_id}"), client.get(f"/meetings/{case.row.id}")
    assert there.status_code == nowhere.status_code == 404
    assert without_token(there.text) == without_token(nowhere.text)


def test_whoever_may_only_know_of_it_cannot_send_its_form(case: Case, app: Flask, sign_in: SignIn) -> None:
    planned_id = planned(case, TODAY.replace(day=24))
    client = app.test_client()
    sign_in(client, Role.STEERING_CHAIR)
    page = Visitor(client).open(f"/meetings/{planned_id}")
    assert "Review panel meeting" in page.text
    assert not page.page.select("main form")
    assert submit(client, f"/meetings/{planned_id}", {}).status_code == 403


def test_the_list_asks_the_database_as_often_for_ten_meetings_as_for_one(case: Case, visitor: Visitor) -> None:
    house = case.county.house
    planned(case, TODAY.replace(day=24))
    pages = ("/meetings", f"/reviews/{case.reference}/meetings", f"/reviews/{case.reference}")
    once = [asked_by(house, partial(visitor.open, page)) for page in pages]
    for _ in range(9):
        planned(case, TODAY.replace(day=24))
    assert [asked_by(house, partial(visitor.open, page)) for page in pages] == once
