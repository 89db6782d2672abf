"""The one-action link at a browser: from the mail to the report, and every way in which it opens nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework import evidence
from dhr_app.casework.action import remove_action
from dhr_app.casework.action_link import NAMES, LinkEntry, send_link, withdraw_link
from dhr_app.casework.agency_contact import set_contact
from dhr_app.casework.agreement import end_agreement
from dhr_app.casework.block_list import bar_address
from dhr_app.casework.house import House
from dhr_app.database.models import Account, Action, Agreement, Event, Evidence, Message, Progress
from dhr_app.workflows.action_links import CODES_AN_HOUR, VISIT_LASTS, WRONG_CODES
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.roles import Role
from tests.documents import pdf
from tests.factories import NOW, TODAY, StoppedClock, csrf_token, submit
from tests.linking import ADDRESS, Post, agreed, at_the_action, kept, sent
from tests.mailserver import mail_server
from tests.planning import act, action_shown, done, recommend, shown, signed_off
from tests.reporting import contributor, report
from tests.reviews import Case
from tests.stories.coordinating import day_boxes
from tests.stories.visitor import Visitor

SAID = "Six stations of seven use the new form."


@pytest.fixture
def post(house: House) -> Iterator[Post]:
    with mail_server() as server:
        yield Post(house, server)


@pytest.fixture
def ready(case: Case) -> Case:
    """The review, its police under an agreement."""
    agreed(case)
    return case


@pytest.fixture
def link(ready: Case, action_id: UUID, post: Post) -> str:
    """The path of a link to the police’s action, as the mail brought it."""
    sent(ready, action_id)
    return post.link(at=NOW)


@pytest.fixture
def guest(app: Flask, post: Post, link: str) -> FlaskClient:
    """Somebody with no account who followed the link and entered the code."""
    return at_the_action(app, post, link, at=NOW)


def words(client: FlaskClient, path: str) -> str:
    main = BeautifulSoup(client.get(path).text, "html.parser").find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def opens_nothing(client: FlaskClient, path: str) -> bool:
    page = client.get(path)
    return page.status_code == 404 and "This link opens nothing" in page.text


class TestTheWholeWay:
    def test_from_the_mail_to_the_report_with_its_file(
        self, ready: Case, action_id: UUID, post: Post, link: str, guest: FlaskClient
    ) -> None:
        shows = words(guest, "/answer")
        for part in (ready.reference, "Action 4/1", "The force changes its form."):
            assert part in shows
        form: dict[str, Any] = {"text": SAID, "file": (io.BytesIO(pdf()), "form 12.pdf")}
        assert submit(guest, "/answer/progress", form).location == "/answer/sent"
        assert "Your report is sent" in words(guest, "/answer/sent")
        (told,) = action_shown(ready, "4/1").reports
        assert (told.kind, told.text, told.agency, told.on_behalf) == ("progress", SAID, "Barsetshire Police", False)
        assert told.made_by == f"By the link sent to the agency on {in_words(TODAY)}"
        ready.at = NOW
        (file,) = ready.rows(Evidence)
        taken = evidence.take_out(ready.reference, file.id, by=ready.county.coordinator, at=ready.at)
        assert b"".join(taken.content) == pdf()

    def test_the_trail_says_that_it_came_by_a_link_for_the_agency_and_names_nobody(
        self, ready: Case, guest: FlaskClient
    ) -> None:
        submit(guest, "/answer/progress", {"text": SAID})
        (event,) = ready.events("progress_reported")
        assert (event.recorded_by_id, event.recorded_by_name) == (None, "the link sent to an agency")
        assert event.agency_id == ready.county.agency("Police")
        assert event.details["entered"] == "by_link"
        assert ready.happened("link") == ["link_sent", "link_opened"]
        (row,) = ready.rows(Progress)
        assert (row.made_by_id, row.link_id) == (None, kept(ready.county.house).id)

    def test_done_and_longer_do_what_they_do_for_whoever_signs_in(
        self, ready: Case, action_id: UUID, post: Post, guest: FlaskClient, app: Flask
    ) -> None:
        wanted = NOW.date() + timedelta(days=150)
        form = {"text": "The supplier is late.", **day_boxes("wanted_on", wanted)}
        assert submit(guest, "/answer/longer", form).status_code == 303
        assert action_shown(ready, "4/1").wish is not None
        sent(ready, action_id)
        again = at_the_action(app, post, post.link(at=NOW), at=NOW)
        said = {"text": "The chief’s statement", **day_boxes("done_on", TODAY)}
        assert submit(again, "/answer/done", said).status_code == 303
        assert action_shown(ready, "4/1").done_on == TODAY

    def test_the_agencys_contact_is_told_and_the_steering_group_reads_it(
        self, ready: Case, action_id: UUID, post: Post, link: str, app: Flask
    ) -> None:
        contact, by = contributor(ready), ready.county.coordinator
        set_contact(ready.county.agency("Police"), contact.id, by=by, at=NOW)
        guest = at_the_action(app, post, link, at=NOW)
        submit(guest, "/answer/progress", {"text": SAID})
        (mail,) = post.brings(at=NOW)
        assert f"action 4/1 of {ready.reference} came by the link" in mail
        assert f"/owed/actions/{action_id}" in mail
        assert SAID not in mail

    def test_whoever_stands_on_the_block_list_is_not_told_even_as_contact(
        self, ready: Case, post: Post, link: str, app: Flask
    ) -> None:
        contact, by = contributor(ready), ready.county.coordinator
        set_contact(ready.county.agency("Police"), contact.id, by=by, at=NOW)
        with ready.county.house.reading() as session:
            email = session.get_one(Account, contact.id).email
        bar_address(ready.reference, email, by=by, at=NOW)
        submit(at_the_action(app, post, link, at=NOW), "/answer/progress", {"text": SAID})
        assert action_shown(ready, "4/1").reports
        assert post.brings(at=NOW) == []

    def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_lost(
        self, ready: Case, link: str, guest: FlaskClient
    ) -> None:
        empty = submit(guest, "/answer/progress", {"text": "", "blocked_by": "The supplier"})
        assert (empty.status_code, "Say how far it is" in empty.text, "The supplier" in empty.text) == (422, True, True)
        bad_day = submit(guest, "/answer/done", {"text": "", "done_on-day": "40"})
        assert bad_day.status_code == 422
        assert "Say what shows it" in bad_day.text
        assert submit(guest, "/answer/progress", {"text": SAID}).status_code == 303

    def test_a_file_that_is_no_word_or_pdf_is_refused_and_the_link_still_works(
        self, ready: Case, link: str, guest: FlaskClient
    ) -> None:
        form: dict[str, Any] = {"text": SAID, "file": (io.BytesIO(b"MZ not a document"), "form.pdf")}
        assert submit(guest, "/answer/progress", form).status_code == 422
        assert ready.rows(Progress) == []
        assert submit(guest, "/answer/progress", {"text": SAID}).status_code == 303

    def test_an_action_that_moved_on_meanwhile_is_shown_anew(
        self, ready: Case, action_id: UUID, guest: FlaskClient
    ) -> None:
        token = csrf_token(guest, "/answer/progress")
        page = BeautifulSoup(guest.get("/answer/progress").text, "html.parser")
        version = str(page.select("[name=version]")[0]["value"])
        report(ready, action_id, text="Said by a colleague.")
        late = guest.post("/answer/progress", data={"text": SAID, "version": version, "csrf_token": token})
        assert late.status_code == 409
        assert SAID in late.text
        assert "Said by a colleague." not in late.text
        assert submit(guest, "/answer/progress", {"text": SAID}).status_code == 303


class TestWhatIsSeen:
    def test_the_mails_name_no_review_no_action_and_nobody(
        self, ready: Case, action_id: UUID, post: Post, app: Flask
    ) -> None:
        sent(ready, action_id)
        (first,) = post.brings(at=NOW)
        (link,) = re.findall(r"(/link/[\w-]{43})\s", first)
        submit(app.test_client(), link, {})
        (second,) = post.brings(at=NOW)
        for mail in (first, second):
            assert mail.startswith(f"To: {ADDRESS}\n")
            for name in (ready.reference, "4/1", "form", "Ada", "Harding", ready.county.coordinator.name, "Police"):
                assert name not in mail.removeprefix(f"To: {ADDRESS}")

    def test_before_the_code_nothing_of_the_action_is_shown(self, ready: Case, link: str, app: Flask) -> None:
        fresh = app.test_client()
        for path in (link, f"{link}/code"):
            page = fresh.get(path)
            assert page.status_code == 200
            for hidden in (ready.reference, "4/1", "changes its form", "Police", ADDRESS):
                assert hidden not in page.text
        assert opens_nothing(fresh, "/answer")

    def test_nobody_is_named_and_no_other_page_opens(self, ready: Case, action_id: UUID, guest: FlaskClient) -> None:
        act(ready, shown(ready, "4").id, text="Another piece of work.", owner_id=ready.county.agency("Probation"))
        report(ready, action_id, text="What a colleague said before.")
        for path in ("/answer", "/answer/progress", "/answer/done", "/answer/longer", "/answer/no-change"):
            page = guest.get(path)
            assert page.status_code == 200
            for hidden in ("Harding", "Another piece", "Probation", "Firm words", "colleague", "Police", ADDRESS):
                assert hidden not in page.text, (path, hidden)
        for path in ("/owed", f"/owed/actions/{action_id}", f"/reviews/{ready.reference}", "/reviews", "/overview"):
            assert guest.get(path).location.startswith("/sign-in")

    def test_words_that_name_somebody_go_to_nobody(self, ready: Case, post: Post, app: Flask) -> None:
        action_id = act(ready, recommend(ready, "7"))
        with ready.county.house.database.transaction(by=ready.county.coordinator, at=NOW) as session:
            session.get_one(Action, action_id).text = "What Ada Harding told the surgery is passed on."
        with pytest.raises(Invalid) as wrong:
            sent(ready, action_id)
        assert wrong.value.fields == {"action": NAMES}
        assert post.brings(at=NOW) == []

    def test_words_that_come_to_name_somebody_are_not_shown_any_more(
        self, ready: Case, action_id: UUID, guest: FlaskClient
    ) -> None:
        with ready.county.house.database.transaction(by=ready.county.coordinator, at=NOW) as session:
            session.get_one(Action, action_id).text = "What Ada Harding told the surgery is passed on."
        assert opens_nothing(guest, "/answer")

    def test_a_report_that_may_name_somebody_is_not_kept_and_does_not_say_which_word(
        self, ready: Case, link: str, guest: FlaskClient
    ) -> None:
        named = {"text": "Ada Harding’s surgery has signed."}
        page = submit(guest, "/answer/progress", named)
        assert (page.status_code, "This may say who somebody in the review is" in page.text) == (422, True)
        keeps = {"protected-box": "0", "protected-field-0": "text", "protected-words-0": "Ada Harding",
                 "protected-stay-0": "y", "protected-why-0": "public"}  # fmt: skip
        assert submit(guest, "/answer/progress", {**named, **keeps}).status_code == 422
        assert submit(guest, "/answer/progress", named).status_code == 422
        assert ready.rows(Progress) == []
        assert opens_nothing(guest, "/answer")  # the third ends the visit
        assert guest.get(link).status_code == 200  # and another code begins another


class TestDead:
    @pytest.mark.parametrize(
        "why",
        [
            "used",
            "withdrawn",
            "too old",
            "newer",
            "removed",
            "signed off",
            "moved",
            "agreement",
            "barred",
            "shut",
            "left",
        ],
    )
    def test_it_opens_nothing_and_says_the_same_whyever(
        self, ready: Case, action_id: UUID, post: Post, app: Flask, clock: StoppedClock, why: str
    ) -> None:
        by, house = ready.county.coordinator, ready.county.house
        link_id = sent(ready, action_id)
        link = post.link(at=NOW)
        guest = at_the_action(app, post, link, at=NOW)
        ready.at = NOW
        if why == "used":
            submit(guest, "/answer/progress", {"text": SAID})
        elif why == "withdrawn":
            withdraw_link(ready.reference, link_id, by=by, at=NOW)
        elif why == "too old":
            clock.advance(days=14)
        elif why == "newer":
            sent(ready, action_id)
        elif why == "removed":
            remove_action(ready.reference, action_id, by=by, at=NOW)
        elif why == "signed off":
            done(ready, action_id)
            signed_off(ready)
        elif why == "agreement":
            with house.reading() as session:
                agreement_id = session.scalars(select(Agreement.id)).one()
            end_agreement(agreement_id, TODAY, by=by, at=NOW)
            clock.advance(days=1)
        elif why == "barred":
            bar_address(ready.reference, ADDRESS, by=by, at=NOW)
        elif why == "left":
            ready.take("withdraw")
        elif why == "shut":
            with house.database.transaction(by=by, at=NOW) as session:
                session.get_one(type(kept(house)), link_id).wrong_codes = WRONG_CODES
        else:
            with house.database.transaction(by=by, at=NOW) as session:
                session.get_one(Action, action_id).owner_id = ready.county.agency("Probation")
        said, reported = words(app.test_client(), link), len(ready.rows(Progress))
        assert said == words(app.test_client(), f"/link/{'x' * 43}")
        for path in (link, f"{link}/code", "/answer", "/answer/progress"):
            assert opens_nothing(guest, path), path
        for word in ("withdrawn", "expired", "Police", ready.reference):
            assert word not in said
        token = csrf_token(guest, "/sign-in")
        for path in (link, f"{link}/code", "/answer/progress"):
            answer = guest.post(path, data={"text": SAID, "code": "123456", "csrf_token": token})
            assert answer.status_code == 404
        assert len(ready.rows(Progress)) == reported

    def test_a_visit_is_over_after_twenty_minutes_and_another_code_begins_another(
        self, ready: Case, link: str, guest: FlaskClient, post: Post, app: Flask, clock: StoppedClock
    ) -> None:
        clock.moment = NOW + VISIT_LASTS
        assert opens_nothing(guest, "/answer")
        again = at_the_action(app, post, link, at=clock.moment)
        assert submit(again, "/answer/no-change", {}).status_code == 303

    def test_a_link_that_nobody_made_is_counted(self, client: FlaskClient) -> None:
        for number in range(30):
            assert client.get(f"/link/guess-{number}").status_code == 404
        tired = client.get("/link/guess-30")
        assert (tired.status_code, "Retry-After" in tired.headers) == (429, True)

    def test_a_sixth_code_within_the_hour_is_not_sent(
        self, link: str, post: Post, app: Flask, clock: StoppedClock
    ) -> None:
        guest = app.test_client()
        for _ in range(CODES_AN_HOUR):
            assert submit(guest, link, {}).status_code == 303
            post.brings(at=clock.advance(minutes=1))
        assert submit(guest, link, {}).status_code == 429
        assert post.brings(at=clock.moment) == []
        clock.advance(hours=1)
        assert submit(guest, link, {}).status_code == 303


class TestSending:
    def path(self, case: Case, action_id: UUID) -> str:
        return f"/reviews/{case.reference}/plan/actions/{action_id}/link"

    def test_a_coordinator_sends_one_and_withdraws_it(self, ready: Case, action_id: UUID, visitor: Visitor) -> None:
        visitor.open(f"/reviews/{ready.reference}/plan")
        assert self.path(ready, action_id) in visitor.links("/link", words="Send a link")
        visitor.open(self.path(ready, action_id)).send({"email": ADDRESS}, button="Send the link")
        assert visitor.status == 422
        assert "Check the address letter by letter" in visitor.text
        visitor.send({"sure": "y"}, button="Send the link").was_taken()
        assert "is on its way" in visitor.page.get_text()
        assert "Works until 17 June 2026" in visitor.text
        visitor.send(button="Withdraw").was_taken()
        assert f"Withdrawn {in_words(TODAY)}" in visitor.text
        assert "Works until" not in visitor.text
        with pytest.raises(Over):
            withdraw_link(ready.reference, kept(ready.county.house).id, by=ready.county.coordinator, at=NOW)

    def test_an_address_where_colleagues_are_known_needs_no_second_look(self, ready: Case, action_id: UUID) -> None:
        contributor(ready)  # at barsetshire.example
        sent(ready, action_id, "plans@barsetshire.example", sure=False)

    def test_a_place_that_was_only_typed_is_known_to_nobody(self, ready: Case, action_id: UUID) -> None:
        link_id = sent(ready, action_id, "plans@police-barset.example")
        withdraw_link(ready.reference, link_id, by=ready.county.coordinator, at=ready.wait(minutes=1))
        with pytest.raises(Invalid, match="letter by letter"):
            sent(ready, action_id, "plans@police-barset.example", sure=False)

    @pytest.mark.parametrize("who", ["no agreement", "another agency", "blocked", "barred", "no address"])
    def test_an_address_that_may_have_none(self, case: Case, action_id: UUID, post: Post, who: str) -> None:
        by, house, email = case.county.coordinator, case.county.house, ADDRESS
        if who != "no agreement":
            agreed(case)
        if who == "another agency":
            with house.reading() as session:
                email = session.get_one(Account, by.id).email
        elif who == "blocked":
            contributor(case)
            with house.database.transaction(by=by, at=NOW) as session:
                account = session.get_one(Account, contributor(case).id)
                account.blocked_on, email = TODAY, account.email
        elif who == "barred":
            bar_address(case.reference, email, by=by, at=NOW)
        elif who == "no address":
            email = "the police"
        with pytest.raises(Invalid) as wrong:
            sent(case, action_id, email)
        assert list(wrong.value.fields) == ["email"]
        assert post.brings(at=NOW) == []

    def test_only_a_coordinator_sends(self, ready: Case, action_id: UUID) -> None:
        for by in (ready.county.chair, contributor(ready), ready.county.who(Role.STEERING_MEMBER)):
            with pytest.raises((NotAllowed, OutOfReach)):
                send_link(ready.reference, action_id, LinkEntry(ADDRESS, sure=True), by=by, at=NOW)
        assert ready.happened("link") == []

    def test_a_newer_link_takes_the_place_of_the_mail_that_has_not_gone(
        self, ready: Case, action_id: UUID, post: Post
    ) -> None:
        first, second = sent(ready, action_id), sent(ready, action_id)
        assert len(post.brings(at=NOW)) == 1
        assert kept(ready.county.house, first).withdrawn_at is not None
        assert kept(ready.county.house, first).token_sha256 is None
        assert kept(ready.county.house, second).token_sha256 is not None

    def test_the_coordinators_mail_page_knows_the_mail(self, ready: Case, link: str, visitor: Visitor) -> None:
        visitor.open("/messages")
        assert visitor.status == 200
        assert ADDRESS in visitor.text
        with ready.county.house.reading() as session:
            assert session.scalars(select(Message.state)).one() == "sent"
            assert session.scalars(select(Event.kind).where(Event.kind == "message_sent")).one()
