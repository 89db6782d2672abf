"""The outbox against a real mail server: none is lost, few go twice and can be told, a refusal stops nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.adapters import mail
from dhr_app.casework import message_page, outbox
from dhr_app.casework.house import House
from dhr_app.casework.outbox import BACK_OFF, BLOCKED, GIVE_UP, LEASE, TOO_OLD, State, deliver, message_of
from dhr_app.casework.program import Program
from dhr_app.database.models import Account, Event, Message
from dhr_app.database.verify import verify
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import make_account
from tests.mailserver import MailServer, mail_server, text_of

AT = datetime(2026, 6, 3, 7, tzinfo=UTC)
TEST = Program("a test")
TRIED_OFTEN = 13  # in a day and a half, with every pause that there is


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def post(house: House, server: MailServer) -> House:
    """The house with that mail server in its settings."""
    return replace(house, settings=replace(house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example"))


def write(house: House, role: Role = Role.COORDINATOR, *, at: datetime = AT) -> tuple[UUID, str]:
    """A message to somebody new: its id, and their address."""
    person, email = make_account(house, role)
    with house.database.transaction(by=TEST, at=at) as session:
        row = message_of("digest", person.id, date(2026, 6, 3), "late", "1\nDHR-2026-001\n", at=at)
        session.add(row)
        return row.id, email


def message(house: House, message_id: UUID) -> Message:
    with house.reading() as session:
        return session.get_one(Message, message_id)


def while_away(post: House, message_id: UUID, how_long: timedelta) -> datetime:
    """The server is away for so long, and asked whenever the message may go; when it may go next."""
    with mail_server() as gone:
        away = replace(post, settings=replace(post.settings, mail_url=gone.url))
    at = AT
    while at < AT + how_long:
        deliver(away, at=at)
        at = message(post, message_id).next_try_at
    return at


def events(house: House, kind: str) -> list[Event]:
    with house.reading() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.recorded_at)))


class TestSending:
    def test_a_message_arrives_as_it_was_written(self, post: House, server: MailServer) -> None:
        message_id, email = write(post)
        assert deliver(post, at=AT).sentence == "1 sent, 0 not taken"
        (arrived,) = server.taken
        assert (arrived["To"], arrived["From"]) == (email, "dhr@barsetshire.example")
        assert arrived["Subject"] == "OFFICIAL-SENSITIVE: late"
        assert arrived["Message-ID"] == f"<{message_id}@barsetshire.example>"
        assert arrived["Auto-Submitted"] == "auto-generated"
        assert text_of(arrived).splitlines() == [
            "OFFICIAL-SENSITIVE",
            "",
            "1",
            "DHR-2026-001",
            "",
            "OFFICIAL-SENSITIVE",
        ]
        row = message(post, message_id)
        assert (row.state, row.sent_at, row.refused_with, row.tries) == (State.SENT, AT, None, 1)
        assert [event.subject_id for event in events(post, "message_sent")] == [message_id]

    def test_it_goes_once(self, post: House, server: MailServer) -> None:
        write(post)
        deliver(post, at=AT)
        assert deliver(post, at=AT + timedelta(minutes=1)).sentence == ""
        assert len(server.taken) == 1

    def test_many_go_in_batches(self, post: House, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outbox, "BATCH", 2)
        addresses = {write(post)[1] for _ in range(5)}
        assert deliver(post, at=AT).sent == 5
        assert set(server.addressed) == addresses

    def test_several_workers_send_each_message_once(
        self, post: House, server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(outbox, "BATCH", 1)  # so that they ask for the same messages again and again
        addresses = sorted(write(post)[1] for _ in range(30))
        with ThreadPoolExecutor(4) as workers:
            sent = list(workers.map(lambda _: deliver(post, at=AT).sent, range(4)))
        assert (sum(sent), sorted(server.addressed)) == (30, addresses)

    def test_without_a_server_in_the_settings_everything_waits(self, house: House) -> None:
        message_id, _ = write(house)
        assert deliver(house, at=AT).sentence == ""
        assert message(house, message_id).state == State.PENDING

    def test_the_trail_tells_neither_subject_nor_address(self, post: House, server: MailServer) -> None:
        write(post)
        deliver(post, at=AT)
        with post.reading() as session:
            assert verify(session) == []


class TestRefusals:
    def test_one_recipient_refused_for_good_stops_nobody_else(self, post: House, server: MailServer) -> None:
        bad_id, bad = write(post)
        others = {write(post)[1] for _ in range(2)}
        server.refuses[bad] = "550 5.1.1 No such person here"
        assert (deliver(post, at=AT).sent, len(server.taken)) == (2, 2)
        assert set(server.addressed) == others
        row = message(post, bad_id)
        assert (row.state, row.refused_with, row.tries) == (State.DEAD, "550 5.1.1 No such person here", 1)
        (event,) = events(post, "message_refused")
        assert event.details == {"tries": 1, "given_up": True}

    def test_a_passing_trouble_is_tried_again_with_longer_and_longer_pauses(
        self, post: House, server: MailServer
    ) -> None:
        message_id, email = write(post)
        server.refuses[email] = "450 4.2.0 Come back later"
        at, pauses = AT, []
        for _ in range(6):
            deliver(post, at=at)
            row = message(post, message_id)
            assert (row.state, row.refused_with) == (State.PENDING, "450 4.2.0 Come back later")
            pauses.append(row.next_try_at - at)
            assert deliver(post, at=row.next_try_at - timedelta(seconds=1)).refused == 0
            at = row.next_try_at
        assert pauses == [*BACK_OFF, BACK_OFF[-1]]
        server.refuses.clear()
        assert deliver(post, at=at).sent == 1
        assert message(post, message_id).refused_with is None

    def test_it_is_given_up_after_two_days_and_no_sooner(self, post: House, server: MailServer) -> None:
        message_id, email = write(post)
        server.refuses[email] = "450 4.2.0 Come back later"
        at, row = AT, message(post, message_id)
        while row.state == State.PENDING:
            at = row.next_try_at
            deliver(post, at=at)
            row = message(post, message_id)
        assert (row.state, row.refused_with) == (State.DEAD, "450 4.2.0 Come back later")
        assert at < AT + GIVE_UP <= at + BACK_OFF[-1]

    def test_the_first_soft_refusal_after_the_server_was_long_away_is_tried_again(
        self, post: House, server: MailServer
    ) -> None:
        message_id, email = write(post)
        at = while_away(post, message_id, timedelta(hours=36))
        row = message(post, message_id)
        assert (row.state, row.tries > TRIED_OFTEN) == (State.WAITING, True)
        server.refuses[email] = "451 4.7.1 Come back later"
        deliver(post, at=at)
        row = message(post, message_id)
        assert (row.state, row.refused_with) == (State.PENDING, "451 4.7.1 Come back later")
        server.refuses.clear()
        assert deliver(post, at=row.next_try_at).sent == 1

    def test_what_waited_two_days_is_not_sent_any_more(self, post: House, server: MailServer) -> None:
        message_id, _ = write(post)
        deliver(post, at=AT + GIVE_UP)
        row = message(post, message_id)
        assert (row.state, row.refused_with, server.taken) == (State.OUTDATED, TOO_OLD, [])

    def test_what_was_turned_away_for_two_days_is_given_up(self, post: House, server: MailServer) -> None:
        message_id, email = write(post)
        server.refuses[email] = "450 4.2.0 Come back later"
        deliver(post, at=AT)
        deliver(post, at=AT + GIVE_UP)
        row = message(post, message_id)
        assert (row.state, row.refused_with) == (State.DEAD, "450 4.2.0 Come back later")

    def test_waiting_for_a_server_counts_as_no_try_until_the_mail_is_two_days_old(
        self, post: House, server: MailServer
    ) -> None:
        with mail_server() as gone:
            away = replace(post, settings=replace(post.settings, mail_url=gone.url))
        ids = [write(post)[0] for _ in range(2)]
        at = AT
        while at < AT + GIVE_UP:
            deliver(away, at=at)
            rows = [message(post, each) for each in ids]
            assert {row.state for row in rows} <= {State.WAITING, State.OUTDATED}
            at = rows[0].next_try_at
        assert (rows[0].tries > TRIED_OFTEN, {row.state for row in rows}) == (True, {State.OUTDATED})
        assert not deliver(post, at=at).sent

    def test_a_message_refused_for_what_it_is_stops_nobody_either(self, post: House, server: MailServer) -> None:
        ids = [write(post)[0] for _ in range(2)]
        server.refuses_mail = "554 5.7.1 Looks like spam"
        assert deliver(post, at=AT).refused == 2
        assert {message(post, each).state for each in ids} == {State.DEAD}

    def test_a_sender_whom_the_server_does_not_know_is_ours_to_mend_so_all_wait(
        self, post: House, server: MailServer
    ) -> None:
        ids = [write(post)[0] for _ in range(2)]
        server.refuses_sender = "550 5.7.1 You may not send"
        deliver(post, at=AT)
        rows = [message(post, each) for each in ids]
        assert {(row.state, row.refused_with) for row in rows} == {(State.WAITING, "550 5.7.1 You may not send")}

    def test_where_nothing_answers_all_wait_and_say_so(self, post: House, server: MailServer) -> None:
        with mail_server() as gone:
            away = replace(post, settings=replace(post.settings, mail_url=gone.url))
        ids = [write(post)[0] for _ in range(3)]
        assert deliver(away, at=AT).refused == 3
        rows = [message(post, each) for each in ids]
        assert {row.refused_with for row in rows} == {"Nothing answers where the mail server should be."}
        assert deliver(post, at=AT + BACK_OFF[0]).sent == 3

    def test_a_server_that_was_away_for_hours_gets_everything_soon_and_the_trail_says_it_once(
        self, post: House, server: MailServer
    ) -> None:
        message_id, _ = write(post)
        while_away(post, message_id, timedelta(hours=6))
        assert deliver(post, at=AT + timedelta(hours=6, minutes=15)).sent == 1
        assert len(events(post, "message_refused")) == 1

    def test_an_address_that_the_server_cannot_write_stops_nobody_else(self, post: House) -> None:
        (odd, email), (plain, _) = write(post), write(post)
        with post.database.transaction(by=TEST, at=AT) as session:
            session.scalars(select(Account).where(Account.email == email)).one().email = "josé@barsetshire.example"
        with mail_server(enable_SMTPUTF8=False) as old:
            deliver(replace(post, settings=replace(post.settings, mail_url=old.url)), at=AT)
        assert (message(post, odd).state, message(post, plain).state) == (State.DEAD, State.SENT)
        assert message(post, odd).refused_with == mail.NOT_IN_ASCII

    def test_an_account_blocked_meanwhile_gets_nothing(self, post: House, server: MailServer) -> None:
        message_id, email = write(post)
        with post.database.transaction(by=TEST, at=AT) as session:
            session.scalars(select(Account).where(Account.email == email)).one().blocked_on = date(2026, 6, 3)
        deliver(post, at=AT)
        row = message(post, message_id)
        assert (row.state, row.refused_with, server.taken) == (State.DEAD, BLOCKED, [])


class Killed(BaseException):
    """The process ends here, whatever it was about to do."""


class TestKilled:
    @pytest.fixture
    def letters(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The process is killed at the first message, before or after it was handed over."""
        sent: list[str] = []
        original = mail.Postbox.send

        def send(self: mail.Postbox, letter: mail.Letter) -> None:
            if not sent:
                sent.append(letter.message_id)
                if letter.body.startswith("2"):
                    original(self, letter)
                raise Killed
            original(self, letter)

        monkeypatch.setattr(mail.Postbox, "send", send)
        return sent

    def test_before_it_was_handed_over_it_goes_out_when_the_lease_has_run_out(
        self, post: House, server: MailServer, letters: list[str]
    ) -> None:
        message_id, _ = write(post)
        with pytest.raises(Killed):
            deliver(post, at=AT)
        assert message(post, message_id).state == State.SENDING
        assert deliver(post, at=AT + LEASE - timedelta(seconds=1)).sent == 0
        assert deliver(post, at=AT + LEASE).sent == 1
        assert [each["Message-ID"] for each in server.taken] == letters

    def test_after_it_was_handed_over_it_goes_once_more_under_the_same_id(
        self, post: House, server: MailServer, letters: list[str]
    ) -> None:
        message_id, _ = write(post)
        with post.database.transaction(by=TEST, at=AT) as session:
            session.get_one(Message, message_id).body = "2"
        with pytest.raises(Killed):
            deliver(post, at=AT)
        for number in range(4):
            deliver(post, at=AT + (number + 1) * LEASE)
        assert [each["Message-ID"] for each in server.taken] == letters * 2

    def test_a_worker_whose_lease_ran_out_does_not_undo_what_the_next_one_did(
        self, post: House, server: MailServer
    ) -> None:
        message_id, _ = write(post)
        (slow,) = outbox._claim(post, at=AT)
        assert deliver(post, at=AT + LEASE).sent == 1
        outbox._settle(post, slow, mail.MailRefused("550 late", for_good=True), at=AT + LEASE)
        assert message(post, message_id).state == State.SENT


