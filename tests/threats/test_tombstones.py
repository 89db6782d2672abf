"""A keystore restored from before a disposal brings destroyed keys back: nothing opens before they are gone again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, insert, select

from dhr_app import create_app
from dhr_app.casework import health, tombstones, trail_proof
from dhr_app.casework.house import House
from dhr_app.casework.installation import open_ready
from dhr_app.casework.tombstones import tombstones_of
from dhr_app.database import keycare, keycopies
from dhr_app.database.errors import KeyUnavailable, SealError, TombstonesUnheeded
from dhr_app.database.keyring import announce
from dhr_app.database.keystore import NOBODY, Domain
from dhr_app.database.keytable import metadata, of, recovery_copy, review_key
from dhr_app.database.models import Disposal, DisposalPart, Event, InvolvedPerson
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.retention import Grave
from dhr_app.workflows.stages import Stage
from tests.commands import commands
from tests.disposals import disposed
from tests.installations import Installation
from tests.reviews import Case

BACK = "Keys that were destroyed are back (those of 1 tombstones), as after a restored backup: run `dhr keystore"


@dataclass(frozen=True)
class Backup:
    """A copy of the whole keystore, as of a day."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]

    @classmethod
    def of(cls, installation: Installation) -> Backup:
        """Taken now."""
        with installation.keystore.connect() as connection:
            tables = metadata.sorted_tables
            return cls({each.name: [dict(row._mapping) for row in connection.execute(select(each))] for each in tables})

    def restore(self, installation: Installation) -> None:
        """Put in the place of whatever stands there."""
        for table in metadata.sorted_tables:
            rows = self.rows[table.name]
            installation.tamper_keystore(delete(table), *([insert(table).values(list(rows))] if rows else []))


def identities(case: Case) -> Domain:
    return Domain(case.row.id, DataClass.IDENTITIES.value)


def dispose(installation: Installation, domain: Domain) -> str:
    """Destroy the keys of a domain and bury it, as a disposal does. The tombstone’s hash."""
    keystore, at = installation.house.database.keystore, installation.house.clock.now()
    generations = tuple(each.generation for each in keycare.every_key(keystore) if each.domain == domain)
    keystore.destroy(domain, at=at)
    grave = Grave(*domain, generations, at, "Barsetshire retention policy, 2026", bytes(32))
    return tombstones_of(installation.house.settings).append(grave)


def opened(installation: Installation, case: Case) -> str | None:
    """The name of who died, as the coordinator reads it. Raises SealError."""
    house, by, at = installation.house, installation.county.coordinator, installation.house.clock.now()
    with house.with_keys(by, at=at):
        announce(case.row.id, [DataClass.IDENTITIES], at=at)
        with house.reading() as session:
            people = select(InvolvedPerson).where(InvolvedPerson.review_id == case.row.id)
            return session.scalars(people.order_by(InvolvedPerson.number).limit(1)).one().full_name


def refusal(house: House) -> str:
    with pytest.raises(TombstonesUnheeded) as refused:
        tombstones.must_be_applied(house)
    return str(refused.value)


# --- A restored keystore ----------------------------------------------------------------------------------------------


@pytest.fixture
def restored(installation: Installation) -> Case:
    """A review whose identities were destroyed; the keystore was copied before and is restored since."""
    case = installation.county.notified()
    backup = Backup.of(installation)
    dispose(installation, identities(case))
    with pytest.raises(SealError):
        opened(installation, case)
    backup.restore(installation)
    return case


def test_t12_without_the_gate_a_restored_keystore_would_open_what_was_destroyed(
    installation: Installation, restored: Case
) -> None:
    assert opened(installation, restored) == "Ada Harding"  # in a process that was running meanwhile
    assert refusal(installation.house).startswith(BACK)


@pytest.mark.parametrize(
    "command",
    [
        "serve", "work", "keys status", "keys rotate --yes", "keys escrow", "keys recover --yes", "remind",
        "report steering --as-at 2026-05-01", "audit verify --with-keys", "audit checkpoint", "demo",
    ],
)  # fmt: skip
def test_t12_no_command_opens_keys_before_the_tombstones_are_applied(
    installation: Installation, restored: Case, command: str
) -> None:
    before = Backup.of(installation)
    answer = commands(installation.environ)(*command.split())
    assert answer.exit_code == 2, answer.output
    assert answer.output.startswith(BACK)
    assert answer.output.count("\n") == 1
    assert Backup.of(installation) == before


def test_t12_no_server_serves_before_the_tombstones_are_applied(installation: Installation, restored: Case) -> None:
    with pytest.raises(TombstonesUnheeded, match="apply-tombstones"):
        create_app(installation.house.settings)
    with pytest.raises(TombstonesUnheeded, match="apply-tombstones"):
        open_ready(installation.house.settings)
    loading = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        env={**installation.environ, "PYTHONPATH": "."}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (loading.returncode, loading.stderr[: len(BACK)]) == (2, BACK)


