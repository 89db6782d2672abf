"""The list of reviews, one review's page, its timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from dhr_app.casework import case_list
from dhr_app.casework.public_name import PublicNameEntry, give_public_name, public_name_page
from dhr_app.casework.review_page import review_page
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.waiting import Waiting
from tests.factories import NOW
from tests.panels import appoint
from tests.queries import asked_by
from tests.reviews import BEGAN, Case, County
from tests.seating import join
from tests.web.reading import soup

VICTIM = "Ada Harding"


def section(page: Any, heading: str) -> Any:
    return page.find("h2", string=heading).find_parent("section")


def references(page: Any) -> list[str]:
    return [a.text for a in page.select("tbody th a")]


def ready_to_commission(county: County) -> Case:
    case = county.review(Stage.SCOPING)
    case.settle("commission")
    return case


def test_the_list_goes_first_next_previous_and_last_by_next_date(
    county: County, client: FlaskClient, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_list, "PAGE", 2)
    sign_in(client)
    all_of_them = [county.review(at=BEGAN + timedelta(days=number)).reference for number in range(5)]
    page, seen, ways = soup(client, "/reviews"), [], {}
    while True:
        seen += references(page)
        ways = {a.text: a["href"] for a in page.select("nav.govuk-pagination a")}
        if "Next page" not in ways:
            break
        page = soup(client, ways["Next page"])
    assert seen == all_of_them
    assert references(soup(client, ways["Previous page"])) == all_of_them[2:4]
    assert references(soup(client, ways["First page"])) == all_of_them[:2]
    ways = {a.text: a["href"] for a in soup(client, "/reviews").select("nav.govuk-pagination a")}
    assert references(soup(client, ways["Last page"])) == all_of_them[3:]


def test_the_list_can_be_narrowed_and_keeps_its_choices(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    late = county.review(Stage.SCOPING)
    county.review(at=NOW - timedelta(days=2))
    page = soup(client, "/reviews?stage=scoping&kind=dhr-2016&late=yes")
    assert references(page) == [late.reference]
    assert page.select_one("#stage option[selected]")["value"] == "scoping"
    assert page.select_one("#late").has_attr("checked")
    assert references(soup(client, "/reviews?on_hold=yes")) == []
    assert len(references(soup(client, "/reviews?after=nonsense&stage=none&kind=none"))) == 2


def test_what_the_list_is_narrowed_to_is_said_while_the_choices_are_folded_away(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    summary = soup(client, "/reviews").select_one("details summary").text.strip()
    assert summary == "Narrow the list"
    page = soup(client, "/reviews?stage=scoping&kind=dhr-2016&late=yes&on_hold=yes")
    summary = page.select_one("details:not([open]) summary").text.strip()
    assert summary == "Narrowed to: Scoping, Domestic Homicide Review, late, on hold (change)"
    assert page.find("a", string="Show all reviews")["href"] == "/reviews"
    assert soup(client, "/reviews?stage=none").select_one("summary").text.strip() == "Narrow the list"


def test_each_value_of_a_table_carries_the_name_of_its_column(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = county.review(Stage.PANEL)
    case.seat(Role.PANEL_MEMBER)
    for path in ("/reviews", f"/reviews/{case.reference}/members", f"/reviews/{case.reference}/scoping"):
        page = soup(client, path)
        named = [th.text for th in page.select("thead th[role=columnheader]")]
        rows = page.select("table[role=table] tbody tr[role=row]")
        assert rows
        for row in rows:
            assert row.select("th[role=rowheader]")
            assert [td["data-label"] for td in row.select("td[role=cell]")] == named[1:]


def test_a_contributor_goes_from_the_list_to_the_scoping_page(county: County, client: FlaskClient, sign_in) -> None:
    case = county.review(Stage.SCOPING, at=NOW - timedelta(days=9))
    person = sign_in(client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    page = soup(client, "/reviews")
    assert [a["href"] for a in page.select("tbody th a")] == [f"/reviews/{case.reference}/scoping"]
    assert [th.text for th in page.select("thead th")] == ["Review", "Stage", "Led by"]
    assert not page.find("select", id="stage")  # there is one review: nothing to narrow
    refused = client.get(f"/reviews/{case.reference}")
    assert refused.status_code == 403
    assert "This page is not open to you" in refused.text
    assert '<a class="govuk-link" href="/owed">What your agency owes</a>' in refused.text
    assert "You may see this" not in refused.text


def test_the_list_asks_as_often_for_many_reviews_as_for_one(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    county.review()
    for_one = asked_by(county.house, lambda: client.get("/reviews"))
    for _ in range(4):
        county.review(Stage.SCOPING)
    assert asked_by(county.house, lambda: client.get("/reviews")) == for_one


def test_the_page_says_what_is_late_and_leads_to_what_is_still_needed(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    reference = county.review(Stage.SCOPING).reference
    page = soup(client, f"/reviews/{reference}")
    assert "Scoping return, Barsetshire Police" in section(page, "Late").text
    steps = section(page, "What to do next")
    assert steps.find("h3").text == "Commission the review"
    assert steps.find("a", href=f"/reviews/{reference}/scoping")
    assert steps.find("a", href=f"/reviews/{reference}/decision")
    assert not steps.find("a", href=f"/reviews/{reference}/moves/commission")
    assert steps.select_one("details").find("a", href=f"/reviews/{reference}/moves/transfer")


def test_a_move_that_is_ready_has_a_button(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    reference = ready_to_commission(county).reference
    button = soup(client, f"/reviews/{reference}").find("a", href=f"/reviews/{reference}/moves/commission")
    assert "govuk-button" in button["class"]


def test_whoever_is_to_agree_to_a_seldom_step_finds_the_way_though_they_may_not_take_it(
    county: County, client: FlaskClient, sign_in
) -> None:
    case = county.review()
    here = f"/reviews/{case.reference}"
    sign_in(client, Role.STEERING_CHAIR)
    assert soup(client, here).find("a", href=f"{here}/conditions/agreed_to_void") is None
    case.state("agreed_to_void")
    page = soup(client, here)
    assert page.find("a", href=f"{here}/moves/void") is None
    way = page.find("a", href=f"{here}/conditions/agreed_to_void")
    assert "Waits for a second person." in way.parent.get_text(" ", strip=True)


def test_dates_open_to_their_working_and_say_where_they_were_not_checked(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    page = soup(client, f"/reviews/{county.review(Stage.SCOPING).reference}")
    decision = next(item for item in section(page, "Dates").select("li") if "Decision whether to review" in item.text)
    assert "Not checked yet" in decision.text
    assert "Day 0 is" in decision.select_one("details").text


def test_who_is_still_to_be_told_is_a_link_each(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = county.review(Stage.SCOPING)
    case.relative()
    case.relative()
    owed = section(soup(client, f"/reviews/{case.to(Stage.PANEL).reference}"), "Still to be told")
    assert "2 people" in owed.text
    links = {a["href"].split("whom=")[1] for a in owed.select("a")}
    assert links == {f"{whom}&about=commission:2" for whom in ("home_office", "family", "notifier", "agencies")}


def test_two_steps_of_which_the_same_people_are_to_be_told_are_a_line_and_a_link_each(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    case = county.review(Stage.SCOPING)
    for name in ("commission", "correct_stage", "commission"):  # decided, taken back and decided again on one day
        case.take(name)
    page = soup(client, f"/reviews/{case.reference}")
    owed = section(page, "Still to be told")
    links = [a["href"].split("whom=")[1] for a in owed.select("a") if "whom=home_office" in a["href"]]
    assert links == ["home_office&about=commission:2", "home_office&about=commission:4"]
    assert "people" not in owed.text
    for link in links:  # and among what is late
        assert len(page.select(f"a[href$='whom={link}']")) == 2


@pytest.mark.parametrize("stage", [Stage.NOTIFICATION, Stage.PANEL, Stage.CLOSED, Stage.WITHDRAWN])
def test_a_review_s_page_takes_at_most_twelve_queries(
    county: County, client: FlaskClient, sign_in, stage: Stage
) -> None:
    sign_in(client)
    reference = county.review(stage).reference
    assert asked_by(county.house, lambda: client.get(f"/reviews/{reference}")) <= 12


def test_a_reader_without_a_part_in_it_sees_the_review_but_no_step_to_take(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client, Role.STEERING_MEMBER)
    page = soup(client, f"/reviews/{ready_to_commission(county).reference}")
    assert not [a for a in page.select("main a") if "/moves/" in a["href"] or "/conditions/" in a["href"]]
    sections = [a.text for a in page.select(".moj-sub-navigation a")]
    assert sections == ["Overview", "Panel", "Action plan", "Learning", "Closing", "Members", "Timeline"]


def test_an_auditor_sees_the_outline_of_a_review_and_nothing_that_was_written_about_it(
    county: County, client: FlaskClient, sign_in
) -> None:
    case = county.review(Stage.PANEL)
    version = public_name_page(case.reference, by=county.coordinator, at=case.at).version
    entry = PublicNameEntry("Rosemary", 2025)
    give_public_name(case.reference, entry, version, by=county.coordinator, at=case.wait(minutes=1))
    sign_in(client, Role.AUDITOR)
    page = soup(client, f"/reviews/{case.reference}")
    assert page.select_one("main h1").text == case.reference
    main = " ".join(page.select_one("main").get_text(" ").split())
    assert "It stands at “Review panel”." in main
    assert page.select(".dhr-stages__stage--current")
    assert page.select("main table tbody tr")  # its dates
    assert "Rosemary" not in main
    assert [a.text for a in page.select(".moj-sub-navigation a")] == ["Overview", "Records", "Access"]
    for a in page.select("main a"):  # every way that is offered leads somewhere
        assert client.get(a["href"]).status_code == 200, a["href"]
    for part in ("timeline", "members", "panel", "plan", "learning", "closing", "scoping", "people"):
        assert client.get(f"/reviews/{case.reference}/{part}").status_code == 403, part
    listed = soup(client, "/reviews").select_one("main")
    assert case.reference in listed.text
    assert "Rosemary" not in listed.text
    assert listed.select_one("a.dhr-reference")["href"] == f"/reviews/{case.reference}"


def test_the_trail_leads_an_auditor_to_the_outline(county: County, client: FlaskClient, sign_in) -> None:
    case = county.review(Stage.SCOPING)
    sign_in(client, Role.AUDITOR)
    link = soup(client, f"/trail?review={case.reference}").select_one("main table a.dhr-reference")
    assert link["href"] == f"/reviews/{case.reference}"
    assert client.get(link["href"]).status_code == 200
    missing = client.get("/reviews/DHR-1999-001")
    assert missing.status_code == 404


def test_neither_lists_nor_overview_nor_timeline_hold_the_victim_s_name(
    county: County, client: FlaskClient, sign_in
) -> None:
    sign_in(client)
    reference = county.review(Stage.PANEL).reference
    for path in ("/today", "/reviews", f"/reviews/{reference}", f"/reviews/{reference}/timeline"):
        assert VICTIM not in client.get(path).text


def test_the_timeline_goes_back_page_by_page(
    county: County, client: FlaskClient, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dhr_app.casework.timeline.PAGE", 3)
    sign_in(client)
    page = soup(client, f"/reviews/{county.review(Stage.SCOPING).reference}/timeline")
    assert len(page.select(".moj-timeline__item")) == 3
    seen = [entry.text for entry in page.select(".moj-timeline__title")]
    while earlier := page.find("a", string="Show earlier"):
        page = soup(client, earlier["href"])
        seen += [entry.text for entry in page.select(".moj-timeline__title")]
    assert "Scoping began" in seen
    assert len(seen) == len(set(seen)) == 4
    assert page.find("a", string="Back to the latest")


def test_a_review_that_is_not_there_is_not_found(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    assert client.get("/reviews/DHR-2026-999").status_code == 404
    assert client.get("/reviews/DHR-2026-999/timeline").status_code == 404


def test_it_says_whom_the_review_waits_for_as_the_overview_does(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = county.review()
    asked = case.ask("Police", "Probation", "Barset Refuge")
    case.move("begin_scoping")
    case.wait(days=3)
    waiting = section(soup(client, f"/reviews/{case.reference}"), "Waiting for").get_text(" ", strip=True)
    names = ("Barset Refuge and Outreach", "Barsetshire Police", "Probation Service, Barsetshire")
    assert waiting.startswith(f"Waiting for Now: {' '.join(names)}")
    assert f"{names[0]}, {names[1]} and {names[2]}" in waiting  # the days are theirs together
    for request in asked[:2]:
        case.answer(request)
    waiting = section(soup(client, f"/reviews/{case.reference}"), "Waiting for").get_text(" ", strip=True)
    (left,) = case.facts().outstanding
    assert waiting.startswith(f"Waiting for Now: {left.agency} ")


def test_nobody_waits_for_a_chair_before_one_is_appointed(county: County, client: FlaskClient, sign_in) -> None:
    sign_in(client)
    case = county.review(Stage.PANEL)
    case.tell("home_office", "family", "notifier", "agencies")
    waiting = section(soup(client, f"/reviews/{case.reference}"), "Waiting for").get_text(" ", strip=True)
    assert "Now: The partnership" in waiting
    assert "chair" not in waiting
    case.wait(days=5)
    appoint(case)
    case.wait(days=5)
    page = review_page(case.reference, by=county.coordinator, at=case.at)
    days = {share.holder.kind: share.days for share in page.waiting}
    assert days[Waiting.CHAIR] == 6  # the day of the appointment is theirs, and today
