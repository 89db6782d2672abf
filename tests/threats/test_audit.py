"""Whoever has the database cannot rewrite what was done unnoticed; whoever reads the trail learns no value."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from dhr_app.casework.checkpoints import Occasion, key_path, make_checkpoint, signer_of
from dhr_app.casework.family import FamilyMemberEntry, add_family_member, correct_family_member
from dhr_app.casework.house import at_work
from dhr_app.casework.scene import changing
from dhr_app.casework.trail_export import trail_lines
from dhr_app.casework.trail_proof import broken_places, payloads_broken, trail_is_sound
from dhr_app.database.audit import record
from dhr_app.database.envelope import Envelope
from dhr_app.database.forgetting import destroys, forget_payloads, forget_salts
from dhr_app.database.models.audit import AuditCheckpoint, AuditEntry, AuditHead, AuditLeaf, AuditPayload
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.review import Review
from dhr_app.database.payloads import cell_of
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from tests.installations import ON_SQLITE, Installation
from tests.threats.tampering import CLASSES, Target, hash_anew

TOOL = Path(__file__).parents[2] / "tools" / "verify_audit.py"
SAID = "Mrs Proudie"


@pytest.fixture
def case(installation: Installation):
    """A review with entries, sealed values and clear texts in its chain, another beside it, and a signed checkpoint."""
    case = installation.county.review(Stage.SCOPING)
    add_family_member(
        case.reference,
        FamilyMemberEntry(full_name=SAID, relationship="sister"),
        by=installation.county.coordinator,
        at=case.wait(minutes=1),
    )
    installation.county.review(Stage.SCOPING, at=case.at)
    make_checkpoint(installation.house, reason=Occasion.ASKED_FOR, at=case.wait(minutes=1))
    return case


@pytest.fixture
def elsewhere(installation: Installation, case, tmp_path: Path) -> Path:
    """What somebody outside received: a copy of every note, out of the attacker's reach."""
    kept = tmp_path / "elsewhere"
    shutil.copytree(installation.house.settings.checkpoints, kept)
    return kept


@pytest.fixture
def target(installation: Installation, case) -> Target:
    with installation.house.reading() as session:
        others = session.scalars(select(Review.id).where(Review.reference != case.reference))
        return Target(installation, case.row.id, next(iter(others)))


def told(installation: Installation, *asked, **how) -> list[str]:
    return [str(each) for each in broken_places(installation.house, *asked, **how)]


def outside(trail: Path, notes: Path, key: str) -> tuple[int, str]:
    """What the auditor's own tool says, run as they run it: a process that knows nothing of the program."""
    words = [sys.executable, "-I", str(TOOL), str(trail), "--notes", str(notes), "--key", key]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def exported(installation: Installation, folder: Path) -> Path:
    """The trail as it stands now, taken out."""
    trail = folder / "trail.jsonl"
    trail.write_text("".join(trail_lines(installation.house)), encoding="utf-8")
    return trail


# --- T20, T21: the trail is rewritten ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tampering", CLASSES)
def test_t20_each_way_to_tamper_with_the_trail_is_found(installation, target, elsewhere, tampering):
    assert told(installation, deep=True, external=elsewhere) == []
    attack, found = CLASSES[tampering]
    attack(target)
    assert any(found in each for each in told(installation))
    assert not trail_is_sound(installation.house)


@ON_SQLITE
@pytest.mark.parametrize("tampering", CLASSES)
def test_t20_the_outside_verifier_finds_each_too(installation, target, elsewhere, tampering):
    trail = Path(installation.house.settings.instance) / "dhr.db"
    key = str(signer_of(installation.house.settings).verifier)
    assert outside(trail, elsewhere, key)[0] == 0
    CLASSES[tampering][0](target)
    code, said = outside(trail, elsewhere, key)
    assert (code, "not hold" in said) == (1, True), said


def test_t20_the_outside_verifier_reads_an_export(installation, target, elsewhere, tmp_path):
    key = str(signer_of(installation.house.settings).verifier)
    assert outside(exported(installation, tmp_path), elsewhere, key)[0] == 0
    hash_anew(target)
    code, said = outside(exported(installation, tmp_path), elsewhere, key)
    assert code == 1
    assert "is not the entry that was signed" in said


def test_t20_the_outside_verifier_says_what_it_cannot_check(installation, elsewhere, tmp_path):
    key = str(signer_of(installation.house.settings).verifier)
    trail = exported(installation, tmp_path)
    whole = trail.read_text(encoding="utf-8").splitlines(keepends=True)
    assert outside(trail, elsewhere, key[:-4] + "AAA=")[0] == 2
    assert outside(trail, tmp_path / "nowhere", key)[0] == 2
    trail.write_text("".join(whole[:-2]), encoding="utf-8")
    code, said = outside(trail, elsewhere, key)
    assert (code, "cut short" in said) == (2, True)
    trail.write_text("".join(["not json\n", *whole]), encoding="utf-8")
    assert outside(trail, elsewhere, key)[0] == 2


