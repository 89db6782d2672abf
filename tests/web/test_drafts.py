"""Drafts on their pages: handed in with real bytes, refused one by one, shared, and sent; and who gets nowhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from dhr_app import create_app
from dhr_app.casework import file_kinds, incoming, word_file
from dhr_app.casework.house import House, at_work
from dhr_app.database.models import Draft
from dhr_app.web import uploads
from dhr_app.web.drafts.forms import ONE_TITLE
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import documents, drafts
from tests.drafts import FullStore, hand_in
from tests.factories import NOW, csrf_token
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]
Files = list[tuple[str, str, bytes]]

JSON = {"Accept": "application/json"}
WORD, OTHER, PDF = documents.word("One"), documents.word("Two"), documents.pdf()


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work today."""
    case = county.review(Stage.PANEL)
    case.at = NOW
    return case


@pytest.fixture
def chair(case: Case, client: FlaskClient, sign_in: SignIn) -> Visitor:
    """The chair of the review at a browser."""
    return seated(case, client, sign_in, Role.INDEPENDENT_CHAIR)


def seated(case: Case, client: FlaskClient, sign_in: SignIn, role: Role) -> Visitor:
    person = sign_in(client, role, agency_id=case.county.agency("Police") if role is Role.PANEL_MEMBER else None)
    join(case.reference, person.id, by=case.county.coordinator, at=NOW)
    return Visitor(client)


def path(case: Case, more: str = "") -> str:
    return f"/reviews/{case.reference}/drafts{more}"


def send(client: FlaskClient, case: Case, files: Files, *, token: str | None = None, **more: Any) -> TestResponse:
    """Send the form as a browser does: every box, those without a file too."""
    headers = more.pop("headers", {})
    data: MultiDict[str, Any] = MultiDict()
    data["csrf_token"] = csrf_token(client, path(case, "/new")) if token is None else token
    data.update({"readers": "ourselves", "note": "", **more})
    for box in ("overview_report", "executive_summary", "action_plan", "other"):
        chosen = [(name, content) for kind, name, content in files if kind == box] or [("", b"")]
        for name, content in chosen:
            data.add(box, FileStorage(io.BytesIO(content), name))
    return post(client, path(case, "/new"), data, headers=headers)


def post(client: FlaskClient, to: str, data: Mapping[str, Any], **more: Any) -> TestResponse:
    """A form with files, its body made in memory: the test client would make a file of a long one and leave it open."""
    boundary, body = encode_multipart(data)
    return client.post(to, data=body, content_type=f"multipart/form-data; boundary={boundary}", **more)


def parts(case: Case) -> list[str]:
    return [each.name for each in case.county.house.store.parts()]


def objects(case: Case) -> list[str]:
    return [each.name for each in case.county.house.store.objects()]


def rows(case: Case) -> list[tuple[str, int]]:
    return sorted((row.kind, row.number) for row in case.rows(Draft))


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_three_papers_go_up_in_one_form_and_are_listed(case: Case, chair: Visitor) -> None:
    files = [("overview_report", "r.docx", WORD), ("action_plan", "p.pdf", PDF), ("other", "a.docx", OTHER)]
    answer = send(chair.client, case, files, note="The chapter on housing is still thin.")
    assert (answer.status_code, answer.location) == (303, path(case))
    chair.open(path(case))
    assert (
        "Your 3 drafts are handed in at 10:30am. The coordinator sees it on the page “What needs you today”."
        in chair.text
    )
    assert chair.text.count("The chapter on housing is still thin.") == 3
    assert chair.text.count("Not shared with the panel") == 3
    assert "Nobody else yet" in chair.text
    assert (rows(case), len(objects(case)), parts(case)) == (
        [("action_plan", 1), ("other", 1), ("overview_report", 1)], 3, [],
    )  # fmt: skip


