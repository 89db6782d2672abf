"""One’s own sign-ins: which there are, ending them, two at once, and being told why one was signed out."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework import account
from dhr_app.casework.account import ends_at
from dhr_app.database.models import Event, SignIn
from dhr_app.web.browser_words import browser_words
from dhr_app.workflows.roles import Role
from tests.factories import NOW, PASSWORD, StoppedClock, csrf_token, make_account, submit
from tests.web.reading import elements, soup

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"


def comes_in(client: FlaskClient, email: str, browser: str = FIREFOX, address: str = "198.51.100.7") -> FlaskClient:
    """Another browser of the same person’s."""
    other = client.application.test_client()
    answer = submit(
        other,
        "/sign-in",
        {"email": email, "password": PASSWORD},
        headers={"User-Agent": browser},
        environ_overrides={"REMOTE_ADDR": address},
    )
    assert answer.status_code == 302
    return other


def rows(client: FlaskClient) -> list[list[str]]:
    """What the page says of each sign-in, without its button."""
    lines = soup(client, "/sign-ins").select("main tbody tr")
    return [[" ".join(cell.get_text(" ", strip=True).split()) for cell in line.select("th, td")][:4] for line in lines]


def press(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"csrf_token": csrf_token(client, "/sign-ins")}).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/sign-ins").status_code == 200


def test_each_sign_in_says_where_and_when_and_this_one_is_marked(house, client, clock: StoppedClock):
    _, email = make_account(house)
    comes_in(client, email, SAFARI, "203.0.113.77")
    clock.advance(minutes=5)
    here = comes_in(client, email)
    assert rows(here) == [
        ["Firefox on Windows You are using this one now", "198.51.100.0/24", "3 June 2026 at 10:35am", "Now"],
        ["Safari on an iPhone", "203.0.113.0/24", "3 June 2026 at 10:30am", "3 June 2026 at 10:30am"],
    ]


def test_the_page_shows_nobody_elses_and_the_header_leads_to_it(house, client, sign_in):
    comes_in(client, make_account(house)[1], SAFARI)
    sign_in(client)
    page = soup(client, "/sign-ins")
    assert len(page.select("main tbody tr")) == 1
    assert page.select_one(".dhr-header a[href='/sign-ins']").get_text() == "Your sign-ins"


def test_one_that_is_ended_is_out_at_once_and_is_told_why(house, client):
    _, email = make_account(house)
    other, here = comes_in(client, email, SAFARI), comes_in(client, email)
    path = soup(here, "/sign-ins").select_one("main form[action$='/end']")["action"]
    assert press(here, path) == 303
    assert not is_in(other)
    assert "you ended this sign-in from another browser" in other.get("/sign-in").text
    assert is_in(here)
    assert "you ended" not in client.get("/sign-in").text


def test_all_others_are_ended_and_this_one_stays(house, client):
    _, email = make_account(house)
    other, here = comes_in(client, email, SAFARI), comes_in(client, email)
    assert press(here, "/sign-ins/end-others") == 303
    assert (is_in(other), is_in(here)) == (False, True)


def test_somebody_elses_cannot_be_ended(house, client, sign_in):
    stranger = comes_in(client, make_account(house)[1])
    with house.reading() as session:
        sign_in_id = session.scalars(select(SignIn.id)).one()
    sign_in(client, Role.ADMINISTRATOR)
    assert press(client, f"/sign-ins/{sign_in_id}/end") == 404
    assert is_in(stranger)


def test_a_third_sign_in_ends_the_oldest_which_is_told_so(house, client, clock: StoppedClock):
    _, email = make_account(house)
    browsers = []
    for _ in range(3):
        browsers.append(comes_in(client, email))
        clock.advance(minutes=1)
    assert [is_in(each) for each in browsers] == [False, True, True]
    assert "because you have signed in twice elsewhere since" in browsers[0].get("/sign-in").text
    with house.reading() as session:
        ended = session.scalars(select(Event).where(Event.kind == "sign_in_ended")).one()
    assert ended.details == {"because": "newer_sign_in"}


def test_one_that_was_left_alone_takes_nobodys_place(house, client, clock: StoppedClock):
    _, email = make_account(house)
    comes_in(client, email)
    comes_in(client, email)
    clock.advance(minutes=21)
    here = comes_in(client, email)
    assert len(rows(here)) == 1
    with house.reading() as session:
        assert session.scalars(select(SignIn.ended_at)).all() == [None, None, None]


def test_staying_counts_as_reading_a_page_and_says_for_how_long(client, clock: StoppedClock, sign_in):
    sign_in(client)
    token = csrf_token(client, "/sign-ins")
    clock.advance(minutes=19)
    answer = client.post("/sign-ins/stay", data={"csrf_token": token})
    assert answer.json == {"seconds": 1200, "last": False}
    clock.advance(minutes=19)
    assert is_in(client)
    clock.advance(minutes=20)
    assert client.post("/sign-ins/stay", data={"csrf_token": token}).status_code == 401


def test_near_the_end_of_the_ten_hours_it_says_that_it_is_the_last(client, clock: StoppedClock, sign_in):
    sign_in(client)
    for _ in range(39):
        clock.advance(minutes=15)
        assert is_in(client)
    dialog = soup(client, "/sign-ins").select_one("dialog[data-ending]")
    assert (dialog["data-seconds"], dialog["data-last"]) == ("900", "yes")


def test_the_page_counts_from_when_it_was_last_written_that_one_was_there(client, clock: StoppedClock, sign_in):
    sign_in(client)
    clock.advance(seconds=50)
    assert soup(client, "/sign-ins").select_one("dialog[data-ending]")["data-seconds"] == "1150"
    with client.session_transaction() as session:
        found = account.person_for_token(session["_user_id"], at=clock.now())
    assert found is not None
    end, last = ends_at(found, at=clock.now())
    assert ((end - NOW).total_seconds(), last) == (1200, False)


def test_nobody_is_asked_to_stay_who_is_not_signed_in(client):
    assert elements(client.get("/sign-in").text).select_one("dialog") is None


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on an iPhone"),
        (CHROME, "Chrome on Linux"),
        (CHROME + " Edg/138.0", "Edge on Linux"),
        ("curl/8.5 <script>", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_named_in_our_own_words(sent, words):
    assert browser_words(sent) == words
