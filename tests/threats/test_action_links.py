"""T28, T31, T35, T40, T42, T43, T61: whoever has a one-action link, or half of one, gets no further than its action."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework import link_door, link_visit
from dhr_app.casework.house import at_work
from dhr_app.casework.incoming import MEGABYTE
from dhr_app.casework.link_door import NoLink
from dhr_app.casework.progress_entry import PROGRESS, ReportEntry
from dhr_app.casework.throttle import TooManyTries
from dhr_app.database.models import AuditEntry, Evidence, Message, Progress, SignInAttempt
from dhr_app.database.verify import verify
from dhr_app.workflows.action_links import CODE_LASTS, CODE_TRIES, WRONG_CODES
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.stages import Stage
from tests.documents import pdf
from tests.factories import NOW, PASSWORD, csrf_token, make_account, submit
from tests.installations import Installation
from tests.linking import Post, agreed, at_the_action, kept, sent, visiting
from tests.mailserver import mail_server
from tests.planning import act, recommend
from tests.reviews import Case

AWAY = "192.0.2.7"


@pytest.fixture
def case(installation: Installation) -> Case:
    """A review of the panel, its police under an agreement, as it stands on the day of the tests."""
    made = installation.county.review(Stage.PANEL, at=NOW - timedelta(days=30))
    made.at = NOW - timedelta(hours=1)
    agreed(made)
    return made


@pytest.fixture
def action_id(case: Case) -> UUID:
    return act(case, recommend(case, "4"))


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    with mail_server() as server:
        yield Post(installation.house, server)


@pytest.fixture
def front(installation: Installation) -> Flask:
    return create_app(house=installation.house)


@pytest.fixture
def link(case: Case, action_id: UUID, post: Post) -> str:
    sent(case, action_id)
    return post.link(at=NOW)


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_t31_machines_that_open_the_link_in_a_mail_change_nothing(
    installation: Installation, case: Case, link: str, front: Flask, post: Post
) -> None:
    before = kept(installation.house)
    with installation.house.reading() as session:
        entries = len(session.scalars(select(AuditEntry.seq)).all())
    for _ in range(3):
        machine = front.test_client()
        for path in (link, f"{link}/code"):
            assert machine.get(path).status_code == machine.head(path).status_code == 200
    after = kept(installation.house)
    columns = [column.key for column in type(after).__mapper__.column_attrs]
    assert [getattr(after, name) for name in columns] == [getattr(before, name) for name in columns]
    with installation.house.reading() as session:
        assert len(session.scalars(select(AuditEntry.seq)).all()) == entries
        assert not [one for one in session.scalars(select(SignInAttempt)) if one.at == NOW]
    assert post.brings(at=NOW) == []


def test_t28_a_code_takes_five_tries_ten_minutes_and_one_browser(
    installation: Installation, link: str, post: Post
) -> None:
    token, at = token_of(link), NOW

    def enter(browser: str, code: str) -> str:
        nonlocal at
        at += timedelta(seconds=10)
        return link_door.enter_code(token, browser, code, address=AWAY, at=at)

    browser = link_door.ask_code(token, address=AWAY, at=at)
    code = post.code(at=at)
    with pytest.raises(Invalid):
        enter("another browser", code)
    for _ in range(CODE_TRIES - 1):
        with pytest.raises(Invalid):
            enter(browser, wrong(code))
    with pytest.raises(Invalid):  # the right one, after five tries
        enter(browser, code)

    at += timedelta(minutes=16)
    browser = link_door.ask_code(token, address=AWAY, at=at)
    code, made = post.code(at=at), at
    at = made + CODE_LASTS - timedelta(seconds=10)
    with pytest.raises(Invalid):  # the right one, too late
        enter(browser, code)
    browser = link_door.ask_code(token, address=AWAY, at=at)
    code = post.code(at=at)
    assert enter(browser, code)
    with pytest.raises(Invalid):  # a code is good once
        enter(browser, code)


def test_t28_guessing_codes_is_throttled_and_shuts_the_link_in_the_end(
    installation: Installation, case: Case, link: str, post: Post
) -> None:
    token, at, tired, tried = token_of(link), NOW, 0, 0
    for _ in range(12):
        at += timedelta(minutes=20)
        try:
            browser = link_door.ask_code(token, address=AWAY, at=at)
        except NoLink:
            break
        code = post.code(at=at)
        for _ in range(12):
            try:
                link_door.enter_code(token, browser, wrong(code), address=AWAY, at=at)
            except Invalid:
                tried += 1
            except TooManyTries:
                tired += 1
            except NoLink:
                break
    assert tried == WRONG_CODES
    assert tired
    with pytest.raises(NoLink):
        link_door.opened(token, address=AWAY, at=at + timedelta(hours=1))
    assert len(case.events("link_code_refused")) == WRONG_CODES


def test_t28_many_guesses_at_once_are_counted_one_by_one(installation: Installation, link: str, post: Post) -> None:
    token = token_of(link)
    browser = link_door.ask_code(token, address=AWAY, at=NOW)
    code = post.code(at=NOW)

    def guess(_: int) -> str:
        with at_work(installation.house):
            try:
                return link_door.enter_code(token, browser, wrong(code), address=AWAY, at=NOW)
            except (Invalid, TooManyTries) as refused:
                return type(refused).__name__

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(16)))
    assert said.count("Invalid") == installation.house.settings.sign_in_tries
    assert said.count("TooManyTries") == 16 - installation.house.settings.sign_in_tries


def test_t42_two_tabs_that_send_at_once_leave_one_report(
    installation: Installation, case: Case, link: str, post: Post
) -> None:
    visit = visiting(post, token_of(link), at=NOW)
    version = link_visit.visit_page(visit, at=NOW).version

    def send(number: int) -> str:
        with at_work(installation.house):
            try:
                link_visit.report(visit, ReportEntry(PROGRESS, f"Said in tab {number}."), version, at=NOW)
            except NoLink:
                return "nothing"
            return "sent"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(send, range(4)))
    assert sorted(said) == ["nothing"] * 3 + ["sent"]
    assert len(case.rows(Progress)) == 1
    with pytest.raises(NoLink):
        link_visit.visit_page(visit, at=NOW)
    with installation.house.reading() as session:
        assert verify(session) == []


def test_t40_a_visit_by_one_link_reaches_no_other_links_action(
    installation: Installation, case: Case, action_id: UUID, link: str, front: Flask, post: Post
) -> None:
    guest = at_the_action(front, post, link, at=NOW)
    other_action = act(case, recommend(case, "5"), text="Another agency’s secret plan.")
    case.at = NOW
    sent(case, other_action, "other@police.barsetshire.example")
    other = post.link(at=case.at)
    assert "secret plan" not in guest.get(other).text
    assert submit(guest, f"{other}/code", {"code": "000000"}).status_code == 422
    ids = {"action_id": str(other_action), "link_id": "1", "agency_id": str(case.county.agency("Probation")),
           "review_id": "1", "kind": "done", "on_behalf": "y", "came_from": "the chief", "made_by_id": "1"}  # fmt: skip
    query = "&".join(f"{name}={value}" for name, value in ids.items())
    sends = submit(guest, "/answer/progress", {"text": "Ours.", **ids}, query_string=query)
    assert sends.status_code == 303
    (told,) = case.rows(Progress)
    assert (told.action_id, told.kind, told.on_behalf, told.came_from) == (action_id, "progress", False, None)
    assert told.agency_id == case.county.agency("Police")


def test_t40_a_copied_code_is_worth_nothing_to_another_links_holder(
    installation: Installation, case: Case, link: str, post: Post
) -> None:
    browser = link_door.ask_code(token_of(link), address=AWAY, at=NOW)
    code = post.code(at=NOW)
    case.at = NOW
    sent(case, act(case, recommend(case, "5")), "other@police.barsetshire.example")
    other = post.link(at=case.at)
    with pytest.raises(Invalid):
        link_door.enter_code(token_of(other), browser, code, address=AWAY, at=case.at)


def test_t35_a_form_of_another_site_or_without_its_token_is_refused(
    case: Case, link: str, front: Flask, post: Post
) -> None:
    guest = at_the_action(front, post, link, at=NOW)
    for path in (link, f"{link}/code", "/answer/progress"):
        assert guest.post(path, data={"text": "Forged.", "code": "1"}).status_code == 400
        token = csrf_token(guest, "/answer/progress")
        forged = {"text": "Forged.", "csrf_token": token}
        assert guest.post(path, data=forged, headers={"Origin": "https://evil.example"}).status_code == 400
        assert guest.post(path, data=forged, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert case.rows(Progress) == []


def test_t61_token_and_code_stand_in_the_mail_alone(
    installation: Installation, case: Case, link: str, front: Flask, post: Post, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    guest = front.test_client()
    pages = [guest.get(link)]
    submit(guest, link, {})
    code = post.code(at=NOW)
    pages.append(guest.get(f"{link}/code"))
    assert submit(guest, f"{link}/code", {"code": code}).location == "/answer"
    pages += [guest.get("/answer"), guest.get("/answer/progress")]
    token = token_of(link)
    said = capsys.readouterr().out + caplog.text
    with installation.house.reading() as session:
        said += "".join(entry.body.decode() for entry in session.scalars(select(AuditEntry)))
        said += "".join(f"{one.subject}{one.body}" for one in session.scalars(select(Message)))
    assert token not in said
    assert f'"{code}"' not in said
    assert f"\n{code}\n" not in said
    row = kept(installation.house)
    assert token.encode() not in (row.token_sha256, row.visit_sha256)
    for page in pages:
        title = page.text.partition("<title")[2].partition("</title")[0]
        assert token not in title
        assert page.headers["Referrer-Policy"] == "same-origin"  # no other site is told the address
        assert page.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert all(token not in page.text for page in pages[2:])


def test_t51_files_come_in_by_a_visit_alone_and_no_larger_than_elsewhere(
    installation: Installation, case: Case, link: str, front: Flask, post: Post
) -> None:
    stranger = front.test_client()
    form = {"text": "Ours.", "csrf_token": csrf_token(stranger, link)}
    answer = stranger.post("/answer/progress", data={**form, "file": (io.BytesIO(pdf()), "a.pdf")})
    assert answer.status_code == 404
    too_long = stranger.post(link, data={**form, "file": (io.BytesIO(b"x" * 2 * MEGABYTE), "a.pdf")})
    too_long.request.environ["wsgi.input"].close()  # where the test client put it, which it leaves open
    assert too_long.status_code == 413
    assert list(installation.house.store.objects()) == []
    guest = at_the_action(front, post, link, at=NOW)
    polyglot: dict[str, Any] = {"text": "Ours.", "file": (io.BytesIO(b"<script>alert(1)</script>"), "form.pdf")}
    assert submit(guest, "/answer/progress", polyglot).status_code == 422
    assert (case.rows(Evidence), list(installation.house.store.objects())) == ([], [])


def test_t42_a_link_is_no_sign_in_and_a_sign_in_in_the_same_browser_is_not_its_reporter(
    installation: Installation, case: Case, link: str, front: Flask, post: Post
) -> None:
    stranger = at_the_action(front, post, link, at=NOW)
    assert stranger.get("/help").location.startswith("/sign-in")
    _, email = make_account(installation.house)
    office = front.test_client()
    submit(office, "/sign-in", {"email": email, "password": PASSWORD})
    at_the_action(front, post, link, at=NOW, guest=office)
    assert submit(office, "/answer/progress", {"text": "Ours."}).status_code == 303
    assert not (office.get("/help").location or "").startswith("/sign-in")
    (event,) = case.events("progress_reported")
    assert (event.recorded_by_id, event.details["entered"]) == (None, "by_link")