def test_one_bad_file_is_refused_beside_its_box_and_the_others_are_kept(case: Case, chair: Visitor) -> None:
    macros = documents.word(main=documents.WITH_MACROS)
    files = [("overview_report", "r.docx", WORD), ("executive_summary", "s.docm", macros),
             ("other", "empty.pdf", b""), ("other", "a.pdf", PDF)]  # fmt: skip
    answer = send(chair.client, case, files, note="Two at once", readers="panel")
    chair.see(answer.status_code, path(case, "/new"), answer.text)
    assert chair.status == 422
    assert chair.errors() == [f"s.docm: {word_file.PROGRAM}", f"empty.pdf: {incoming.EMPTY}"]
    assert (
        "Handed in already. You need not choose these again: r.docx: overview report, draft 1, at 10:30am" in chair.text
    )
    assert (chair.value("note"), chair.value("readers")) == ("Two at once", "panel")
    assert (rows(case), parts(case)) == ([("other", 1), ("overview_report", 1)], [])


def test_nothing_chosen_is_said_and_so_is_an_answer_that_is_missing(case: Case, chair: Visitor) -> None:
    for more, sentence in (({}, "Choose at least one file."), ({"readers": ""}, "Say who may read these drafts.")):
        answer = send(chair.client, case, [], **more)
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert (rows(case), objects(case), parts(case)) == ([], [], [])


def test_a_script_sends_each_file_by_itself_and_is_told_in_json(case: Case, chair: Visitor) -> None:
    good = send(chair.client, case, [("overview_report", "r.docx", WORD)], headers=JSON)
    bad = send(chair.client, case, [("overview_report", "r.docx", WORD)], headers=JSON)
    assert (good.status_code, good.json) == (
        200, {"errors": [], "outcomes": [
            {"name": "r.docx", "taken": True, "sentence": "overview report, draft 1", "time": "10:30am"}
        ]},
    )  # fmt: skip
    assert bad.status_code == 200
    assert bad.get_json()["outcomes"][0]["sentence"] == "This very file is here already: overview report, draft 1."


def test_each_other_document_goes_by_its_title_and_the_next_draft_is_handed_in_from_its_own_link(
    case: Case, chair: Visitor
) -> None:
    send(chair.client, case, [("other", "a.docx", WORD)], title="Terms of reference")
    send(chair.client, case, [("other", "b.docx", OTHER)])
    chair.open(path(case))
    assert [each.get_text() for each in chair.page.select("main section h2")] == ["b", "Terms of reference"]
    assert "Other document 1 Terms of reference Draft 1" in chair.text
    chair.open(chair.links("document=1")[0])
    assert chair.value("title") == "Terms of reference"
    assert chair.open(path(case, "/new")).value("title") == ""
    send(chair.client, case, [("other", "c.pdf", PDF)], title="terms of reference")
    assert [(row.series, row.number) for row in sorted(case.rows(Draft), key=lambda row: (row.series, row.number))] == [
        (1, 1), (1, 2), (2, 1),
    ]  # fmt: skip


def test_one_title_is_not_taken_for_several_files(case: Case, chair: Visitor) -> None:
    files = [("overview_report", "r.docx", WORD), ("other", "a.docx", OTHER), ("other", "a.pdf", PDF)]
    answer = send(chair.client, case, files, title="Appendix", note="Both")
    chair.see(answer.status_code, path(case, "/new"), answer.text)
    assert (chair.status, chair.errors()) == (422, [ONE_TITLE])
    assert (chair.value("title"), chair.value("note"), rows(case), parts(case)) == ("Appendix", "Both", [], [])
    one_by_one = send(chair.client, case, files[1:2], title="Appendix", together="2", headers=JSON)
    assert one_by_one.json == {"outcomes": [], "errors": [f"What is the other document called? {ONE_TITLE}"]}
    assert rows(case) == []
    assert send(chair.client, case, files[1:2], title="Appendix", together="1").status_code == 303


def test_a_script_is_told_what_is_wrong_with_the_form_and_with_which_question(case: Case, chair: Visitor) -> None:
    answer = send(chair.client, case, [("other", "a.docx", WORD)], note="x" * 2001, headers=JSON)
    assert answer.json == {
        "outcomes": [],
        "errors": ["Note for the readers: Use 2,000 characters or fewer. You have used 2,001."],
    }
    assert (rows(case), parts(case)) == ([], [])