class TestThePage:
    @pytest.fixture
    def by(self, post: House) -> Person:
        return make_account(post)[0]

    def test_it_shows_what_was_not_taken_in_the_server_s_words(
        self, post: House, server: MailServer, by: Person
    ) -> None:
        _, bad = write(post)
        _, slow = write(post)
        write(post)
        server.refuses |= {bad: "550 No such person", slow: "450 Later"}
        deliver(post, at=AT)
        page = message_page.message_page(by=by, at=AT)
        assert {(line.said, line.next_try_at) for line in page.troubled} == {
            ("550 No such person", None),
            ("450 Later", AT + BACK_OFF[0]),
        }
        assert (len(page.newest), page.waiting, page.troubles) == (3, 0, 2)
        assert sorted(line.became.value for line in page.newest) == ["given_up", "handed_over", "not_taken"]

    def test_of_those_that_wait_for_the_server_it_shows_what_the_newest_try_was_told(
        self, post: House, server: MailServer, by: Person
    ) -> None:
        with mail_server() as gone:
            away = replace(post, settings=replace(post.settings, mail_url=gone.url))
        first, at = write(post)[0], AT
        for _ in BACK_OFF:
            deliver(away, at=at)
            tried, at = at, message(post, first).next_try_at
        server.refuses_sender = "550 5.7.1 You may not send"
        write(post, at=tried)
        deliver(post, at=tried + timedelta(minutes=1))
        page = message_page.message_page(by=by, at=at)
        assert (page.stalled, page.server_said) == (2, "550 5.7.1 You may not send")

    def test_try_again_sends_it_again(self, post: House, server: MailServer, by: Person) -> None:
        message_id, email = write(post)
        server.refuses[email] = "550 No such person"
        deliver(post, at=AT)
        server.refuses.clear()
        later = AT + timedelta(days=30)
        assert message_page.try_again(message_id, by=by, at=later)
        assert deliver(post, at=later).sent == 1
        assert not message_page.try_again(message_id, by=by, at=later)

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
    def test_it_is_the_coordinator_s(self, post: House, role: Role) -> None:
        message_id, _ = write(post)
        who, _ = make_account(post, role)
        with pytest.raises(NotAllowed):
            message_page.message_page(by=who, at=AT)
        with pytest.raises(NotAllowed):
            message_page.try_again(message_id, by=who, at=AT)

    def test_a_message_that_is_none_is_out_of_reach(self, by: Person) -> None:
        with pytest.raises(OutOfReach):
            message_page.try_again(UUID(int=1), by=by, at=AT)
