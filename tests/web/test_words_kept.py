"""Whoever was signed out while writing reads every answer again under its own question, with the way back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from dhr_app.database.models import ScopingRequest
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, StoppedClock, csrf_token
from tests.reviews import Case, County
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
WANTED = NOW.date() + timedelta(days=300)


@pytest.fixture
def agency(county: County, client: FlaskClient, sign_in: SignIn, clock: StoppedClock) -> Visitor:
    """Somebody of the police, at a form."""
    sign_in(client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    return Visitor(client)


def send_too_late(visitor: Visitor, clock: StoppedClock, path: str, data: dict[str, Any], **more: Any) -> Visitor:
    """Send a form after the sign-in ended."""
    token = csrf_token(visitor.client, "/nothing")
    clock.advance(minutes=25)
    answer = visitor.client.post(path, data={**data, "csrf_token": token, "version": "3044446787"}, **more)
    return visitor.see(answer.status_code, path, answer.text)


def words(visitor: Visitor) -> dict[str, str]:
    """What the page gives back, by its question."""
    labels = [(one.get_text(), str(one["for"])) for one in visitor.page.select("main label")]
    boxes = {text: visitor.page.select_one(f"#{place}") for text, place in labels}
    return {text: box.get_text().strip() for text, box in boxes.items() if box is not None}


def test_a_report_comes_back_under_the_questions_of_its_own_form(
    action_id: UUID, agency: Visitor, clock: StoppedClock
) -> None:
    path = f"/owed/actions/{action_id}/longer"
    sent = {"text": "The unions ask for more.", "blocked_by": "The unions", **day_boxes("wanted_on", WANTED)}
    send_too_late(agency, clock, path, sent)
    assert agency.status == 401
    assert words(agency) == {
        "By when can it be done?": f"{WANTED.day} {WANTED.month} {WANTED.year}",
        "Why does it need longer?": "The unions ask for more.",
        "Is anything in the way?": "The unions",
    }
    assert agency.links("/sign-in") == [f"/sign-in?next={path}"]


@pytest.mark.parametrize("size", [900, 3_000_000])
def test_the_words_come_back_however_large_the_file_and_the_file_is_to_be_chosen_again(
    action_id: UUID, agency: Visitor, clock: StoppedClock, size: int
) -> None:
    path = f"/owed/actions/{action_id}/progress"
    sent = {
        "text": "Half of the stations – “as planned”.",
        "version": "1",
        "file": FileStorage(io.BytesIO(b"x" * size), "a.pdf"),
    }
    boundary, body = encode_multipart(sent)
    clock.advance(minutes=25)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = agency.client.post(path, input_stream=io.BytesIO(body), content_type=kind, content_length=len(body))
    agency.see(answer.status_code, path, answer.text)
    assert words(agency) == {"How far is it?": "Half of the stations – “as planned”."}
    assert "Choose your file again: it was not kept." in agency.text


def test_without_a_file_no_file_is_spoken_of(action_id: UUID, agency: Visitor, clock: StoppedClock) -> None:
    send_too_late(agency, clock, f"/owed/actions/{action_id}/progress", {"text": "Half of the stations."})
    assert "file" not in agency.text


def test_choices_come_back_in_words_and_ids_and_versions_not_at_all(
    case: Case, action_id: UUID, visitor: Visitor, clock: StoppedClock
) -> None:
    police = str(case.county.agency("Police"))
    sent = {"text": "The force changes its form.", "owner_id": police, "when": "ongoing"}
    send_too_late(visitor, clock, f"/reviews/{case.reference}/plan/actions/{action_id}", sent)
    assert words(visitor) == {"What will the agency do?": "The force changes its form.", "By when?": "Ongoing"}
    assert police not in visitor.page.get_text()


def test_what_was_sent_to_a_button_leads_back_to_the_page_it_was_on(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    case = county.review(at=NOW - timedelta(days=30))
    case.ask("Police")
    (row,) = case.rows(ScopingRequest)
    path = f"/reviews/{case.reference}/scoping/{row.id}"
    sent = day_boxes("escalated_on", NOW.date())
    send_too_late(visitor, clock, f"{path}/escalate", sent, headers={"Referer": f"http://localhost{path}"})
    assert visitor.links("/sign-in") == [f"/sign-in?next={path}"]
    assert list(words(visitor)) == ["On which day was it taken further?"]


def test_the_way_back_to_a_form_names_the_draft_it_was_opened_for(
    case: Case, visitor: Visitor, clock: StoppedClock
) -> None:
    path = f"/reviews/{case.reference}/drafts/new?document=3"
    send_too_late(visitor, clock, path, {"note": "The second draft."})
    assert visitor.links("/sign-in") == ["/sign-in?next=" + quote(path, safe="/?")]


def test_a_page_elsewhere_is_no_way_back(county: County, visitor: Visitor, clock: StoppedClock) -> None:
    case = county.review(at=NOW - timedelta(days=30))
    case.ask("Police")
    (row,) = case.rows(ScopingRequest)
    path = f"/reviews/{case.reference}/scoping/{row.id}/escalate"
    send_too_late(visitor, clock, path, {}, headers={"Referer": "https://evil.example/sign-in"})
    assert visitor.links("/sign-in") == ["/sign-in?next=/"]


def test_no_address_of_ours_that_is_one_elsewhere_to_a_link_is_a_way_back(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    case = county.review(at=NOW - timedelta(days=30))
    case.ask("Police")
    (row,) = case.rows(ScopingRequest)
    path = f"/reviews/{case.reference}/scoping/{row.id}/escalate"
    send_too_late(visitor, clock, path, {}, headers={"Referer": "http://localhost//evil.example/sign-in"})
    assert visitor.links("/sign-in") == ["/sign-in?next=/"]
    assert visitor.links("evil.example") == []


def test_every_answer_of_a_long_form_comes_back_once(case: Case, visitor: Visitor, clock: StoppedClock) -> None:
    sent = {"outcome": "in", "what_is_known": "Known since 2024.", "records_secured": "yes", "came_from": "DI Thorne"}
    send_too_late(visitor, clock, f"/reviews/{case.reference}/scoping/{UUID(int=1)}", sent)
    assert words(visitor) == {
        "Did the agency know anybody involved?": "Yes: it knew them",
        "What does it know?": "Known since 2024.",
        "Are the agency’s records secured?": "Yes",
        "From whose e-mail or letter do you enter this?": "DI Thorne",
    }


# --- After somebody has signed out ----------------------------------------------------------------------------------

NOT_SHOWN = "whoever uses it next must not read it"
WRITTEN = {"text": "The unions ask for more.", **day_boxes("wanted_on", WANTED)}


def signs_out(client: FlaskClient) -> None:
    client.post("/sign-out", data={"csrf_token": csrf_token(client, "/nothing")})


def sent_again(client: FlaskClient, path: str, token: str) -> tuple[int, str]:
    """What the browser shows once the form that it keeps is sent again."""
    answer = client.post(path, data={**WRITTEN, "csrf_token": token})
    return answer.status_code, answer.text


def test_who_comes_after_a_sign_out_reads_nothing_by_sending_a_form_again(
    action_id: UUID, agency: Visitor, sign_in: SignIn, county: County
) -> None:
    client, path = agency.client, f"/owed/actions/{action_id}/longer"
    token = csrf_token(client, "/nothing")
    signs_out(client)
    for token_sent in (token, "no token of ours"):
        status, page = sent_again(client, path, token_sent)
        assert (status, NOT_SHOWN in page, "The unions" in page) == (401, True, False)
    sign_in(client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    status, page = sent_again(client, path, token)
    assert (status, NOT_SHOWN in page, "The unions" in page) == (400, True, False)


def test_what_is_written_after_signing_in_again_comes_back_as_ever(
    action_id: UUID, agency: Visitor, sign_in: SignIn, clock: StoppedClock
) -> None:
    client, path = agency.client, f"/owed/actions/{action_id}/longer"
    signs_out(client)
    with client.session_transaction() as session:
        session["left"] -= 5  # seconds ago
    sign_in(client, Role.COORDINATOR)
    token = csrf_token(client, "/nothing")
    clock.advance(minutes=25)
    status, page = sent_again(client, path, token)
    assert (status, "The unions" in page) == (401, True)


def test_a_sign_out_tells_the_browser_to_keep_no_page_and_no_page_is_to_be_kept(agency: Visitor) -> None:
    client = agency.client
    assert client.get("/owed").headers["Cache-Control"] == "no-store"
    answer = client.post("/sign-out", data={"csrf_token": csrf_token(client, "/nothing")})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
