"""The check for the same person in other reviews: turned on and off on its page, and told after a save."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.duplicate_settings import turn_on
from dhr_app.casework.people import PersonEntry
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests import duplicates
from tests.factories import NOW
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

HER = PersonEntry(full_name="Zoë O’Brien", born_on="1980-06-03")
TOLD = "Victim 1 may also be on record in {}. It may be somebody else with a similar name"


@pytest.fixture
def chair(county: County, client: FlaskClient, sign_in: SignIn) -> Visitor:
    """The chair of the steering group at a browser, in a county with enough people on record."""
    duplicates.crowd(county)
    sign_in(client, Role.STEERING_CHAIR)
    return Visitor(client)


@pytest.fixture
def coordinator(app: Flask, county: County, sign_in: SignIn) -> Visitor:
    """The coordinator at a browser, where the check is on and she is on record in one review."""
    duplicates.crowd(county)
    turn_on("agreed", by=county.chair, at=NOW)
    visitor = Visitor(app.test_client())
    sign_in(visitor.client)
    return visitor


def banners(visitor: Visitor) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in visitor.page.select(".govuk-notification-banner__content")]


def test_the_chair_turns_it_on_and_off_with_a_reason(chair: Visitor) -> None:
    chair.open("/search").open(*chair.links("/duplicate-check"))
    assert "Off Nothing is compared" in chair.text
    chair.send({"reason": "near_miss"}, button="Turn the check on")
    chair.was_taken()
    assert "The check is on." in chair.text
    assert "On Since 3 June 2026" in chair.text
    assert "A person was found in two reviews too late" in chair.text
    chair.send({"reason": "not_needed"}, button="Turn the check off")
    assert "The check is off. Everything that it had made of names is deleted." in chair.text
    assert chair.text.index("Turned off") < chair.text.index("Turned on")


@pytest.mark.parametrize(("button", "first"), [("Turn the check on", False), ("Turn the check off", True)])
def test_without_a_reason_it_stays_as_it_is(chair: Visitor, button: str, first: bool) -> None:
    chair.open("/duplicate-check")
    if first:
        chair.send({"reason": "agreed"})
    chair.send(button=button)
    assert (chair.status, chair.errors()) == (422, ["Choose the reason."])
    assert chair.open("/duplicate-check").page.find("button", string=lambda text: text is not None and button in text)


def test_with_too_few_names_it_says_how_many_are_needed(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, Role.STEERING_CHAIR)
    visitor = Visitor(client).open("/duplicate-check")
    assert "once 16 people on record have a name: now there are 0" in visitor.text
    assert not visitor.page.select("main form")
    token = visitor.open("/search").value("csrf_token")
    answer = client.post("/duplicate-check/on", data={"reason": "agreed", "csrf_token": token})
    assert answer.status_code == 422
    assert "With fewer than 16 the check could give away who they are" in answer.text


def test_a_coordinator_reads_how_it_stands_and_may_not_change_it(coordinator: Visitor) -> None:
    coordinator.open("/duplicate-check")
    assert "The chair of the steering group turns it on and off." in coordinator.text
    assert not coordinator.page.select("main form")
    token = coordinator.open("/search").value("csrf_token")
    answer = coordinator.client.post("/duplicate-check/off", data={"reason": "not_needed", "csrf_token": token})
    assert answer.status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.INDEPENDENT_CHAIR, Role.ADMINISTRATOR])
def test_nobody_else_sees_it(client: FlaskClient, sign_in: SignIn, role: Role) -> None:
    sign_in(client, role)
    assert Visitor(client).open("/duplicate-check").status == 403


# --- What is said after a save ----------------------------------------------------------------------------------------


def notify(visitor: Visitor, name: str, lead: str = "Barsetshire Community Safety Partnership") -> Visitor:
    visitor.open("/reviews/new")
    chosen = {"rule_set": "dhr-2016", "lead_partnership_id": visitor.option("lead_partnership_id", lead)}
    visitor.send({**chosen, "victims-0-full_name": name}, button="Record the death")
    visitor.was_taken()
    return visitor


def test_after_a_notification_whoever_may_be_in_another_review_is_told_of(county: County, coordinator: Visitor) -> None:
    known = duplicates.begin(county, HER)
    notify(coordinator, "O'Brien, Zoe")
    told = banners(coordinator)
    assert any(one.startswith("The death is recorded.") for one in told)
    assert any(one.startswith(TOLD.format(known.reference)) for one in told)
    assert not any("Brien" in one for one in told)


def test_where_nobody_is_alike_nothing_is_said(county: County, coordinator: Visitor) -> None:
    duplicates.begin(county, HER)
    notify(coordinator, "Nobody Alike")
    assert len(banners(coordinator)) == 1


def test_a_person_added_or_corrected_later_is_told_of_too(county: County, coordinator: Visitor) -> None:
    known = duplicates.begin(county, HER)
    case = duplicates.begin(county, PersonEntry(full_name="Nobody Alike"))
    people = f"/reviews/{case.reference}/people"
    coordinator.open(f"{people}/new").send({"part": "perpetrator", "full_name": "Zoe Obrien"})
    coordinator.was_taken()
    assert any(known.reference in one for one in banners(coordinator))
    coordinator.open(coordinator.links("/people/", words="Correct")[1]).send({"full_name": "Zoe Somebody"})
    coordinator.was_taken()
    assert len(banners(coordinator)) == 1
    coordinator.open(f"/reviews/{case.reference}/notification/correct").send()
    coordinator.was_taken()
    assert len(banners(coordinator)) == 1
    coordinator.open(coordinator.open(people).links("/people/", words="Correct")[1]).send({"full_name": "Zoe Obrien"})
    assert any(known.reference in one for one in banners(coordinator))
    coordinator.open(f"/reviews/{case.reference}/notification/correct").send()
    assert any(known.reference in one for one in banners(coordinator))
