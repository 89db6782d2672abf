"""Recovery shares: any two of three people open everything, one opens nothing, and no word of them is kept here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import select, text

from dhr_app.casework import escrow, health, key_health, rotation, shares
from dhr_app.casework.handing_out import in_turn, to_folder
from dhr_app.casework.health import Finding
from dhr_app.casework.house import House
from dhr_app.casework.shares import Shares, SharesRefused
from dhr_app.database import keycare
from dhr_app.database.errors import KeyUnavailable, SealError
from dhr_app.database.keycopies import RecoveryKey
from dhr_app.database.keystore import Domain
from dhr_app.database.models import AuditEntry, Event, InvolvedPerson
from dhr_app.database.resealing import sealed_columns
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from tests.casework.test_rotation import name_of
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    return county.review(Stage.PANEL)


def shared_out(house: House) -> Shares:
    handed: list[Shares] = []
    made = escrow.share_out(house, handed.append, at=house.clock.now())
    assert handed == [made]
    return made


def test_any_two_of_the_three_shares_open_a_review_and_one_does_not(county, case):
    house, made = county.house, shared_out(county.house)
    for two in combinations(made.words, 2):
        proof = escrow.prove(house, case.reference, two, at=house.clock.now())
        assert proof.field.count(".") == 1
        assert proof.keys > 0
    for one in made.words:
        with pytest.raises(SharesRefused, match="2 shares are needed"):
            escrow.prove(house, case.reference, [one], at=house.clock.now())
        with pytest.raises(SharesRefused, match="same share twice"):
            escrow.prove(house, case.reference, [one, one], at=house.clock.now())


def test_a_single_share_says_nothing_of_the_key():
    key = RecoveryKey.made()
    made = shares.split(key)
    assert shares.join(made.words[:2]) == shares.join(made.words[1:]) == key
    for words in made.words:
        assert key.secret.hex() not in words
    assert "secret" not in repr(key)
    assert not any(word in repr(made) for word in made.words[0].split()[3:8])


def test_the_proof_is_in_the_trail_without_what_was_read_and_names_the_field_alone(county, case):
    house, made = county.house, shared_out(county.house)
    escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    proved = case.events("keys_proved")[-1]
    assert (proved.recorded_by_name, proved.recorded_by_id) == ("dhr keys escrow", None)
    assert set(proved.details) == {"opened", "keys"}
    assert case.rows(Event)
    assert any(each.kind == Happened.OPENED and each.recorded_by_name == "dhr keys escrow" for each in case.rows(Event))
    recovery = escrow.in_use(house)
    assert recovery is not None
    assert recovery.proved_at == house.clock.now()
    with house.reading() as session:
        bodies = b"".join(session.scalars(select(AuditEntry.body).order_by(AuditEntry.seq)))
    for word in made.words[0].split()[4:]:
        assert f" {word} " not in bodies.decode()


def test_shares_of_different_sets_are_refused_and_so_is_an_earlier_set(county, case):
    house = county.house
    first, second = shared_out(house), shared_out(house)
    at = house.clock.now()
    with pytest.raises(SharesRefused, match="different sets"):
        escrow.prove(house, case.reference, [first.words[0], second.words[1]], at=at)
    with pytest.raises(SharesRefused, match=f"carry the number {second.number}"):
        escrow.prove(house, case.reference, first.words[:2], at=at)
    assert escrow.prove(house, case.reference, second.words[:2], at=at).keys


def test_a_wrong_word_is_named_with_the_one_it_may_have_been(county, case):
    house, made = county.house, shared_out(county.house)
    words = made.words[0].split()
    misspelt = " ".join([*words[:6], words[6] + "x", *words[7:]])
    with pytest.raises(SharesRefused, match=f"Share 1, word 7: “{words[6]}x” is not one of the words: perhaps “"):
        escrow.prove(house, case.reference, [misspelt, made.words[1]], at=house.clock.now())
    swapped = " ".join([words[1], words[0], *words[2:]])
    for wrong in (swapped, " ".join(words[:-1]), ""):
        with pytest.raises(SharesRefused, match=r"Share 2 has .* that do not fit together"):
            escrow.prove(house, case.reference, [made.words[1], wrong], at=house.clock.now())


def test_shares_of_something_else_are_refused(county, case):
    from shamir_mnemonic import generate_mnemonics

    shared_out(county.house)
    for made in (
        generate_mnemonics(1, [(2, 3)], bytes(range(16)))[0][:2],
        generate_mnemonics(1, [(3, 5)], bytes(range(32)))[0][:2],
        generate_mnemonics(1, [(2, 3)], bytes(range(32)))[0][:2],
    ):
        with pytest.raises(SharesRefused):
            escrow.prove(county.house, case.reference, made, at=county.house.clock.now())


def test_before_any_shares_were_made_and_for_an_unknown_review_it_says_so(county, case):
    house, made = county.house, shares.split(RecoveryKey.made())
    with pytest.raises(SharesRefused, match="No recovery shares were made here"):
        escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    good = shared_out(house)
    with pytest.raises(OutOfReach):
        escrow.prove(house, "DHR-NONE", good.words[:2], at=house.clock.now())


def test_when_the_master_key_is_lost_two_shares_bring_everything_back(county, case):
    house, made = county.house, shared_out(county.house)
    before = name_of(house, case)
    (house.settings.instance / "development.key").unlink()
    with pytest.raises(SealError):
        name_of(house, case)
    assert escrow.prove(house, case.reference, made.words[1:], at=house.clock.now()).keys
    done = escrow.recover(house, made.words[:2], at=house.clock.now())
    assert done.lost == 0
    assert done.keys == len(keycare.every_key(house.database.keystore))
    assert name_of(house, case) == before
    # The same shares serve on, and new keys get their copies.
    assert rotated(house).complete
    assert escrow.prove(house, case.reference, made.words[:2], at=house.clock.now()).keys
    recovery = escrow.in_use(house)
    assert recovery is not None
    assert recovery.lacking == 0


def rotated(house: House) -> rotation.Rotated:
    house.clock.advance(hours=1)  # type: ignore[attr-defined]
    return rotation.rotate(house, wait=lambda seconds: None, say=lambda line: None, settle=0)


def test_a_key_made_after_the_shares_is_opened_by_them_too(county):
    house, made = county.house, shared_out(county.house)
    later = county.notified()
    assert escrow.prove(house, later.reference, made.words[:2], at=house.clock.now()).keys == 1


def test_a_destroyed_key_is_destroyed_for_the_holders_too(county, case):
    house, made = county.house, shared_out(county.house)
    keystore = house.database.keystore
    mine = [key for key in keycare.every_key(keystore) if key.domain.review_id == case.row.id]
    key = shares.join(made.words[:2])
    for each in mine:
        keystore.destroy(each.domain, at=house.clock.now())
        with pytest.raises(KeyUnavailable):
            keycare.copied_key(keystore, key, each.domain, each.generation)
    with keystore.asked() as connection:
        ids = {str(row) for row in connection.scalars(text("select distinct review_id from recovery_copy"))}
    assert case.row.id.hex not in {each.replace("-", "") for each in ids}
    escrow.recover(house, made.words[:2], at=house.clock.now())
    with pytest.raises(SealError):
        name_of(house, case)


def test_retired_keys_that_are_destroyed_after_a_month_take_their_copies_along(county, case):
    house, made = county.house, shared_out(county.house)
    rotated(house)
    rotation.destroy_retired(house, at=house.clock.now() + timedelta(days=31))
    with house.database.keystore.asked() as connection:
        assert set(connection.scalars(text("select distinct generation from recovery_copy"))) == {2}
    assert escrow.prove(house, case.reference, made.words[:2], at=house.clock.now()).keys


def test_somebody_elses_public_key_in_the_keystore_is_not_used_for_new_keys(county):
    house = county.house
    shared_out(house)
    with house.database.keystore.work() as connection:
        connection.execute(text("update recovery set public_key = :theirs"), {"theirs": RecoveryKey.made().public_key})
    with pytest.raises(KeyUnavailable, match="dhr keys escrow"):
        county.notified()


def test_shares_that_could_not_be_handed_over_change_nothing(county, case):
    house, good = county.house, shared_out(county.house)

    def interrupted(made: Shares) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        escrow.share_out(house, interrupted, at=house.clock.now())
    assert escrow.prove(house, case.reference, good.words[:2], at=house.clock.now()).keys


def test_each_share_is_written_to_a_file_of_its_own_which_reads_back(county, case, tmp_path):
    house, folder = county.house, tmp_path / "shares"
    made = escrow.share_out(house, to_folder(folder, not_in=house.settings.instance), at=house.clock.now())
    files = sorted(folder.iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3
    assert [file.read_text().strip() for file in files] == in_turn(made)
    written = [file.read_text() for file in files]
    assert escrow.prove(house, case.reference, written[::2], at=house.clock.now()).keys
    with pytest.raises(SharesRefused, match="could not be written"):
        to_folder(folder, not_in=house.settings.instance)(made)
    with pytest.raises(SharesRefused, match="lies in the instance folder"):
        to_folder(house.settings.instance / "shares", not_in=house.settings.instance)(made)


def test_nothing_in_the_instance_folder_holds_a_share_or_the_recovery_key(county, case):
    house, made = county.house, shared_out(county.house)
    escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    house.database.dispose()
    key = shares.join(made.words[:2])
    needles = [key.secret, key.secret.hex().encode(), *(words[:60].encode() for words in made.words)]
    for file in Path(house.settings.instance).rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not any(needle in content for needle in needles), file.name


def test_the_recovery_key_follows_the_master_key(county, case, tmp_path):
    from dhr_app.adapters.keys.credential import CredentialFile, add_key
    from dhr_app.database.keystore import Keystore
    from dhr_app.database.session import Database

    made = shared_out(county.house)
    path = tmp_path / "master"
    add_key(path)
    keystore = Keystore(county.house.database.keystore.engine, CredentialFile(path, tmp_path / "no"), env="testing")
    house = replace(county.house, database=Database(county.house.database.engine, keystore))
    escrow.recover(house, made.words[:2], at=house.clock.now())
    add_key(path)
    rotation.rewrap(house, say=lambda line: None)
    path.write_text(path.read_text().splitlines()[-1])
    assert name_of(house, case)
    assert keystore.sealing_key(keycare.every_key(keystore)[0].domain, at=house.clock.now()).generation == 1
    assert rotated(house).complete
    with house.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == Happened.KEYS_RECOVERED)).one()
        assert json.dumps(event.details)
        assert session.scalars(select(InvolvedPerson.id).limit(1)).first()


def test_the_check_says_whether_the_keys_could_be_recovered(county, case):
    house = county.house
    assert key_health.recovery(house)[0] is True
    production = replace(house, settings=replace(house.settings, env="production"))
    good, said = key_health.recovery(production)
    assert (good, "dhr keys escrow" in said) == (False, True)
    made = shared_out(house)
    told = f"Recovery shares of set {made.number} were made on 2026-06-03"
    unproved = f"{told}, never proved: run `dhr keys escrow --prove REF`."
    assert key_health.recovery(production) == (False, unproved)
    assert health.QUESTIONS["recovery"](production) == Finding("recovery", False, unproved)
    assert key_health.recovery(house) == (True, unproved)
    escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    assert key_health.recovery(production) == (True, f"{told}, last proved on 2026-06-03.")
    made = shared_out(house)  # of new shares nobody knows whether they open
    assert key_health.recovery(production)[0] is False
    escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    assert key_health.recovery(production)[0] is True
    with house.database.keystore.work() as connection:
        connection.execute(text("delete from recovery_copy"))
    assert key_health.recovery(production)[0] is False
    with house.database.keystore.work() as connection:
        connection.execute(text("update recovery set public_key = :theirs"), {"theirs": RecoveryKey.made().public_key})
    with pytest.raises(KeyUnavailable, match="not the one that was made here"):
        key_health.recovery(production)


def test_shares_are_proved_on_a_value_whose_key_was_not_destroyed(county):
    house, case = county.house, county.review(Stage.CLOSED)
    made = shared_out(house)
    before = escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    whose = next(each for each in sealed_columns() if each.name == before.field)
    house.database.keystore.destroy(Domain(case.row.id, str(whose.attribute.data_class)), at=house.clock.now())
    after = escrow.prove(house, case.reference, made.words[:2], at=house.clock.now())
    assert after.field != before.field
    assert after.keys == before.keys - 1
