"""What is kept apart on its pages: shown by kind, opened after a proof, and let open by somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.database.models import SensitiveGrant, SensitiveNote
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, StoppedClock
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
WORDS = "The school was told in March."
CONTACT = "01632 960456, after six"


@pytest.fixture
def case(county: County) -> Case:
    made = county.review(Stage.PANEL)  # from which on a chair’s seat opens it
    made.relative(contact_details=CONTACT)
    return made


@pytest.fixture
def path(case: Case) -> str:
    return f"/reviews/{case.reference}/kept-apart"


def record(visitor: Visitor, path: str) -> None:
    visitor.open(f"{path}/new").send({"kind": "child", "about": "nobody", "words": WORDS})
    assert visitor.path == path


def prove(somebody: Visitor, onward: str) -> None:
    """Type the password; the page leads on to where they were, which its form’s address says."""
    answer = somebody.client.get(onward)
    assert answer.location == f"/sign-ins/prove?next={onward}"
    somebody.open(answer.location)
    form = somebody.page.select_one("main form")
    assert form is not None
    form["action"] = answer.location
    somebody.send({"password": PASSWORD})


def test_a_coordinator_records_it_and_sees_what_there_is_but_not_what_it_says(
    case: Case, path: str, visitor: Visitor
) -> None:
    record(visitor, path)
    assert "About a child" in visitor.text
    assert "Nobody in particular" in visitor.text
    (note,) = case.rows(SensitiveNote)
    for page in (path, f"/reviews/{case.reference}", f"/reviews/{case.reference}/timeline"):
        assert WORDS not in visitor.open(page).text
    assert visitor.open(f"{path}/{note.id}").status == 403
    assert visitor.open(f"{path}/{note.id}/correct").status == 403


def test_contact_details_stand_on_no_page_of_the_family(case: Case, path: str, visitor: Visitor) -> None:
    family = f"/reviews/{case.reference}/family"
    assert "How they like to be reached Kept apart" in visitor.open(family).text
    (link,) = visitor.page.select(f"main a[href^='{family}/']:not([href$='new'], [href$='part'])")
    visitor.open(str(link["href"]))
    assert CONTACT not in str(visitor.page)
    assert visitor.value("contact_details") == ""
    visitor.send({"wishes": "By letter only"})
    assert "How they like to be reached Kept apart" in visitor.text
    visitor.open(str(link["href"])).send(button="Take it out")
    assert "How they like to be reached Not recorded" in visitor.text


def test_the_chair_of_the_review_opens_it_after_showing_who_they_are(
    app: Flask, case: Case, path: str, visitor: Visitor, sign_in: SignIn, clock: StoppedClock
) -> None:
    record(visitor, path)
    chair = Visitor(app.test_client())
    person = sign_in(chair.client, Role.INDEPENDENT_CHAIR)
    seat(case, person)
    clock.advance(minutes=6)
    note = f"{path}/{case.rows(SensitiveNote)[0].id}"
    chair.open(note)
    assert chair.path == "/sign-ins/prove"
    assert WORDS not in chair.text
    prove(chair, note)
    assert (chair.path, WORDS in chair.text) == (note, True)
    assert chair.page.title is not None
    assert "school" not in str(chair.page.title)
    chair.open(f"/reviews/{case.reference}/family")
    chair.open(str(chair.page.select("main a[href*='kept-apart/family']")[0]["href"]))
    assert CONTACT in chair.text
    chair.open(f"{note}/correct")
    clock.advance(minutes=5)
    chair.send({"words": "The school was told in April."})
    assert (chair.status, "The school was told in April." in str(chair.page)) == (403, True)
    assert case.rows(SensitiveNote)[0].corrected_at is None
    assert chair.open(note).path == "/sign-ins/prove"


def seat(case: Case, person: Person) -> None:
    join(case.reference, person.id, by=case.county.coordinator, at=NOW)


def test_somebody_is_let_open_it_after_a_proof_and_it_is_taken_back(
    app: Flask, case: Case, path: str, visitor: Visitor, sign_in: SignIn, clock: StoppedClock
) -> None:
    record(visitor, path)
    author = Visitor(app.test_client())
    person = sign_in(author.client, Role.REPORT_AUTHOR)
    seat(case, person)
    note = f"{path}/{case.rows(SensitiveNote)[0].id}"
    assert author.open(note).status == 403
    assert str(person.id) not in str(visitor.open(f"{path}/grants/new").page)  # whoever has a seat by her: not by her
    over_her = Visitor(app.test_client())
    sign_in(over_her.client, Role.STEERING_CHAIR)
    clock.advance(minutes=6)
    assert over_her.open(f"{path}/grants/new").path == "/sign-ins/prove"
    prove(over_her, f"{path}/grants/new")
    assert over_her.path == f"{path}/grants/new"
    over_her.send({"account_id": str(person.id)})
    assert over_her.errors() == ["Say why they need it: choose the reason."]
    over_her.send({"because": "drafting"})
    assert over_her.path == path
    assert f"{person.name}, report author" in over_her.text
    assert author.open(note).path == "/sign-ins/prove"
    prove(author, note)
    assert WORDS in author.text
    visitor.open(path).send(button="Take back")
    assert case.rows(SensitiveGrant)[0].ended_because == "taken_back"
    assert author.open(note).status == 403


def test_it_is_struck_out_for_a_reason(case: Case, path: str, visitor: Visitor) -> None:
    record(visitor, path)
    visitor.open(f"{path}/{case.rows(SensitiveNote)[0].id}/strike-out").send()
    assert visitor.errors() == ["Say why it is struck out."]
    visitor.send({"because": "mistake"})
    assert (visitor.path, "Nothing is recorded here yet." in visitor.text) == (path, True)
