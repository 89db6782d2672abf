"""What needs the coordinator today, as the page shows it."""

from __future__ import annotations

from flask.testing import FlaskClient

from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import County
from tests.web.reading import soup


def test_an_empty_day_says_so_and_leads_to_the_reviews(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    page = client.get("/today")
    assert "Nothing is late" in page.text
    assert 'href="/reviews"' in page.text


def test_each_line_leads_to_the_page_that_settles_it(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    silent = county.review(Stage.NOTIFICATION)
    silent.ask("Police")
    told = county.review(Stage.PANEL)
    told.state("specialist_on_panel", "could_not_be_done")
    page = soup(client, "/today")
    links = {a["href"] for a in page.select("main a")}
    assert f"/reviews/{silent.reference}" in links
    assert f"/reviews/{told.reference}/told?whom=family&about=commission:2" in links
    assert f"/reviews/{told.reference}/conditions/specialist_on_panel" in links
    assert any(link.startswith(f"/reviews/{silent.reference}/scoping/") for link in links)


def test_a_family_to_be_told_is_one_line_that_counts_its_members(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = county.review(Stage.SCOPING)
    case.relative()
    case.relative()
    case.to(Stage.PANEL)
    page = soup(client, "/today")
    lines = [line for line in page.select("li") if line.select('a[href*="whom=family"]')]
    assert len(lines) == 1
    assert "2 people" in lines[0].text


def test_the_day_is_the_coordinator_s(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client, Role.STEERING_CHAIR)
    assert client.get("/today").status_code == 403
