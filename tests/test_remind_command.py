"""`dhr remind`: who would get what, by role and reference; nothing twice, and a sentence for a day it cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dhr_app.casework import partnership
from dhr_app.casework.house import at_work, open_house
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.people import PersonEntry
from dhr_app.settings import load
from tests.commands import Dhr
from tests.factories import make_account


@pytest.fixture
def dhr(dhr_in_use: Dhr, environ: dict[str, str]) -> Dhr:
    """Run a command on an installation with one review, whose decision was due on 20 June."""
    house = open_house(load(environ))
    with at_work(house):
        by, _ = make_account(house, name="Mary Thorne")
        lead = partnership.the_partnership().agency_id
        entry = NotificationEntry(aware_on=date(2026, 5, 20), lead_partnership_id=lead)
        people = (PersonEntry(full_name="Eleanor Example"),)
        notify(entry, people, "dhr-2016", by=by, at=datetime(2026, 5, 21, 9, tzinfo=UTC))
    house.database.dispose()
    return dhr_in_use


def test_it_says_who_gets_what_without_a_name_or_an_address(dhr: Dhr) -> None:
    answer = dhr("remind", "--today", "2026-07-01")
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "Coordinator: 1 thing is late",
        "  DHR-2026-001  Decision whether to review was due on 20 June 2026, 11 days late",
        "1 message was written for 1 July 2026, with 1 reminder.",
        "Read them at http://127.0.0.1:8000/inbox while the site is served.",
    ]


def test_run_again_it_writes_nothing_more(dhr: Dhr) -> None:
    dhr("remind", "--today", "2026-07-01")
    assert dhr("remind").output == "0 messages were written for 1 July 2026, with 0 reminders.\n"


def test_a_dry_run_writes_nothing(dhr: Dhr) -> None:
    for _ in range(2):
        answer = dhr("remind", "--today", "2026-07-01", "--dry-run")
        assert answer.output.endswith("1 message would be written for 1 July 2026, with 1 reminder.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--today", "2026-07-02"), "2 July 2026 is still to come. Add --dry-run to see what would be said then.\n"),
        (("--today", "2026-05-20"), "Nothing was recorded here before 21 May 2026: choose that day or a later one.\n"),
        (("--today", "2099-01-01", "--dry-run"), "Bank holidays are known from"),
        (("--today", "tomorrow"), "Write it as 2026-09-30"),
    ],
)
def test_a_day_it_cannot_be_is_said_in_a_sentence(dhr: Dhr, words: tuple[str, ...], said: str) -> None:
    answer = dhr("remind", *words)
    assert answer.exit_code == 2
    assert said in answer.stderr
