"""What was sealed before and after a change is kept beside its entry, committed to, and lost with the key."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from sqlalchemy import select

from dhr_app.database.audit import record
from dhr_app.database.envelope import Envelope
from dhr_app.database.errors import SealError
from dhr_app.database.forgetting import destroys, forget_payloads, forget_salts
from dhr_app.database.keyring import Keyring, current_keyring
from dhr_app.database.keystore import Domain
from dhr_app.database.models.audit import AuditEntry, AuditPayload, AuditSalt
from dhr_app.database.opened_payloads import payload_breaks
from dhr_app.database.payloads import UNSEALED, commit_of, parts, reseal_payload
from dhr_app.database.verify import verify
from tests.database.examples import AT, ON, Case, Human, Relative, Somebody, bent

NAME, SECOND = "Jane Canary", "Jane Second"


def payloads(ground, chain) -> list[AuditPayload]:
    with ground.db.reading() as session:
        order = (AuditPayload.seq, AuditPayload.record_class, AuditPayload.subject_id)
        return list(session.scalars(select(AuditPayload).where(AuditPayload.chain == chain).order_by(*order)))


def body(ground, chain, seq: int) -> dict[str, Any]:
    with ground.db.reading() as session:
        return json.loads(session.get_one(AuditEntry, (chain, seq)).body)


def held(ground, row: AuditPayload) -> list[dict[str, Any]]:
    """What a payload holds, opened as the proof with keys opens it."""
    ring = ground.keyring()
    ring.announce(row.chain, [row.record_class], at=AT)
    return json.loads(parts(row, ring.opening)[1])


def broken(ground, chain) -> list[str]:
    ring = ground.keyring()
    ring.announce(chain, ["identities", "working_papers", "family"], at=AT)
    with ground.db.reading() as session:
        return [each.what for each in [*verify(session), *payload_breaks(session, chain, ring)]]


def in_hand() -> Keyring:
    """The keyring in hand."""
    found = current_keyring.get()
    assert found is not None
    return found


def test_a_payload_holds_what_was_and_what_is_and_the_entry_commits_to_it(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    ground.verb(lambda session: setattr(session.get_one(Human, human.id), "full_name", SECOND))
    _, last = payloads(ground, case.id)
    (cell,) = held(ground, last)
    assert (cell["was"], cell["is"]) == ({"text": NAME}, {"text": SECOND})
    assert (cell["table"], cell["row"], cell["column"]) == ("human", str(human.id), "full_name_ct")
    (told,) = body(ground, case.id, last.seq)["commits"]
    assert (told["class"], len(told["commit"])) == ("identities", 64)
    assert NAME.encode() not in last.sealed
    assert broken(ground, case.id) == []


def test_there_is_one_for_each_key_that_an_entry_touches(ground):
    case = ground.case()

    def work(session):
        session.add(Human(review_id=case.id, full_name=NAME, notes="a long story"))
        session.add_all(Relative(review_id=case.id, name=name) for name in ("Ann", "Ben"))

    ground.verb(work)
    found = payloads(ground, case.id)
    assert [row.record_class for row in found] == ["family", "family", "identities", "working_papers"]
    assert len({row.subject_id for row in found if row.record_class == "family"}) == 2
    assert len(body(ground, case.id, found[0].seq)["commits"]) == 4
    assert broken(ground, case.id) == []


def test_two_changes_of_a_cell_in_one_verb_are_both_held(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)

    def work(session):
        row = session.get_one(Human, human.id)
        row.full_name = SECOND
        session.flush()
        row.full_name = "Jane Third"

    ground.verb(work)
    first, second = held(ground, payloads(ground, case.id)[-1])
    assert (first["is"], second["was"], second["is"]) == ({"text": SECOND}, {"text": SECOND}, {"text": "Jane Third"})


def test_what_a_savepoint_took_back_is_not_held(ground):
    case = ground.case()

    def work(session):
        session.get_one(Case, case.id).counted = 1
        with session.begin_nested() as savepoint:
            session.add(Human(review_id=case.id, full_name=NAME))
            savepoint.rollback()

    ground.verb(work)
    assert [each for row in payloads(ground, case.id) for each in held(ground, row) if each["is"] is not None] == []
    assert broken(ground, case.id) == []


def test_holding_it_tells_of_no_opening(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    ground.verb(lambda session: session.delete(session.get_one(Human, human.id)))
    row = payloads(ground, case.id)[-1]
    assert {cell["column"]: cell["was"] for cell in held(ground, row)}["full_name_ct"] == {"text": NAME}
    assert body(ground, case.id, row.seq)["openings"] == []


def test_where_the_keyring_may_not_open_the_envelopes_themselves_are_held(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    envelope = ground.stored(human, "full_name_ct")
    with ground.db.transaction(by=ground.who, at=AT) as session:  # nobody holds a keyring here
        session.delete(session.get_one(Human, human.id))
    row = payloads(ground, case.id)[-1]
    assert row.generation == UNSEALED
    assert NAME.encode() not in row.sealed
    held_as = {cell["column"]: cell["was"] for cell in held(ground, row)}
    assert base64.b64decode(held_as["full_name_ct"]["envelope"]) == envelope
    assert broken(ground, case.id) == []


def test_a_value_that_cannot_be_read_is_held_as_it_lies_there(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    spoilt = bent(ground.stored(human, "full_name_ct"))
    ground.put(human, "full_name_ct", spoilt)
    ground.verb(lambda session: session.delete(session.get_one(Human, human.id)))
    row = payloads(ground, case.id)[-1]
    assert row.generation > UNSEALED
    was = {cell["column"]: cell["was"] for cell in held(ground, row)}["full_name_ct"]
    assert base64.b64decode(was["envelope"]) == spoilt


def test_it_is_sealed_anew_and_still_what_was_committed_to(ground):
    case = ground.case()
    ground.human(case, full_name=NAME)
    before = payloads(ground, case.id)[0]
    ground.db.keystore.new_key(Domain(case.id, "identities"), at=AT)

    def work(session):
        for row in session.scalars(select(AuditPayload).where(AuditPayload.chain == case.id)):
            reseal_payload(row, in_hand())

    ground.verb(work)
    (after,) = payloads(ground, case.id)
    assert (before.generation, after.generation) == (1, 2)
    assert Envelope(after.sealed).generation == 2
    assert held(ground, after)[0]["is"] == {"text": NAME}
    ground.db.keystore.retire(Domain(case.id, "identities"), 1, at=AT)
    assert broken(ground, case.id) == []


def test_sealing_anew_opens_what_was_only_kept_in_its_envelope(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    with ground.db.transaction(by=ground.who, at=AT) as session:
        session.delete(session.get_one(Human, human.id))
    ground.db.keystore.new_key(Domain(case.id, "identities"), at=AT)

    def work(session):
        row = session.scalars(select(AuditPayload).where(AuditPayload.generation == UNSEALED)).one()
        reseal_payload(row, in_hand())

    ground.verb(work)
    row = payloads(ground, case.id)[-1]
    ring = ground.keyring()
    ring.announce(case.id, ["identities"], at=AT)
    added = json.loads(parts(row, ring.opening)[2])
    assert {"side": "was", "text": NAME} in [
        {"side": each["side"], "text": each["text"]} for each in added if "text" in each
    ]
    assert broken(ground, case.id) == []


def test_it_is_bound_to_its_entry_and_its_key(ground):
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    ground.verb(lambda session: setattr(session.get_one(Human, human.id), "full_name", SECOND))
    first, second = payloads(ground, case.id)
    second.sealed = first.sealed
    ring = ground.keyring()
    ring.announce(case.id, ["identities"], at=AT)
    with pytest.raises(SealError):
        commit_of(second, ring)


@pytest.mark.parametrize("place", [0, 3, 20, -1])
def test_a_byte_changed_in_it_is_found(ground, place):
    case = ground.case()
    ground.human(case, full_name=NAME)
    (row,) = payloads(ground, case.id)
    changed = bytearray(row.sealed)
    changed[place] ^= 1
    ground.tamper("update audit_payload set sealed = :sealed", sealed=bytes(changed))
    assert broken(ground, case.id) == ["its payload cannot be opened"]


def test_content_in_clear_in_place_of_a_sealed_one_is_found(ground):
    """Somebody without a key writes what they like and says that it was never sealed."""
    case = ground.case()
    ground.human(case, full_name=NAME)
    forged = b"\0" * 32 + (2).to_bytes(4, "big") + b"[]"
    ground.tamper("update audit_payload set sealed = :sealed, generation = 0", sealed=forged)
    assert broken(ground, case.id) == ["its payload is not what the entry committed to"]


def test_a_clear_text_is_told_with_a_salt_of_its_own_entry(ground):
    case = ground.case()
    for _ in range(2):
        ground.verb(lambda session: setattr(session.get_one(Case, case.id), "note", "No."))
        ground.verb(lambda session: setattr(session.get_one(Case, case.id), "note", None))
    told = [body(ground, case.id, seq)["changes"][0]["cells"]["note"] for seq in (2, 4)]
    assert told[0][1] != told[1][1]
    with ground.db.reading() as session:
        salts = session.execute(select(AuditSalt.seq, AuditSalt.salt).order_by(AuditSalt.seq)).all()
    assert [row.seq for row in salts] == [2, 3, 4, 5]
    assert len({row.salt for row in salts}) == 4


def test_an_entry_without_a_clear_text_keeps_no_salt(ground):
    case = ground.case()
    ground.verb(lambda session: setattr(session.get_one(Case, case.id), "counted", 5))
    with ground.db.reading() as session:
        assert session.scalars(select(AuditSalt)).all() == []


def test_destroyed_records_leave_a_chain_that_holds(ground):
    case = ground.case()
    for name in ("Ann", "Ben"):
        ground.verb(lambda session, name=name: session.add(Relative(review_id=case.id, name=name)))
    ground.verb(lambda session: setattr(session.get_one(Case, case.id), "note", "No."))
    ann, ben = (Domain(case.id, "family", row.subject_id) for row in payloads(ground, case.id))

    def destroy(session):
        record(session, "destroyed", review_id=case.id, happened_on=ON, details={"destroys": destroys(ann)})
        assert forget_payloads(session, ann, case.id) == 1

    ground.verb(destroy)
    assert [row.subject_id for row in payloads(ground, case.id)] == [ben.subject_id]
    assert broken(ground, case.id) == []
    ground.verb(lambda session: forget_payloads(session, ben, case.id))
    assert broken(ground, case.id) == ["its payload is gone"]

    def destroy_the_rest(session):
        said = {"destroys": destroys(ben, salts=True)}
        record(session, "destroyed", review_id=case.id, happened_on=ON, details=said)
        assert forget_salts(session, case.id) == 1

    ground.verb(destroy_the_rest)
    assert broken(ground, case.id) == []


def test_a_payload_that_no_entry_tells_of_is_found(ground):
    case = ground.case()
    ground.human(case, full_name=NAME)
    ground.tamper("update audit_payload set record_class = 'family'")
    found = broken(ground, case.id)
    assert "has a payload that it does not tell of" in found
    assert "its payload is gone" in found


def test_a_keyring_of_somebody_else_seals_no_payload(ground):
    """A verb in one name with another's keys in hand fails where it seals; where it deletes, envelopes are kept."""
    case = ground.case()
    human = ground.human(case, full_name=NAME)
    with ground.request(Somebody("Somebody Else")), ground.db.transaction(by=ground.who, at=AT) as session:
        session.delete(session.get_one(Human, human.id))
    assert payloads(ground, case.id)[-1].generation == UNSEALED