def test_t21_a_chain_hashed_anew_with_its_log_contradicts_the_notes_that_left_the_host(installation, target, elsewhere):
    """The superuser takes away every checkpoint that is at hand; only what others hold in their hands is left."""
    hash_anew(target)
    installation.tamper(delete(AuditLeaf), delete(AuditCheckpoint))
    shutil.rmtree(installation.house.settings.checkpoints)
    assert told(installation) == []
    assert any("checkpoint 1 was signed and is not here" in each for each in told(installation, external=elsewhere))


def test_t21_even_with_the_signing_key_the_notes_elsewhere_differ(installation, case, target, elsewhere):
    hash_anew(target)
    installation.tamper(delete(AuditLeaf), delete(AuditCheckpoint))
    shutil.rmtree(installation.house.settings.checkpoints)
    make_checkpoint(installation.house, reason=Occasion.ASKED_FOR, at=case.at)
    assert told(installation) == []
    found = told(installation, external=elsewhere)
    assert any("checkpoint 1 is not the one that was signed: the trail was written anew" in each for each in found)


def test_t21_a_checkpoint_is_refused_on_top_of_a_chain_that_was_cut(installation, case, target):
    CLASSES["rewind the head"][0](target)
    with pytest.raises(Exception, match="does not end where it should"):
        make_checkpoint(installation.house, reason=Occasion.ASKED_FOR, at=case.wait(minutes=1))
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditCheckpoint)) == 1


# --- T5, T8: a record is changed behind the trail's back --------------------------------------------------------------


@pytest.fixture
def relative(installation: Installation, case):
    """A family member whose name was changed once; the envelope of the earlier name."""
    with installation.house.reading() as session:
        member = session.scalars(select(FamilyMember).where(FamilyMember.review_id == case.row.id)).one()
    correct_family_member(
        case.reference,
        member.id,
        FamilyMemberEntry(full_name="Mrs Grantly", relationship="sister"),
        version=member.version,
        by=installation.county.coordinator,
        at=case.wait(minutes=1),
    )
    assert told(installation, deep=True) == []
    assert member.full_name_ct is not None
    return member.id, Envelope(member.full_name_ct)


def test_t05_an_older_value_put_back_into_its_own_cell_is_found(installation, case, relative):
    """Associated data lets it open: it was sealed for exactly this place. The trail knows that it is not the latest."""
    member_id, earlier = relative
    installation.tamper(update(FamilyMember).where(FamilyMember.id == member_id).values(full_name_ct=earlier))
    with installation.house.transaction(by=installation.county.coordinator, at=case.wait(minutes=1)) as session:
        assert session.get_one(FamilyMember, member_id).full_name == SAID
    assert told(installation) == []
    (found,) = told(installation, deep=True)
    assert f"family_member.full_name_ct of row {member_id} is not what the trail last said" in found
    assert case.reference in found


def test_t08_a_sealed_column_emptied_by_sql_is_found(installation, case, relative):
    installation.tamper(update(FamilyMember).values(full_name_ct=None))
    (found,) = told(installation, case.reference, deep=True)
    assert "full_name_ct" in found
    assert SAID not in found


def test_t08_a_row_removed_by_sql_is_found(installation, case, relative):
    installation.tamper(delete(FamilyMember))
    (found,) = told(installation, deep=True)
    assert f"family_member {relative[0]} is gone, and no entry says that it went" in found


def test_t08_a_row_put_in_by_sql_is_found(installation, case, relative):
    columns = ", ".join(column.name for column in FamilyMember.__table__.columns if column.name not in ("id", "number"))
    forged = "0" * 31 + "7"
    installation.tamper(
        f"INSERT INTO family_member (id, number, {columns}) SELECT '{forged}', 99, {columns} FROM family_member"  # noqa: S608
    )
    (found,) = told(installation, deep=True)
    assert "was not made by anything the trail tells of" in found


def test_t08_a_clear_value_changed_by_sql_is_found(installation, case, relative):
    installation.tamper(update(Review).where(Review.id == case.row.id).values(suspected_suicide="yes"))
    (found,) = told(installation, deep=True)
    assert "review.suspected_suicide" in found


