"""The pages of a review's records: holds, the notice, and two people who each type their password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.disposal_notice import give_notice
from dhr_app.database.models import Disposal, InvolvedPerson, LegalHold
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.disposals import disposed, last_day_over, noticed
from tests.factories import PASSWORD, StoppedClock
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
HOLD = {
    "reason": "inquest", "words": "Inquest at Barchester, coroner’s letter of 2 June in the folder",
    "review_by-day": "1", "review_by-month": "12", "review_by-year": "2033",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.NOT_REVIEWED)


@pytest.fixture
def arrive(app: Flask, sign_in: SignIn, clock: StoppedClock) -> Callable[[Case, Role], Visitor]:
    """Somebody of a role at the review’s records, at the moment at which the case is."""

    def through_the_door(case: Case, role: Role) -> Visitor:
        clock.moment = case.wait(minutes=1)
        client: FlaskClient = app.test_client()
        sign_in(client, role)
        return Visitor(client).open(f"/reviews/{case.reference}/records")

    return through_the_door


def follow(visitor: Visitor, words: str) -> Visitor:
    """The page behind a link or a button that is a link."""
    (link,) = [each for each in visitor.page.select("main a") if words in each.get_text()]
    return visitor.open(str(link["href"]))


def test_two_people_destroy_the_records_and_each_types_their_password(
    case: Case, arrive: Callable[[Case, Role], Visitor]
) -> None:
    noticed(last_day_over(case))
    deputy = arrive(case, Role.STEERING_DEPUTY)
    form = follow(deputy, "Confirm as the first person")
    form.send({"password": "not my password"})
    assert form.status == 422
    assert "That was not right. Nothing was changed" in form.text
    (row,) = case.rows(Disposal)
    assert row.confirmed_at is None
    form.send({"password": PASSWORD})
    (row,) = case.rows(Disposal)
    assert row.confirmed_by_name
    assert "You have confirmed it. Somebody else has to confirm it too." in deputy.open(form_path(case)).text
    coordinator = arrive(case, Role.COORDINATOR)
    form = follow(coordinator, "Confirm as the second person")
    form.send({"typed": "DHR-2020-001", "password": PASSWORD})
    assert form.status == 422
    assert "This is not the reference of the review. Nothing was destroyed." in form.text
    form.send({"typed": case.reference, "password": PASSWORD})
    page = coordinator.open(form_path(case))
    assert "Destroyed on" in page.text
    people = coordinator.open(f"/reviews/{case.reference}/people")
    assert people.status == 200
    assert "Ada Harding" not in people.text
    assert "under Barsetshire CSP retention schedule, 2024" in people.text
    (person,) = case.rows(InvolvedPerson)
    assert coordinator.open(f"/reviews/{case.reference}/people/{person.id}").status == 410


def form_path(case: Case) -> str:
    return f"/reviews/{case.reference}/records"


def test_wrong_passwords_are_counted_with_those_of_the_sign_in_and_nothing_is_destroyed(
    case: Case, arrive: Callable[[Case, Role], Visitor]
) -> None:
    number = noticed(last_day_over(case))
    visitor = arrive(case, Role.STEERING_CHAIR)
    form = visitor.open(f"{form_path(case)}/{number}/confirm")
    for _ in range(11):
        form.send({"password": "not my password"})
    assert "Too many wrong tries" in form.text
    form.send({"password": PASSWORD})
    assert "Too many wrong tries" in form.text
    (row,) = case.rows(Disposal)
    assert row.confirmed_at is None


def test_a_hold_is_placed_ends_the_notice_and_is_lifted_by_two(
    case: Case, arrive: Callable[[Case, Role], Visitor]
) -> None:
    noticed(last_day_over(case))
    visitor = arrive(case, Role.COORDINATOR)
    year = str(case.today.year + 1 if case.today.month == 12 else case.today.year)
    form = follow(visitor, "Place a hold")
    form.send({**HOLD, "review_by-year": "2020"})
    assert form.status == 422
    form.send({**HOLD, "review_by-year": year, "words": "Inquest into Ada Harding’s death"})
    assert "may name somebody" in form.text or "name" in form.text
    assert case.rows(LegalHold) == []
    form = follow(visitor.open(form_path(case)), "Place a hold")
    form.send({**HOLD, "review_by-year": year})
    page = visitor.open(form_path(case))
    assert "An inquest is open" in page.text
    assert "A legal hold is in force" in page.text
    (row,) = case.rows(Disposal)
    assert row.stopped_because == "held"
    form = follow(page, "Lift it")
    form.send({"password": "not my password"})
    assert form.status == 422
    form.send({"password": PASSWORD})
    page = visitor.open(form_path(case))
    assert "Lift it" not in page.text
    assert "A legal hold is in force" in page.text
    chair = arrive(case, Role.STEERING_CHAIR)
    form = follow(chair, "Agree to lift it")
    address = form.path
    form.send({"password": PASSWORD})
    assert "A legal hold is in force" not in chair.open(form_path(case)).text
    again = chair.open(address)
    assert again.status == 409
    assert "This hold was lifted on " in again.text
    assert "Nothing was changed now" in again.text


def test_a_freeze_holds_every_review_and_is_lifted_by_the_chair_alone(
    case: Case, arrive: Callable[[Case, Role], Visitor]
) -> None:
    last_day_over(case)
    chair = arrive(case, Role.STEERING_CHAIR)
    form = follow(chair.open("/retention"), "Freeze every review")
    form.send({**HOLD, "reason": "public_inquiry", "review_by-year": str(case.today.year), "review_by-month": "12"})
    assert "every review" in chair.open("/retention").text
    assert "A legal hold is in force" in chair.open(form_path(case)).text
    form = follow(chair.open("/retention"), "Lift it")
    assert "Lift the freeze of every review" in form.text
    form.send({"password": PASSWORD})
    assert "Lift it" not in chair.open("/retention").text
    assert "Give notice" in chair.open(form_path(case)).text


def test_notice_is_given_and_ended_on_the_page(case: Case, arrive: Callable[[Case, Role], Visitor]) -> None:
    last_day_over(case)
    visitor = arrive(case, Role.COORDINATOR)
    form = follow(visitor, "Give notice")
    form.send({"classes": ["identities"]})
    (row,) = case.rows(Disposal)
    assert row.classes == ["identities"]
    page = visitor.open(form_path(case))
    assert "The notice runs until" in page.text
    form = follow(page, "End the notice")
    address = form.path
    form.send({"because": "still_needed"})
    assert "Notice ended on" in visitor.open(form_path(case)).text
    again = visitor.open(address)
    assert again.status == 409
    assert "This notice was ended on " in again.text


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.INDEPENDENT_CHAIR, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_it_is_not_shown_it(
    case: Case, arrive: Callable[[Case, Role], Visitor], role: Role
) -> None:
    number = noticed(last_day_over(case))
    visitor = arrive(case, role)
    assert visitor.status in (403, 404)
    for path in ("", "/hold", "/notice", f"/{number}/confirm", f"/{number}/second", f"/{number}/stop"):
        assert visitor.open(form_path(case) + path).status in (403, 404)


def test_the_form_of_a_person_whose_turn_it_is_not_asks_for_no_password(
    case: Case, arrive: Callable[[Case, Role], Visitor]
) -> None:
    number = give_notice(last_day_over(case).reference, (), by=case.county.coordinator, at=case.wait(minutes=1))
    of_the_first, of_the_second = (f"{form_path(case)}/{number}/{step}" for step in ("confirm", "second"))
    early = arrive(case, Role.STEERING_DEPUTY).open(of_the_first)
    assert (early.status, early.page.select("main form")) == (409, [])
    assert "The notice runs until" in early.text
    case.wait(days=28)
    too_soon = arrive(case, Role.COORDINATOR).open(of_the_second)
    assert (too_soon.status, too_soon.page.select("main form")) == (409, [])
    assert "The steering chair or deputy has not confirmed it in the last four weeks." in too_soon.text
    first = arrive(case, Role.STEERING_DEPUTY).open(of_the_first)
    first.send({"password": PASSWORD})
    first.open(of_the_second)
    assert (first.status, first.page.select("main form")) == (403, [])


def test_once_all_is_destroyed_no_page_speaks_of_it_as_still_to_come(
    case: Case, arrive: Callable[[Case, Role], Visitor]
) -> None:
    disposed(case)
    visitor = arrive(case, Role.STEERING_CHAIR)
    assert "and its records were destroyed." in visitor.text
    assert "Place a hold" not in visitor.text
    visitor.open("/retention/freeze").send(HOLD)
    assert f"{case.reference} Not reviewed All destroyed Destroyed" in visitor.open("/retention").text


@pytest.mark.parametrize("path", ["people/new", "family/new"])
def test_a_review_that_takes_no_more_records_says_so_before_anybody_fills_in_a_form(
    county: County, arrive: Callable[[Case, Role], Visitor], path: str
) -> None:
    case = county.review(Stage.CLOSED)
    visitor = arrive(case, Role.COORDINATOR).open(f"/reviews/{case.reference}/{path.partition('/')[0]}")
    assert not [each for each in visitor.page.select("main a") if path in str(each.get("href"))]
    visitor.open(f"/reviews/{case.reference}/{path}")
    assert (visitor.status, visitor.page.select("main form")) == (409, [])
    assert "The review is at “Closed”: nothing can be added to it." in visitor.text
