"""Each way a request can fail has its page, and none of them gives anything away."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from dhr_app.adapters.keys import KeyProviderError
from dhr_app.casework.troubles import ChangedMeanwhile, DatabaseUnavailable, KeyUnavailable, OpeningRefused, SealError
from dhr_app.database.session import NamedSession
from dhr_app.web import building, front, signing_in
from dhr_app.web.mending import MENDING, mending_url
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Reason, RuleError, Stale
from tests.factories import NOW, without_token

CANARY = "Marigold Thistlewood"


@pytest.fixture
def failing(house, sign_in) -> Callable[[Exception], FlaskClient]:
    """A client of an application with one page, /reviews/DHR-2026-001/fail, which raises this."""

    def made(error: Exception, *, signed_in: bool = True) -> FlaskClient:
        room = Room("failing", __name__)

        @room.form("/reviews/<reference>/fail", permission=PUBLIC)
        def fail(reference: str) -> str:
            raise error

        client = building.build(house, (front.room, signing_in.room, room)).test_client()
        if signed_in:
            sign_in(client)
        return client

    return made


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OutOfReach(), 404, "Page not found"),
        (NotAllowed("move.publish", "The steering group chair publishes."), 403, "The steering group chair publishes."),
        (OpeningRefused("family", None), 403, "You cannot open this part"),
        (Invalid({"decided_on": "The day cannot be in the future."}), 422, "The day cannot be in the future."),
        (RuleError("Bank holidays are known up to 2028."), 422, "Bank holidays are known up to 2028."),
        (ChangedMeanwhile("review", None), 409, "Somebody else was quicker"),
        (DatabaseUnavailable(), 503, "it was not saved"),
        (SealError("person", "full_name_ct", None), 500, "This cannot be read"),
        (KeyUnavailable("gone"), 500, "Nothing was changed"),
        (KeyProviderError("away"), 500, "This cannot be read"),
        (ValueError(f"{CANARY} is not a number"), 500, "Something went wrong"),
    ],
)
def test_each_error_has_its_page(failing, error, status, words):
    answer = failing(error).get("/reviews/DHR-2026-001/fail")
    assert answer.status_code == status
    assert words in answer.text
    assert "Sign out" in answer.text
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "error",
    [ValueError(f"{CANARY} is not a number"), KeyUnavailable(CANARY), SealError("person", "full_name_ct", None)],
)
def test_a_page_for_a_fault_has_a_reference_that_is_in_the_log(failing, capsys, error):
    client = failing(error)
    page = client.get("/reviews/DHR-2026-001/fail").text
    failure, line = [json.loads(each) for each in capsys.readouterr().out.splitlines()][-2:]
    assert failure["event"] == "failure"
    assert failure["error"] == type(error).__name__
    assert failure["request"] == line["request"]
    assert line["request"] in page
    assert CANARY not in json.dumps([failure, line])


def test_the_log_of_a_fault_says_where_we_were_however_deep_a_library_went(
    client, county, sign_in, capsys, monkeypatch
):
    def deeper(*_: object, levels: int = 20) -> None:
        if levels == 0:
            raise ValueError(CANARY)
        deeper(levels=levels - 1)

    case = county.review(at=NOW)
    sign_in(client)
    monkeypatch.setattr(NamedSession, "scalars", deeper)
    assert client.get(f"/reviews/{case.reference}/decision").status_code == 500
    failure, _ = [json.loads(each) for each in capsys.readouterr().out.splitlines()][-2:]
    *ours, ended = failure["where"]
    assert 2 <= len(ours) <= 8
    assert any(line.startswith("web/decision/views.py:") for line in ours)
    assert any(line.startswith("casework/decision.py:") and line.endswith(" _waiting") for line in ours)
    assert ended.endswith(" deeper")
    assert [line for line in ours if "deeper" in line] == []


def test_a_review_out_of_reach_and_one_that_does_not_exist_look_the_same(failing):
    client = failing(OutOfReach())
    one, other = client.get("/reviews/DHR-2026-001/fail"), client.get("/reviews/DHR-2026-999/no-such-page")
    assert one.status_code == other.status_code == 404
    assert without_token(one.text) == without_token(other.text)


def test_what_is_not_yet_possible_lists_every_missing_thing_with_the_page_that_mends_it(failing):
    reasons = (
        CONDITIONS["lead_partnership_named"].reason(),
        CONDITIONS["direction_on_file"].reason(),
        Reason("stage", "Wait for <the others>.", ""),
    )
    page = failing(NotYet("begin_scoping", reasons)).get("/reviews/DHR-2026-001/fail")
    assert page.status_code == 409
    assert 'href="/reviews/DHR-2026-001/notification">The partnership that leads the review is named.</a>' in page.text
    assert 'href="/reviews/DHR-2026-001/conditions/direction_on_file"' in page.text
    assert "Wait for &lt;the others&gt;." in page.text


def test_every_condition_can_be_mended_somewhere():
    assert {each.mend for each in CONDITIONS.values()} <= set(MENDING)
    for name, condition in CONDITIONS.items():
        assert mending_url("DHR-2026-001", condition.reason()), name


def test_a_condition_of_telling_leads_to_the_form_for_its_audience():
    telling = {each.tells: each for each in CONDITIONS.values() if each.mend == "told" and each.tells}
    assert telling
    for audience, each in telling.items():
        assert mending_url("DHR-2026-001", each.reason()) == f"/reviews/DHR-2026-001/told?whom={audience.value}"


def test_somebody_elses_change_is_shown_beside_ones_own(failing):
    stale = Stale(version=4, theirs={"what_happened": "Their <words>"}, yours={"what_happened": "My words"})
    page = failing(stale).get("/reviews/DHR-2026-001/fail")
    assert page.status_code == 409
    assert "Their &lt;words&gt;" in page.text
    assert "My words" in page.text
    assert "What happened" in page.text


@pytest.mark.sqlite
def test_when_the_database_is_gone_even_a_signed_in_person_gets_a_page(house, client, sign_in):
    sign_in(client)
    house.database.dispose()
    (house.settings.instance / "dhr.db").rename(house.settings.instance / "away.db")
    page = client.get("/")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    assert "Wait a minute and try again." in page.text
    (house.settings.instance / "away.db").rename(house.settings.instance / "dhr.db")
    assert client.get("/").location == "/today"


def test_a_method_that_a_page_does_not_know_is_no_fault_of_the_system(client):
    assert client.post("/").status_code in (401, 405)
    assert client.delete("/sign-in").status_code == 405


def test_more_than_a_form_can_take_is_refused_kindly(client):
    for path in ("/sign-in", "/sign-out"):
        answer = client.post(path, data={"email": "x" * (1024 * 1024 + 1)})
        assert answer.status_code == 413
        assert "Send it in shorter parts." in answer.text


def test_the_log_says_how_a_request_went_and_never_what_it_was_about(client, sign_in, capsys):
    person = sign_in(client)
    capsys.readouterr()
    client.get(f"/reviews/{CANARY}?search={CANARY}", headers={"User-Agent": CANARY, "Referer": f"http://x/{CANARY}"})
    out = capsys.readouterr().out
    line = json.loads(out)
    assert set(line) == {"event", "at", "request", "method", "endpoint", "status", "ms", "person"}
    assert (line["method"], line["status"], line["person"]) == ("GET", 404, str(person.id))
    assert "Marigold" not in out