def test_t08_a_payload_changed_by_sql_is_found_with_the_keys(installation, case, relative):
    assert payloads_broken(installation.house, at=case.wait(minutes=1)) == ()
    with installation.house.reading() as session:
        first, second = session.execute(
            select(AuditPayload.seq, AuditPayload.sealed)
            .where(AuditPayload.chain == case.row.id, AuditPayload.record_class == "family")
            .order_by(AuditPayload.seq)
        ).all()
    installation.tamper(update(AuditPayload).where(AuditPayload.seq == second.seq).values(sealed=first.sealed))
    (found,) = payloads_broken(installation.house, at=case.wait(minutes=1))
    assert (found.chain, found.seq, found.what) == (case.reference, second.seq, "its payload cannot be opened")


# --- T24: many write at once ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_t24_eight_writers_at_once_fork_no_chain(installation, case, seconds):
    other = installation.county.review(Stage.SCOPING, at=case.at)
    coordinator = installation.county.coordinator
    until, failures, written = time.monotonic() + seconds, [], [0] * 8

    def write(number: int) -> None:
        with at_work(installation.house):
            try:
                while time.monotonic() < until:
                    reference = (case, other)[written[number] % 2].reference
                    with changing(reference, "review.change", by=coordinator, at=case.at) as scene:
                        scene.record(Happened.NOTIFICATION_CHANGED)
                    written[number] += 1
            except BaseException as failure:  # so that it is seen in the test's own thread
                failures.append(failure)

    with installation.house.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert min(written) > 0
    with installation.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before + sum(written)
        chained = select(AuditEntry.chain, AuditEntry.prev).group_by(AuditEntry.chain, AuditEntry.prev)
        assert session.execute(chained.having(func.count() > 1)).all() == []
        assert session.scalar(select(func.sum(AuditHead.seq))) == before + sum(written)
    assert told(installation, deep=True) == []


# --- T26: the auditor reads the skeleton ------------------------------------------------------------------------------


def test_t26_what_an_auditor_is_given_holds_no_value_and_nothing_to_guess_it_by(installation, case, relative):
    lines = list(trail_lines(installation.house))
    whole = "".join(lines)
    for value in (SAID, "Mrs Grantly", "Ada Harding", "sister"):
        assert value not in whole
    assert '"salt":' not in whole
    entries = [json.loads(json.loads(line)["body"]) for line in lines if json.loads(line)["kind"] == "entry"]
    commits = {each["commit"] for body in entries for each in body.get("commits", ())}
    assert commits
    told_by_hash = {
        side.split(":")[1]
        for body in entries
        for change in body["changes"]
        for cell in change["cells"].values()
        for side in cell
        if isinstance(side, str) and side.startswith(("salted:", "sha256:"))
    }
    guesses = (SAID, "Mrs Grantly", "Ada Harding", "sister", installation.county.coordinator.name, "Barsetshire CSP")
    guessed = {hashlib.sha256(encoded).hexdigest() for guess in guesses for encoded in _as_it_might_be(guess)}
    assert not guessed & (commits | told_by_hash)


def _as_it_might_be(guess: str) -> list[bytes]:
    cells = [{"is": {"text": guess}, "was": None}]
    return [guess.encode(), json.dumps(guess).encode(), json.dumps(cells, separators=(",", ":")).encode()]


def test_t26_once_salts_and_payloads_are_destroyed_the_chain_still_stands(installation, case, relative, tmp_path):
    with installation.house.reading() as session:
        kept = session.scalars(select(AuditPayload).where(AuditPayload.chain == case.row.id)).all()
    domains = sorted({cell_of(row).domain for row in kept}, key=str)
    said = {"destroys": destroys(*domains, salts=True)}
    make_checkpoint(installation.house, reason=Occasion.DISPOSAL, at=case.at)
    with installation.house.transaction(by=installation.county.coordinator, at=case.wait(minutes=1)) as session:
        record(session, "records_destroyed", review_id=case.row.id, happened_on=case.today, details=said)
        assert sum(forget_payloads(session, domain, case.row.id) for domain in domains) == len(kept)
        assert forget_salts(session, case.row.id) > 0
    assert told(installation, deep=True) == []
    key = str(signer_of(installation.house.settings).verifier)
    code, said_outside = outside(exported(installation, tmp_path), Path(installation.house.settings.checkpoints), key)
    assert code == 0, said_outside


def test_t26_what_is_gone_and_was_not_said_to_be_destroyed_is_found(installation, case, relative):
    installation.tamper("DELETE FROM audit_payload WHERE seq > 1", "DELETE FROM audit_salt WHERE seq > 1")
    assert {each.what for each in broken_places(installation.house)} == {"its payload is gone", "its salt is gone"}


def test_the_signing_key_is_none_of_the_master_key_s(installation, case):
    settings = installation.house.settings
    seed = signer_of(settings).seed
    master = (Path(settings.instance) / "development.key").read_bytes()
    assert seed != master
    assert hashlib.sha256(master).digest() != seed
    assert key_path(settings).stat().st_mode & 0o077 == 0
