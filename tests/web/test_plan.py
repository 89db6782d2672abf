"""The action plan on its pages: entered, corrected, moved, reported, signed off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.planning import act, action_shown, done, plan_of, recommend, send_letter, shown
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    """A commissioned review, today."""
    case = county.review(Stage.PANEL, at=NOW - timedelta(days=30))
    case.at = NOW
    return case


@pytest.fixture
def chair(app: Flask, county: County, sign_in: SignIn) -> Visitor:
    """The steering group chair at another."""
    visitor = Visitor(app.test_client())
    sign_in(visitor.client, Role.STEERING_CHAIR)
    return visitor


def plan(case: Case) -> str:
    return f"/reviews/{case.reference}/plan"


def entered(case: Case, number: str = "4", **values: str | list[str]) -> dict[str, str | list[str]]:
    known = {"text": "Housing asks who else lives there.", "scope": "local", "origin": "overview"}
    return {"number": number, **known, "addressee_ids": [str(case.county.agency("Police"))], **values}


def test_a_recommendation_is_entered_and_read_in_natural_order(case: Case, visitor: Visitor) -> None:
    assert "Enter each recommendation as the report prints it" in visitor.open(plan(case)).text
    for number in ("10", "9", "15.10.1"):
        visitor.open(f"{plan(case)}/recommendations/new").send(entered(case, number))
        assert (visitor.status, visitor.errors(), visitor.path) == (200, [], plan(case))
    headings = [heading.get_text(strip=True) for heading in visitor.page.select("main h3")]
    assert headings == ["Recommendation 9", "Recommendation 10", "Recommendation 15.10.1"]
    assert "Addressed to Barsetshire Police" in visitor.text
    assert "3 recommendations entered here." in visitor.text
    assert "It has no action yet that has an owner and a date." in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_words_are_kept(case: Case, visitor: Visitor) -> None:
    recommend(case, "4")
    visitor.open(f"{plan(case)}/recommendations/new").send(entered(case, "4"))
    assert visitor.status == 422
    assert visitor.errors() == ["Recommendation 4 is entered already: correct it there, or check the number."]
    assert visitor.value("text") == "Housing asks who else lives there."
    assert visitor.value("addressee_ids") == str(case.county.agency("Police"))


def test_weak_wording_is_pointed_out_and_blocks_nothing(case: Case, visitor: Visitor) -> None:
    visitor.open(f"{plan(case)}/recommendations/new")
    visitor.send(entered(case, "1", text="Agencies should consider a leaflet."))
    assert visitor.status == 200
    assert "Its wording could be firmer" in visitor.text
    assert "“consider” is done once somebody has thought about it." in visitor.text


def test_the_second_to_correct_chooses_between_both_texts(
    app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
) -> None:
    path = f"{plan(case)}/recommendations/{recommend(case, '4')}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    probation = str(case.county.agency("Probation"))
    visitor.open(path).send({"text": "Theirs.", "addressee_ids": [probation]})
    second.send({"text": "Mine.", "scope": "regional"})
    assert second.status == 409
    assert "Probation Service, Barsetshire" in second.text
    second.send({"keep-text": "yours", "keep-scope": "yours", "keep-addressee_ids": "theirs"})
    assert second.status == 200, second.text
    one = shown(case, "4")
    assert (one.text, one.scope) == ("Mine.", "regional")
    assert [each.agency for each in one.addressees] == ["Probation Service, Barsetshire"]


def test_the_page_says_how_many_of_the_reports_are_entered(case: Case, visitor: Visitor) -> None:
    recommend(case, "1")
    visitor.open(f"{plan(case)}/in-report").send({"in_report": "many"})
    assert visitor.errors()[0].startswith("Give a whole number")
    visitor.send({"in_report": "31"})
    assert "1 of 31 recommendations is entered here." in visitor.text
    visitor.open(f"{plan(case)}/in-report").send({"in_report": "1"})
    assert "All of the report’s 1 recommendation is entered here." in visitor.text


def test_an_action_is_entered_for_the_only_addressee_and_its_date_moved(case: Case, visitor: Visitor) -> None:
    of = recommend(case, "4")
    visitor.open(f"{plan(case)}/recommendations/{of}/actions/new")
    assert visitor.value("owner_id") == str(case.county.agency("Police"))
    visitor.send({"text": "The form is changed."})
    assert visitor.errors() == ["Say by when, or that this is not agreed yet."]
    visitor.send({"when": "by_a_date", **day_boxes("target_on", case.today + timedelta(days=60))})
    assert visitor.status == 200
    assert "4/1 The form is changed. Barsetshire Police 2 August 2026 Under way" in visitor.text
    assert "Everything that the plan needs is entered." in visitor.text
    assert "late." not in visitor.text
    (one,) = shown(case, "4").actions
    visitor.open(f"{plan(case)}/actions/{one.id}")
    assert "To be done by 2 August 2026." in visitor.text
    visitor.send({"milestones": "A draft in July"})
    assert "Milestones: A draft in July" in visitor.text
    visitor.open(f"{plan(case)}/actions/{one.id}/date")
    visitor.send({"because": "larger", **day_boxes("to_on", case.today + timedelta(days=120))})
    assert visitor.errors() == [
        "The first date was 2 August 2026. So long a move is the steering group chair’s to agree: "
        "give the number of the minute.",
        "Give the day of that minute.",
    ]
    visitor.send({"minute": "3.2", **day_boxes("minute_on", case.today)})
    assert visitor.status == 200
    assert "First 2 August 2026 ; moved: the work turned out to be larger (minute 3.2 of 3 June 2026 )" in visitor.text


def test_what_was_saved_is_said_where_the_page_opens_and_only_once(case: Case, visitor: Visitor) -> None:
    of = recommend(case, "4")
    first, second = act(case, of), act(case, of)
    visitor.open(f"{plan(case)}/actions/{second}").send({"milestones": "A draft in July"})
    assert said_at(visitor, f"a-{second}") == ["✓ Saved Action 4/2 is saved."]
    assert said_at(visitor, f"a-{first}") == []
    (banner,) = visitor.page.select("main [role=alert]")
    assert banner["data-disable-auto-focus"] == "true"  # it would take the reader away from the row
    assert visitor.open(plan(case)).page.select(".dhr-saved") == []


def test_a_recommendation_that_was_saved_says_so_beneath_its_number(case: Case, visitor: Visitor) -> None:
    of = recommend(case, "4")
    visitor.open(f"{plan(case)}/recommendations/{of}").send({"text": "Housing asks."})
    heading = visitor.page.select_one(f"#r-{of}")
    assert heading is not None
    assert "Recommendation 4 is saved." in str(heading.find_next_sibling())
    visitor.open(f"{plan(case)}/recommendations/new").send(entered(case, "5"))
    assert said_at(visitor, "enter") == ["✓ Saved Recommendation 5 is entered."]


def said_at(visitor: Visitor, place: str) -> list[str]:
    """What the page says was saved there."""
    return [" ".join(each.get_text(" ").split()) for each in visitor.page.select(f"#{place} .dhr-saved")]


def test_an_action_whose_date_is_not_agreed_shows_its_boxes_again(case: Case, visitor: Visitor) -> None:
    action_id = act(case, recommend(case, "4"), when="not_yet", target_on=None)
    visitor.open(f"{plan(case)}/actions/{action_id}")
    visitor.send({"when": "ongoing", **day_boxes("look_again_on", case.today + timedelta(days=60))})
    assert "Ongoing; look again 2 August 2026" in visitor.text


def test_the_second_to_correct_an_action_chooses_too(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    path = f"{plan(case)}/actions/{act(case, recommend(case, '4'))}"
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"text": "Theirs.", "owner_id": ""})
    second.send({"text": "Mine."})
    assert second.status == 409
    assert "Barsetshire Police" in second.text
    second.send({"keep-text": "yours", "keep-owner_id": "yours"})
    one = action_shown(case, "4/1")
    assert (one.text, one.owner) == ("Mine.", "Barsetshire Police")


def test_a_refusal_in_writing_is_entered_for_one_addressee(case: Case, visitor: Visitor) -> None:
    recommend(case, "4")
    (police,) = shown(case, "4").addressees
    visitor.open(f"{plan(case)}/addressees/{police.id}").send({"refusal": "We have no such form."})
    assert visitor.errors() == ["Give the day of its letter or e-mail."]
    visitor.send(day_boxes("refused_on", case.today))
    assert "Refused on 3 June 2026 : We have no such form." in visitor.text


def test_a_letter_to_a_department_and_its_answer(case: Case, visitor: Visitor) -> None:
    of = recommend(case, "4", "Home Office", scope="national")
    assert "Not sent yet." in visitor.open(plan(case)).text
    visitor.open(f"{plan(case)}/recommendations/{of}/letter").send(day_boxes("sent_on", case.today))
    assert "Sent 3 June 2026 . No answer yet." in visitor.text
    visitor.open(f"{plan(case)}/recommendations/{of}/letter")
    visitor.send({"reply": "It is done.", **day_boxes("replied_on", case.today)})
    assert "Answered 3 June 2026 : It is done." in visitor.text


def test_a_recommendation_is_withdrawn_and_stands_again(case: Case, visitor: Visitor) -> None:
    path = f"{plan(case)}/recommendations/{recommend(case, '4')}/withdraw"
    visitor.open(path).send({"because": "joined"})
    assert visitor.errors() == ["Give the day since which it no longer stands."]
    visitor.send(day_boxes("withdrawn_on", case.today))
    assert "Withdrawn 3 June 2026 : It was joined with another recommendation" in visitor.text
    visitor.open(path).send({"because": "stands", **dict.fromkeys(day_boxes("withdrawn_on", case.today), "")})
    assert plan_of(case).withdrawn == ()


def test_an_action_is_reported_as_done_and_the_chair_signs_the_list_off(
    case: Case, visitor: Visitor, chair: Visitor
) -> None:
    of = recommend(case, "4")
    pulled, signed = act(case, of), act(case, of)
    for action_id in (pulled, signed):
        visitor.open(f"{plan(case)}/actions/{action_id}/done")
        visitor.send({"evidence": "Superintendent’s statement", **day_boxes("done_on", case.today)})
        assert visitor.status == 200
    assert visitor.open(f"{plan(case)}/sign-off").status == 403
    chair.open(f"{plan(case)}/sign-off")
    boxes = chair.page.select("input[name=chosen]")
    assert [box.has_attr("checked") for box in boxes] == [True, True]
    assert "Superintendent’s statement" in chair.text
    left = str(boxes[1]["value"])
    chair.send({"chosen": [left]})
    assert chair.errors() == ["Give the number of the minute.", "Give the day of the minute."]
    assert [box.has_attr("checked") for box in chair.page.select("input[name=chosen]")] == [False, True]
    chair.send({"minute": "14", **day_boxes("minute_on", case.today)})
    assert "1 action signed off." in chair.text
    assert [one.state.code for one in plan_of(case).actions] == ["reported", "signed_off"]


def test_a_list_that_changed_since_it_was_read_signs_nothing_off(case: Case, visitor: Visitor, chair: Visitor) -> None:
    action_id = act(case, recommend(case, "4"))
    done(case, action_id)
    chair.open(f"{plan(case)}/sign-off")
    visitor.open(f"{plan(case)}/actions/{action_id}/done").send({"evidence": "It is not so after all"})
    chair.send({"minute": "14", **day_boxes("minute_on", case.today)})
    assert chair.status == 422
    assert "It is not so after all" in chair.text
    assert plan_of(case).actions[0].open


def test_the_chair_closes_one_action_by_minute_and_opens_it_again(case: Case, chair: Visitor) -> None:
    action_id = act(case, recommend(case, "4"))
    path = f"{plan(case)}/actions/{action_id}/close"
    chair.open(path).send({"outcome": "not_taken_forward", "minute": "9", **day_boxes("minute_on", case.today)})
    assert "Not taken forward Minute 9 of 3 June 2026" in chair.text
    chair.open(path).send({"outcome": "open"})
    assert "Under way" in chair.text


def test_an_action_entered_by_mistake_is_taken_off_the_plan(case: Case, visitor: Visitor) -> None:
    action_id = act(case, recommend(case, "4"))
    done(case, action_id)
    visitor.open(f"{plan(case)}/actions/{action_id}").send(button="Take it off the plan")
    assert visitor.status == 422
    assert "It is reported as done: take that report back first." in visitor.text
    visitor.send({"milestones": "A draft in July"})
    assert "Milestones: A draft in July" in visitor.text
    cleared = dict.fromkeys(day_boxes("done_on", case.today), "")
    visitor.open(f"{plan(case)}/actions/{action_id}/done").send({"evidence": "", **cleared})
    assert visitor.errors() == []
    visitor.open(f"{plan(case)}/actions/{action_id}").send(button="Take it off the plan")
    assert (visitor.status, visitor.path) == (200, plan(case))
    assert plan_of(case).actions == ()


def test_who_reads_the_plan_and_who_does_not(app: Flask, case: Case, county: County, sign_in: SignIn) -> None:
    recommend(case, "4")
    reader = Visitor(app.test_client())
    sign_in(reader.client, Role.STEERING_MEMBER)
    assert "Firm words, number 4." in reader.open(plan(case)).text
    assert reader.page.select("main a[href*='/plan/']") == []
    assert reader.open(f"{plan(case)}/recommendations/new").status == 403
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert auditor.open(plan(case)).status == 403
    assert "Firm words" not in auditor.text
    contributor = Visitor(app.test_client())
    person = sign_in(contributor.client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    assert contributor.open(plan(case)).status == 404
    join(case.reference, person.id, by=county.coordinator, at=NOW)
    assert contributor.open(plan(case)).status == 403


def test_before_the_review_is_commissioned_it_is_said_that_nothing_can_be_entered(
    county: County, visitor: Visitor
) -> None:
    case = county.review(Stage.SCOPING, at=NOW - timedelta(days=9))
    visitor.open(f"{plan(case)}/recommendations/new").send(entered(case))
    assert visitor.status == 409
    assert "it is not commissioned yet" in visitor.text


def test_a_recommendation_of_another_review_is_not_found(case: Case, county: County, visitor: Visitor) -> None:
    other = county.review(Stage.PANEL, at=NOW - timedelta(days=30))
    theirs = recommend(other, "1")
    assert visitor.open(f"{plan(case)}/recommendations/{theirs}").status == 404
    assert visitor.open(f"{plan(case)}/actions/{theirs}").status == 404


def test_a_letter_is_offered_for_a_national_recommendation_only(case: Case, visitor: Visitor) -> None:
    local, national = recommend(case, "1"), recommend(case, "2", "Home Office", scope="national")
    send_letter(case, national)
    links = [str(link["href"]) for link in visitor.open(plan(case)).page.select("main a[href$='/letter']")]
    assert links == [f"{plan(case)}/recommendations/{national}/letter"]
    visitor.open(f"{plan(case)}/recommendations/{local}/letter").send(day_boxes("sent_on", case.today))
    assert visitor.errors() == ["This is not a national recommendation: correct its scope first."]


def test_an_action_whose_date_has_passed_is_entered_and_said_to_be_late(case: Case, visitor: Visitor) -> None:
    of = recommend(case, "1")
    visitor.open(f"/reviews/{case.reference}/plan/recommendations/{of}/actions/new")
    visitor.send({"text": "Train the control room.", "when": "by_a_date", **day_boxes("target_on", date(2025, 3, 31))})
    assert "Its date, 31 March 2025, has passed, so it shows as late" in visitor.text
    assert "Everything that the plan needs is entered." in visitor.text
    assert "1 action is late." in visitor.text
