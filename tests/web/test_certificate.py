"""The certificate of a disposal is fetched from the page of the records, by whoever may see that page."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import pdf
from tests.disposals import disposed
from tests.factories import StoppedClock, csrf_token
from tests.reviews import Case, County
from tests.web.reading import soup


@pytest.fixture
def case(county: County, clock: StoppedClock) -> Case:
    case = county.review(Stage.CLOSED)
    disposed(case)
    clock.moment = case.at
    return case


def door(case: Case) -> str:
    return f"/reviews/{case.reference}/records/1/certificate"


def test_it_is_offered_where_records_were_destroyed_and_comes_as_a_file_to_be_saved(
    case: Case, client: FlaskClient, sign_in: Any
) -> None:
    sign_in(client)
    page = soup(client, f"/reviews/{case.reference}/records")
    form = page.select_one(f"form[action='{door(case)}']")
    assert form.button.get_text(strip=True).startswith("Download the certificate")
    answer = client.post(door(case), data={"csrf_token": form.select_one("[name=csrf_token]")["value"]})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="certificate-{case.reference}-1.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"Certificate of disposal {case.reference}, number 1" in pdf.words(answer.data)
    assert [event.kind for event in case.events()].count(Happened.DISPOSAL_CERTIFIED.value) == 1


def test_it_is_not_made_by_a_link_that_somebody_follows(case: Case, client: FlaskClient, sign_in: Any) -> None:
    sign_in(client)
    assert client.get(door(case)).status_code == 303
    assert client.post(door(case)).status_code == 400


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR])
def test_nobody_else_has_it(case: Case, client: FlaskClient, sign_in: Any, role: Role) -> None:
    sign_in(client, role)
    token = csrf_token(client, "/sign-in" if role is Role.PANEL_MEMBER else "/reviews")
    assert client.post(door(case), data={"csrf_token": token}).status_code in (403, 404)


def test_there_is_none_where_nothing_was_destroyed(county: County, client: FlaskClient, sign_in: Any) -> None:
    sign_in(client)
    case = county.review(Stage.CLOSED)
    page = soup(client, f"/reviews/{case.reference}/records")
    assert "Download the certificate" not in page.text
    token = page.select_one("[name=csrf_token]")["value"]
    assert client.post(door(case), data={"csrf_token": token}).status_code == 404