def test_a_script_that_asks_anew_for_the_form_s_token_can_go_on_after_another_sign_in(
    case: Case, chair: Visitor, sign_in: SignIn
) -> None:
    client, files = chair.client, [("other", "a.docx", WORD)]
    old = csrf_token(client, path(case, "/new"))
    client.delete_cookie("dhr")
    assert client.get(path(case, "/new"), headers=JSON).status_code == 302
    assert send(client, case, files, token=old, headers=JSON).status_code == 401
    seated(case, client, sign_in, Role.INDEPENDENT_CHAIR)
    assert send(client, case, files, token=old, headers=JSON).status_code == 400
    assert rows(case) == []
    fresh = client.get(path(case, "/new"), headers=JSON)
    assert (fresh.status_code, list(fresh.get_json())) == (200, ["token"])
    assert send(client, case, files, token=fresh.get_json()["token"], headers=JSON).get_json()["outcomes"][0]["taken"]


def test_which_review_it_is_stands_above_the_form(case: Case, chair: Visitor) -> None:
    chair.open(path(case, "/new"))
    assert "is at “Review panel”" in chair.text
    assert "No draft is handed in yet." in chair.text
    send(chair.client, case, [("overview_report", "r.docx", WORD)])
    assert "Last handed in: overview report, draft 1, on 3 June 2026 at 10:30am." in chair.open(path(case, "/new")).text


def test_a_coordinator_who_hands_one_in_is_not_told_that_the_coordinator_sees_it(
    case: Case, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client)
    send(client, case, [("overview_report", "r.docx", WORD)])
    office = Visitor(client).open(path(case))
    assert "Your draft is handed in at 10:30am: overview report, draft 1." in office.text
    assert "What needs you today”" not in office.text


def test_more_than_twenty_files_are_too_many_and_the_first_twenty_are_kept(case: Case, chair: Visitor) -> None:
    files = [("other", f"{number}.docx", documents.word(f"Part {number}")) for number in range(22)]
    answer = send(chair.client, case, files)
    assert answer.status_code == 422
    assert f"20.docx: {uploads.TOO_MANY}" in answer.text
    assert (len(rows(case)), len(objects(case)), parts(case)) == (20, 20, [])


