"""The people of a review on their pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.casework.people import PersonEntry, add_person, open_people
from dhr_app.database.models import Event
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    return county.review(at=NOW)


def test_somebody_is_added_shown_and_corrected(case: Case, visitor: Visitor) -> None:
    people = f"/reviews/{case.reference}/people"
    visitor.open(f"{people}/new").send(
        {"part": "child", "full_name": "Susan Harding", "born_on-year": "2019", "sex": "female", "notes": "At\nschool"}
    )
    assert visitor.path == people
    assert "Child added." in visitor.text
    assert "Child 1 Name Susan Harding" in visitor.text
    link = visitor.page.select("main section a[href*='/people/']")[-1]
    visitor.open(str(link["href"]))
    assert (visitor.value("full_name"), visitor.value("born_on-year"), visitor.value("sex")) == (
        "Susan Harding", "2019", "female",
    )  # fmt: skip
    visitor.send({"full_name": "Susanna Harding"})
    assert "Child 1 saved." in visitor.text
    assert "Susanna Harding" in visitor.text


def test_who_it_is_has_to_be_said_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/people/new").send({"full_name": "Susan Harding", "died_on-day": "3"})
    assert visitor.status == 422
    assert set(visitor.errors()) == {"The date of death must include a year.", "Say who it is."}
    assert visitor.value("full_name") == "Susan Harding"


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    (victim,) = open_people(case.reference, by=case.county.coordinator, at=NOW).people
    path = f"/reviews/{case.reference}/people/{victim.id}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"age_band": "25-34", "died_on-year": "2025"})
    second.send({"age_band": "35-44", "address": "1 The Close"})
    assert second.status == 409
    assert "25 to 34" in second.text
    assert "35 to 44" in second.text
    second.send({"keep-age_band": "theirs", "keep-address": "yours"})
    assert second.status == 200, second.text
    (now,) = open_people(case.reference, by=case.county.coordinator, at=NOW).people
    assert (now.entry.age_band, now.entry.address) == ("25-34", "1 The Close")


def test_somebody_entered_by_mistake_is_removed_and_the_last_victim_is_not(case: Case, visitor: Visitor) -> None:
    entry = PersonEntry(part="witness", full_name="Warden Harding")
    add_person(case.reference, entry, by=case.county.coordinator, at=NOW)
    visitor.open(f"/reviews/{case.reference}/people").send(button="Remove witness 1")
    assert "Witness 1" not in visitor.text
    visitor.send(button="Remove victim 1")
    assert visitor.status == 422
    assert "A review needs at least one person who died: enter the right person first." in visitor.text


def test_opening_the_page_is_written_down_and_the_page_of_somebody_else_is_out_of_reach(
    app: Flask, case: Case, county: County, visitor: Visitor, sign_in: SignIn
) -> None:
    before = [one.kind for one in case.rows(Event)].count(Happened.OPENED)
    visitor.open(f"/reviews/{case.reference}/people")
    assert [one.kind for one in case.rows(Event)].count(Happened.OPENED) == before + 1
    chair = Visitor(app.test_client())
    sign_in(chair.client, Role.INDEPENDENT_CHAIR)
    assert chair.open(f"/reviews/{case.reference}/people").status == 404
    overseer = Visitor(app.test_client())
    sign_in(overseer.client, Role.STEERING_CHAIR)
    page = overseer.open(f"/reviews/{case.reference}/people")
    assert page.status == 200
    assert "Add a person" not in page.text
    assert page.open(f"/reviews/{case.reference}/people/new").status == 403


def test_the_page_asks_the_database_as_often_for_ten_people_as_for_one(case: Case, visitor: Visitor) -> None:
    path = f"/reviews/{case.reference}/people"
    for_one = asked_by(case.county.house, lambda: visitor.open(path))
    for number in range(9):
        entry = PersonEntry(part="child", full_name=f"Child {number}")
        add_person(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))
    assert asked_by(case.county.house, lambda: visitor.open(path)) == for_one
