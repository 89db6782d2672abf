"""Mail through GOV.UK Notify: what it takes, refuses and says later, and that a message sent once is found again."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dhr_app.adapters import notify
from dhr_app.adapters.letter import Letter
from dhr_app.casework import message_page
from dhr_app.casework.delivery import ASK_LATEST, ASKED_FOR, ask_after
from dhr_app.casework.house import House
from dhr_app.casework.invitation import send
from dhr_app.casework.invitation_link import sha256
from dhr_app.casework.outbox import ASK_FIRST, BACK_OFF, LEASE, State, deliver
from dhr_app.database.models import Invitation, Message
from dhr_app.jobs import JOBS
from dhr_app.workflows.roles import Role
from tests.casework.test_outbox import AT, Killed, events, message, write
from tests.mailserver import mail_server
from tests.notify_server import NotifyServer, running
from tests.reviews import County

LINK = re.compile(r"/invitation/([\w-]{43})\s")
CLOCK = "403 AuthError: Error: Your system clock must be accurate to within 30 seconds"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotifyServer]:
    with running(tmp_path_factory.mktemp("notify")) as server:
        yield server


@pytest.fixture
def server(process: NotifyServer) -> NotifyServer:
    """The same, answering as it should."""
    process.set()
    return process


@pytest.fixture
def post(house: House, server: NotifyServer) -> House:
    """The house with Notify in its settings."""
    return replace(house, settings=replace(house.settings, mail_url=server.url, notify_key=str(server.key_file)))


def taken(server: NotifyServer, *ids: UUID) -> list[str]:
    """Which of these messages it took, by our number, each as often as it took it."""
    return [each["reference"] for each in server.taken if each["reference"] in map(str, ids)]


class TestHandingOver:
    def test_a_message_is_taken_with_its_marking_and_our_number(self, post: House, server: NotifyServer) -> None:
        message_id, email = write(post)
        assert deliver(post, at=AT).sentence == "1 sent, 0 not taken"
        (arrived,) = [each for each in server.taken if each["reference"] == str(message_id)]
        assert arrived["email_address"] == email
        assert arrived["personalisation"]["subject"] == "OFFICIAL-SENSITIVE: late"
        body = arrived["personalisation"]["body"].split("\n\n")
        assert [part.strip() for part in body] == ["OFFICIAL-SENSITIVE", "1\nDHR-2026-001", "OFFICIAL-SENSITIVE"]
        row = message(post, message_id)
        assert (row.state, str(row.notify_id), row.ask_at) == (State.SENT, arrived["id"], AT + ASK_FIRST)

    def test_an_address_that_is_none_is_a_dead_letter_with_its_words_and_the_others_go(
        self, post: House, server: NotifyServer
    ) -> None:
        bad_id, bad = write(post)
        good_id, _ = write(post)
        server.set(refuses={bad: [400, "ValidationError", "email_address Not a valid email address"]})
        deliver(post, at=AT)
        row = message(post, bad_id)
        said = "400 ValidationError: email_address Not a valid email address"
        assert (row.state, row.refused_with) == (State.DEAD, said)
        assert (message(post, good_id).state, taken(server, bad_id, good_id)) == (State.SENT, [str(good_id)])

    def test_a_trial_that_knows_only_our_team_is_tried_again_and_stops_nobody(
        self, post: House, server: NotifyServer
    ) -> None:
        outside_id, outside = write(post)
        team_id, _ = write(post)
        words = "Can't send to this recipient when service is in trial mode"
        server.set(refuses={outside: [400, "BadRequestError", words]})
        deliver(post, at=AT)
        assert (message(post, outside_id).state, message(post, team_id).state) == (State.PENDING, State.SENT)
        server.set()
        assert deliver(post, at=AT + BACK_OFF[0]).sent == 1

    @pytest.mark.parametrize(
        ("status", "error", "words"),
        [
            (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
            (429, "TooManyRequestsError", "Exceeded send limits (50) for today"),
            (403, "AuthError", "Invalid token: API key not found"),
            (500, "Exception", "Internal server error"),
            (503, "ServiceUnavailable", "Please wait"),
            (404, "NotFound", "The requested URL was not found"),
            (400, "BadRequestError", "Template not found"),
            (400, "BadRequestError", "Missing personalisation: body"),
        ],
    )
    def test_what_is_no_fault_of_a_message_lets_all_wait(
        self, post: House, server: NotifyServer, status: int, error: str, words: str
    ) -> None:
        ids = [write(post)[0] for _ in range(2)]
        server.set(says=[status, error, words])
        assert deliver(post, at=AT).refused == 2
        rows = [message(post, each) for each in ids]
        assert {(row.state, row.refused_with) for row in rows} == {(State.WAITING, f"{status} {error}: {words}")}
        server.set()
        assert deliver(post, at=AT + BACK_OFF[0]).sent == 2

    def test_a_clock_that_is_wrong_is_ours_to_mend(self, post: House, server: NotifyServer) -> None:
        message_id, _ = write(post)
        server.set(ahead=31)
        deliver(post, at=AT)
        assert (message(post, message_id).state, message(post, message_id).refused_with) == (State.WAITING, CLOCK)
        server.set(ahead=25)
        assert deliver(post, at=AT + BACK_OFF[0]).sent == 1

    def test_another_service_s_key_opens_nothing(self, post: House, server: NotifyServer, tmp_path) -> None:
        message_id, _ = write(post)
        (tmp_path / "key").write_text(f"other-{uuid4()}-{uuid4()}", encoding="ascii")
        deliver(replace(post, settings=replace(post.settings, notify_key=str(tmp_path / "key"))), at=AT)
        assert message(post, message_id).refused_with == "403 AuthError: Invalid token: API key not found"

    @pytest.mark.parametrize("key", ["", "short", "k\u00e9y" * 40])
    def test_a_key_that_cannot_be_used_lets_all_wait_and_is_never_shown(self, post: House, tmp_path, key: str) -> None:
        message_id, _ = write(post)
        (tmp_path / "key").write_text(key, encoding="utf-8")
        deliver(replace(post, settings=replace(post.settings, notify_key=str(tmp_path / "key"))), at=AT)
        row = message(post, message_id)
        assert (row.state, row.refused_with) == (State.WAITING, notify.UNKNOWN_KEY)

    def test_where_nothing_answers_all_wait(self, post: House) -> None:
        message_id, _ = write(post)
        away = f"notify://127.0.0.1:1/{uuid4()}"
        deliver(replace(post, settings=replace(post.settings, mail_url=away)), at=AT)
        assert message(post, message_id).refused_with == "GOV.UK Notify cannot be reached."

    def test_no_log_holds_an_address(self, post: House, server: NotifyServer, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        message_id, email = write(post)
        server.set(says=[500, "Exception", "Internal server error"])
        deliver(post, at=AT)
        server.set()
        deliver(post, at=AT + BACK_OFF[0])
        ask_after(post, at=AT + timedelta(hours=1))
        assert taken(server, message_id)
        assert email not in caplog.text


class TestOnceOnly:
    @pytest.fixture
    def killed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The process is killed as soon as Notify has taken its first message."""
        original = notify.Counter.send
        done: list[UUID] = []

        def send(self: notify.Counter, letter: Letter) -> UUID:
            number = original(self, letter)
            if not done:
                done.append(number)
                raise Killed
            return number

        monkeypatch.setattr(notify.Counter, "send", send)

    def test_a_run_that_is_killed_after_it_was_handed_over_sends_nothing_twice(
        self, post: House, server: NotifyServer, killed: None
    ) -> None:
        message_id, _ = write(post)
        with pytest.raises(Killed):
            deliver(post, at=AT)
        assert message(post, message_id).state == State.SENDING
        assert deliver(post, at=AT + LEASE).sent == 1
        (once,) = [each for each in server.taken if each["reference"] == str(message_id)]
        assert str(message(post, message_id).notify_id) == once["id"]

    def test_an_answer_that_was_lost_makes_no_second_message(self, post: House, server: NotifyServer) -> None:
        message_id, _ = write(post)
        server.set(hangs_up=True)
        deliver(post, at=AT)
        assert (message(post, message_id).state, message(post, message_id).refused_with) == (State.WAITING, notify.ODD)
        assert deliver(post, at=AT + BACK_OFF[0]).sent == 1
        assert taken(server, message_id) == [str(message_id)]

    def test_one_that_could_not_be_delivered_is_sent_again_when_somebody_asks_for_it(
        self, post: House, server: NotifyServer, county: County
    ) -> None:
        message_id, email = write(post)
        deliver(post, at=AT)
        server.set(fates={email: "temporary-failure"})
        ask_after(post, at=AT + ASK_FIRST)
        later = AT + timedelta(days=3)
        assert message_page.try_again(message_id, by=county.coordinator, at=later)
        server.set(fates={email: "temporary-failure"}, says=[500, "Exception", "Internal server error"])
        deliver(post, at=later)
        server.set(fates={email: "temporary-failure"})
        assert deliver(post, at=later + BACK_OFF[0]).sent == 1
        assert len(taken(server, message_id)) == 2
        assert not message_page.try_again(message_id, by=county.coordinator, at=later)

    def test_an_invitation_whose_run_was_killed_goes_again_since_only_its_newest_link_opens(
        self, post: House, server: NotifyServer, county: County, killed: None
    ) -> None:
        message_id = invited(county)
        with pytest.raises(Killed):
            deliver(post, at=AT)
        assert deliver(post, at=AT + LEASE).sent == 1
        first, last = [each for each in server.taken if each["reference"] == str(message_id)]
        links = [LINK.findall(each["personalisation"]["body"]) for each in (first, last)]
        assert len({link for found in links for link in found}) == 2
        with county.house.reading() as session:
            kept = session.scalars(select(Invitation.token_sha256)).one()
        assert kept == sha256(links[1][0])


