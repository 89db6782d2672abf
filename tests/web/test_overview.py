"""The overview and the report as their pages show them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from dhr_app.database.models import Agency, Conflict, ScopingRequest
from dhr_app.web.overview.charts import LONGEST_LINE, Bar, Chart, Part
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, OPERATOR
from tests.planning import act, done, recommend, signed_off
from tests.queries import asked_by
from tests.reporting import report
from tests.reviews import BEGAN, Case, County
from tests.web.reading import elements, soup

VICTIM = "Ada Harding"


def cells(page: Any, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their heads."""
    (table,) = [one for one in page.select("table") if one.caption.get_text(strip=True) == caption]
    return {
        row.th.get_text(" ", strip=True): [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in table.select("tbody tr")
    }


@pytest.fixture
def planned(county: County) -> Case:
    case = county.review(Stage.PANEL)
    of = recommend(case)
    act(case, of)
    done(case, act(case, of))
    return case


@pytest.mark.parametrize("role", [Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER])
def test_the_steering_group_s_day_begins_here(county: County, client: FlaskClient, sign_in, role: Role) -> None:
    sign_in(client, role)
    assert client.get("/").headers["Location"] == "/overview"
    assert "Where reviews stand" in client.get("/overview").text


def test_an_empty_county_is_shown_without_a_bar(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client, Role.STEERING_CHAIR)
    page = soup(client, "/overview")
    assert page.select("svg[role=img] rect") == []
    assert "No agency has an open action." in page.text
    assert "no action waits to be signed off" in page.text
    assert "no decision is to be taken" in page.text


def test_each_chart_says_what_its_table_says(county: County, client: FlaskClient, sign_in, planned: Case) -> None:
    county.review()
    sign_in(client, Role.STEERING_MEMBER)
    page = soup(client, "/overview")
    charts = page.select("svg[role=img]")
    assert [chart.title.text for chart in charts] == [
        "Reviews at each stage", "Reviews by their next date", "Whom reviews are waiting for",
        "Open actions of each agency",
    ]  # fmt: skip
    for chart in charts:
        said = {
            label: int(number)
            for number, label in (bar.get_text(" ", strip=True).split(" ", 1) for bar in chart.select("text"))
        }
        rows = cells(page, chart.title.text)
        assert said == {name: int(figures[0].split()[0]) for name, figures in rows.items()}
        assert all(f"{label}: {number}" in chart.desc.text for label, number in said.items())
        widths = [float(rect["width"].removesuffix("%")) for rect in chart.select("rect")]
        assert max(widths, default=100) <= 100
        assert not [rect for rect in chart.select("rect") if rect.get("style")]


def test_words_above_a_bar_are_broken_before_they_are_cut_off() -> None:
    name = "Barsetshire County Council Adult Social Care"
    chart = Chart("agencies", "Actions", "", (Bar(name, (Part("late", 1),)), Bar("Police", (Part("late", 2),))))
    assert [len(bar.lines) for bar in chart.bars] == [2, 1]
    assert chart.more_lines == 1
    assert all(len(line) <= LONGEST_LINE for bar in chart.bars for line in bar.lines)
    assert " ".join(chart.bars[0].lines) == name


def test_numbers_lead_to_the_reviews_they_count(county: County, client: FlaskClient, sign_in, planned: Case) -> None:
    county.review()
    sign_in(client, Role.STEERING_MEMBER)
    links = {a["href"] for a in soup(client, "/overview").select("main a")}
    for stage in ("notification", "panel"):
        assert f"/reviews?stage={stage}" in links
        assert f"/reviews?stage={stage}&late=yes" in links
    assert f"/reviews/{planned.reference}" in links
    shown = soup(client, "/reviews?stage=notification&late=yes").select("tbody tr")
    assert str(len(shown)) == cells(soup(client, "/overview"), "Reviews at each stage")["Notification"][1].split()[0]


def test_the_chair_is_led_to_what_waits_for_them_and_others_to_the_plan(
    county: County, client: FlaskClient, sign_in, planned: Case
) -> None:
    case = county.review(Stage.PANEL)
    case.state("specialist_on_panel", "could_not_be_done")
    sign_in(client, Role.STEERING_CHAIR)
    page = soup(client, "/overview")
    assert page.find("h2", id="next").text == "What waits for you"
    assert page.find("a", href=f"/reviews/{planned.reference}/plan/sign-off").text == f"{planned.reference}: 1 action"
    assert page.find("a", href=f"/reviews/{case.reference}/conditions/specialist_on_panel")
    signed_off(planned)
    assert "sign-off" not in str(soup(client, "/overview").find("main"))


@pytest.mark.parametrize("role", [Role.STEERING_CHAIR, Role.COORDINATOR, Role.STEERING_MEMBER])
def test_decisions_and_wishes_lead_each_role_where_it_may_go(
    county: County, client: FlaskClient, sign_in, role: Role
) -> None:
    case = county.review(Stage.SCOPING)
    case.settle("commission")  # the decision is written down, and every agency has answered
    other = county.review(Stage.PANEL)
    action_id = act(other, recommend(other), target_on=date(2026, 7, 1))
    report(other, action_id, "need_longer", wanted_on=date(2026, 12, 31))
    decide, plan = f"/reviews/{case.reference}/moves/commission", f"/reviews/{other.reference}/plan"
    links = {
        Role.STEERING_CHAIR: {decide, f"{plan}/actions/{action_id}/longer"},
        Role.COORDINATOR: {decide, f"{plan}/actions/{action_id}/longer"},
        Role.STEERING_MEMBER: {f"/reviews/{case.reference}", plan},
    }[role]
    sign_in(client, role)
    waits = soup(client, "/overview").find("h2", id="next").parent
    assert {a["href"] for a in waits.select("a")} == links
    text = " ".join(waits.text.split())
    assert "A decision to review is written down and not taken yet." in text
    assert "Barsetshire Police asks for 31 December 2026; it is due on 1 July 2026." in text
    assert ("The coordinator enters the answer" in text) is (role is Role.STEERING_MEMBER)
    for link in links:
        assert client.get(link).status_code == 200


def test_a_review_with_nothing_written_down_leads_to_where_the_decision_is_written(
    county: County, client: FlaskClient, sign_in
) -> None:
    case = county.review(Stage.SCOPING)
    for request in case.rows(ScopingRequest):
        case.answer(request)
    sign_in(client, Role.STEERING_CHAIR)
    waits = soup(client, "/overview").find("h2", id="next").parent
    (link,) = waits.select("a")
    assert client.get(link["href"]).status_code == 200
    assert link["href"] == f"/reviews/{case.reference}/decision"
    assert "Every agency has answered. It was due 108 days ago." in " ".join(waits.text.split())


def test_a_member_sees_that_the_chair_is_waited_for(
    county: County, client: FlaskClient, sign_in, planned: Case
) -> None:
    sign_in(client, Role.STEERING_MEMBER)
    page = soup(client, "/overview")
    assert page.find("h2", id="next").text == "What waits for the steering group chair"
    assert page.find("a", href=f"/reviews/{planned.reference}/plan")
    assert page.find("a", href=re.compile("sign-off")) is None


def test_both_pages_ask_as_often_for_many_reviews_as_for_one(
    county: County, client: FlaskClient, sign_in, planned: Case
) -> None:
    sign_in(client, Role.STEERING_CHAIR)
    pages = ("/overview", "/overview/report?as-at=2026-06-03")
    few = [asked_by(county.house, partial(client.get, page)) for page in pages]
    for number in range(4):
        case = county.review(Stage.SCOPING, at=BEGAN + timedelta(days=number))
        case.ask("Probation")
    act(planned, recommend(planned, "2"))
    assert [asked_by(county.house, partial(client.get, page)) for page in pages] == few
    # The chair is told of the end of records, requests, incidents and emergencies too; the report is held against
    # protected names.
    assert (few[0] <= 18, few[1] <= 23) == (True, True)


def test_neither_page_holds_a_name_of_the_case(county: County, client: FlaskClient, sign_in, planned: Case) -> None:
    sign_in(client, Role.COORDINATOR)
    for page in ("/overview", "/overview/report?as-at=2026-06-03"):
        assert VICTIM not in client.get(page).text


class TestTheReport:
    def test_without_a_day_it_asks_for_one_and_offers_the_usual_ones(
        self, county: County, client: FlaskClient, sign_in
    ) -> None:
        sign_in(client, Role.STEERING_MEMBER)
        page = soup(client, "/overview/report")
        assert [a["href"] for a in page.select("main details a")] == [
            "?as-at=2026-06-03", "?as-at=2026-05-31", "?as-at=2026-03-31",
        ]  # fmt: skip
        assert page.find("input", id="as_at-day")
        assert page.select("table") == []

    def test_a_day_typed_leads_to_the_report_of_that_day(
        self, county: County, client: FlaskClient, sign_in, planned: Case
    ) -> None:
        sign_in(client, Role.STEERING_MEMBER)
        answer = client.get("/overview/report?as_at-day=31&as_at-month=5&as_at-year=2026")
        assert answer.headers["Location"] == "/overview/report?as-at=2026-05-31"
        page = soup(client, answer.headers["Location"])
        assert page.h1.text == "Steering group report as at 31 May 2026"
        assert page.find("a", href=f"/reviews/{planned.reference}")
        assert cells(page, "What happened in the three months")["Reviews commissioned"] == ["0", "0", "1"]
        assert cells(page, "Open actions by agency")["Barsetshire Police"][:2] == ["2", "1"]
        meanings = {each.text for each in page.select("dl dt")}
        assert set(cells(page, "What happened in the three months")) <= meanings
        assert {"DHR, DARDR", "Contribution", "IMR", "CSP", "Waiting for", "What moved its dates"} <= meanings

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ("as-at=2026-07-01", "1 July 2026 has not come yet: choose 3 June 2026 or an earlier day."),
            ("as-at=2001-01-01", "Nothing was recorded here before 15 January 2026: choose that day or a later one."),
            ("as-at=yesterday", "Write the day as year, month and day, like 2026-03-31, or use the boxes."),
            ("as-at=", "Write the day as year, month and day, like 2026-03-31, or use the boxes."),
            ("as_at-day=31&as_at-month=2&as_at-year=2026", "The day must be a real date: February 2026 has 28 days."),
            ("as_at-day=&as_at-month=&as_at-year=", "Give the day."),
            ("as_at-day=3&as_at-month=&as_at-year=", "The day must include a month and a year."),
        ],
    )
    def test_a_day_that_cannot_be_gets_its_sentence_beside_the_boxes(
        self, county: County, client: FlaskClient, sign_in, planned: Case, asked: str, sentence: str
    ) -> None:
        sign_in(client, Role.STEERING_MEMBER)
        answer = client.get(f"/overview/report?{asked}")
        assert answer.status_code == 422
        page = elements(answer.text)
        assert [each.get_text(strip=True) for each in page.select(".govuk-error-summary__list li")] == [sentence]
        assert sentence in page.select_one(".govuk-error-message").text
        assert page.select("details[open] input")
        if "as-at=2026-07-01" in asked:
            assert page.find("input", id="as_at-month")["value"] == "7"

    def test_a_late_return_names_its_agency_and_a_date_met_late_its_days(
        self, county: County, client: FlaskClient, sign_in
    ) -> None:
        asked = county.review()
        asked.ask("Probation")
        decided = county.review(Stage.SCOPING)
        decided.wait(days=60)
        decided.take("commission")
        sign_in(client, Role.STEERING_MEMBER)
        rows = cells(soup(client, "/overview/report?as-at=2026-06-03"), "Open reviews, by their next date")
        _, coming, whom, moved = rows[f"{asked.reference} DHR"]
        assert "Scoping return, by 29 January 2026 : 125 days late" in coming
        assert (whom, moved) == ("Probation Service, Barsetshire", "No reason recorded")
        _, coming, whom, moved = rows[f"{decided.reference} DHR"]
        assert coming.startswith("Tell ")
        assert whom == "The partnership"
        assert f"Decision whether to review: met {in_words(decided.today)} , 30 days late" in moved

    def test_a_late_action_stands_under_its_agency_where_the_overview_s_numbers_lead(
        self, county: County, client: FlaskClient, sign_in
    ) -> None:
        case = county.review(Stage.PANEL)
        of = recommend(case)
        act(case, of, target_on=date(2026, 6, 1))
        act(case, of, when="ongoing", target_on=None, look_again_on=date(2026, 5, 1))
        sign_in(client, Role.STEERING_MEMBER)
        overview = soup(client, "/overview")
        href = f"/overview/report?as-at=2026-06-03#late-actions-{county.agency('Police')}"
        assert [a.get_text(" ", strip=True) for a in overview.find_all("a", href=href)] == [
            "1 up to 30 days late: Barsetshire Police", "1 to look at again: Barsetshire Police",
        ]  # fmt: skip
        path, _, anchor = href.partition("#")
        report = soup(client, path)
        assert report.find("h3", id=anchor).text == "Barsetshire Police"
        (table,) = [one for one in report.select("table") if one.caption.text == "Late actions: Barsetshire Police"]
        shown = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]
        assert shown == [
            [case.reference, "1/1", "1 June 2026", "2 days"],
            [case.reference, "1/2", "1 May 2026", "Ongoing, to look at again"],
        ]
        assert report.find("a", href=f"/reviews/{case.reference}/plan")

    def test_one_that_would_name_somebody_is_not_shown_and_says_where_the_name_is(
        self, county: County, client: FlaskClient, sign_in, planned: Case
    ) -> None:
        with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
            police = session.get_one(Agency, county.agency("Police"))
            police.name = "Friends of Ada Harding"
        sign_in(client, Role.STEERING_MEMBER)
        answer = client.get("/overview/report?as-at=2026-06-03")
        page = elements(answer.text)
        assert answer.status_code == 422
        assert [each.get_text(strip=True) for each in page.select(".govuk-error-summary__list li")] == [
            f"This report was not made: it would hold a name that {planned.reference} protects. "
            "Take it out there, then try again."
        ]
        assert (VICTIM in answer.text, page.select("table")) == (False, [])

    def test_each_page_of_paper_bears_the_marking_and_the_day_it_was_made(
        self, county: County, client: FlaskClient, sign_in, planned: Case
    ) -> None:
        sign_in(client, Role.STEERING_MEMBER)
        page = soup(client, "/overview/report?as-at=2026-05-31")
        assert page.select_one(".dhr-marking").text == "OFFICIAL-SENSITIVE"
        foot = "OFFICIAL-SENSITIVE. Steering group report as at 31 May 2026, made on 3 June 2026."
        assert page.select_one(".dhr-report__foot").text == foot

    @pytest.mark.parametrize("where", ["/overview", "/overview/report?as-at=2026-06-03"])
    def test_no_word_of_it_blames_a_family(
        self, county: County, client: FlaskClient, sign_in, planned: Case, where: str
    ) -> None:
        planned.take("extend", new_date=date(2026, 12, 1), reason_code="family_time")
        sign_in(client, Role.STEERING_MEMBER)
        text = soup(client, where).find("main").get_text(" ", strip=True)
        for word in ("asked for more time", "Family told", "Late for longest", "aside", "Void", "silence", "in vain"):
            assert word not in text
        if "report" in where:
            assert "More time was agreed so that the family could take part" in text

    def test_today_says_that_it_is_not_over(self, county: County, client: FlaskClient, sign_in, planned: Case) -> None:
        sign_in(client, Role.STEERING_MEMBER)
        said = "Today is not over"
        assert said in client.get("/overview/report?as-at=2026-06-03").text
        assert said not in client.get("/overview/report?as-at=2026-06-02").text

    def test_whoever_is_barred_from_a_review_is_told_neither_of_it_nor_that_one_is_left_out(
        self, county: County, client: FlaskClient, sign_in, planned: Case
    ) -> None:
        county.review()
        chair = sign_in(client, Role.STEERING_CHAIR)
        with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
            session.add(Conflict(review_id=planned.row.id, account_id=chair.id))
        page = soup(client, "/overview/report?as-at=2026-06-03")
        assert planned.reference not in page.text
        assert "1 open review," in " ".join(page.text.split())
        assert "Reviews that are closed to whoever made this report are not in it." in page.text

    @pytest.mark.parametrize("role", [Role.AGENCY_CONTRIBUTOR, Role.INDEPENDENT_CHAIR, Role.AUDITOR])
    def test_it_is_the_steering_group_s_and_the_coordinator_s(
        self, county: County, client: FlaskClient, sign_in, role: Role
    ) -> None:
        sign_in(client, role)
        for page in ("/overview", "/overview/report"):
            assert client.get(page).status_code == 403
