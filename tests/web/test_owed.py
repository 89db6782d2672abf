"""What an agency owes on its page, and its actions on theirs: read, reported on, and nothing else of the review."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app.database.models import Conflict, Evidence
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.documents import pdf
from tests.factories import NOW, TODAY, make_account
from tests.planning import act, action_shown, done, recommend, signed_off
from tests.reporting import report
from tests.reviews import Case, County
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor
from tests.web.reading import elements

SignIn = Callable[..., Person]


@pytest.fixture
def visitor(county: County, client: FlaskClient, sign_in: SignIn) -> Visitor:
    """A contributor of the police at a browser, with no seat anywhere."""
    sign_in(client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    return Visitor(client)


def path(action_id: UUID, step: str = "") -> str:
    return f"/owed/actions/{action_id}" + (f"/{step}" if step else "")


def test_an_empty_page_says_so_kindly(visitor: Visitor) -> None:
    visitor.open("/")
    assert visitor.path == "/owed"
    assert "Nothing is asked of your agency today." in visitor.text
    assert "Barsetshire Police" in visitor.text


def test_each_line_leads_to_where_it_is_done(case: Case, visitor: Visitor) -> None:
    of = recommend(case, "4")
    late = act(case, of, target_on=TODAY - timedelta(days=1))
    act(case, of, target_on=TODAY)
    visitor.open("/owed")
    assert visitor.links("/owed/")[0] == path(late)
    assert "1 day late" in visitor.text
    assert "Due today" in visitor.text
    assert f"{case.reference}: Action 4/1" in visitor.text


def test_the_page_of_an_action_shows_it_and_nothing_else_of_the_review(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    act(case, recommend(case, "7"), owner_id=case.county.agency("Probation"), text="Somebody else’s work.")
    visitor.open(path(action_id))
    assert "Firm words, number 4." in visitor.text
    assert "The force changes its form." in visitor.text
    for hidden in ("Somebody else’s work.", "Probation", "Review panel", "Harding"):
        assert hidden not in visitor.page.get_text()
    assert visitor.page.select(f"a[href^='/reviews/{case.reference}']") == []
    for other in ("", "/plan", "/timeline", "/members", f"/plan/actions/{action_id}/report"):
        assert visitor.open(f"/reviews/{case.reference}{other}").status == 404


def test_progress_is_reported_and_its_text_carried_on(case: Case, action_id: UUID, visitor: Visitor) -> None:
    visitor.open(path(action_id, "progress")).send({"text": "With the unions.", "blocked_by": "The printers"})
    assert visitor.path == path(action_id)
    sent = f"{case.reference}, action 4/1: your report “progress” is sent, without a file."
    assert sent in visitor.page.get_text()
    assert "In the way: The printers" in visitor.text
    assert "Reported 3 June 2026 at 10:30am" in visitor.text
    visitor.open(path(action_id, "progress"))
    assert (visitor.value("text"), visitor.value("blocked_by")) == ("With the unions.", "The printers")
    visitor.open(path(action_id, "no-change")).send({"blocked_by": ""})
    assert [one.kind for one in action_shown(case, "4/1").reports] == ["no_change", "progress"]


def test_what_is_wrong_stands_beside_its_box_and_every_word_is_kept(action_id: UUID, visitor: Visitor) -> None:
    visitor.open(path(action_id, "progress")).send({"text": "", "blocked_by": "The printers"})
    assert (visitor.status, visitor.errors()) == (422, ["Say how far it is, in a sentence or two."])
    assert visitor.value("blocked_by") == "The printers"
    visitor.open(path(action_id, "done")).send({"text": "The statement", **day_boxes("done_on", TODAY + timedelta(1))})
    assert "has not come yet" in visitor.errors()[0]
    assert visitor.value("text") == "The statement"
    visitor.open(path(action_id, "longer")).send({"text": "Too much.", **day_boxes("wanted_on", TODAY)})
    assert "give a later day" in visitor.errors()[0]
    visitor.send({"wanted_on-day": "31", "wanted_on-month": "2"})
    assert "must be a real date" in visitor.errors()[0]
    visitor.send({"text": ""})
    assert [one.split(":")[0] for one in visitor.errors()] == [
        "The day you ask for must be a real date",
        "Say why it needs longer.",
    ]


def test_what_was_last_said_and_what_is_in_the_way_stands_beside_a_late_line(case: Case, visitor: Visitor) -> None:
    action_id = act(case, recommend(case, "4"), target_on=TODAY - timedelta(days=3))
    report(case, action_id, blocked_by="The printers")
    visitor.open("/owed")
    assert "Last report: progress, 3 June 2026" in visitor.text
    tags = [one.get_text() for one in visitor.page.select("main .moj-badge")]
    assert tags == ["3 days late", "Blocked"]
    assert [one.get_text() for one in visitor.open(path(action_id)).page.select("main .moj-badge")] == tags
    report(case, action_id, "need_longer")
    tags = [one.get_text() for one in visitor.open("/owed").page.select("main .moj-badge")]
    assert tags == ["You have asked for longer"]
    assert "3 days late" in visitor.text


def test_before_the_first_report_no_change_says_that_nothing_is_done_yet(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    assert "Nothing has been done yet." in visitor.open(path(action_id)).text
    report(case, action_id)
    assert "Nothing is new since the last report." in visitor.open(path(action_id)).text


def test_whoever_takes_done_back_is_told_so_first(case: Case, action_id: UUID, visitor: Visitor) -> None:
    report(case, action_id, "done", done_on=TODAY - timedelta(days=1))
    visitor.open(path(action_id))
    assert "choose “Progress” or “Need longer”. Both take it back." in visitor.text
    assert "Done on 2 June 2026 Reported 3 June 2026" in visitor.text
    assert visitor.links("/no-change") == []
    for step in ("progress", "longer"):
        assert "Sending this takes that back." in visitor.open(path(action_id, step)).text
    assert "Sending this" not in visitor.open(path(action_id, "done")).text
    visitor.open(path(action_id, "no-change")).send()
    assert "reported as done already" in visitor.errors()[0]


def test_going_back_and_sending_again_adds_nothing(case: Case, action_id: UUID, visitor: Visitor) -> None:
    for _ in range(2):
        visitor.open(path(action_id, "progress")).send({"text": "With the unions."})
    assert (visitor.status, len(action_shown(case, "4/1").reports)) == (422, 1)
    assert visitor.errors() == [
        "This says the same as the last report, which was sent today. Say what is new, or go back."
    ]


def test_a_year_far_ahead_is_asked_about_and_taken_once_it_is_said_to_be_right(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    visitor.open(path(action_id, "longer"))
    assert visitor.page.select("input[name=far]") == []
    assert "Any day later than 29 September 2026 is the steering group chair’s to agree" in visitor.text
    visitor.send({"text": "A new building.", **day_boxes("wanted_on", TODAY.replace(year=2036))})
    assert visitor.errors() == ["3 June 2036 is more than two years ahead: check the year, or tick this box."]
    visitor.send({"far": "y"})
    assert (
        f"{case.reference}, action 4/1: you asked for 3 June 2036. The coordinator answers." in visitor.page.get_text()
    )


def test_a_text_that_is_too_long_says_by_how_much(action_id: UUID, visitor: Visitor) -> None:
    visitor.open(path(action_id, "progress")).send({"text": "a" * 4001})
    assert visitor.errors() == ["Use 4,000 characters or fewer. You have used 4,001."]


def test_an_action_that_moved_on_shows_both_texts_and_takes_the_next_try(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    visitor.open(path(action_id, "progress"))
    report(case, action_id, text="Said by a colleague.")
    visitor.send({"text": "Said by me."})
    assert visitor.status == 409
    assert "yours is not sent yet" in visitor.errors()[0]
    assert "This action moved on while you wrote" in visitor.text
    assert "Said by a colleague." in visitor.text
    assert visitor.value("text") == "Said by me."
    visitor.send()
    visitor.was_taken()
    assert [one.text for one in action_shown(case, "4/1").reports] == ["Said by me.", "Said by a colleague."]


def test_an_action_signed_off_meanwhile_says_so_and_gives_the_words_back(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    visitor.open(path(action_id, "progress"))
    done(case, action_id)
    signed_off(case)
    visitor.send({"text": "Said too late."})
    assert visitor.status == 422
    assert "closed by a minute" in visitor.errors()[0]
    assert visitor.value("text") == "Said too late."
    visitor.open(path(action_id))
    assert "It takes no more reports." in visitor.text
    assert visitor.links("/progress") == []
    assert not visitor.open(path(action_id, "progress")).page.select("main form")


@pytest.mark.parametrize("what", ["another_agency", "unknown", "barred"])
def test_what_is_not_theirs_is_the_same_page_not_found(
    county: County, case: Case, client: FlaskClient, sign_in: SignIn, what: str
) -> None:
    person = sign_in(client, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
    owner = county.agency("Probation" if what == "another_agency" else "Police")
    action_id = act(case, recommend(case, "4"), owner_id=owner)
    if what == "barred":
        with county.house.transaction(by=county.coordinator, at=NOW) as session:
            session.add(Conflict(review_id=case.row.id, account_id=person.id))
    asked = uuid4() if what == "unknown" else action_id
    nowhere = client.get("/reviews/DHR-1999-001")
    for step in ("", "progress"):
        answer = client.get(path(asked, step))
        assert answer.status_code == 404
        assert str(elements(answer.text).main) == str(elements(nowhere.text).main)
    assert client.get(f"/owed/evidence/{asked}").status_code == 404


def test_the_pages_are_the_contributor_s_own(action_id: UUID, app: Flask, sign_in: SignIn) -> None:
    for role in (Role.COORDINATOR, Role.STEERING_CHAIR, Role.PANEL_MEMBER, Role.AUDITOR):
        other = Visitor(app.test_client())
        sign_in(other.client, role)
        assert other.open("/owed").status == 403
        assert other.open(path(action_id)).status == 403


# --- The file that shows it -------------------------------------------------------------------------------------------


def send_file(visitor: Visitor, to: str, name: str, data: bytes, **values: str) -> Visitor:
    """Send the page’s form with a file in it, as a browser does."""
    visitor.open(to)
    form = visitor.page.select_one("main form")
    assert form is not None
    assert form["enctype"] == "multipart/form-data"
    hidden = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    filled = {**hidden, **values, "file": (io.BytesIO(data), name)}
    answer = visitor.client.post(to, data=filled, follow_redirects=True)
    return visitor.see(answer.status_code, answer.request.path, answer.text)


def test_a_file_goes_with_what_is_done_and_comes_back_whole(case: Case, action_id: UUID, visitor: Visitor) -> None:
    data = pdf()
    send_file(visitor, path(action_id, "done"), "a.pdf", data, text="The statement", **day_boxes("done_on", TODAY))
    visitor.was_taken()
    assert "your report “done” is sent, with a file." in visitor.page.get_text()
    (link,) = visitor.links("/owed/evidence/")
    answer = visitor.client.get(link)
    assert (answer.data, answer.mimetype) == (data, "application/pdf")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{case.reference}-action-4-1-evidence-1.pdf"'
    )
    assert action_shown(case, "4/1").reports[0].files[0].size == len(data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("a.pdf", b"", "empty"), ("a.exe", b"MZ" * 900, "not a Word file"), ("a.pdf", pdf()[:200], "damaged")],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why_and_nothing_is_stored(
    case: Case, action_id: UUID, visitor: Visitor, name: str, data: bytes, words: str
) -> None:
    send_file(visitor, path(action_id, "progress"), name, data, text="The statement")
    assert visitor.status == 422
    assert words in visitor.errors()[0]
    assert visitor.value("text") == "The statement"
    assert case.rows(Evidence) == []


def test_a_good_file_beside_a_fault_has_to_be_chosen_again(case: Case, action_id: UUID, visitor: Visitor) -> None:
    send_file(visitor, path(action_id, "done"), "a.pdf", pdf(), text="The statement")
    assert visitor.errors() == [
        "Give the day on which it was done.",
        "Choose the file again: it was not kept, because something else has to be put right first.",
    ]
    assert list(case.county.house.store.objects()) == []


def test_two_windows_with_a_file_are_told_first_that_nothing_is_sent_yet(
    case: Case, action_id: UUID, visitor: Visitor
) -> None:
    to = path(action_id, "progress")
    visitor.open(to)
    version = visitor.value("version")
    report(case, action_id, text="Said by a colleague.")
    send_file(visitor, to, "a.pdf", pdf(), text="Said by me.", version=version)
    assert [one.split(":")[0].split(",")[0] for one in visitor.errors()] == [
        "Somebody reported on this action",
        "Nothing you typed is lost",
    ]
    assert visitor.value("text") == "Said by me."


def test_a_file_of_another_agency_is_not_found(case: Case, action_id: UUID, visitor: Visitor, app: Flask) -> None:
    send_file(visitor, path(action_id, "progress"), "a.pdf", pdf(), text="So far")
    (row,) = case.rows(Evidence)
    other = Visitor(app.test_client())
    _, email = make_account(case.county.house, Role.AGENCY_CONTRIBUTOR, agency_id=case.county.agency("Probation"))
    assert other.open(f"/owed/evidence/{row.id}").path == "/sign-in"
    other.send({"email": email, "password": "three calm herons"})
    assert other.open(f"/owed/evidence/{row.id}").status == 404
