"""A clock that is set back, a run twice a day, days that were missed: each reminder once, each mail once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dhr_app.casework import day, outbox
from dhr_app.casework.delivery import ask_after
from dhr_app.casework.house import House
from dhr_app.casework.outbox import LEASE, State, deliver
from dhr_app.casework.reminding import remind_this_morning
from dhr_app.database.models import Account, Message, Reminder
from dhr_app.workflows.roles import Role
from tests.casework.test_outbox import AT, message, write
from tests.mailserver import MailServer, mail_server, text_of
from tests.mornings import settle
from tests.reviews import County

MONDAY = date(2026, 2, 16)  # the decision of a review that began on 15 January was due the day before


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def with_server(house: House, server: MailServer) -> House:
    """The house with that mail server in its settings."""
    return replace(house, settings=replace(house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example"))


def morning(after: int = 0) -> datetime:
    """Eight o’clock, so many days after that Monday."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, 8, tzinfo=UTC) + timedelta(days=after)


def reminders(house: House) -> int:
    with house.reading() as session:
        return session.scalar(select(func.count()).select_from(Reminder)) or 0


class TestReminders:
    @pytest.fixture
    def county(self, bare_county: County) -> County:
        """Two coordinators, and a review that is late on Monday."""
        for number in (1, 2):
            bare_county.who(Role.COORDINATOR, number)
        bare_county.review()
        return bare_county

    def test_a_clock_that_is_set_back_a_day_or_a_week_says_nothing_again(self, county: County) -> None:
        remind_this_morning(county.house, at=morning())
        remind_this_morning(county.house, at=morning(1))
        written = reminders(county.house)
        assert written == 2  # one for each coordinator; on Tuesday nothing was new
        for back in (1, 0, -3, -4, 0, 1):
            remind_this_morning(county.house, at=morning(back))
        assert reminders(county.house) == written

    def test_a_clock_that_was_a_week_ahead_leaves_the_days_between_without_a_second_word(self, county: County) -> None:
        remind_this_morning(county.house, at=morning(7))
        written = reminders(county.house)
        for number in range(7):
            remind_this_morning(county.house, at=morning(number))
        assert reminders(county.house) == written
        settle(county, State.SENT)  # what never went out would be withdrawn, and said afresh
        remind_this_morning(county.house, at=morning(14))
        assert reminders(county.house) == 2 * written

    def test_three_missed_days_and_a_run_twice_make_one_mail_to_each(self, county: County, server: MailServer) -> None:
        post = with_server(county.house, server)
        for _ in range(2):
            remind_this_morning(post, at=morning(3))
            deliver(post, at=morning(3))
        assert len(server.addressed) == len(set(server.addressed)) == 2
        assert all("was due on 15 February 2026, 4 days late." in text_of(mail) for mail in server.taken)

    def test_one_address_that_is_refused_keeps_no_mail_from_anybody_and_is_a_task_of_the_day(
        self, county: County, server: MailServer
    ) -> None:
        post = with_server(county.house, server)
        bad, good = (county.who(Role.COORDINATOR, number) for number in (1, 2))
        with post.reading() as session:
            server.refuses[session.get_one(Account, bad.id).email] = "550 5.1.1 No such person here"
        remind_this_morning(post, at=morning())
        assert deliver(post, at=morning()).sentence == "1 sent, 1 not taken"
        with post.reading() as session:
            rows = {row.account_id: row for row in session.scalars(select(Message).order_by(Message.id))}
        assert (rows[bad.id].state, rows[bad.id].refused_with) == (State.DEAD, "550 5.1.1 No such person here")
        assert rows[good.id].state == State.SENT
        assert day.what_needs_you(by=good, at=morning()).mail == 1


class TestTheOutbox:
    @pytest.fixture
    def post(self, house: House, server: MailServer) -> House:
        return with_server(house, server)

    def test_what_was_sent_before_the_clock_was_set_back_is_not_sent_again(
        self, post: House, server: MailServer
    ) -> None:
        message_id, _ = write(post)
        deliver(post, at=AT)
        for back in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=30)):
            assert deliver(post, at=AT - back).sentence == ""
        assert (len(server.taken), message(post, message_id).state) == (1, State.SENT)

    def test_what_a_killed_run_had_taken_waits_until_the_clock_has_caught_up(
        self, post: House, server: MailServer
    ) -> None:
        write(post)
        assert len(outbox._claim(post, at=AT)) == 1
        for late in (-timedelta(hours=1), timedelta(0), LEASE - timedelta(seconds=1)):
            assert deliver(post, at=AT + late).sentence == ""
        assert deliver(post, at=AT + LEASE).sent == 1
        assert deliver(post, at=AT + 2 * LEASE).sentence == ""
        assert len(server.taken) == 1

    def test_what_a_mail_server_took_is_asked_after_at_no_time(self, post: House, server: MailServer) -> None:
        write(post)
        deliver(post, at=AT)
        assert [ask_after(post, at=AT + days).sentence for days in (-timedelta(days=1), timedelta(days=1))] == ["", ""]
