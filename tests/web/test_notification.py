"""A death is notified on one page, read, and corrected by two people who may not know of each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from dhr_app.casework.notification import open_notification
from dhr_app.casework.people import open_people
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import NOW, TODAY
from tests.reviews import County, row_counts
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]

# What the police of a real case may say: a month and a year, two victims, kinds that overlap.
TOLD = {
    "rule_set": "dhr-2016",
    "notifier_kind": "police",
    "police_told_on-day": "2", "police_told_on-month": "6", "police_told_on-year": "2026",
    "aware_on-day": "2", "aware_on-month": "june", "aware_on-year": "2026",
    "found_on-month": "5", "found_on-year": "2026",
    "victims-0-full_name": "Ada Harding",
    "victims-0-died_on-year": "2026",
    "victims-0-relationship_to_victim": "ex_spouse",
    "kinds": ["intimate_partner_violence", "familial_homicide"],
    "features-stalking": "yes",
    "features-separation": "no",
    "cause_of_death": "sharp_instrument",
    "criminal_state": "charged",
    "account": "Found by a neighbour.\nThe children were at school.",
}  # fmt: skip


def another(app: Flask, sign_in: SignIn, role: Role = Role.COORDINATOR) -> Visitor:
    client = app.test_client()
    sign_in(client, role)
    return Visitor(client)


def test_a_notification_is_taken_with_days_known_only_in_part(county: County, visitor: Visitor) -> None:
    visitor.open("/reviews/new").send(TOLD)
    assert visitor.path == "/reviews/DHR-2026-001"
    assert "The death is recorded. The reference is DHR-2026-001." in visitor.text
    entry = open_notification("DHR-2026-001", by=county.coordinator, at=NOW).entry
    assert (entry.aware_on, entry.police_told_on, entry.found_on) == (date(2026, 6, 2), date(2026, 6, 2), "2026-05")
    assert entry.kinds == ("intimate_partner_violence", "familial_homicide")
    assert entry.features == {"stalking": "yes", "separation": "no"}
    assert entry.account == "Found by a neighbour.\nThe children were at school."
    (victim,) = open_people("DHR-2026-001", by=county.coordinator, at=NOW).people
    assert (victim.entry.died_on, victim.entry.relationship_to_victim) == ("2026", "ex_spouse")


def test_of_a_death_only_the_kind_of_review_has_to_be_known(visitor: Visitor) -> None:
    visitor.open("/reviews/new").send()
    assert (visitor.status, visitor.errors()) == (422, ["Choose the kind of review."])
    visitor.send({"rule_set": "local-review"})
    assert visitor.path == "/reviews/DHR-2026-001"


def test_another_person_who_died_is_added_and_taken_away_without_losing_a_word(
    county: County, visitor: Visitor
) -> None:
    visitor.open("/reviews/new").send(TOLD, button="Add another person who died")
    assert (visitor.status, visitor.path) == (200, "/reviews/new")
    assert visitor.value("victims-0-full_name") == "Ada Harding"
    assert visitor.value("account").splitlines() == ["Found by a neighbour.", "The children were at school."]
    assert visitor.value("features-stalking") == "yes"
    visitor.send({"victims-1-full_name": "Ben Harding"}, button="Add another person who died")
    visitor.send({"victims-2-full_name": "Cara Harding"}, button="Take away person 2")
    visitor.send()
    people = open_people("DHR-2026-001", by=county.coordinator, at=NOW).people
    assert [one.entry.full_name for one in people] == ["Ada Harding", "Cara Harding"]


def test_a_form_sent_twice_makes_one_review_and_leads_both_times_to_it(county: County, visitor: Visitor) -> None:
    first = visitor.open("/reviews/new").value("once")
    visitor.send(TOLD, button="Add another person who died")
    assert visitor.value("once") == first
    sent = {
        str(field["name"]): str(field.get("value") or "")
        for field in visitor.page.select("main form input[type=hidden]")
    } | TOLD
    answers = [visitor.client.post("/reviews/new", data=sent) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, "/reviews/DHR-2026-001")] * 2
    assert row_counts(county.house)["review"] == 1
    assert visitor.open("/reviews/new").value("once") != first


def test_a_form_whose_mark_was_lost_or_altered_still_records_the_death(county: County, visitor: Visitor) -> None:
    for number, mark in enumerate(("", "not a mark"), start=1):
        visitor.open("/reviews/new").send({**TOLD, "once": mark})
        assert visitor.path == f"/reviews/DHR-2026-00{number}"


def test_the_enter_key_records_the_death_and_adds_nobody(visitor: Visitor) -> None:
    first = visitor.open("/reviews/new").page.select_one("main form button")
    assert first is not None
    assert first.get("name") is None


def test_what_is_wrong_of_the_second_person_stands_beside_their_own_box_and_the_rest_is_kept(visitor: Visitor) -> None:
    visitor.open("/reviews/new").send(TOLD, button="Add another person who died")
    visitor.send({"victims-1-died_on-year": "2027", "aware_on-day": "31"})
    assert visitor.errors() == [
        "The day on which the partnership became aware must be a real date: June 2026 has 30 days."
    ]
    visitor.send({"aware_on-day": "2"})
    assert (visitor.status, visitor.errors()) == (422, ["This has not come yet: check the day."])
    link = visitor.page.select_one(".govuk-error-summary__list a")
    assert link is not None
    assert link["href"] == "#victims-1-died_on-day"
    assert visitor.page.select_one("#victims-1-died_on-day") is not None
    assert visitor.value("victims-0-full_name") == "Ada Harding"
    assert visitor.value("crime_number") == ""
    assert visitor.value("cause_of_death") == "sharp_instrument"


def test_a_day_of_finding_before_the_death_is_said_beside_it(visitor: Visitor) -> None:
    visitor.open("/reviews/new").send({**TOLD, "victims-0-died_on-month": "6"})
    assert visitor.errors() == ["The finding cannot be before the death: check both days."]


def test_only_a_coordinator_finds_the_form(app: Flask, county: County, sign_in: SignIn) -> None:
    for role in (Role.STEERING_CHAIR, Role.AUDITOR, Role.ADMINISTRATOR):
        assert another(app, sign_in, role).open("/reviews/new").status == 403


def test_the_notification_is_read_by_whoever_oversees_and_corrected_by_the_coordinator_alone(
    app: Flask, county: County, visitor: Visitor, sign_in: SignIn
) -> None:
    path = f"/reviews/{county.review(at=NOW, officer='DCI Slope').reference}/notification"
    assert "Correct or add to it" in visitor.open(path).text
    overseer = another(app, sign_in, Role.STEERING_CHAIR).open(path)
    assert "DCI Slope" in overseer.text
    assert "Correct or add to it" not in overseer.text
    assert overseer.open(f"{path}/correct").status == 403
    assert another(app, sign_in, Role.AUDITOR).open(path).status == 403


def test_no_name_and_no_sealed_word_is_in_a_title_an_address_or_a_message(county: County, visitor: Visitor) -> None:
    reference = county.review(at=NOW, officer="DCI Slope").reference
    for page in ("notification", "notification/correct", "people"):
        title = visitor.open(f"/reviews/{reference}/{page}").page.title
        assert title is not None
        assert reference in title.text
        assert not {"Harding", "Slope"} & set(title.text.replace(":", " ").split())


class TestTwoPeopleWithTheSameFormOpen:
    """The second sees both texts and chooses; nothing of either is lost."""

    @pytest.fixture
    def path(self, county: County) -> str:
        return (
            f"/reviews/{county.review(at=NOW, officer='DCI Slope', crime_number='46/1').reference}/notification/correct"
        )

    @pytest.fixture
    def second(self, app: Flask, visitor: Visitor, sign_in: SignIn, path: str) -> Visitor:
        """Somebody who opened the form before another saved it, and now sends it with words of their own."""
        second = another(app, sign_in).open(path)
        visitor.open(path).send({"officer": "DI Thorne", "crime_number": "46/2", "kinds": ["parricide"]})
        assert visitor.status == 200
        return second.send({"officer": "DS Arabin", "account": "Her sister\ncalled."})

    def test_the_second_sees_both_texts_of_each_answer_that_differs(self, second: Visitor) -> None:
        assert second.status == 409
        asked = [legend.get_text(strip=True) for legend in second.page.select("main legend")]
        assert asked == ["What kind of death was it?", "Officer in charge", "Crime number", "What is known so far?"]
        for text in ("DI Thorne", "DS Arabin", "46/1", "46/2", "Of a parent", "Her sister called.", "Nothing entered"):
            assert text in second.text

    def test_each_answer_is_kept_as_it_was_chosen(self, county: County, second: Visitor, path: str) -> None:
        second.send(
            {"keep-officer": "yours", "keep-crime_number": "theirs", "keep-kinds": "theirs", "keep-account": "yours"}
        )
        assert "The notification is saved." in second.text
        entry = open_notification(path.split("/")[2], by=county.coordinator, at=NOW).entry
        assert (entry.officer, entry.crime_number) == ("DS Arabin", "46/2")
        assert (entry.kinds, entry.account) == (("parricide",), "Her sister\ncalled.")

    def test_whoever_leaves_one_unchosen_is_asked_again_and_nothing_is_saved(
        self, county: County, second: Visitor, path: str
    ) -> None:
        second.send({"keep-officer": "yours"})
        assert second.status == 409
        assert "Choose which of the two to keep." in second.text
        assert open_notification(path.split("/")[2], by=county.coordinator, at=NOW).entry.officer == "DI Thorne"

    def test_a_third_who_saves_while_the_second_chooses_is_not_overwritten_either(
        self, county: County, visitor: Visitor, second: Visitor, path: str
    ) -> None:
        visitor.open(path).send({"officer": "DC Gresham"})
        second.send(
            {"keep-officer": "yours", "keep-crime_number": "theirs", "keep-kinds": "theirs", "keep-account": "yours"}
        )
        assert second.status == 409
        assert "DC Gresham" in second.text
        assert "DS Arabin" in second.text
        assert open_notification(path.split("/")[2], by=county.coordinator, at=NOW).entry.officer == "DC Gresham"

    def test_whoever_typed_the_same_has_nothing_to_choose(
        self, app: Flask, visitor: Visitor, sign_in: SignIn, path: str
    ) -> None:
        second = another(app, sign_in).open(path)
        visitor.open(path).send({"officer": "DI Thorne"})
        second.send({"officer": "DI Thorne"})
        assert "You both say the same." in second.text
        second.send()
        assert second.status == 200


def test_an_aware_day_in_the_future_is_refused_beside_its_box(county: County, visitor: Visitor) -> None:
    visitor.open(f"/reviews/{county.review(at=NOW).reference}/notification/correct")
    visitor.send({"aware_on-year": str(TODAY.year + 1)})
    assert visitor.errors() == ["3 June 2027 has not come yet: check the day."]
    assert visitor.page.select_one("#aware_on-error") is not None
