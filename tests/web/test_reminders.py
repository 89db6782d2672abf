"""The table of reminders on its pages: a row is looked at, shown as the next morning would be, and saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from dhr_app.casework.reminder_rules import rule_page, rules_page
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminder_edits import RuleEntry
from dhr_app.workflows.roles import Role
from tests.factories import NOW
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
DATES = "/reminders/rules/date-coordinator"


@pytest.fixture
def coordinator(county: County, client: FlaskClient, sign_in: SignIn) -> Visitor:
    """The coordinator at a browser, where one review’s decision is late since 15 February."""
    county.review()
    sign_in(client)
    return Visitor(client)


def test_the_table_is_reached_from_the_day_and_says_who_hears_when(coordinator: Visitor) -> None:
    coordinator.open("/today").open(*coordinator.links("/reminders"))
    assert (
        "7 days before, on the last working day before, 1 day after, on Mondays from 7 days before" in coordinator.text
    )
    assert "Steering group member of that body" in coordinator.text
    assert "Once a month, from 14 days late" in coordinator.text
    assert "No quiet days are set." in coordinator.text


def test_days_are_shown_as_the_next_morning_would_be_before_they_are_saved(
    coordinator: Visitor, county: County
) -> None:
    by = county.coordinator
    coordinator.open(DATES)
    assert "This row cannot be switched off. Dates of the statutory guidance are among them." in coordinator.text
    coordinator.send({"ahead": "28, 14", "after": "1, 90"}).was_taken()
    assert "The next morning on which mail goes out is 4 June 2026." in coordinator.text
    assert f"{by.name} Coordinator 1 line 1 line Nothing" in coordinator.text
    assert "Nothing is saved yet." in coordinator.text
    assert rule_page("date-coordinator", by=by, at=NOW).line.changed_by == ""
    coordinator.send(button="Save").was_taken()
    assert rule_page("date-coordinator", by=by, at=NOW).entry == RuleEntry(False, "28, 14", True, "1, 90", "7")
    assert "28 and 14 days before, on the last working day before, 1 and 90 days after" in coordinator.text
    assert "Changed by Coordinator" in coordinator.text


def test_what_comes_and_goes_is_shown_by_person(coordinator: Visitor, county: County) -> None:
    coordinator.open("/reminders/rules/nobody-coordinator").send({"off": "on"})
    assert "What changes" in coordinator.text
    county.notified(at=NOW)  # due on 3 July
    coordinator.open(DATES).send({"ahead": "60", "mondays": "60"})
    assert "Said as well: DHR-2026-002: Decision whether to review is due on 3 July 2026" in coordinator.text


def test_bad_numbers_are_said_beside_their_box_with_every_word_kept(coordinator: Visitor, county: County) -> None:
    coordinator.open(DATES).send({"ahead": "often", "mondays": ""})
    assert coordinator.status == 422
    assert coordinator.errors() == ["Write whole numbers from 1 to 90 with commas between, like 14, 7. At most 6."]
    assert coordinator.value("ahead") == "often"
    coordinator.open(DATES).send({"mondays": ""})
    assert coordinator.errors() == ["This row keeps its Mondays. Dates of the statutory guidance are among them."]
    assert rules_page(by=county.coordinator, at=NOW).history == ()


def test_what_is_saved_is_held_against_the_same_rules(coordinator: Visitor, county: County) -> None:
    coordinator.open(DATES).send({"ahead": "28"})
    coordinator.send({"mondays": ""}, button="Save")
    assert coordinator.status == 422
    assert rules_page(by=county.coordinator, at=NOW).history == ()


def test_a_row_is_switched_off_and_put_back(coordinator: Visitor, county: County) -> None:
    path = "/reminders/rules/draft-coordinator"
    coordinator.open(path).send({"off": "off"})
    assert "Nobody’s message of that morning would be different." in coordinator.text
    coordinator.send(button="Save").was_taken()
    assert "Switched off" in coordinator.text
    coordinator.open(path).open(*coordinator.links("/house")).send(button="Put back").was_taken()
    assert rule_page("draft-coordinator", by=county.coordinator, at=NOW).line.off is False


def test_a_rung_asks_for_one_number(coordinator: Visitor, county: County) -> None:
    coordinator.open("/reminders/rules/escalated-member")
    assert [box["name"] for box in coordinator.page.select("main input[type=text]")] == ["after"]
    coordinator.send({"after": "21"}).send(button="Save").was_taken()
    assert rule_page("escalated-member", by=county.coordinator, at=NOW).line.when == "Once a month, from 21 days late"


def test_quiet_days_are_set_and_ended(coordinator: Visitor) -> None:
    boxes = {"from_on-day": "24", "from_on-month": "12", "from_on-year": "2026",
             "to_on-day": "31", "to_on-month": "12", "to_on-year": "2026"}  # fmt: skip
    coordinator.open("/reminders").send(boxes, button="Set quiet days").was_taken()
    assert "24 December 2026 to 31 December 2026" in coordinator.text
    late = Visitor(coordinator.client).open("/reminders")
    coordinator.send(button="End").was_taken()
    assert "No quiet days are set." in coordinator.text
    assert "over already" in late.send(button="End").page.get_text()


def test_a_quiet_day_that_cannot_be_is_said_beside_its_box(coordinator: Visitor) -> None:
    boxes = {"from_on-day": "3", "from_on-month": "6", "from_on-year": "2026"}
    coordinator.open("/reminders").send(boxes, button="Set quiet days")
    assert coordinator.status == 422
    assert coordinator.errors() == ["Quiet days begin tomorrow at the earliest: today’s mail has gone out."]


def test_a_row_that_is_none_is_not_found(coordinator: Visitor) -> None:
    assert coordinator.open("/reminders/rules/date-family").status == 404
    assert coordinator.open("/reminders/rules/date-family/house").status == 404


def test_an_agency_that_is_behind_stands_on_the_day_by_its_name_alone(coordinator: Visitor, county: County) -> None:
    county.review().ask("Police")
    coordinator.open("/today")
    (link,) = [a for a in coordinator.page.select("main a") if "thing of Barsetshire Police" in a.get_text()]
    assert link.get_text() == "1 thing of Barsetshire Police"
    assert link["href"] == "/overview"


def test_somebody_else_s_door(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, Role.STEERING_CHAIR)
    for path in ("/reminders", DATES, f"{DATES}/house"):
        assert client.get(path).status_code == 403
