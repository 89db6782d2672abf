"""Making a move by its page: refused with all it lacks, corrected beside its boxes, or made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.sections import SECTIONS
from dhr_app.web.needs import ASKED_BY_PAGE
from dhr_app.workflows.lifecycle import MOVES, Ask, Move
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, submit
from tests.reviews import Case, County, row_counts
from tests.web.reading import elements, soup

DECIDED = {"decided_on-day": "3", "decided_on-month": "6", "decided_on-year": "2026", "evidence": "Minute 7"}


def in_scoping(county: County) -> Case:
    """Agencies were asked ten days ago, and have not answered."""
    return county.review(Stage.SCOPING, at=NOW - timedelta(days=10))


def ready_to_commission(county: County) -> Case:
    case = in_scoping(county)
    case.settle("commission")
    return case


def test_a_move_that_is_not_ready_is_refused_with_a_link_for_each_thing_it_lacks(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    case = in_scoping(county)
    reference = case.reference
    answer = submit(client, f"/reviews/{reference}/moves/commission", {})
    assert answer.status_code == 409
    links = {a["href"] for a in elements(answer.text).select("main a")}
    assert links == {f"/reviews/{reference}/{page}" for page in ("scoping", "other-reviews", "decision")}
    assert case.stage is Stage.SCOPING


def test_each_thing_a_move_lacks_is_a_link_on_its_page_for_the_coordinator(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    here = f"/reviews/{county.review().reference}"
    page = soup(client, f"{here}/moves/bring_in")
    assert page.find("a", href=f"{here}/earlier-steps")
    assert page.find("a", href=f"{here}/conditions/agreed_to_bring_in")
    assert set(ASKED_BY_PAGE.values()) <= set(SECTIONS)


def test_a_move_from_another_stage_is_refused_and_says_so_before(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = in_scoping(county).reference
    page = client.get(f"/reviews/{reference}/moves/publish")
    assert "cannot be taken while the review is at “Scoping”" in page.text
    assert submit(client, f"/reviews/{reference}/moves/publish", DECIDED).status_code == 409


def test_a_ready_move_is_made_and_leads_back_to_the_review(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = ready_to_commission(county)
    reference = case.reference
    path = f"/reviews/{reference}/moves/commission"
    assert 'value="Barsetshire Review Steering Group"' in client.get(path).text
    answer = submit(client, path, {**DECIDED, "decided_by": "Barsetshire Review Steering Group"})
    assert (answer.status_code, answer.location) == (303, f"/reviews/{reference}")
    assert "The review was commissioned." in client.get(answer.location).text
    assert case.stage is Stage.PANEL


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = ready_to_commission(county).reference
    wrong = {**DECIDED, "decided_by": "The group", "decided_on-year": "2027", "evidence": "Minute 7, kept"}
    answer = submit(client, f"/reviews/{reference}/moves/commission", wrong)
    assert answer.status_code == 422
    page = elements(answer.text)
    assert "cannot be in the future" in page.select_one("#decided_on-error").text
    assert "Minute 7, kept" in page.select_one("#evidence").text
    assert page.select_one("#decided_by")["value"] == "The group"


NO_DAY = {"decided_on-day": "31", "decided_on-month": "2", "decided_on-year": "2026"}


@pytest.mark.parametrize("day", [NO_DAY, {**NO_DAY, "decided_on-day": "1", "decided_on-year": "2027"}, {}])
def test_all_that_is_wrong_is_said_at_once_whatever_is_wrong_with_the_day(
    county: County, client: FlaskClient, sign_in, day: dict[str, str]
) -> None:
    sign_in(client)
    case = in_scoping(county)
    case.settle("pause")
    before = row_counts(county.house)
    answer = submit(client, f"/reviews/{case.reference}/moves/pause", {**day, "decided_by": ""})
    assert answer.status_code == 422
    said = {p["id"].removesuffix("-error") for p in elements(answer.text).select(".govuk-error-message")}
    assert said == {"decided_on", "decided_by", "evidence", "reason", "review_by", "reason_code", "who_was_asked"}
    assert row_counts(county.house) == before


def test_a_day_counted_from_the_decision_is_let_be_until_that_day_is_sound(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    reference = in_scoping(county).reference
    until = {"review_by-day": "1", "review_by-month": "8", "review_by-year": "2027"}
    sent = {**NO_DAY, **until, "decided_by": "The group", "evidence": "Minute 7"}
    answer = submit(client, f"/reviews/{reference}/moves/defer", sent)
    said = {p["id"].removesuffix("-error") for p in elements(answer.text).select(".govuk-error-message")}
    assert said == {"decided_on", "awaited"}
    assert "Give a day within a year" in submit(client, f"/reviews/{reference}/moves/defer", {**sent, **DECIDED}).text


def test_an_extension_says_all_that_it_lacks_at_once(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = in_scoping(county)
    case.settle("extend")
    answer = submit(client, f"/reviews/{case.reference}/moves/extend", DECIDED)
    said = [li.get_text(strip=True) for li in elements(answer.text).select(".govuk-error-summary__list li")]
    assert said == [
        "Say why the date is moved.",
        "Choose which date is extended.",
        "Give the new date.",
        "Give the reason.",
    ]


def test_deferring_asks_what_is_awaited_and_until_when(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = in_scoping(county)
    reference = case.reference
    path = f"/reviews/{reference}/moves/defer"
    assert "Say what is awaited." in submit(client, path, {**DECIDED, "decided_by": "The group"}).text
    until = {"review_by-day": "1", "review_by-month": "7", "review_by-year": "2026"}
    sent = {**DECIDED, **until, "decided_by": "The group", "awaited": ["post_mortem"]}
    assert submit(client, path, sent).status_code == 303
    assert "The decision is deferred." in client.get(f"/reviews/{reference}").text


def test_a_pause_and_a_resumption_go_by_their_forms(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = in_scoping(county)
    reference = case.reference
    case.settle("pause")
    until = {"review_by-day": "1", "review_by-month": "8", "review_by-year": "2026"}
    pause = {
        **DECIDED, **until, "decided_by": "The group", "reason": "The scoping goes on.",
        "reason_code": "criminal_trial", "who_was_asked": "cps",
    }  # fmt: skip
    answer = submit(client, f"/reviews/{reference}/moves/pause", pause)
    assert answer.status_code == 303, answer.text
    banner = soup(client, f"/reviews/{reference}").select_one("#on-hold")
    assert "On hold since 3 June 2026" in banner.text
    assert banner.find("a", href=f"/reviews/{reference}/moves/resume")
    kept_until = {"review_by-day": "1", "review_by-month": "9", "review_by-year": "2026"}
    keep = {**pause, **kept_until, "reason": "The trial is listed for August."}
    assert banner.find("a", href=f"/reviews/{reference}/moves/keep_hold").text == "Keep the hold"
    assert submit(client, f"/reviews/{reference}/moves/keep_hold", keep).status_code == 303
    banner = soup(client, f"/reviews/{reference}").select_one("#on-hold")
    assert "Look at the hold again by 1 September 2026" in banner.text
    assert "Kept on 3 June 2026; before that it was to be looked at by 1 August 2026." in banner.text
    case.settle("resume")
    resume = {**DECIDED, "decided_by": "The group", "ended_by": "The trial ended."}
    assert submit(client, f"/reviews/{reference}/moves/resume", resume).status_code == 303
    assert "On hold since" not in client.get(f"/reviews/{reference}").text


def test_an_extension_chooses_among_the_dates_still_waited_for(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = in_scoping(county)
    reference = case.reference
    case.settle("extend")
    path = f"/reviews/{reference}/moves/extend"
    page = soup(client, path)
    choices = {label.text.strip(): label["for"] for label in page.select("label.govuk-radios__label")}
    chosen = next(text for text in choices if text.startswith("Decision whether to review"))
    extension = {
        **DECIDED, "decided_by": "Steering group chair", "reason": "The trial.", "reason_code": "inquest",
        "deadline_id": page.find("input", id=choices[chosen])["value"],
        "new_date-day": "1", "new_date-month": "9", "new_date-year": "2026",
    }  # fmt: skip
    assert submit(client, path, extension).status_code == 303
    page = soup(client, f"/reviews/{reference}")
    assert "First date: 24 June 2026" in page.text
    assert "Decision whether to review: 1 September 2026" in page.text


def test_a_transfer_offers_the_partnerships_that_lead_reviews_but_not_our_own(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    case = in_scoping(county)
    reference = case.reference
    case.settle("transfer")
    page = soup(client, f"/reviews/{reference}/moves/transfer")
    offered = [option.text for option in page.select("#receiver_id option")]
    assert offered == ["Choose one", "Silverbridge Community Safety Partnership"]


@pytest.mark.parametrize("move", MOVES.values(), ids=list(MOVES))
def test_every_move_has_a_form_with_a_box_for_everything_it_asks(
    county: County, client: FlaskClient, sign_in, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dhr_app.casework.move_choices.MoveChoices.ready", True)
    monkeypatch.setattr("dhr_app.casework.move_choices.moves_from", lambda stage, rule_set: tuple(MOVES.values()))
    sign_in(client)
    reference = county.review().reference
    page = soup(client, f"/reviews/{reference}/moves/{move.name}")
    boxes = {box["name"].removesuffix("-day") for box in page.select("main form [name]")}
    for ask in move.asks:
        assert {Ask.RECEIVER: "receiver_id"}.get(
            ask, ask.value
        ) in boxes or ask is Ask.CLOCKS  # no date that can stand still runs yet
    assert {"decided_by", "decided_on", "evidence"} <= boxes
    assert ("reason_code" in boxes) is (move.name in ("pause", "keep_hold", "extend"))


def test_a_move_is_only_shown_to_those_who_may_record_it(
    county: County, client: FlaskClient, app: Flask, sign_in
) -> None:
    sign_in(client)
    reference = ready_to_commission(county).reference
    member = app.test_client()
    sign_in(member, Role.STEERING_MEMBER)
    assert member.get(f"/reviews/{reference}/moves/commission").status_code == 403
    assert client.get(f"/reviews/{reference}/moves/no_such_move").status_code == 404
