"""Workers that are killed while they send: no message is lost, and one that comes twice can be told by its number."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dhr_app.casework import trail_proof
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.outbox import LEASE, State, message_of
from dhr_app.database.models import Account, Message
from dhr_app.workflows.roles import Role
from tests.crash.workers import Herd, deliver
from tests.factories import NOW, OPERATOR, TODAY, StoppedClock, make_account
from tests.installations import with_tables
from tests.mailserver import MailServer, mail_server, text_of
from tests.postgres import Postgres

pytestmark = pytest.mark.slow

MESSAGES = 3000
READERS = 30
WORKERS = 3
KILLS_IN_A_ROUND = 12
PATIENCE = 600.0  # seconds for the messages of a round, on a machine that is busy with other tests


@dataclass(frozen=True)
class Post:
    """An installation with mail to send, and the server that takes it."""

    house: House
    server: MailServer
    numbers: dict[str, str]

    def unsent(self) -> int:
        """How many messages are not sent yet."""
        with self.house.reading() as session:
            waits = Message.state != State.SENT.value
            return session.scalar(select(func.count()).select_from(Message).where(waits)) or 0


@pytest.fixture(params=["sqlite", "postgresql"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    """Thirty people, each of whom is written to on a hundred days; every message says which it is."""
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    ground = with_tables(tmp_path / "instance", server)
    with mail_server() as mail:
        settings = replace(ground.settings, mail_url=mail.url, mail_from="dhr@barsetshire.example")
        with at_work(replace(open_house(settings), clock=StoppedClock(NOW))) as house:
            numbers = _write(house)
            house.database.dispose()
            yield Post(house, mail, numbers)
            house.database.dispose()
    ground.remove()


def _write(house: House) -> dict[str, str]:
    """Write the messages: their Message-ID by what they say."""
    readers = [make_account(house, Role.COORDINATOR)[0].id for _ in range(READERS)]
    numbers = {}
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        for number in range(MESSAGES):
            day = TODAY - timedelta(days=number // READERS)
            row = message_of("digest", readers[number % READERS], day, "late", f"Message {number}.\n", at=NOW)
            session.add(row)
            session.flush()
            numbers[f"Message {number}."] = f"<{row.id}@barsetshire.example>"
    return numbers


def test_three_thousand_messages_and_kills_lose_none_and_send_at_most_one_twice_for_each_kill(post: Post) -> None:
    seed, at, kills, rounds = 3000, NOW, 0, 0
    chance = random.Random(seed)  # noqa: S311
    while post.unsent():
        herd = Herd(chance, deliver, (post.house.settings, at), WORKERS)
        try:
            for _ in range(KILLS_IN_A_ROUND):
                if not post.unsent():
                    break
                herd.fill_up()
                herd.lose_one(2.0)
            herd.see_them_out(PATIENCE)
        finally:
            herd.end()
        # Whatever a killed worker had taken is taken up again once its lease has run out.
        at, kills, rounds = at + LEASE, kills + herd.kills, rounds + 1
    arrived = _arrived(post.server)
    copies = sum(len(each) for each in arrived.values())
    print(f"seed {seed}: {kills} kills in {rounds} rounds, {copies - MESSAGES} came twice")
    assert kills >= WORKERS, "nobody was killed: the test shows nothing"
    assert {said: set(ids) for said, ids in arrived.items()} == {said: {one} for said, one in post.numbers.items()}
    assert copies - MESSAGES <= kills
    _each_to_its_reader(post)
    assert trail_proof.broken_places(post.house) == ()


def _arrived(server: MailServer) -> dict[str, list[str]]:
    """The Message-IDs under which each text came."""
    found = defaultdict(list)
    for message in server.taken:
        (said,) = [line for line in text_of(message).splitlines() if line.startswith("Message ")]
        found[said].append(str(message["Message-ID"]))
    return found


def _each_to_its_reader(post: Post) -> None:
    with post.house.reading() as session:
        emails = select(Message.id, Account.email).join(Account, Account.id == Message.account_id).order_by(Message.id)
        owed = {f"<{message_id}@barsetshire.example>": email for message_id, email in session.execute(emails)}
    assert {str(each["Message-ID"]): str(each["To"]) for each in post.server.taken} == owed
    assert set(Counter(post.server.addressed)) == set(owed.values())
