"""The keyring: who may open what, and never without the audit trail knowing first."""

from __future__ import annotations

import threading
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.database.errors import (
    DatabaseUnavailable,
    NoKeyring,
    OpeningRefused,
    SealError,
    Unannounced,
    UnnamedChange,
)
from dhr_app.database.keyring import Keyring, announce, current_keyring, holding
from dhr_app.database.models import AuditEntry, Event
from dhr_app.workflows.permissions import DataClass, Membership, Person, may_open
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.database.examples import AT, ON, Human, Paper, Somebody


@pytest.fixture
def jane(ground):
    return ground.human(ground.case(), full_name="Jane Doe", notes="A long story")


def test_opening_before_it_is_announced_is_refused(ground, jane):
    with ground.request(), ground.db.reading() as session:
        row = session.get_one(Human, jane.id)
        with pytest.raises(Unannounced):
            _ = row.full_name


def test_announcing_one_class_opens_no_other(ground, jane):
    with ground.request() as ring:
        ring.announce(jane.review_id, ["identities"], at=AT)
        with ground.db.reading() as session:
            row = session.get_one(Human, jane.id)
            assert row.full_name == "Jane Doe"
            with pytest.raises(Unannounced):
                _ = row.notes


def test_announcing_one_review_opens_no_other(ground, jane):
    with ground.request() as ring:
        ring.announce(uuid4(), ["identities"], at=AT)
        with ground.db.reading() as session, pytest.raises(Unannounced):
            _ = session.get_one(Human, jane.id).full_name


def test_an_announcement_lasts_one_request(ground, jane):
    assert ground.read(jane, "full_name") == "Jane Doe"
    with ground.request(), ground.db.reading() as session, pytest.raises(Unannounced):
        _ = session.get_one(Human, jane.id).full_name


def test_the_access_event_is_committed_before_anything_opens(ground, jane):
    with ground.request():
        announce(jane.review_id, [DataClass.IDENTITIES, DataClass.FAMILY], at=AT)
        with ground.raw.connect() as elsewhere:
            rows = elsewhere.execute(select(Event.kind, Event.details, Event.recorded_by_name)).all()
    assert [tuple(row) for row in rows] == [("opened", {"classes": ["family", "identities"]}, "Asha Patel")]


def test_announcing_again_in_one_request_writes_nothing(ground, jane):
    with ground.request() as ring:
        for classes in (["identities"], ["identities"], ["identities", "family"]):
            ring.announce(jane.review_id, classes, at=AT)
    with ground.db.reading() as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert sorted(str(event.details["classes"]) for event in events) == ["['family']", "['identities']"]


def test_where_the_access_cannot_be_recorded_nothing_opens(ground, jane):
    with ground.request() as ring:
        with ground.locked(ground.raw, "audit_entry"), pytest.raises(DatabaseUnavailable):
            ring.announce(jane.review_id, ["identities"], at=AT)
        with ground.db.reading() as session, pytest.raises(Unannounced):
            _ = session.get_one(Human, jane.id).full_name


def test_an_announcement_does_not_disturb_a_page_that_is_being_read(ground, jane):
    with ground.request() as ring, ground.db.reading() as session:
        row = session.get_one(Human, jane.id)
        ring.announce(jane.review_id, ["identities"], at=AT)
        assert "part" in vars(row)
        assert row.full_name == "Jane Doe"


def test_the_policy_is_asked_for_each_kind_of_value_in_each_request_and_can_say_no(ground):
    jane = ground.human(ground.case(), full_name="Jane Doe", alias="Janie", notes="A long story")
    ground.closed.add((jane.review_id, "working_papers"))
    with ground.request() as ring:
        ring.announce(jane.review_id, ["identities", "working_papers"], at=AT)
        with ground.db.reading() as session:
            row = session.get_one(Human, jane.id)
            assert row.full_name == "Jane Doe"
            with pytest.raises(OpeningRefused):
                _ = row.notes
            ground.closed.add((jane.review_id, "identities"))
            with pytest.raises(OpeningRefused):
                _ = row.alias
    with ground.request() as ring:
        ring.announce(jane.review_id, ["identities"], at=AT)
        with ground.db.reading() as session, pytest.raises(OpeningRefused):
            _ = session.get_one(Human, jane.id).full_name


def test_what_was_opened_before_opens_nothing_of_another_review(ground, jane):
    other = ground.human(ground.case("DHR-2026-002"), full_name="Ann Roe")
    with ground.request() as ring:
        ring.announce(jane.review_id, ["identities"], at=AT)
        with ground.db.reading() as session:
            for _ in range(2):
                assert session.get_one(Human, jane.id).full_name == "Jane Doe"
            with pytest.raises(Unannounced):
                _ = session.get_one(Human, other.id).full_name


