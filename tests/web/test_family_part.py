"""A family member taking part, on their pages: seen, written down, corrected, and never offered what must not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.casework.family_part_page import PartPage, open_part
from dhr_app.database.models import FamilyComment, FamilyMember, FamilyStep
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import FAMILY_STEPS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.queries import asked_by
from tests.records import family_step, takes_part
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    """A review at its panel, with one family member who takes part, as it stands this morning."""
    case = county.review(Stage.PANEL)
    takes_part(case, case.relative())
    case.at = NOW
    return case


def path_of(case: Case, more: str = "part") -> str:
    (row,) = [row for row in case.rows(FamilyMember) if row.number == 1]
    return f"/reviews/{case.reference}/family/{row.id}/{more}"


def shown(case: Case) -> PartPage:
    (row,) = [row for row in case.rows(FamilyMember) if row.number == 1]
    return open_part(case.reference, row.id, by=case.county.coordinator, at=NOW)


def day_in(name: str, day: str, month: str, year: str) -> dict[str, str]:
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


def test_the_family_s_page_says_in_one_line_how_far_each_is_and_leads_on(case: Case, visitor: Visitor) -> None:
    case.relative(full_name="Hugh Harding")
    visitor.open(f"/reviews/{case.reference}/family")
    assert (
        "Takes part. Still to be offered or told: an advocate; the Home Office leaflet; a say in the terms of "
        "reference; a meeting with the panel." in visitor.text
    )
    assert "Not yet known whether they take part: ask them, in their own time." in visitor.text
    (link,) = visitor.page.select(f"main a[href='{path_of(case)}']")
    assert visitor.open(str(link["href"])).status == 200


def test_a_choice_and_an_advocate_are_written_down(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "part/change")).send({"takes_part": "later", "advocate": "Ann Prime, AAFDA"})
    assert visitor.path == path_of(case)
    assert "Whether they take part Perhaps later Advocate Ann Prime, AAFDA" in visitor.text
    assert "Perhaps later: ask again when they are ready." in visitor.text


def test_the_second_to_save_a_choice_sees_both(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path_of(case, "part/change"))
    visitor.open(path_of(case, "part/change")).send({"takes_part": "no"})
    second.send({"takes_part": "later", "advocate": "Ann Prime"})
    assert second.status == 409
    assert "Does not want to take part" in second.text
    second.send({"keep-takes_part": "theirs", "keep-advocate": "yours"})
    assert (shown(case).part.takes_part, shown(case).part.advocate) == ("no", "Ann Prime")


@pytest.mark.parametrize("kind", FAMILY_STEPS)
def test_each_kind_of_step_has_a_form_that_is_filled_in_for_today(case: Case, visitor: Visitor, kind: str) -> None:
    visitor.open(path_of(case, f"steps/new/{kind}"))
    about = day_in("about_on", "1", "9", "2026") if kind == "publication_date" else {}
    visitor.send({"channel": "in_person", "note": "At her sister’s house", **about})
    assert (visitor.status, visitor.path) == (200, path_of(case))
    (step,) = shown(case).steps
    assert (step.kind, step.entry.done_on, step.entry.note) == (kind, NOW.date(), "At her sister’s house")


def test_a_step_is_offered_from_the_page_as_long_as_it_is_ahead(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case))
    (link,) = visitor.page.select("main a[href$='/steps/new/leaflet']")
    visitor.open(str(link["href"])).send({"channel": "letter"})
    assert "Saved for family member 1: the Home Office leaflet was given." in visitor.page.get_text(" ")
    assert "Still to be offered or told: an advocate; a say in the terms of reference;" in visitor.text


def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "steps/new/meeting"))
    visitor.send({"answer": "accepted", "note": "She will think of a day", **day_in("done_on", "9", "6", "2026")})
    assert visitor.status == 422
    assert visitor.errors() == [
        "9 June 2026 has not come yet: check the day.",
        "Choose how it was done.",
        "Give the day of the answer, or the day on which their time ended.",
    ]
    assert (visitor.value("note"), visitor.value("answer")) == ("She will think of a day", "accepted")


def test_a_step_is_answered_and_shows_its_answer(case: Case, visitor: Visitor) -> None:
    step_id = family_step(case, shown(case).member.id, "reading")
    visitor.open(path_of(case))
    assert "No answer yet planned until" in visitor.text
    assert "1 answer awaited." in visitor.text
    visitor.open(path_of(case, f"steps/{step_id}"))
    visitor.send({"answer": "accepted", **day_in("answered_on", "3", "6", "2026")})
    assert "Yes, 3 June 2026" in visitor.text


def test_the_second_to_save_a_step_chooses(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    path = path_of(case, f"steps/{family_step(case, shown(case).member.id, 'update')}")
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"note": "By her own wish on a Sunday"})
    second.send({"note": "On a Sunday", "channel": "telephone"})
    assert second.status == 409
    second.send({"keep-note": "theirs", "keep-channel": "yours"})
    entry = shown(case).steps[0].entry
    assert (entry.note, entry.channel) == ("By her own wish on a Sunday", "telephone")


def test_a_step_entered_by_mistake_is_taken_away(case: Case, visitor: Visitor) -> None:
    step_id = family_step(case, shown(case).member.id, "leaflet")
    visitor.open(path_of(case, f"steps/{step_id}")).send(button="Take it away")
    assert visitor.path == path_of(case)
    assert "Nothing is written down yet." in visitor.text
    assert visitor.open(path_of(case, f"steps/{step_id}")).status == 404


def test_a_step_that_a_move_rests_on_is_corrected_but_not_taken_away(case: Case, visitor: Visitor) -> None:
    step_id = family_step(case, shown(case).member.id, "changes")
    with case.county.house.transaction(by=case.county.coordinator, at=NOW) as session:
        session.get_one(FamilyStep, step_id).used_by = 3
    visitor.open(path_of(case, f"steps/{step_id}"))
    assert "it can be corrected but not taken away" in visitor.text
    answer = visitor.client.post(
        path_of(case, f"steps/{step_id}/remove"), data={"csrf_token": visitor.value("csrf_token")}
    )
    assert answer.status_code == 422
    assert "it can be corrected, but not taken away." in answer.text


def test_nothing_is_offered_on_the_pages_of_somebody_not_to_be_contacted(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "steps/new/advocate"))
    offering = Visitor(visitor.client, visitor.status, visitor.path, visitor.page)
    visitor.open(path_of(case, "")[:-1]).send({"not_contacted_because": "safety"})
    visitor.open(path_of(case))
    assert "Not to be contacted For somebody’s safety" in visitor.text
    assert not visitor.page.select("main a[href*='/steps/new/']")
    offering.send({"channel": "letter"})
    assert offering.status == 422
    assert offering.errors() == [
        "They are marked as not to be contacted or shown material, so nothing is offered or told to them. "
        "If that has changed, change their record first."
    ]
    assert offering.value("channel") == "letter"
    visitor.open(path_of(case, "steps/new/advocate"))
    assert not visitor.page.select("main form")


def test_a_comment_is_written_down_answered_and_taken_away(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "comments/new")).send({"said": "Page 9 leaves out the school."})
    assert "Page 9 leaves out the school." in visitor.text
    assert "1 comment to be answered." in visitor.text
    (row,) = case.rows(FamilyComment)
    visitor.open(path_of(case, f"comments/{row.id}")).send({"answer": "It says so now."})
    assert visitor.errors() == ["Give the day on which they were answered."]
    assert visitor.value("answer") == "It says so now."
    visitor.send(day_in("answered_on", "3", "6", "2026"))
    assert "Answered 3 June 2026 It says so now." in visitor.text
    visitor.open(path_of(case, f"comments/{row.id}")).send(button="Take it away")
    assert "No comment is written down." in visitor.text


def test_a_comment_without_words_is_refused(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "comments/new")).send({"answer": "Thank you"})
    assert "Write down what they said." in visitor.errors()
    assert visitor.value("answer") == "Thank you"


def test_the_second_to_save_a_comment_chooses(app: Flask, case: Case, visitor: Visitor, sign_in: SignIn) -> None:
    visitor.open(path_of(case, "comments/new")).send({"said": "Page 9 leaves out the school."})
    path = path_of(case, f"comments/{case.rows(FamilyComment)[0].id}")
    second = Visitor(app.test_client())
    sign_in(second.client)
    second.open(path)
    visitor.open(path).send({"said": "Page 9 leaves out the nursery."})
    second.send({"said": "Page 10 leaves out the school."})
    assert second.status == 409
    second.send({"keep-said": "theirs"})
    assert shown(case).comments[0].entry.said == "Page 9 leaves out the nursery."


def test_a_day_to_avoid_is_written_down_and_taken_away(case: Case, visitor: Visitor) -> None:
    visitor.open(path_of(case, "days/new")).send(day_in("day", "14", "8", "2009"))
    assert visitor.errors() == ["Say whether the day comes every year."]
    assert visitor.value("day-year") == "2009"
    visitor.send({"every_year": "every_year", "why": "A birthday"})
    assert "14 August 2009 , every year: A birthday" in visitor.text
    assert "14 August" not in str(visitor.page.title)
    visitor.send(button="Take away")
    assert "None is written down." in visitor.text


def test_no_name_stands_in_a_title_or_an_address(case: Case, visitor: Visitor) -> None:
    step_id = family_step(case, shown(case).member.id, "leaflet")
    for more in ("part", "part/change", "steps/new/meeting", f"steps/{step_id}", "comments/new", "days/new"):
        visitor.open(path_of(case, more))
        assert visitor.status == 200
        assert "Grace Harding" in visitor.text
        assert "Harding" not in str(visitor.page.title)
        assert "Harding" not in visitor.path


def test_an_unknown_kind_or_somebody_of_another_review_is_not_found(
    case: Case, county: County, visitor: Visitor
) -> None:
    assert visitor.open(path_of(case, "steps/new/card")).status == 404
    other = county.review().relative()
    assert visitor.open(f"/reviews/{case.reference}/family/{other}/part").status == 404


def test_the_page_asks_the_database_as_often_for_ten_steps_as_for_one(case: Case, visitor: Visitor) -> None:
    member_id = shown(case).member.id
    counts = []
    for number in (1, 9):
        for _ in range(number):
            family_step(case, member_id, "update")
        counts.append(asked_by(case.county.house, lambda: visitor.open(path_of(case))))
    assert counts[0] == counts[1]


def test_the_chair_of_the_review_writes_and_others_see_none_of_it(
    app: Flask, case: Case, county: County, sign_in: SignIn
) -> None:
    chair = Visitor(app.test_client())
    join(case.reference, sign_in(chair.client, Role.INDEPENDENT_CHAIR).id, by=county.coordinator, at=NOW)
    chair.open(path_of(case, "steps/new/meeting")).send({"channel": "telephone"})
    assert (chair.status, chair.path) == (200, path_of(case))
    for role, status in ((Role.STEERING_CHAIR, 403), (Role.AUDITOR, 403), (Role.REPORT_AUTHOR, 404)):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        for more in ("part", "part/change", "steps/new/meeting", "comments/new", "days/new"):
            assert other.open(path_of(case, more)).status == status
