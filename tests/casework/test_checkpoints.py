"""Checkpoints: made when asked for and where something leaves, each in a file that is never written twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dhr_app import jobs
from dhr_app.adapters.signed_notes import verifier_of
from dhr_app.casework.checkpoints import Occasion, checkpoint, key_path, make_checkpoint, make_key, signer_of
from dhr_app.casework.destroying import carry_on
from dhr_app.casework.health import QUESTIONS, check
from dhr_app.casework.house import House, at_work
from dhr_app.casework.program import Program
from dhr_app.casework.steering_report import report_for
from dhr_app.casework.trail_export import announce_export
from dhr_app.casework.trail_proof import broken_places
from dhr_app.database.audit import record
from dhr_app.database.errors import CheckpointFailed
from dhr_app.database.models.audit import AuditCheckpoint
from dhr_app.database.named_session import NamedSession
from dhr_app.database.verify import verify
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from tests.disposals import begun
from tests.factories import NOW
from tests.reviews import County


@pytest.fixture
def county(house: House) -> County:
    """A county in which nothing was published yet."""
    return County(house)


def happen(house: House) -> None:
    with house.database.transaction(by=Program("a test"), at=NOW) as session:
        record(session, Happened.JOB_DONE, happened_on=NOW.date(), details={"job": "a_job"})


def made(house: House):
    found = make_checkpoint(house, reason=Occasion.ASKED_FOR, at=NOW)
    assert found is not None
    return found


def files(house: House) -> list[str]:
    return sorted(path.name for path in Path(house.settings.checkpoints).glob("*"))


def test_each_is_one_file_with_one_leaf_for_every_chain_that_moved(house: House, county: County) -> None:
    first = made(house)
    review = county.review(Stage.NOTIFICATION)
    second = made(house)
    assert (first.number, second.number) == (1, 2)
    assert second.size - first.size == 2, "the review's chain, and the system's, where accounts were made"
    assert files(house) == ["checkpoint-00000001.note", "checkpoint-00000002.note"]
    text = (Path(house.settings.checkpoints) / files(house)[1]).read_text(encoding="utf-8")
    assert text == second.note
    said = signer_of(house.settings).verifier.opened(text).splitlines()
    assert said[0] == "dhr-audit/barsetshire"
    assert said[1] == str(second.size)
    assert said[3:] == ["number 2", "at 2026-06-03T09:30:00+00:00", "reason asked_for"]
    assert review.reference not in text
    assert broken_places(house, deep=True) == ()


def test_where_nothing_has_changed_the_latest_stands(house: House, county: County) -> None:
    first = made(house)
    again = made(house)
    assert (again.number, again.fresh, again.note) == (first.number, False, first.note)
    assert len(files(house)) == 1


def test_a_publication_makes_one(house: House, county: County) -> None:
    before = len(files(house))
    county.review(Stage.SEMINAR)
    assert len(files(house)) == before + 1
    assert "reason publication" in (Path(house.settings.checkpoints) / files(house)[-1]).read_text(encoding="utf-8")


def test_a_publication_stands_though_none_could_be_made_and_the_next_makes_it_good(
    house: House, county: County, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(house.settings.checkpoints)
    folder.write_text("a file where the folder should be", encoding="utf-8")
    case = county.review(Stage.SEMINAR)
    assert case.stage is Stage.SEMINAR
    assert "no checkpoint was made after publication" in caplog.text
    with pytest.raises(CheckpointFailed, match="cannot be used"):
        broken_places(house)
    folder.unlink()
    (found,) = broken_places(house)
    assert str(found) == "checkpoints: checkpoint 1 has no file in the folder of checkpoints"
    happen(house)
    made(house)
    assert len(files(house)) == 2
    assert broken_places(house) == ()


def test_one_that_is_made_while_the_trail_is_proved_is_no_break(
    house: House, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(house)
    happen(house)
    really = verify

    def slowly(session: NamedSession, *how: Any, **further: Any) -> Any:
        assert session.scalar(select(AuditCheckpoint.number)) == 1  # the picture is taken
        elsewhere = threading.Thread(target=lambda: made(house))
        elsewhere.start()
        elsewhere.join()
        assert len(files(house)) == 2
        return really(session, *how, **further)

    monkeypatch.setattr("dhr_app.casework.trail_proof.verify", slowly)
    assert broken_places(house, deep=True) == ()


def test_a_key_file_that_is_not_one_stops_a_checkpoint_in_a_sentence(house: House, county: County) -> None:
    made(house)
    happen(house)
    key_path(house.settings).write_text("PRIVATE+KEY+nonsense", encoding="utf-8")
    with pytest.raises(CheckpointFailed, match="does not hold a signing key"):
        make_checkpoint(house, reason=Occasion.ASKED_FOR, at=NOW)
    with at_work(house):
        assert checkpoint(Occasion.DISPOSAL, at=NOW) is None


def test_production_signs_only_with_a_key_that_it_was_given(house: House, county: County, tmp_path: Path) -> None:
    production = replace(house, settings=replace(house.settings, env="production"))
    with pytest.raises(CheckpointFailed, match="dhr audit make-key FILE"):
        make_checkpoint(production, reason=Occasion.ASKED_FOR, at=NOW)
    assert not key_path(house.settings).exists()
    lost = replace(production, settings=replace(production.settings, checkpoint_key=str(tmp_path / "lost.key")))
    with pytest.raises(CheckpointFailed, match="There is no signing key"):
        make_checkpoint(lost, reason=Occasion.ASKED_FOR, at=NOW)
    line = make_key(lost.settings, tmp_path / "lost.key")
    note = make_checkpoint(lost, reason=Occasion.ASKED_FOR, at=NOW)
    assert note is not None
    assert verifier_of(line).opened(note.note)


def test_two_at_once_make_one_after_the_other(house: House, county: County) -> None:
    happen(house)
    failures: list[BaseException] = []
    together = threading.Barrier(6)  # the first of them makes the signing key, too

    def work(number: int) -> None:
        together.wait()
        try:
            with house.database.transaction(by=Program("a test"), at=NOW + timedelta(seconds=number)) as session:
                record(session, Happened.JOB_DONE, happened_on=NOW.date(), details={"job": "a_job"})
            make_checkpoint(house, reason=Occasion.ASKED_FOR, at=NOW + timedelta(seconds=number))
        except BaseException as failure:  # so that it is seen in the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert broken_places(house, deep=True) == ()


def owed(house: House) -> tuple[bool, str]:
    found = QUESTIONS["owed"](house)
    return found.good, found.sentence


def by_night(house: House) -> str:
    """What the clockwork says that it made good."""
    (job,) = (each for each in jobs.JOBS if each.name == "make_checkpoint")
    return job.what(house, NOW + timedelta(days=400))


@contextmanager
def no_key(house: House) -> Iterator[None]:
    """Meanwhile the signing key cannot be read."""
    key = key_path(house.settings)
    kept = key.read_text(encoding="utf-8")
    key.write_text("PRIVATE+KEY+nonsense", encoding="utf-8")
    yield
    key.write_text(kept, encoding="utf-8")


def publish(county: County) -> None:
    with no_key(county.house):
        county.review(Stage.SEMINAR)


def dispose(county: County) -> None:
    case = county.review(Stage.CLOSED)
    disposal_id = begun(case)
    made(county.house)
    with ExitStack() as without:  # from when the tombstones, which the same key signs, are written
        carry_on(
            county.house,
            disposal_id,
            at=case.wait(minutes=1),
            say=lambda step: without.enter_context(no_key(county.house)) if step == "records" else None,
        )


def export(county: County) -> None:
    with no_key(county.house), pytest.raises(CheckpointFailed):
        announce_export(county.house, "table", by=Program("a test"), at=NOW)


@pytest.mark.parametrize(
    ("work", "occasion", "said"),
    [
        (publish, Occasion.PUBLICATION, "a publication"),
        (dispose, Occasion.DISPOSAL, "the destruction of records"),
        (export, Occasion.EXPORT, "an export of the trail"),
    ],
)
def test_what_is_owed_turns_the_check_red_and_is_made_by_night(
    house: House, county: County, work: Callable[[County], None], occasion: Occasion, said: str
) -> None:
    made(house)
    assert owed(house)[0]
    assert by_night(house) == ""
    work(county)
    good, sentence = owed(house)
    assert (good, f"No checkpoint was made after {said}." in sentence) == (False, True)
    before = len(files(house))
    assert by_night(house) == f"the checkpoint was made that was owed after {said}"
    assert len(files(house)) == before + 1
    assert f"reason {occasion}" in (Path(house.settings.checkpoints) / files(house)[-1]).read_text(encoding="utf-8")
    assert owed(house)[0]
    assert by_night(house) == ""
    assert broken_places(house, deep=True) == ()


def test_a_later_checkpoint_that_does_not_cover_it_leaves_it_owed(house: House, county: County) -> None:
    """One that was made while the publication was still being written has the later moment and not the entry."""
    made(house)
    publish(county)
    late = AuditCheckpoint(number=2, at=NOW + timedelta(days=900), reason="export", size=1, root=b"", note="")
    with house.database.transaction(by=Program("a test"), at=NOW) as session:
        session.add(late)
    assert "No checkpoint was made after a publication." in owed(house)[1]


def test_work_that_asks_for_no_checkpoint_leaves_none_owed(house: House, county: County) -> None:
    made(house)
    county.review(Stage.PANEL)
    happen(house)
    assert owed(house)[0]
    assert len(files(house)) == 1


def test_a_note_that_could_not_be_written_is_written_by_night(house: House, county: County) -> None:
    made(house)
    happen(house)
    folder = Path(house.settings.checkpoints)
    folder.rename(folder.with_name("unreachable"))
    folder.write_text("a file where the folder should be", encoding="utf-8")
    county.review(Stage.SEMINAR)
    assert not {each.question: each for each in check(house)}["owed"].good
    with pytest.raises(CheckpointFailed, match="cannot be used"):
        by_night(house)
    folder.unlink()
    folder.with_name("unreachable").rename(folder)
    assert "note could not be written" in owed(house)[1]
    assert broken_places(house) != ()
    assert by_night(house) == "the note of the newest checkpoint was written"
    assert files(house) == ["checkpoint-00000001.note", "checkpoint-00000002.note"]
    assert owed(house)[0]
    assert broken_places(house) == ()


@pytest.mark.parametrize("taken", [[1], [1, 2]])
def test_notes_that_somebody_took_away_are_not_put_back_by_night(
    house: House, county: County, taken: list[int]
) -> None:
    for _ in range(2):
        happen(house)
        made(house)
    for number in taken:
        (Path(house.settings.checkpoints) / f"checkpoint-{number:08}.note").unlink()
    if len(taken) < 2:
        assert by_night(house) == ""
    else:  # as of a share that is not mounted
        with pytest.raises(CheckpointFailed, match="mount it again"):
            by_night(house)
    gone = "has no file in the folder of checkpoints"
    assert [str(each) for each in broken_places(house)] == [
        f"checkpoints: checkpoint {number} {gone}" for number in taken
    ]


def test_the_steering_report_makes_none(house: House, county: County) -> None:
    county.review(Stage.PANEL)
    report_for(NOW.date(), by=county.coordinator, at=NOW)
    assert files(house) == []
    assert owed(house)[0]