@pytest.mark.parametrize("changed", ["the row", "the suite", "the generation", "a byte", "its length"])
def test_after_one_was_opened_the_next_is_held_against_its_own_place_all_the_same(ground, changed):
    case = ground.case()
    jane, sister = (ground.human(case, full_name=name) for name in ("Jane Doe", "Ann Roe"))
    mine, hers = ground.stored(jane, "full_name_ct"), ground.stored(sister, "full_name_ct")
    ground.put(sister, "full_name_ct", {
        "the row":        mine,
        "the suite":      b"\x02" + hers[1:],
        "the generation": hers[:4] + b"\x02" + hers[5:],
        "a byte":         hers[:-1] + bytes([hers[-1] ^ 1]),
        "its length":     hers[:20],
    }[changed])  # fmt: skip
    with ground.request() as ring:
        ring.announce(jane.review_id, ["identities"], at=AT)
        with ground.db.reading() as session:
            assert session.get_one(Human, jane.id).full_name == "Jane Doe"
            with pytest.raises(SealError) as trouble:
                _ = session.get_one(Human, sister.id).full_name
            assert trouble.value.__cause__ is None
            assert trouble.value.__context__ is None


def test_a_verb_tells_of_what_was_opened_before_it_too(ground, jane):
    with ground.request() as ring:
        ring.announce(jane.review_id, ["identities"], at=AT)
        with ground.db.reading() as session:
            assert session.get_one(Human, jane.id).full_name == "Jane Doe"
        with ground.db.transaction(by=ground.who, at=AT) as session:
            assert session.get_one(Human, jane.id).full_name == "Jane Doe"
    with ground.db.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert f'"openings":[["identities","human","{jane.id}","full_name"]]' in last.body.decode()


def test_a_person_who_may_not_open_a_class_may_not_seal_it_either(ground):
    case = ground.case()
    ground.closed.add((case.id, "identities"))
    with ground.request(), pytest.raises(OpeningRefused), ground.db.transaction(by=ground.who, at=AT):
        Human(review_id=case.id, full_name="Jane")


def test_sealing_outside_a_transaction_is_refused(ground):
    case = ground.case()
    with ground.request(), pytest.raises(Unannounced):
        Human(review_id=case.id, full_name="Jane")


def test_a_verb_cannot_use_another_persons_keyring(ground, jane):
    with (
        ground.request(Somebody("Another Person")),
        ground.db.transaction(by=ground.who, at=AT) as session,
        pytest.raises(NoKeyring),
    ):
        _ = session.get_one(Human, jane.id).full_name


def test_announcing_inside_a_verb_is_refused(ground, jane):
    with ground.request() as ring, ground.db.transaction(by=ground.who, at=AT), pytest.raises(UnnamedChange):
        ring.announce(jane.review_id, ["identities"], at=AT)


def test_a_new_thread_has_no_keyring_and_threads_do_not_share_them(ground, jane):
    seen: list[object] = []

    def look() -> None:
        seen.append(current_keyring.get())
        other = Somebody("Other Thread")
        with ground.request(other) as ring:
            barrier.wait()
            ring.announce(jane.review_id, ["identities"], at=AT)
            with ground.db.reading() as session:
                seen.append(session.get_one(Human, jane.id).full_name)
            seen.append(current_keyring.get() is ring)

    barrier = threading.Barrier(3)
    with ground.request() as mine:
        threads = [threading.Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert current_keyring.get() is mine
    assert sorted(map(str, seen)) == ["Jane Doe"] * 3 + ["None"] * 3 + ["True"] * 3


def test_agency_as_author_cannot_open_agency_bs_paper(ground):
    case, a, b = ground.case(), uuid4(), uuid4()
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        papers = [Paper(review_id=case.id, agency_id=agency, body="What we knew") for agency in (a, b)]
        session.add_all(papers)
    author = Person(
        uuid4(),
        "Cal Author",
        Role.AGENCY_CONTRIBUTOR,
        a,
        (Membership(case.id, Role.AGENCY_CONTRIBUTOR, a, from_on=date(2026, 1, 1), is_open=True, stage=Stage.PANEL),),
    )
    ring = Keyring(author, london_date(AT), ground.db.keystore, policy=may_open, record_access=ground.db.record_access)
    with holding(ring):
        ring.announce(case.id, [DataClass.WORKING_PAPERS], at=AT)
        with ground.db.reading() as session:
            assert session.get_one(Paper, papers[0].id).body == "What we knew"
            with pytest.raises(OpeningRefused):
                _ = session.get_one(Paper, papers[1].id).body
    assert london_date(AT) == ON


def test_what_a_verb_opens_stands_in_its_own_entry_even_where_it_changes_nothing(ground, jane):
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        assert session.get_one(Human, jane.id).full_name == "Jane Doe"
    with ground.db.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert f'"openings":[["identities","human","{jane.id}","full_name"]]' in last.body.decode()


def test_what_a_failed_verb_had_opened_is_entered_all_the_same(ground, jane):
    def work(session):
        row = session.get_one(Human, jane.id)
        row.alias = row.full_name

    with pytest.raises(RuntimeError):
        ground.failing(work)
    with ground.db.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert '"undone":true' in last.body.decode()
        assert '"changes":[]' in last.body.decode()
        assert "full_name" in last.body.decode()
