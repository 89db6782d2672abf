"""The mail that failed, the inbox of development, and that every link of a mail leads its reader to a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dhr_app import create_app
from dhr_app.casework import inbox, invitation
from dhr_app.casework.house import House, at_work
from dhr_app.casework.outbox import BLOCKED, TOO_OLD, State, message_of
from dhr_app.casework.program import Program
from dhr_app.casework.reminding import remind
from dhr_app.database.models import Account, Invitation, Message
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, TODAY, make_account, submit
from tests.planning import act, recommend
from tests.reviews import County
from tests.seating import join
from tests.stories.visitor import Visitor

BEFORE = NOW - timedelta(minutes=5)
SAID = "550 5.1.1 No such person here"


def failed(house: House, *, state: State = State.DEAD, said: str | None = SAID) -> UUID:
    """A message that a server did not take."""
    person, _ = make_account(house, Role.INDEPENDENT_CHAIR, name="Eleanor Harding")
    with house.database.transaction(by=Program("a test"), at=NOW) as session:
        row = message_of("digest", person.id, TODAY, "1 thing is late", "Text\n", at=NOW)
        row.state, row.refused_with, row.tries = state.value, said, 3
        session.add(row)
        return row.id


class TestMailThatFailed:
    def test_what_needs_you_today_counts_it_and_leads_to_it(self, county: County, client: FlaskClient, sign_in) -> None:
        sign_in(client)
        failed(county.house)
        visitor = Visitor(client).open("/today")
        assert "Mail that was not delivered 1 message" in visitor.text
        assert "/messages" in visitor.links("/messages")

    def test_the_page_shows_the_server_s_words_and_tries_again(
        self, house: House, client: FlaskClient, sign_in
    ) -> None:
        sign_in(client)
        message_id = failed(house)
        visitor = Visitor(client).open("/messages")
        assert SAID in visitor.text
        assert "Not tried again" in visitor.text
        visitor.send(button="Try again").was_taken()
        assert "It is tried again within a few minutes." in visitor.text
        with house.reading() as session:
            assert session.get_one(Message, message_id).state == State.PENDING

    def test_undelivered_mail_stands_before_what_is_late(self, county: County, client: FlaskClient, sign_in) -> None:
        sign_in(client)
        county.review(Stage.SCOPING)
        failed(county.house)
        headings = [each["id"] for each in Visitor(client).open("/today").page.select("main h2")]
        assert headings[:2] == ["mail", "section-1"]

    def test_a_server_that_is_away_is_said_once_and_no_message_is_given_up(self, house: House, sign_in) -> None:
        with_server = replace(house, settings=replace(house.settings, mail_url="smtp://mail.barsetshire.example"))
        client = create_app(house=with_server).test_client()
        sign_in(client)
        gone = "Nothing answers where the mail server should be."
        for _ in range(2):
            failed(house, state=State.WAITING, said=gone)
        visitor = Visitor(client).open("/messages")
        assert "Mail is not going out: the mail server does not take it. Tell whoever runs this system." in visitor.text
        assert "2 messages wait and go out by themselves" in visitor.text
        assert visitor.text.count(gone) == 1
        assert "Not delivered (0)" in visitor.text
        assert "Mail that was not delivered 2 messages" in visitor.open("/today").text

    def test_mail_that_waited_too_long_for_a_server_asks_nothing_of_anybody(
        self, house: House, client: FlaskClient, sign_in
    ) -> None:
        sign_in(client)
        failed(house, state=State.OUTDATED, said=None)
        visitor = Visitor(client).open("/messages")
        assert "1 message of the last 30 days waited too long for a mail server and was not sent." in visitor.text
        assert "Not delivered (0)" in visitor.text
        assert "not delivered" not in visitor.open("/today").text

    @pytest.mark.parametrize("said", [TOO_OLD, BLOCKED])
    def test_our_own_sentence_is_not_called_the_server_s(
        self, house: House, client: FlaskClient, sign_in, said: str
    ) -> None:
        sign_in(client)
        failed(house, said=said)
        visitor = Visitor(client).open("/messages")
        assert (said in visitor.text, "mail server said" in visitor.text) == (True, False)

    @pytest.mark.parametrize(
        ("columns", "words"),
        [
            ({"state": State.PENDING}, "Written, not sent yet"),
            ({"state": State.SENDING}, "On its way"),
            ({"state": State.WAITING}, "Waits, since no mail goes out"),
            ({"state": State.SENT, "sent_at": NOW}, "Handed to the mail server on 3 June 2026 at 10:30am"),
            (
                {"state": State.SENT, "sent_at": NOW, "notify_id": UUID(int=1), "ask_at": NOW},
                "Handed to GOV.UK Notify on 3 June 2026 at 10:30am, not delivered yet",
            ),
            (
                {"state": State.SENT, "sent_at": NOW, "notify_id": UUID(int=1)},
                "Handed to GOV.UK Notify on 3 June 2026 at 10:30am, which never said whether it was delivered",
            ),
            (
                {"state": State.DELIVERED, "sent_at": BEFORE, "delivered_at": NOW, "notify_id": UUID(int=1)},
                "Delivered on 3 June 2026 at 10:30am",
            ),
            ({"state": State.PENDING, "refused_with": SAID}, "Not taken, tried again on 3 June 2026 at 10:30am"),
            ({"state": State.DEAD, "refused_with": SAID}, "Given up"),
            ({"state": State.OUTDATED}, "Too old to be sent"),
            ({"state": State.HELD, "refused_with": "It would hold a name."}, "Held back"),
            ({"state": State.WITHDRAWN}, "Withdrawn, not sent"),
        ],
    )
    def test_of_each_message_it_says_what_became_of_it(
        self, house: House, client: FlaskClient, sign_in, columns: dict[str, Any], words: str
    ) -> None:
        sign_in(client)
        message_id = failed(house, said=None)
        with house.database.transaction(by=Program("a test"), at=NOW) as session:
            row = session.get_one(Message, message_id)
            for name, value in columns.items():
                setattr(row, name, value)
        newest = Visitor(client).open("/messages").page.select_one("table tbody tr td:last-child")
        assert newest is not None
        assert newest.get_text(" ", strip=True) == words

    def test_an_invitation_that_was_taken_back_is_withdrawn(self, county: County, client: FlaskClient, sign_in) -> None:
        by = sign_in(client)
        with county.house.transaction(by=by, at=NOW) as session:
            row = Invitation(
                name="Arabella Trefoil", email="arabella@barsetshire.example", role=Role.PANEL_MEMBER.value,
                made_at=NOW, made_by_id=by.id, made_by_name=by.name,
            )  # fmt: skip
            session.add(row)
            session.flush()
            invitation.send(session, row, at=NOW)
            session.flush()
            invitation.take_back(session, row, at=NOW)
        assert "Withdrawn, not sent" in Visitor(client).open("/messages").text

    def test_with_notify_its_words_are_called_its_own(self, house: House, sign_in) -> None:
        address = f"notify://api.notifications.service.gov.uk/{UUID(int=1)}"
        client = create_app(house=replace(house, settings=replace(house.settings, mail_url=address))).test_client()
        sign_in(client)
        failed(house, said="permanent-failure: the address does not exist, or takes no mail from us")
        text = Visitor(client).open("/messages").text
        assert "What GOV.UK Notify said: “permanent-failure: the address does not exist" in text
        assert "GOV.UK Notify says, mostly within minutes, whether a message was delivered." in text

    def test_what_has_gone_meanwhile_is_said(self, house: House, client: FlaskClient, sign_in) -> None:
        sign_in(client)
        message_id = failed(house)
        visitor = Visitor(client).open("/messages")
        with house.database.transaction(by=Program("a test"), at=NOW) as session:
            session.get_one(Message, message_id).state = State.SENT.value
        visitor.send(button="Try again").was_taken()
        assert "It has gone out meanwhile." in visitor.text

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.OUTDATED])
    def test_what_was_withdrawn_meanwhile_stays_withdrawn(
        self, house: House, client: FlaskClient, sign_in, state: State
    ) -> None:
        sign_in(client)
        message_id = failed(house)
        visitor = Visitor(client).open("/messages")
        with house.database.transaction(by=Program("a test"), at=NOW) as session:
            session.get_one(Message, message_id).state = state.value
        visitor.send(button="Try again")
        assert "This message goes out no more: it was withdrawn, or waited too long." in visitor.text
        with house.reading() as session:
            assert session.get_one(Message, message_id).state == state

    def test_a_message_that_is_none(self, house: House, client: FlaskClient, sign_in) -> None:
        sign_in(client)
        failed(house)
        visitor = Visitor(client).open("/messages")
        token = visitor.value("csrf_token")
        assert client.post(f"/messages/{uuid4()}/again", data={"csrf_token": token}).status_code == 404

    def test_without_a_mail_server_it_says_that_mail_waits(self, house: House, client: FlaskClient, sign_in) -> None:
        sign_in(client)
        failed(house, state=State.PENDING, said=None)
        assert (
            "No mail server is set up here, so no mail goes out: 1 message waits."
            in Visitor(client).open("/messages").text
        )

    def test_one_that_is_held_says_of_which_review_and_goes_once_it_names_nobody(
        self, county: County, client: FlaskClient, sign_in
    ) -> None:
        sign_in(client)
        case = county.review()
        why = f"It would hold a name that {case.reference} protects, so it was not sent."
        message_id = failed(county.house, state=State.HELD, said=why)
        with county.house.database.transaction(by=Program("a test"), at=NOW) as session:
            session.get_one(Message, message_id).body = f"{case.reference}: Harding’s file is late."
        visitor = Visitor(client).open("/messages")
        assert (why in visitor.text, "mail server said" in visitor.text) == (True, False)
        visitor.send(button="Try again")
        assert (visitor.status, why in visitor.text) == (422, True)
        with county.house.database.transaction(by=Program("a test"), at=NOW) as session:
            session.get_one(Message, message_id).body = f"{case.reference}: the file is late."
        visitor.open("/messages").send(button="Try again").was_taken()
        assert "It is tried again within a few minutes." in visitor.text

    def test_it_is_the_coordinator_s(self, client: FlaskClient, sign_in) -> None:
        sign_in(client, Role.STEERING_CHAIR)
        assert client.get("/messages").status_code == 403


class TestWorkThatBelongsToNobody:
    def test_it_stands_on_the_coordinator_s_day(self, county: County, client: FlaskClient, sign_in) -> None:
        sign_in(client)
        case = county.review(Stage.CHAIR_REPORT)
        act(case, recommend(case))
        visitor = Visitor(client).open("/today")
        assert "1 action of Barsetshire Police, where nobody has an account here Ask the administrator" in visitor.text
        assert f"/reviews/{case.reference}/plan" in visitor.links("/plan")
        make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=county.agency("Police"))
        assert "nobody has an account here" not in visitor.open("/today").text


class TestTheInbox:
    def test_an_empty_one_says_how_mail_comes(self, client: FlaskClient) -> None:
        assert "There is no mail yet." in client.get("/inbox").text

    def test_a_link_leads_through_the_sign_in_to_its_page(self, county: County, client: FlaskClient) -> None:
        case = county.review()
        remind(county.house, date(2026, 2, 17), at=datetime(2026, 2, 17, 8, tzinfo=UTC))
        visitor = Visitor(client).open("/inbox")
        (first,) = visitor.links("/inbox/")
        (link,) = visitor.open(first).links("/reviews/")
        assert visitor.text.count("OFFICIAL-SENSITIVE") == 3  # in the subject, above and below: as a reader gets it
        assert link == f"/reviews/{case.reference}"
        assert visitor.open(link).path == "/sign-in"

    def test_whom_a_link_is_about_stays_through_the_sign_in(self, county: County, client: FlaskClient) -> None:
        case = county.review(Stage.PANEL)
        told = f"/reviews/{case.reference}/told"
        assert client.get(f"{told}?whom=notifier&search=Jean").location == f"/sign-in?next={told}?whom%3Dnotifier"

    def test_a_message_that_is_none(self, client: FlaskClient) -> None:
        assert client.get(f"/inbox/{uuid4()}").status_code == 404

    def test_production_has_none(self, house: House) -> None:
        safe = replace(house, settings=replace(house.settings, env="production", secure_cookies=True))
        with at_work(safe):
            message_id = failed(safe)
            app = create_app(house=safe)
            assert [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("inbox")] == []
            client = app.test_client()
            for path in ("/inbox", f"/inbox/{message_id}"):
                assert client.get(path, base_url="https://localhost").status_code == 404
            for look in (inbox.inbox, lambda: inbox.mail(message_id, at=NOW)):
                with pytest.raises(OutOfReach):
                    look()


@pytest.fixture
def readers(county: County) -> dict[Role, str]:
    """Somebody of each role that gets mail, and a review on which each has something late."""
    case = county.review(Stage.SCOPING)
    people = {role: county.who(role) for role in (Role.COORDINATOR, Role.INDEPENDENT_CHAIR, Role.AGENCY_CONTRIBUTOR)}
    for role in (Role.INDEPENDENT_CHAIR, Role.AGENCY_CONTRIBUTOR):
        join(case.reference, people[role].id, by=county.coordinator, at=case.wait(minutes=1))
    case.ask("Probation")
    case.to(Stage.CHAIR_REPORT)
    act(case, recommend(case), target_on=date(2026, 5, 1))
    county.review(Stage.PANEL).take("pause")
    with county.house.reading() as session:
        return {role: session.get_one(Account, person.id).email for role, person in people.items()}


def every_link(county: County, app: Flask, readers: dict[Role, str]) -> Iterator[tuple[Role, str, Any]]:
    """Each link of each mail of a late morning, and what its reader gets there."""
    summary = remind(county.house, date(2026, 9, 1), at=datetime(2026, 9, 1, 8, tzinfo=UTC))
    assert {each.person.role for each in summary.digests} == set(readers)
    for each in summary.digests:
        client = app.test_client()
        submit(client, "/sign-in", {"email": readers[each.person.role], "password": PASSWORD})
        site_url = re.escape(county.house.settings.site_url)
        for path in sorted(set(re.findall(rf"^{site_url}(/.*)$", each.body, re.MULTILINE))):
            yield each.person.role, path, client.get(path)


def test_every_link_leads_its_reader_to_a_page(county: County, app: Flask, readers: dict[Role, str]) -> None:
    found = [(role, path, answer.status_code) for role, path, answer in every_link(county, app, readers)]
    assert {role for role, _, _ in found} == set(readers)
    assert [each for each in found if each[2] != 200] == []
