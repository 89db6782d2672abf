"""Asking agencies, and their returns, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from dhr_app.casework.scoping_page import open_return
from dhr_app.database.models import ScopingRequest
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

ANSWER = {
    "outcome": "in", "what_is_known": "Known since 2024.", "records_secured": "yes",
    "answered_on-day": "3", "answered_on-month": "6", "answered_on-year": "2026", "came_from": "DI Thorne, 3 June",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """A death notified 30 days ago; Police and Barset Refuge were asked then."""
    case = county.review(at=NOW - timedelta(days=30))
    case.ask("Police", "Barset Refuge")
    return case


def path_of(case: Case, agency: str) -> str:
    (row,) = [row for row in case.rows(ScopingRequest) if row.agency_id == case.county.agency(agency)]
    return f"/reviews/{case.reference}/scoping/{row.id}"


def path_id(path: str) -> UUID:
    return UUID(path.rsplit("/", 1)[1])


def test_whoever_is_silent_past_the_date_is_marked(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/scoping")
    assert visitor.text.count("Silent, late") == 2
    assert "18 May 2026" in visitor.text or "19 May 2026" in visitor.text


def test_an_agency_ticked_twice_is_asked_and_counted_once(case: Case, county: County, visitor: Visitor) -> None:
    probation = str(county.agency("Probation"))
    visitor.open(f"/reviews/{case.reference}/scoping").send({"agency_ids": [probation, probation]})
    assert visitor.status == 200
    assert "1 agency was asked." in visitor.text


def test_several_agencies_are_asked_at_once_and_not_offered_again(case: Case, county: County, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/scoping")
    asked = [str(county.agency(name)) for name in ("Probation", "Mental Health Trust")]
    visitor.send({"agency_ids": asked})
    assert "2 agencies were asked." in visitor.text
    offered = {str(box["value"]) for box in visitor.page.select("input[name=agency_ids]")}
    assert not offered & set(asked)
    assert str(county.agency("Fire and Rescue")) in offered


def test_a_day_to_come_and_no_agency_are_said_beside_their_boxes(case: Case, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{case.reference}/scoping").send()
    assert visitor.errors() == ["Choose at least one agency."]
    fire = str(case.county.agency("Fire and Rescue"))
    visitor.send({"agency_ids": [fire], "asked_on-year": "2027"})
    assert visitor.errors() == ["3 June 2027 has not come yet: check the day."]
    assert visitor.value("agency_ids") == fire


def test_a_return_is_entered_on_behalf_from_somebodys_letter(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send({**ANSWER, "came_from": ""})
    assert visitor.errors() == ["Say from whose e-mail or letter, and of which day, you enter this."]
    assert visitor.value("what_is_known") == "Known since 2024."
    visitor.send({"came_from": "DI Thorne, 3 June"})
    assert visitor.path == f"/reviews/{case.reference}/scoping"
    assert "Return received" in visitor.text
    assert "On behalf of the agency" in visitor.open(path).text


def test_a_silent_agency_is_escalated_and_only_then_closed(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path)
    assert "Close as no reply" not in visitor.text
    token = {"csrf_token": visitor.value("csrf_token")}
    refused = visitor.client.post(f"{path}/close", data=token)
    assert refused.status_code == 422
    assert "an agency is closed as no reply only after escalation" in refused.text
    visitor.send(button="Record the escalation")
    assert visitor.errors() == ["Give the day on which it was escalated."]
    day = {"escalated_on-day": "2", "escalated_on-month": "6", "escalated_on-year": "2026"}
    visitor.send(day, button="Record the escalation")
    assert "Escalated 2 June 2026" in visitor.text
    visitor.send(button="Close as no reply after escalation")
    assert "No reply" in visitor.text


def test_a_contributor_sees_and_answers_only_what_their_agency_was_asked(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    contributor = Visitor(app.test_client())
    person = sign_in(contributor.client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    assert contributor.open(f"/reviews/{case.reference}/scoping").status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    contributor.open(f"/reviews/{case.reference}/scoping")
    assert "What your agency was asked" in contributor.text
    assert "Barset Refuge" not in contributor.text
    contributor.open(path_of(case, "Police"))
    assert "From whose e-mail" not in contributor.text
    for said in (
        "Did your agency know anybody involved?",
        "What does your agency know?",
        "On which day do you answer?",
    ):
        assert said in contributor.text
    assert "Is the agency" not in contributor.text
    assert f"ask {county.coordinator.name} before you search" in contributor.text
    assert "No names are needed" in contributor.text
    assert [contributor.value(f"answered_on-{part}") for part in ("day", "month", "year")] == ["3", "6", "2026"]
    assert contributor.page.select("input[name=records_secured][checked]") == []
    back = contributor.page.select_one(".govuk-back-link")
    assert back is not None
    assert back["href"] == "/owed"
    contributor.send({name: value for name, value in ANSWER.items() if name != "came_from"})
    assert (contributor.status, contributor.path) == (200, "/owed")
    assert f"{case.reference}: your scoping return is sent." in contributor.text
    assert "By the agency" in contributor.open(path_of(case, "Police")).text
    assert contributor.open(path_of(case, "Barset Refuge")).status == 403


def test_the_second_to_save_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = path_of(case, "Police")
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send(ANSWER)
    second.send({**ANSWER, "what_is_known": "Known since 2023.", "records_secured": "no"})
    assert second.status == 409
    second.send({"keep-what_is_known": "yours", "keep-records_secured": "theirs"})
    page = open_return(case.reference, path_id(path), by=case.county.coordinator, at=NOW)
    assert (page.entry.what_is_known, page.entry.records_secured) == ("Known since 2023.", "yes")


def test_whoever_oversees_reads_a_return_and_changes_nothing(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send(ANSWER)
    overseer = Visitor(app.test_client())
    sign_in(overseer.client, Role.STEERING_CHAIR)
    page = overseer.open(path)
    assert "Known since 2024." in page.text
    assert page.page.select("main form") == []


def test_nothing_to_return_and_a_text_are_not_taken_together(case: Case, visitor: Visitor) -> None:
    path = path_of(case, "Police")
    visitor.open(path).send({**ANSWER, "outcome": "nil"})
    assert visitor.errors() == ["Choose “Yes” if this is what the agency knows, or take the text out."]
    assert visitor.value("what_is_known") == "Known since 2024."
    visitor.send({"what_is_known": ""})
    visitor.was_taken()


def test_a_day_that_cannot_be_read_hides_nothing_else_that_is_wrong(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "Police")).send({"outcome": "in", "answered_on-day": "31", "answered_on-month": "2",
                                                "answered_on-year": "2026"})  # fmt: skip
    assert visitor.errors() == [
        "Enter what the agency knows, or choose nothing to return.",
        "Say whether the records are secured.",
        "The day of the answer must be a real date: February 2026 has 28 days.",
        "Say from whose e-mail or letter, and of which day, you enter this.",
    ]


def test_an_agency_that_cannot_see_what_it_is_asked_is_named_with_the_way_to_its_seat(
    case: Case, county: County, visitor: Visitor
) -> None:
    contributor = county.who(Role.AGENCY_CONTRIBUTOR)
    for path in (f"/reviews/{case.reference}/scoping", path_of(case, "Police")):
        visitor.open(path)
        assert "Nobody of Barsetshire Police has a seat on this review" in visitor.text
    (link,) = visitor.links("/members?agency=", words="Give somebody a seat")
    visitor.open("/today")
    assert link in visitor.links("/members")
    visitor.path = f"/reviews/{case.reference}/members"
    visitor.open(link)
    assert visitor.value("account_id") == str(contributor.id)
    visitor.send()
    visitor.was_taken()
    assert "Nobody of" not in visitor.open(path_of(case, "Police")).text
    assert visitor.open(link).value("account_id") == ""