class TestWhatBecameOfIt:
    def test_what_was_delivered_is_delivered(self, post: House, server: NotifyServer) -> None:
        message_id, email = write(post)
        deliver(post, at=AT)
        server.set(fates={email: "delivered"})
        assert ask_after(post, at=AT + ASK_FIRST - timedelta(seconds=1)).sentence == ""
        (job,) = [job for job in JOBS if job.name == "ask_after_mail"]
        assert job.what(post, AT + ASK_FIRST) == "1 delivered, 0 could not be"
        row = message(post, message_id)
        assert (row.state, row.ask_at, row.delivered_at is not None) == (State.DELIVERED, None, True)
        assert [event.subject_id for event in events(post, "message_delivered")] == [message_id]
        assert ask_after(post, at=AT + timedelta(days=1)).sentence == ""

    @pytest.mark.parametrize("fate", sorted(notify.FAILED))
    def test_what_could_not_be_delivered_is_a_dead_letter_with_its_word(
        self, post: House, server: NotifyServer, fate: str
    ) -> None:
        message_id, email = write(post)
        other_id, other = write(post)
        deliver(post, at=AT)
        server.set(fates={email: fate, other: "delivered"})
        assert ask_after(post, at=AT + ASK_FIRST).sentence == "1 delivered, 1 could not be"
        row = message(post, message_id)
        assert (row.state, row.refused_with) == (State.DEAD, f"{fate}: {notify.FAILED[fate]}")
        assert message(post, other_id).state == State.DELIVERED
        assert [event.details for event in events(post, "message_refused")] == [{"tries": 1, "given_up": True}]

    def test_what_is_under_way_is_asked_after_less_and_less_often_and_not_for_ever(
        self, post: House, server: NotifyServer
    ) -> None:
        message_id, _ = write(post)
        deliver(post, at=AT)
        at, pauses = AT, []
        while (next_at := message(post, message_id).ask_at) is not None:
            pauses.append(next_at - at)
            at = next_at
            ask_after(post, at=at)
        assert pauses[:4] == [ASK_FIRST, ASK_FIRST, 2 * ASK_FIRST, 4 * ASK_FIRST]
        assert max(pauses) == ASK_LATEST
        assert AT + ASKED_FOR < at <= AT + ASKED_FOR + ASK_LATEST
        assert message(post, message_id).state == State.SENT

    def test_what_notify_has_forgotten_is_not_asked_after_any_more(self, post: House, server: NotifyServer) -> None:
        message_id, _ = write(post)
        deliver(post, at=AT)
        server.set(forgets=True)
        ask_after(post, at=AT + ASK_FIRST)
        row = message(post, message_id)
        assert (row.state, row.ask_at) == (State.SENT, None)

    def test_while_it_cannot_be_asked_everything_stays_as_it_is(self, post: House, server: NotifyServer) -> None:
        message_id, email = write(post)
        deliver(post, at=AT)
        server.set(says=[503, "ServiceUnavailable", "Please wait"])
        assert ask_after(post, at=AT + ASK_FIRST).gone == "503 ServiceUnavailable: Please wait"
        row = message(post, message_id)
        assert (row.state, row.ask_at) == (State.SENT, AT + ASK_FIRST)
        server.set(fates={email: "delivered"})
        assert ask_after(post, at=AT + ASK_FIRST).delivered == 1

    def test_what_went_by_a_mail_server_is_never_asked_after(self, post: House, server: NotifyServer) -> None:
        message_id, _ = write(post)
        with mail_server() as plain:
            settings = replace(post.settings, mail_url=plain.url, mail_from="dhr@barsetshire.example")
            deliver(replace(post, settings=settings), at=AT)
        row = message(post, message_id)
        assert (row.state, row.notify_id, row.ask_at) == (State.SENT, None, None)
        assert ask_after(post, at=AT + timedelta(days=1)).sentence == ""


def invited(county: County) -> UUID:
    """The mail to somebody who is invited to have an account."""
    person, at = county.coordinator, AT - timedelta(minutes=1)
    with county.house.transaction(by=person, at=at) as session:
        row = Invitation(
            name="Arabella Trefoil", email="arabella@barsetshire.example", role=Role.PANEL_MEMBER.value,
            made_at=at, made_by_id=person.id, made_by_name=person.name,
        )  # fmt: skip
        session.add(row)
        session.flush()
        send(session, row, at=at)
        session.flush()
        return session.scalars(select(Message.id).where(Message.invitation_id == row.id)).one()