def test_t12_once_they_are_applied_the_key_is_gone_and_all_else_opens(
    installation: Installation, restored: Case
) -> None:
    other = installation.county.notified()
    dhr = commands(installation.environ)
    done = dhr("keystore", "apply-tombstones")
    assert (done.exit_code, done.output.splitlines()[0]) == (
        0,
        "Tombstones read: 1. Of 1 the keystore held something again: keys destroyed again: 1.",
    )
    keystore = installation.house.database.keystore
    with pytest.raises(SealError):
        opened(installation, restored)
    assert keystore.domains()[identities(restored)] == {"destroyed"}
    with pytest.raises(KeyUnavailable, match="were destroyed"):
        keystore.sealing_key(identities(restored), at=installation.house.clock.now())
    with installation.keystore.connect() as connection:
        wrapped = connection.scalars(select(review_key.c.wrapped).where(of(identities(restored)))).all()
    assert wrapped == [None]
    assert opened(installation, other) == "Ada Harding"
    assert dhr("keys", "status").exit_code == 0
    again = dhr("keystore", "apply-tombstones")
    assert again.output == "Tombstones read: 1. The keystore holds nothing of what they name.\n"


def test_t12_the_trail_says_so_and_still_holds(installation: Installation, restored: Case) -> None:
    house = installation.house
    tombstones.apply(house, at=house.clock.now())
    with house.reading() as session:
        told = session.scalars(select(Event).where(Event.kind == Happened.TOMBSTONES_APPLIED.value)).one()
        assert (told.review_id, told.recorded_by_id) == (restored.row.id, None)
        assert told.details == {"destroys": ["identities"], "keys": 1}
    assert trail_proof.broken_places(house, deep=True) == ()
    assert trail_proof.payloads_broken(house, at=house.clock.now()) == ()
    tombstones.apply(house, at=house.clock.now())
    with house.reading() as session:
        assert len(session.scalars(select(Event).where(Event.kind == Happened.TOMBSTONES_APPLIED.value)).all()) == 1


def test_t12_the_check_is_red_until_they_are_applied(installation: Installation, restored: Case) -> None:
    def finding() -> health.Finding:
        return next(one for one in health.check(installation.house) if one.question == "tombstones")

    assert not finding().good
    assert finding().sentence.startswith(BACK)
    tombstones.apply(installation.house, at=installation.house.clock.now())
    assert (finding().good, finding().sentence) == (
        True, "Every tombstone is heeded (1): what was destroyed cannot be opened.",
    )  # fmt: skip


def test_t12_a_recovery_copy_of_a_destroyed_key_is_a_key_that_is_back(installation: Installation) -> None:
    case, house = installation.county.notified(), installation.house
    keycare.install_recovery(house.database.keystore, keycopies.RecoveryKey.made(), share_set=1, at=house.clock.now())
    backup = Backup.of(installation)
    dispose(installation, identities(case))
    copies = [row for row in backup.rows["recovery_copy"] if row["review_id"] == case.row.id]
    assert copies
    installation.tamper_keystore(insert(recovery_copy).values(list(copies)))
    assert refusal(house).startswith(BACK)
    tombstones.apply(house, at=house.clock.now())
    with house.database.keystore.asked() as connection:
        assert (identities(case), 1) not in keycopies.copies(connection)
    tombstones.must_be_applied(house)


def test_t12_a_keystore_from_before_the_key_was_made_lets_nobody_make_another(installation: Installation) -> None:
    before = Backup.of(installation)
    case, house = installation.county.notified(), installation.house
    dispose(installation, identities(case))
    before.restore(installation)
    keystore = house.database.keystore
    assert identities(case) not in keystore.domains()
    assert refusal(house).startswith(BACK)
    tombstones.apply(house, at=house.clock.now())
    assert keystore.domains()[identities(case)] == {"destroyed"}
    with pytest.raises(KeyUnavailable, match="were destroyed"):
        keystore.sealing_key(identities(case), at=house.clock.now())


def test_t12_every_generation_that_came_back_goes_again(installation: Installation) -> None:
    case, house = installation.county.notified(), installation.house
    keystore = house.database.keystore
    for _ in range(2):
        keystore.new_key(identities(case), at=house.clock.now())
    keystore.retire(identities(case), 1, at=house.clock.now())
    backup = Backup.of(installation)
    dispose(installation, identities(case))
    assert [stone.grave.generations for stone in tombstones.read_tombstones(house.settings)] == [(1, 2, 3)]
    backup.restore(installation)
    assert tombstones.apply(house, at=house.clock.now()).keys == 3
    for generation in (1, 2, 3):
        with pytest.raises(KeyUnavailable):
            keystore.key(identities(case), generation)


# --- The file that says so --------------------------------------------------------------------------------------------


