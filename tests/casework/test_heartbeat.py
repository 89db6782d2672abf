"""A clockwork that stands still is noticed by whoever watches, within half an hour and without a sign-in."""

from __future__ import annotations

from flask.testing import FlaskClient

from dhr_app import jobs
from dhr_app.casework.health import QUESTIONS
from dhr_app.casework.heartbeat import NEVER, STILL_AFTER, WORKS, still_since
from dhr_app.casework.house import House
from dhr_app.database.models import AuditEntry
from dhr_app.database.verify import verify
from tests.factories import StoppedClock


def beat(house: House) -> None:
    (job,) = (each for each in jobs.JOBS if each.name == "beat")
    jobs.run(job, house)


def asked(house: House) -> tuple[bool, str]:
    found = QUESTIONS["clockwork"](house)
    return found.good, found.sentence


def test_a_clockwork_that_never_worked_is_no_clockwork_that_stands_still(house: House, client: FlaskClient) -> None:
    assert asked(house) == (True, NEVER)
    assert client.get("/health").status_code == 200


def test_half_an_hour_without_a_beat_turns_the_check_and_the_health_page_red_until_it_works_again(
    house: House, client: FlaskClient, clock: StoppedClock
) -> None:
    beat(house)
    clock.advance(minutes=STILL_AFTER.seconds // 60)
    assert asked(house) == (True, WORKS)
    assert client.get("/health").json == {"status": "ok"}
    since = clock.moment - STILL_AFTER
    clock.advance(minutes=1)
    good, sentence = asked(house)
    assert not good
    assert "stood still since 3 June 2026 at 10:30: nobody is reminded" in sentence
    assert still_since(house) == since
    red = client.get("/health")
    assert (red.status_code, red.json) == (503, {"status": "red", "questions": ["clockwork"]})
    beat(house)
    assert client.get("/health").json == {"status": "ok"}


def test_only_the_first_beat_is_in_the_trail_and_the_trail_holds(house: House, clock: StoppedClock) -> None:
    with house.reading() as session:
        before = session.query(AuditEntry).count()
    for _ in range(3):
        beat(house)
        clock.advance(minutes=1)
    with house.reading() as session:
        assert session.query(AuditEntry).count() == before + 1
        assert list(verify(session)) == []
