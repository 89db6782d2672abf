"""Control characters: taken out of every box and query string, never out of a word, and no address holds one."""

from __future__ import annotations

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework.house import House
from dhr_app.database.models import MoveMade
from dhr_app.web import building
from dhr_app.web.plain_text import plain
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.workflows.stages import Stage
from tests.factories import submit
from tests.reviews import County
from tests.web.reading import elements

CONTROLS = "".join(chr(number) for number in (*range(32), *range(127, 160)))
UNSEEN = "".join(letter for letter in CONTROLS if letter not in "\t\n\r\v\f\x85")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ada Harding", "Ada Harding"),
        ("", ""),
        (f"A{UNSEEN}da", "Ada"),
        ("one\vtwo\fthree\x85four\u2028five\u2029six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("one\r\n\ttwo\n", "one\r\n\ttwo\n"),
        ("Zoë – “Łukasz” 玲 👩‍👩‍👧 שלום\N{RIGHT-TO-LEFT MARK} a\N{SOFT HYPHEN}b", None),
    ],
)  # fmt: skip
def test_only_what_cannot_be_seen_is_taken_out(typed: str, read: str | None) -> None:
    assert plain(typed) == (typed if read is None else read)


@pytest.fixture
def echo(house: House) -> FlaskClient:
    """An application with one room, which gives back what its views are told."""
    room = Room("echo", __name__)

    @room.form("/echo", permission=PUBLIC)
    def tell() -> dict[str, list[str]]:
        return {name: texts for source in (request.args, request.form) for name, texts in source.lists()}

    app = building.build(house, (room,))
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_no_view_is_ever_told_one(echo: FlaskClient, kind: str) -> None:
    sent = {"name": [f"A{CONTROLS}da", "Zoë\0"], "told": "one\r\ntwo"}
    answer = echo.post("/echo", query_string={"q": f"b{CONTROLS}c\0"}, data=sent, content_type=kind)
    assert answer.json is not None
    assert answer.json["told"] == ["one\r\ntwo"]
    assert answer.json["name"][1] == "Zoë"
    for text in (answer.json["q"][0], answer.json["name"][0]):
        assert "".join(text.split()) in ("bc", "Ada")


def test_what_is_entered_in_clear_is_kept_without_them(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = county.review(Stage.SCOPING)
    case.settle("commission")
    decided = {"decided_on-day": "3", "decided_on-month": "6", "decided_on-year": "2026"}
    answer = submit(
        client,
        f"/reviews/{case.reference}/moves/commission",
        {**decided, "decided_by": "The\0 steering\x07 group", "evidence": "Minute 7"},
    )
    assert answer.status_code == 303, answer.text
    with county.house.reading() as session:
        made = session.scalars(select(MoveMade).where(MoveMade.name == "commission")).one()
        assert made.decided_by == "The steering group"


def test_what_holds_nothing_else_is_missing(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    answer = submit(client, "/search", {"looked_for": "\0\x07 \x1b"})
    assert "Enter a name, an address" in elements(answer.text).select_one("#looked_for-error").text


@pytest.mark.parametrize(
    "path",
    ["/reviews/DHR-2026-001%00", "/reviews/%07", "/reviews/x%00/plan", "/help/%1b", "/inbox/%00", "/%00"],
)
def test_an_address_with_one_leads_nowhere(county: County, client: FlaskClient, sign_in, path: str) -> None:
    assert client.get(path).status_code == 404
    sign_in(client)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "There is nothing here that you can open." in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/reviews?stage=%00&kind=%00&after=%00&before=%00",
        "/trail?person=%00&review=%00&from=%00",
        "/sign-in?next=/%00",
        "/overview?as_at-year=%00",
    ],
)
def test_a_query_string_with_one_breaks_no_page(county: County, client: FlaskClient, sign_in, path: str) -> None:
    assert client.get(path).status_code in (200, 302)
    sign_in(client)
    assert client.get(path).status_code in (200, 302, 403, 404, 422)