def test_a_file_over_the_limit_is_named_and_the_rest_of_the_form_is_taken(
    case: Case, chair: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LARGEST", 500_000)
    large = documents.word(stored=bytes(600_000))
    answer = send(chair.client, case, [("overview_report", "big.docx", large), ("action_plan", "p.pdf", PDF)])
    assert f"big.docx: {incoming.TOO_LARGE}" in answer.text
    assert (rows(case), parts(case)) == ([("action_plan", 1)], [])


def test_a_form_with_files_may_be_large_and_every_other_form_may_not(case: Case, chair: Visitor) -> None:
    large = documents.word(stored=bytes(3_000_000))
    assert send(chair.client, case, [("other", "a.docx", large)]).status_code == 303
    new = f"/reviews/{case.reference}/report/new"
    data = {"csrf_token": csrf_token(chair.client, new), "sha256": FileStorage(io.BytesIO(large), "a.docx")}
    assert post(chair.client, new, data).status_code == 413


def test_a_disk_that_fills_up_is_said_beside_the_file_and_leaves_nothing(
    case: Case, chair: Visitor, compiled_templates: Any
) -> None:
    house: House = case.county.house
    token = csrf_token(chair.client, path(case, "/new"))
    full = replace(house, store=FullStore(house.store, 1))
    app = create_app(house=full)
    app.jinja_env.bytecode_cache = compiled_templates
    client = app.test_client()
    for cookie in (chair.client.get_cookie("dhr"),):
        assert cookie is not None
        client.set_cookie("dhr", cookie.value)
    with at_work(full):
        large = documents.word(stored=bytes(300_000))
        answer = send(client, case, [("overview_report", "r.docx", large)], token=token)
    assert answer.status_code == 422
    assert f"r.docx: {incoming.NO_ROOM}" in answer.text
    assert (rows(case), objects(case), parts(case)) == ([], [], [])


# --- Who gets nowhere: not a byte is written for them ----------------------------------------------------------------


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was begun in the store."""
    begun: list[str] = []
    real = incoming.Incoming.add

    def noted(self: incoming.Incoming, data: bytes) -> None:
        begun.append(self.filename)
        real(self, data)

    monkeypatch.setattr(incoming.Incoming, "add", noted)
    return begun


def test_whoever_is_not_signed_in_writes_nothing_and_is_told_to_sign_in(
    app: Flask, case: Case, watched: list[str]
) -> None:
    for size in (10, 3_000_000):
        data = {"csrf_token": "x", "note": "My words", "other": FileStorage(io.BytesIO(bytes(size)), "a.docx")}
        answer = post(app.test_client(), path(case, "/new"), data)
        assert (answer.status_code, "You have been signed out" in answer.text) == (401, True)
    assert (watched, parts(case)) == ([], [])


@pytest.mark.parametrize(
    ("role", "seat", "status"),
    [
        (Role.PANEL_MEMBER, True, 403),
        (Role.STEERING_CHAIR, False, 403),
        (Role.AUDITOR, False, 403),
        (Role.INDEPENDENT_CHAIR, False, 404),
        (Role.ADMINISTRATOR, False, 404),
    ],
)
def test_whoever_may_not_hand_in_here_writes_nothing(
    app: Flask, case: Case, sign_in: SignIn, watched: list[str], role: Role, seat: bool, status: int
) -> None:
    client = app.test_client()
    if seat:
        seated(case, client, sign_in, role)
    else:
        sign_in(client, role)
    answer = send(client, case, [("other", "a.docx", documents.word(stored=bytes(2_000_000)))], token="x")
    assert (answer.status_code, watched, parts(case)) == (status, [], [])


def test_a_review_that_takes_no_drafts_writes_nothing(
    county: County, client: FlaskClient, sign_in: SignIn, watched: list[str]
) -> None:
    case = county.review(Stage.SCOPING)
    sign_in(client)
    answer = send(client, case, [("other", "a.docx", WORD)], token="x")
    assert (answer.status_code, watched) == (409, [])
    assert client.get(path(case, "/new")).status_code == 409


def test_a_form_without_its_token_leaves_nothing(case: Case, chair: Visitor) -> None:
    answer = send(chair.client, case, [("other", "a.docx", documents.word(stored=bytes(900_000)))], token="wrong")
    assert (answer.status_code, parts(case), objects(case), rows(case)) == (400, [], [], [])


def test_a_form_that_breaks_off_leaves_nothing(case: Case, chair: Visitor) -> None:
    body = b'--edge\r\nContent-Disposition: form-data; name="other"; filename="a.docx"\r\n\r\n' + bytes(400_000)
    answer = chair.client.post(path(case, "/new"), data=body, content_type="multipart/form-data; boundary=edge")
    assert (answer.status_code, parts(case), objects(case)) == (400, [], [])


def test_a_file_sent_to_a_form_that_takes_none_goes_nowhere(case: Case, chair: Visitor, watched: list[str]) -> None:
    new = f"/reviews/{case.reference}/report/new"
    data = {"csrf_token": csrf_token(chair.client, new), "sha256": FileStorage(io.BytesIO(b"x" * 700_000), "a.docx")}
    assert post(chair.client, new, data).status_code == 422
    assert (watched, parts(case)) == ([], [])


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_a_version_is_sent_whole_as_a_file_to_save_with_a_name_of_ours(case: Case, chair: Visitor) -> None:
    send(chair.client, case, [("overview_report", "Ada Harding.docx", WORD)])
    answer = chair.client.get(chair.open(path(case)).links("/file")[0], headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.data) == (200, WORD)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS | {
        "Content-Disposition": f'attachment; filename="{case.reference}-overview-report-draft-1.docx"',
        "Content-Length": str(len(WORD)),
    }


HEADERS = {
    "Content-Type": file_kinds.MEDIA_TYPES["docx"],
    "Content-Disposition": "",
    "Content-Length": "",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Accept-Ranges": "none",
}


def test_the_coordinator_and_the_chair_see_who_read_it(app: Flask, case: Case, chair: Visitor, sign_in: SignIn) -> None:
    send(chair.client, case, [("overview_report", "r.docx", WORD)])
    office = Visitor(app.test_client())
    name = sign_in(office.client, name="Dr Filgrave").name
    office.open(path(case))
    assert "Downloaded by Nobody else yet" in office.text
    assert office.client.get(office.links("/file")[0]).status_code == 200
    for who in (office, chair):
        assert f"Downloaded by {name}, 3 June 2026 at 10:30am" in who.open(path(case)).text


def test_the_panel_sees_a_version_once_it_is_shared(app: Flask, case: Case, chair: Visitor, sign_in: SignIn) -> None:
    send(chair.client, case, [("overview_report", "r.docx", WORD)], note="Not for the panel")
    member = seated(case, app.test_client(), sign_in, Role.PANEL_MEMBER)
    address = chair.open(path(case)).links("/file")[0]
    assert "No draft is shared with the review panel yet." in member.open(path(case)).text
    assert member.client.get(address).status_code == 404
    chair.open(chair.links("/share")[0])
    assert "On the panel now:" in chair.text
    chair.send()
    assert "The review panel can read this draft now." in chair.text
    member.open(path(case))
    assert "Not for the panel" not in member.text
    assert "r.docx" not in member.text
    assert not member.page.select("main a[href$='/new'], main a[href$='/share']")
    assert member.client.get(address).data == WORD


def test_a_damaged_file_is_a_page_that_says_so(case: Case, chair: Visitor) -> None:
    send(chair.client, case, [("overview_report", "r.docx", WORD)])
    place = case.county.house.store.place(drafts.version(case, 1).id)  # type: ignore[attr-defined]
    place.write_bytes(place.read_bytes()[:-1])
    chair.open(chair.open(path(case)).links("/file")[0])
    assert (chair.status, "This cannot be read" in chair.text) == (500, True)


def test_no_name_of_a_file_is_logged(case: Case, chair: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    send(chair.client, case, [("overview_report", "Ada Harding.docx", WORD), ("other", "Ada.txt", b"Ada")])
    assert "Ada" not in "".join(capsys.readouterr())


# --- What leads there and on ------------------------------------------------------------------------------------------


def test_a_draft_is_put_on_file_as_a_version_of_the_paper(case: Case, chair: Visitor) -> None:
    send(chair.client, case, [("overview_report", "r.docx", WORD), ("other", "a.docx", OTHER)])
    links = chair.open(path(case)).links("?draft=")
    assert len(links) == 1
    chair.open(links[0])
    assert "This puts on file: overview report, draft 1 , handed in on 3 June 2026." in chair.text
    assert not chair.page.select("[name=kind], [name=sha256], [name=kept]")
    chair.send(to=None)
    assert "The new version is on file." in chair.text
    assert "Where it is kept Handed in here: overview report, draft 1" in chair.text
    assert sha256(WORD).hexdigest() in chair.text
    assert chair.client.get(chair.links("/file")[0]).data == WORD
    chair.open(links[0]).send({"changes": "Nothing"}, to=None)
    assert chair.errors() == ["This file is on file already: overview report, version 1."]


@pytest.mark.parametrize("what", ["nonsense", "0a51b1c2-0000-4000-8000-000000000000", ""])
def test_a_draft_that_is_none_leads_nowhere(case: Case, chair: Visitor, what: str) -> None:
    assert chair.open(f"/reviews/{case.reference}/report/new?draft={what}").status == 404


def test_the_report_s_page_leads_to_the_drafts(case: Case, chair: Visitor) -> None:
    assert path(case) in chair.open(f"/reviews/{case.reference}/report").links("/drafts")


def test_drafts_of_a_review_are_kept_for_reading_when_it_takes_no_more(
    county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    case = county.review(Stage.PUBLICATION)
    hand_in(case, county.coordinator)
    case.to(Stage.CLOSED)
    sign_in(client)
    office = Visitor(client).open(path(case))
    assert not office.links("/new")
    assert office.client.get(office.links("/file")[0]).status_code == 200
