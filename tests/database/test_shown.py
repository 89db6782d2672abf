"""What a verb opened and did not write is told as an event; and each entry says by which request its verb came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dhr_app.database.audit import SYSTEM_CHAIN, record
from dhr_app.database.context import Via, current_via
from dhr_app.database.many_opened import MANY
from dhr_app.database.models import AuditEntry, Event
from dhr_app.database.session import NamedSession
from dhr_app.database.verify import verify
from tests.database.examples import AT, ON, Case, Ground, Human, Somebody


@dataclass(frozen=True)
class Program:
    """The program at its own work, with keys: no account."""

    name: str = "the program"
    id: None = None
    opens_for: str = "the program"


@pytest.fixture
def jane(ground: Ground) -> Human:
    return ground.human(ground.case(), full_name="Jane Doe")


@contextmanager
def by_request(request: str, sign_in: UUID | None = None) -> Iterator[None]:
    token = current_via.set(Via(request, sign_in))
    yield
    current_via.reset(token)


def told(ground: Ground, kind: str = "opened") -> list[Event]:
    with ground.db.reading() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.recorded_at, Event.ordinal)))


def bodies(ground: Ground, chain: UUID) -> list[dict]:
    with ground.db.reading() as session:
        found = select(AuditEntry.body).where(AuditEntry.chain == chain).order_by(AuditEntry.seq)
        return [json.loads(body) for body in session.scalars(found)]


def holds(ground: Ground) -> bool:
    with ground.db.reading() as session:
        return verify(session) == []


def opens(session: NamedSession, human: Human) -> Human:
    row = session.get_one(Human, human.id)
    assert row.full_name == "Jane Doe"
    return row


# --- What is told -----------------------------------------------------------------------------------------------------


def test_a_row_that_a_verb_opened_and_did_not_write_is_told_with_its_class(ground: Ground, jane: Human) -> None:
    ground.verb(lambda session: opens(session, jane))
    (event,) = told(ground)
    assert (event.review_id, event.recorded_by_id, event.happened_on) == (jane.review_id, ground.who.id, ON)
    assert event.details == {"classes": ["identities"], "within": "step"}
    last = bodies(ground, jane.review_id)[-1]
    assert [each["id"] for each in last["events"]] == [str(event.id)]  # in the entry of that same verb
    assert last["openings"] == [["identities", "human", str(jane.id), "full_name"]]
    assert holds(ground)


def test_the_classes_of_one_review_stand_in_one_event_and_each_review_in_its_own(ground: Ground, jane: Human) -> None:
    jane_too = ground.human(ground.case("DHR-2026-002"), full_name="Jane Doe", notes="A note")

    def work(session: NamedSession) -> None:
        opens(session, jane)
        assert opens(session, jane_too).notes == "A note"

    ground.verb(work)
    assert {event.review_id: event.details["classes"] for event in told(ground)} == {
        jane.review_id: ["identities"],
        jane_too.review_id: ["identities", "working_papers"],
    }
    assert holds(ground)


def test_whoever_saves_a_row_opens_it_and_is_told_by_the_change_alone(ground: Ground, jane: Human) -> None:
    def work(session: NamedSession) -> None:
        opens(session, jane).full_name = "Jane Second"

    ground.verb(work)
    last = bodies(ground, jane.review_id)[-1]
    assert last["openings"]
    assert last["changes"]
    assert told(ground) == []


def test_a_row_that_an_event_of_the_verb_is_about_is_told_by_that(ground: Ground, jane: Human) -> None:
    def work(session: NamedSession) -> None:
        record(session, "draft_read", happened_on=ON, review_id=jane.review_id, subject=opens(session, jane))

    ground.verb(work)
    assert told(ground) == []
    assert len(told(ground, "draft_read")) == 1


def test_what_a_savepoint_took_back_was_not_written(ground: Ground, jane: Human) -> None:
    def work(session: NamedSession) -> None:
        with session.begin_nested() as savepoint:
            opens(session, jane).full_name = "Jane Second"
            session.flush()
            savepoint.rollback()

    ground.verb(work)
    assert [event.details["within"] for event in told(ground)] == ["step"]


def test_a_verb_that_failed_tells_of_all_that_it_opened_since_its_answer_may_show_it(
    ground: Ground, jane: Human
) -> None:
    def work(session: NamedSession) -> None:
        opens(session, jane).full_name = "Jane Second"

    with pytest.raises(RuntimeError):
        ground.failing(work)
    (event,) = told(ground)
    assert event.details == {"classes": ["identities"], "within": "undone"}
    last = bodies(ground, jane.review_id)[-1]
    assert (last["undone"], last["changes"], len(last["events"])) == (True, [], 1)
    assert holds(ground)


def test_a_verb_that_failed_and_opened_nothing_tells_nothing(ground: Ground, jane: Human) -> None:
    before = len(bodies(ground, jane.review_id))
    with pytest.raises(RuntimeError):
        ground.failing(lambda session: session.get_one(Human, jane.id))
    assert told(ground) == []
    assert len(bodies(ground, jane.review_id)) == before


def test_the_program_shows_nobody_anything(ground: Ground, jane: Human) -> None:
    program = Program()
    with ground.request(program), ground.db.transaction(by=program, at=AT) as session:  # type: ignore[arg-type]
        opens(session, jane)
    with (
        ground.db.transaction(by=ground.who, at=AT) as session,  # for a purpose, inside a person's verb
        ground.request(program),  # type: ignore[arg-type]
    ):
        opens(session, jane)
    own, within = bodies(ground, jane.review_id)[-2:]
    assert [own["openings"][0][2], within["openings"][0][2]] == [str(jane.id)] * 2
    assert within["openings"][0][-1] == "the program"
    assert told(ground) == []


# --- The alarm --------------------------------------------------------------------------------------------------------


def open_one(ground: Ground, case: Case, how: str, *, at: datetime = AT, by: Somebody | None = None) -> None:
    """Be shown something of a review: on a page, as a file, or in a step."""
    who = by or ground.who
    if how == "opened":
        ground.db.record_access(review_id=case.id, classes=["identities"], by=who, at=at)
        return
    if how == "step":
        human = ground.human(case, full_name="Jane Doe")
        with ground.request(who), ground.db.transaction(by=who, at=at) as session:
            opens(session, human)
        return
    with ground.db.transaction(by=who, at=at) as session:
        record(session, how, happened_on=ON, review_id=case.id)


@pytest.mark.parametrize("how", ["opened", "draft_read", "evidence_read", "step"])
def test_whatever_way_more_than_ten_reviews_are_opened_it_is_said_once(ground: Ground, how: str) -> None:
    cases = [ground.case(f"DHR-2026-{number:03}") for number in range(MANY + 2)]
    for case in cases[:MANY]:
        open_one(ground, case, how)
        open_one(ground, case, how)  # the same again is no other review
    assert told(ground, "many_reviews_opened") == []
    for case in cases[MANY:]:
        open_one(ground, case, how)
    (alarm,) = told(ground, "many_reviews_opened")
    assert (alarm.recorded_by_id, alarm.review_id, alarm.details) == (ground.who.id, None, {"reviews": MANY + 1})
    assert holds(ground)


def test_the_ways_are_counted_together_and_people_and_hours_apart(ground: Ground) -> None:
    cases = [ground.case(f"DHR-2026-{number:03}") for number in range(MANY + 1)]
    ways = ("opened", "draft_read", "evidence_read", "step")
    other = Somebody("Ben Okoro")
    for number, case in enumerate(cases[:-1]):
        open_one(ground, case, ways[number % 4])
    open_one(ground, cases[-1], "draft_read", by=other)
    open_one(ground, cases[-1], "draft_read", at=AT + timedelta(hours=2))
    assert told(ground, "many_reviews_opened") == []
    open_one(ground, cases[-1], "draft_read")
    assert [alarm.recorded_by_id for alarm in told(ground, "many_reviews_opened")] == [ground.who.id]


def test_steps_that_failed_count_and_the_alarm_stands_in_the_chain(ground: Ground) -> None:
    for number in range(MANY + 1):
        human = ground.human(ground.case(f"DHR-2026-{number:03}"), full_name="Jane Doe")
        with pytest.raises(RuntimeError):
            ground.failing(lambda session, human=human: opens(session, human))  # type: ignore[misc]
    (alarm,) = told(ground, "many_reviews_opened")
    assert str(alarm.id) in [event["id"] for event in bodies(ground, SYSTEM_CHAIN)[-1]["events"]]
    assert holds(ground)


# --- By which request -------------------------------------------------------------------------------------------------


def test_an_entry_says_by_which_request_and_in_which_sign_in_its_verb_came(ground: Ground, jane: Human) -> None:
    sign_in = uuid4()
    with by_request("0123456789ab", sign_in):
        ground.verb(lambda session: opens(session, jane))
        with pytest.raises(RuntimeError):
            ground.failing(lambda session: opens(session, jane))
        ground.db.record_access(review_id=jane.review_id, classes=["identities"], by=ground.who, at=AT)
    short = hashlib.sha256(str(sign_in).encode()).hexdigest()[:16]
    assert [body["via"] for body in bodies(ground, jane.review_id)[-3:]] == [
        {"request": "0123456789ab", "sign_in": short}
    ] * 3
    assert str(sign_in) not in json.dumps(bodies(ground, jane.review_id))
    assert holds(ground)


def test_before_anybody_signed_in_there_is_the_request_alone_and_elsewhere_neither(ground: Ground) -> None:
    with by_request("0123456789ab"):
        case = ground.case()
    ground.verb(lambda session: setattr(session.get_one(Case, case.id), "counted", 1))
    first, second = bodies(ground, case.id)
    assert first["via"] == {"request": "0123456789ab"}
    assert "via" not in second
    assert [first["v"], second["v"]] == [2, 2]  # a further key: readers of either need to know nothing of it
    assert holds(ground)
