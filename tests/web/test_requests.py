"""The pages of requests for information and incidents, and who had access to a review."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.database.models import RequestReview
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import StoppedClock
from tests.reviews import Case, County
from tests.stories.visitor import Values, Visitor

SignIn = Callable[..., Person]
Arrive = Callable[[Role], Visitor]
SISTER = "Griselda Harding"


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


@pytest.fixture
def arrive(app: Flask, case: Case, sign_in: SignIn, clock: StoppedClock) -> Arrive:
    """Somebody of a role, a minute after whatever the case last saw."""

    def through_the_door(role: Role) -> Visitor:
        clock.moment = case.wait(minutes=1)
        client = app.test_client()
        sign_in(client, role)
        return Visitor(client)

    return through_the_door


def day(name: str, case: Case) -> dict[str, str]:
    on = case.today
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def request_about(case: Case, **more: str) -> Values:
    return {"kind": "subject_access", "reviews": case.reference, "asker": SISTER, **day("asked_on", case), **more}


def test_a_request_is_recorded_and_decided_and_an_auditor_reads_no_name(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.COORDINATOR).open(f"/requests/new?review={case.reference}")
    page.send(request_about(case))
    page.was_taken()
    assert SISTER in page.text
    assert "One month from" in page.text
    assert SISTER not in page.path + str(page.page.title)
    where = page.path
    page.open(f"{where}/answer").send({"decision": "refused", **day("decided_on", case), "exemptions": ["dpa_2_3_16"]})
    page.was_taken()
    auditor = arrive(Role.AUDITOR).open(where)
    assert SISTER not in auditor.text
    assert "Who asked, and for what, is sealed" in auditor.text
    assert "DPA 2018 Sch. 2 para. 16: the rights of others" in auditor.text
    assert "Refused" in auditor.open("/requests").text
    assert auditor.open(f"{where}/correct").status == 403


def test_whoever_is_barred_from_one_of_its_reviews_reads_no_word_and_is_told_of_no_other(
    county: County, case: Case, arrive: Arrive
) -> None:
    other = county.review(Stage.PANEL)
    page = arrive(Role.COORDINATOR).open("/requests/new")
    page.send(request_about(case, reviews=f"{case.reference}, {other.reference}")).was_taken()
    where = page.path
    reader = arrive(Role.COORDINATOR)
    assert SISTER in reader.open(where).text
    reader.open(f"/reviews/{other.reference}/declare").send({"answer": "conflict", "note": "A cousin."}).was_taken()
    shown = reader.open(where)
    assert shown.status == 200
    assert case.reference in shown.text
    for word in (SISTER, other.reference, "closed to you", "1 review", "Correct or add"):
        assert word not in shown.text
    refused = reader.open(f"{where}/correct")
    assert (refused.status, "closed" in refused.text) == (403, False)


def test_a_form_that_cannot_be_right_is_shown_again_with_every_word(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.COORDINATOR).open("/requests/new")
    page.send(request_about(case, reviews="DHR-1999-001", wanted="Her own letters"))
    assert page.status == 422
    assert page.errors() == [
        "One of these is no reference of a review that you may open: check each, like DHR-2026-001."
    ]
    assert SISTER in str(page.page)
    assert "Her own letters" in page.text
    assert "No request is recorded yet" in page.open("/requests").text


def test_whoever_saves_second_keeps_their_words_and_looks_first(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.COORDINATOR).open("/requests/new")
    page.send(request_about(case))
    where = page.path
    first, second = arrive(Role.COORDINATOR).open(f"{where}/correct"), arrive(Role.COORDINATOR).open(f"{where}/correct")
    first.send({"wanted": "The letters"})
    first.was_taken()
    second.send({"wanted": "Everything"})
    assert second.status == 422
    assert "Somebody else saved this while you were writing" in second.text
    assert "Everything" in second.text
    second.send()
    second.was_taken()
    assert "Everything" in second.text
    assert len(case.rows(RequestReview)) == 1


def test_the_coordinators_day_and_the_overview_tell_what_runs_out(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.COORDINATOR).open("/requests/new")
    page.send({"kind": "coroner", **day("asked_on", case), **day("due_by", case)})
    page.was_taken()
    page.open("/incidents/new").send(found(case))
    page.was_taken()
    case.wait(days=4)
    text = arrive(Role.COORDINATOR).open("/today").text
    assert re.search(r"Incident 1: Telling the Information Commissioner.*The 72 hours: until.*35 hours late", text)
    assert re.search(r"Request 1: The answer \(Coroner\) Not passed on yet 4 days late", text)
    text = arrive(Role.STEERING_CHAIR).open("/overview").text
    assert "Request 1: Coroner" in text
    assert "4 days late" in text
    assert "Incident 1: Sent or shown to the wrong person" in text
    assert "hours late" in text
    text = arrive(Role.STEERING_MEMBER).open("/overview").text
    assert "Incident 1" not in text
    assert "Request 1" not in text


def found(case: Case, **more: str) -> Values:
    return {"kind": "wrong_person", "aware_time": "0:01", **day("aware_on", case), **more}


def test_an_administrator_records_an_incident_and_is_asked_for_no_review(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.ADMINISTRATOR).open("/incidents")
    page.open("/incidents/new")
    assert page.page.select("[name=reviews], [name=what_happened]") == []
    page.send(found(case))
    page.was_taken()
    assert "hours left" in page.text
    where = page.path
    assert page.open(f"{where}/answer").status == 403
    chair = arrive(Role.STEERING_CHAIR).open(f"{where}/correct")
    chair.send({"reviews": case.reference, "what_happened": f"A letter about {SISTER}"})
    chair.was_taken()
    assert SISTER in chair.text
    administrator = arrive(Role.ADMINISTRATOR).open(where)
    assert SISTER not in administrator.text
    assert case.reference not in administrator.text
    assert case.reference not in administrator.open("/incidents").text
    chair.open(f"{where}/answer").send({"ico": "not", "ico_because": "unlikely", "lessons": ["training"]})
    chair.was_taken()
    assert "Not to be told" in chair.text
    auditor = arrive(Role.AUDITOR).open(where)
    assert SISTER not in auditor.text
    assert "A risk to people is unlikely" in auditor.text


def test_an_incident_that_cannot_be_right_is_shown_again(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.COORDINATOR).open("/incidents/new")
    page.send(found(case, aware_time="soon", what_happened="A letter"))
    assert page.status == 422
    assert len(page.errors()) == 2
    assert "No incident is recorded" in page.open("/incidents").text


@pytest.mark.parametrize("role", [Role.INDEPENDENT_CHAIR, Role.AGENCY_CONTRIBUTOR, Role.STEERING_MEMBER])
def test_nobody_else_comes_to_either_log(role: Role, arrive: Arrive) -> None:
    visitor = arrive(role)
    for path in ("/requests", "/incidents", "/requests/new", "/incidents/new"):
        assert visitor.open(path).status == 403


def test_who_had_access_stands_on_one_page(case: Case, arrive: Arrive) -> None:
    page = arrive(Role.COORDINATOR).open("/requests/new")
    page.send(request_about(case))
    assert len(page.open(f"/reviews/{case.reference}/access").links("?review=")) == 2
    auditor = arrive(Role.AUDITOR).open(f"/reviews/{case.reference}/access")
    assert auditor.links("?review=") == []
    assert "Request 1" in auditor.text
    assert SISTER not in auditor.text
    assert "1 request is open: until each is decided, nothing of this review is destroyed." in auditor.text
