"""Stating that a condition is done, does not apply or could not be done, and agreeing to what others stated."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.condition_page import condition_page
from dhr_app.casework.statement import StatementEntry, state
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, TODAY, csrf_token, submit
from tests.reviews import County
from tests.web.reading import elements, soup

STATED = {
    "stated_by": "Mary Thorne, coordinator", "stated_on-day": "2", "stated_on-month": "6", "stated_on-year": "2026",
}  # fmt: skip
COULD_NOT = StatementEntry("could_not_be_done", "Mary Thorne, coordinator", TODAY, "", "Three services were asked.")


def test_a_statement_is_recorded_and_shown_with_its_evidence(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = county.review(Stage.SCOPING).reference
    path = f"/reviews/{reference}/conditions/direction_on_file"
    answer = submit(client, path, {**STATED, "answer": "done", "evidence": "The letter of the minister"})
    assert (answer.status_code, answer.location) == (303, path)
    page = client.get(path).text
    assert "Mary Thorne, coordinator" in page
    assert "The letter of the minister" in page
    assert "Counts" in page


def test_what_is_missing_stands_beside_its_box_and_the_rest_is_kept(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    reference = county.review(Stage.PANEL).reference
    path = f"/reviews/{reference}/conditions/specialist_on_panel"
    answer = submit(client, path, {**STATED, "answer": "does_not_apply"})
    assert answer.status_code == 422
    page = elements(answer.text)
    assert "Say why it does not apply." in page.select_one("#reason_code-error").text
    assert page.select_one("#stated_by")["value"] == "Mary Thorne, coordinator"


def test_only_the_answers_that_are_accepted_are_offered(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = county.review(Stage.PANEL).reference
    offered = {
        name: [box["value"] for box in soup(client, f"/reviews/{reference}/conditions/{name}").select("[name=answer]")]
        for name in ("specialist_on_panel", "agreed_to_correct", "independence_declared", "lead_partnership_named")
    }
    assert offered == {
        "specialist_on_panel": ["does_not_apply", "could_not_be_done"],
        "agreed_to_correct": ["done"],
        "independence_declared": [],
        "lead_partnership_named": [],
    }


def test_the_steering_chair_accepts_what_could_not_be_done(
    county: County, client: FlaskClient, app: Flask, sign_in
) -> None:
    by = sign_in(client)
    reference = county.review(Stage.PANEL).reference
    state(reference, "specialist_on_panel", COULD_NOT, by=by, at=NOW)
    path = f"/reviews/{reference}/conditions/specialist_on_panel"
    assert not soup(client, path).select('a[href$="/accept"]')
    chair = app.test_client()
    sign_in(chair, Role.STEERING_CHAIR)
    settling = soup(chair, path).select_one('a[href$="/accept"]')["href"]
    page = soup(chair, settling)
    assert "Three services were asked." in page.text
    refused = submit(chair, settling, {})
    assert refused.status_code == 422
    assert "Tick the box once you have read what was tried." in refused.text
    answer = submit(chair, settling, {"sure": "y"})
    assert (answer.status_code, answer.location) == (303, path)
    assert "Counts" in chair.get(path).text


def test_a_second_person_reads_it_and_agrees_and_neither_the_first_nor_a_member_can(
    county: County, client: FlaskClient, app: Flask, sign_in
) -> None:
    by = sign_in(client)
    reference = county.review().reference
    entry = StatementEntry("done", "Mary Thorne", TODAY, "", "A note of the call", about="scoping")
    state(reference, "agreed_to_correct", entry, by=by, at=NOW)
    path = f"/reviews/{reference}/conditions/agreed_to_correct"
    statement_id = condition_page(reference, "agreed_to_correct", by=by, at=NOW).statements[0].id
    settling = f"/reviews/{reference}/statements/{statement_id}/second"
    own = {"csrf_token": csrf_token(client, path), "sure": "y", "password": PASSWORD}
    assert client.post(settling, data=own).status_code == 403
    member = app.test_client()
    sign_in(member, Role.STEERING_MEMBER)
    page = soup(member, path)
    assert "A note of the call" not in page.text
    assert not page.select('a[href$="/second"]')
    theirs = {"csrf_token": csrf_token(member, path), "sure": "y", "password": PASSWORD}
    assert member.get(settling).status_code == 403
    assert member.post(settling, data=theirs).status_code == 403
    chair = app.test_client()
    sign_in(chair, Role.STEERING_CHAIR)
    page = soup(chair, path)
    assert "A note of the call" in page.text
    assert page.select_one('a[href$="/second"]')["href"] == settling
    assert "Tick the box once you have looked for yourself." in submit(chair, settling, {}).text
    assert submit(chair, settling, {"sure": "y", "password": PASSWORD}).location == path
    assert "Counts" in chair.get(path).text


def test_a_statement_can_be_taken_back_and_stays_readable(county: County, client: FlaskClient, sign_in) -> None:
    by = sign_in(client)
    reference = county.review(Stage.PANEL).reference
    state(reference, "specialist_on_panel", COULD_NOT, by=by, at=NOW)
    path = f"/reviews/{reference}/conditions/specialist_on_panel"
    settling = soup(client, path).select_one('a[href$="/withdraw"]')["href"]
    assert "cannot be put back" in soup(client, settling).text
    assert submit(client, settling, {}).status_code == 422
    assert submit(client, settling, {"sure": "y"}).status_code == 303
    assert client.get(settling).status_code == 404
    page = client.get(path).text
    assert "Taken back" in page
    assert "Three services were asked." in page


def test_a_condition_answered_by_its_own_record_leads_there(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = county.review(Stage.PANEL).reference
    page = soup(client, f"/reviews/{reference}/conditions/other_reviews_considered")
    assert page.find("a", href=f"/reviews/{reference}/other-reviews")


def test_who_may_state_it_is_said_where_the_reader_may_not(
    county: County, client: FlaskClient, app: Flask, sign_in
) -> None:
    sign_in(client)
    reference = county.review(Stage.PANEL).reference
    member = app.test_client()
    sign_in(member, Role.STEERING_MEMBER)
    page = soup(member, f"/reviews/{reference}/conditions/agreed_to_correct")
    assert not page.select("[name=answer]")
    assert "It can be stated" in page.text


def test_an_unknown_condition_is_not_found(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = county.review().reference
    assert client.get(f"/reviews/{reference}/conditions/no_such_thing").status_code == 404
