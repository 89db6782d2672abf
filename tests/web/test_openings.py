"""The page that tells who has opened a review."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def test_an_auditor_reads_who_opened_what_and_finds_the_way_from_the_timeline(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    review = f"/reviews/{county.review(at=NOW).reference}"
    reader = sign_in(client)
    Visitor(client).open(f"{review}/people")
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert "Who has opened this" in auditor.open(f"{review}/timeline").text
    auditor.open(f"{review}/openings")
    assert reader.name in auditor.text
    assert "Names and other identities" in auditor.text
    assert "Harding" not in auditor.text


def test_a_day_that_is_none_shows_the_latest(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    page = Visitor(client).open(f"/reviews/{county.review(at=NOW).reference}/openings?until=yesterday")
    assert page.status == 200
    assert "Back to the latest" in page.text


def test_nobody_else_reads_it(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    review = county.review(at=NOW)
    sign_in(client, Role.STEERING_MEMBER)
    assert Visitor(client).open(f"/reviews/{review.reference}/openings").status == 403