def test_t12_a_file_that_was_changed_cut_or_lost_stops_everything(installation: Installation) -> None:
    house, cases = installation.house, [installation.county.notified() for _ in range(3)]
    hashes = [dispose(installation, identities(case)) for case in cases]
    for case, hashed in zip(cases, hashes, strict=True):
        _row_of(installation, case, hashed)
    assert len(tombstones.must_be_applied(house)) == 3
    path = tombstones_of(house.settings).path
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    changed = {
        "edited": whole.replace(b'"identities"', b'"evidence"', 1),
        "reordered": b"".join(reversed(lines)),
        "a line lost": b"".join([lines[0], lines[2]]),
        "cut off": b"".join(lines[:2]),
        "emptied": b"",
    }
    for data in changed.values():
        path.write_bytes(data)
        answer = commands(installation.environ)("keys", "status")
        assert (answer.exit_code, answer.output.count("\n")) == (2, 1), answer.output
        assert str(path) in answer.output
        assert "the copy" in answer.output
    path.unlink()
    assert refusal(house).startswith("Records were destroyed of which the tombstones in")
    path.write_bytes(whole)
    assert len(tombstones.must_be_applied(house)) == 3


def test_t12_a_database_from_before_the_disposal_knows_fewer_and_that_is_no_fault(
    installation: Installation,
) -> None:
    house = installation.house
    dispose(installation, identities(installation.county.notified()))
    assert len(tombstones.must_be_applied(house)) == 1  # no row names it
    assert commands(installation.environ)("keys", "status").exit_code == 0


def test_t12_a_trail_from_before_the_disposal_forgets_what_its_keys_sealed(installation: Installation) -> None:
    case, house = installation.county.notified(), installation.house
    dispose(installation, identities(case))  # its database is one from before: nothing in it says what was destroyed
    assert any("cannot be opened" in one.what for one in trail_proof.payloads_broken(house, at=house.clock.now()))
    assert tombstones.apply(house, at=house.clock.now()).forgotten > 0
    assert trail_proof.payloads_broken(house, at=house.clock.now()) == ()
    assert trail_proof.broken_places(house, deep=True) == ()


def test_t12_a_database_from_before_disposes_again_and_gets_no_second_tombstone(installation: Installation) -> None:
    case, house = installation.county.review(Stage.CLOSED), installation.house
    keystore = house.database.keystore
    mine = sorted({each.domain for each in keycare.every_key(keystore) if each.domain.review_id == case.row.id})
    hashes = {dispose(installation, domain) for domain in mine}
    tombstones.apply(house, at=case.wait(minutes=1))
    disposed(case)
    assert {stone.hash for stone in tombstones.must_be_applied(house)} == hashes
    assert {part.tombstone for part in case.rows(DisposalPart)} == hashes
    assert trail_proof.broken_places(house, deep=True) == ()
    assert trail_proof.payloads_broken(house, at=case.at) == ()


def test_t12_tombstones_of_a_review_that_the_restored_database_never_had_are_applied_too(
    installation: Installation,
) -> None:
    house = installation.house
    at = house.clock.now()
    gone = Grave(UUID(int=77), "family", UUID(int=78), (1,), at, "Policy", bytes(32))
    house.database.keystore.new_key(Domain(gone.review_id, "family", gone.subject_id), at=at)
    tombstones_of(house.settings).append(gone)
    assert tombstones.apply(house, at=at).keys == 1
    tombstones.must_be_applied(house)


def test_t12_the_gate_asks_two_questions_however_much_was_destroyed(installation: Installation) -> None:
    house = installation.house
    for number in range(1, 41):
        domain = Domain(UUID(int=number), "identities")
        house.database.keystore.new_key(domain, at=house.clock.now())
        dispose(installation, domain)
    asked: list[str] = []

    def noted(*given: Any) -> None:
        asked.append(given[2])

    engines = (house.database.engine, house.database.keystore.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", noted)
    try:
        assert len(tombstones.must_be_applied(house)) == 40
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", noted)
    assert len([statement for statement in asked if "SELECT" in statement]) == 2


def test_t12_production_is_told_where_the_file_must_not_lie(installation: Installation) -> None:
    house = installation.house
    dispose(installation, identities(installation.county.notified()))
    outside = replace(house.settings, env="production", tombstones=str(house.settings.instance.parent / "elsewhere"))
    inside = replace(house.settings, env="production", checkpoint_key=str(house.settings.instance / "checkpoint.key"))
    good, said = tombstones.finding(replace(house, settings=inside))
    assert (good, "move them to another host" in said) == (False, True)
    assert tombstones.finding(replace(house, settings=outside))[0] is True


def _row_of(installation: Installation, case: Case, hashed: str) -> None:
    """What the database keeps of a disposal that was carried out."""
    at = installation.house.clock.now()
    with installation.house.transaction(by=installation.county.chair, at=at) as session:
        session.lock(case.row.id)
        disposal = Disposal(
            review_id=case.row.id, number=1, classes=["identities"], policy="Policy", notice_on=at.date(),
            notice_by_name="Mary Thorne", begins_on=at.date(), done_at=at,
        )  # fmt: skip
        session.add(disposal)
        session.flush()
        session.add(
            DisposalPart(
                review_id=case.row.id, disposal_id=disposal.id, record_class="identities", subject_id=NOBODY,
                generations=[1], cells=1, files=0, tombstone=hashed,
            )
        )  # fmt: skip
